namespace Diarist.Audio.Codecs;

/// <summary>Decodes packets of plain samples, lowest byte first.</summary>
internal sealed class PcmPacketDecoder : PacketDecoder
{
    private readonly Convert _convert;
    private readonly int _frameBytes;

    private PcmPacketDecoder(int rate, int channels, int bits, Convert convert)
    {
        (SampleRate, Channels, _convert, _frameBytes) = (rate, channels, convert, channels * bits / 8);
        MaxFrames = PacketAudioStream.MaxPacketBytes / _frameBytes;
    }

    private delegate void Convert(ReadOnlySpan<byte> bytes, Span<float> samples);

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <inheritdoc/>
    public override int SampleRate { get; }

    /// <inheritdoc/>
    public override int MaxFrames { get; }

    /// <inheritdoc/>
    public override string Name => $"PCM of {8 * _frameBytes / Channels} bits";

    /// <summary>Makes the decoder for a coding as Matroska names it.</summary>
    /// <returns>The decoder; <see langword="null"/> when the coding is another one.</returns>
    public static PcmPacketDecoder? TryCreate(string codec, double rate, int channels, int bits)
    {
        const int MaxChannels = 64;
        Convert? convert = (codec, bits) switch
        {
            ("A_PCM/INT/LIT", 8) => PcmSample.Decode<PcmSample.Unsigned8>,
            ("A_PCM/INT/LIT", 16) => PcmSample.Decode<PcmSample.Signed16>,
            ("A_PCM/INT/LIT", 24) => PcmSample.Decode<PcmSample.Signed24>,
            ("A_PCM/INT/LIT", 32) => PcmSample.Decode<PcmSample.Signed32>,
            ("A_PCM/FLOAT/IEEE", 32) => PcmSample.Decode<PcmSample.Float32>,
            ("A_PCM/FLOAT/IEEE", 64) => PcmSample.Decode<PcmSample.Float64>,
            _ => null,
        };
        return convert is not null && channels is > 0 and <= MaxChannels && rate is >= 1 and <= int.MaxValue
            ? new PcmPacketDecoder((int)Math.Round(rate), channels, bits, convert)
            : null;
    }

    /// <inheritdoc/>
    public override int Measure(ReadOnlySpan<byte> packet) => packet.Length / _frameBytes;

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> packet, Span<float> interleaved, out bool isDamaged)
    {
        int frames = packet.Length / _frameBytes;
        Span<float> samples = interleaved[..(frames * Channels)];
        _convert(packet, samples);
        isDamaged = packet.Length % _frameBytes != 0;
        for (int at = 0; samples[at..].IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is int wrong and >= 0; at += wrong)
        {
            samples[at + wrong] = 0;
            isDamaged = true;
        }

        return frames;
    }

    /// <inheritdoc/>
    public override void Interrupt()
    {
        // Every sample stands for itself.
    }
}
