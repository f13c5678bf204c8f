namespace Diarist.Audio;

/// <summary>How one sample is coded in a file without any header; all are little-endian.</summary>
public enum RawCoding
{
    /// <summary>ITU-T G.711 µ-law, 8 bits.</summary>
    MuLaw,

    /// <summary>ITU-T G.711 A-law, 8 bits.</summary>
    ALaw,

    /// <summary>Unsigned integers of 8 bits.</summary>
    Unsigned8,

    /// <summary>Signed integers of 16 bits.</summary>
    Signed16,

    /// <summary>Signed integers of 24 bits.</summary>
    Signed24,

    /// <summary>Signed integers of 32 bits.</summary>
    Signed32,

    /// <summary>Floats of 32 bits.</summary>
    FloatingPoint32,

    /// <summary>Floats of 64 bits.</summary>
    FloatingPoint64,
}

/// <summary>How samples lie in a file without any header (<c>.raw</c>, <c>.pcm</c>, <c>.ul</c>, <c>.al</c>): nothing in it tells.</summary>
/// <param name="Coding">How one sample is coded.</param>
/// <param name="SampleRate">Frames per second, 1 000 to 1 048 575.</param>
/// <param name="Channels">Samples per frame, 1 to 65 535.</param>
public sealed record RawAudioFormat(RawCoding Coding, int SampleRate, int Channels)
{
    /// <summary>The same as the fmt chunk of a WAV file would say it.</summary>
    internal WavFormat ToWav()
    {
        (WavCoding coding, int bytes) = Coding switch
        {
            RawCoding.MuLaw => (WavCoding.MuLaw, 1),
            RawCoding.ALaw => (WavCoding.ALaw, 1),
            RawCoding.Unsigned8 => (WavCoding.Integer, 1),
            RawCoding.Signed16 => (WavCoding.Integer, 2),
            RawCoding.Signed24 => (WavCoding.Integer, 3),
            RawCoding.Signed32 => (WavCoding.Integer, 4),
            RawCoding.FloatingPoint32 => (WavCoding.Float, 4),
            RawCoding.FloatingPoint64 => (WavCoding.Float, 8),
            _ => throw new ArgumentException($"There is no coding {Coding}."),
        };
        if (Channels is < 1 or > ushort.MaxValue)
        {
            throw new ArgumentException($"{Channels} channels; there must be 1 to {ushort.MaxValue}.");
        }

        return new WavFormat(coding, SampleRate, Channels, bytes, Warning: null);
    }
}
