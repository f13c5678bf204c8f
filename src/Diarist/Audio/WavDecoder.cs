using System.Globalization;

namespace Diarist.Audio;

/// <summary>Decodes the samples of a WAV file: 8 to 32-bit integers, 32 and 64-bit floats, A-law and µ-law.</summary>
internal sealed class WavDecoder : AudioStream
{
    private const int FramesPerRead = 4096;

    // Floats beyond this are damage, not sound, and their squares would overflow further down.
    private const float LargestMagnitude = 1e9f;

    private readonly ByteSource _source;
    private readonly WavHeader _header;
    private readonly PcmDecoder _decode;
    private long _decodedBytes;
    private bool _ended;

    private WavDecoder(ByteSource source, WavHeader header)
    {
        _source = source;
        _header = header;
        (_decode, string coding) = DecoderOf(header);
        long? bytes = header.DataBytes;
        if (source.Length is long length)
        {
            bytes = Math.Min(bytes ?? long.MaxValue, length - header.DataStart);
        }

        Info = new AudioInfo(source.Name, $"WAV, {coding}", header.SampleRate, header.Channels, header.SampleBytes * 8, bytes / header.FrameBytes);
    }

    private delegate void PcmDecoder(ReadOnlySpan<byte> bytes, Span<float> samples);

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Reads the header; on success the decoder owns <paramref name="source"/>.</summary>
    /// <returns>The decoder, or <see langword="null"/> when the coding (ADPCM, MP3, …) is not decoded here.</returns>
    /// <exception cref="AudioFormatException">The header is damaged or no sample follows.</exception>
    public static WavDecoder? Open(ByteSource source)
    {
        if (WavHeader.Read(source) is not WavHeader header)
        {
            return null;
        }

        source.ReleaseStart();
        int wanted = (int)Math.Min(header.FrameBytes, header.DataBytes ?? long.MaxValue);
        return wanted < header.FrameBytes || source.Peek(wanted).Length < wanted
            ? throw source.Error($"holds no samples (the data starts at byte {header.DataStart})")
            : new WavDecoder(source, header);
    }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int frames = Math.Min(interleaved.Length / _header.Channels, FramesPerRead);
        ArgumentOutOfRangeException.ThrowIfZero(frames, nameof(interleaved));
        if (_ended)
        {
            return 0;
        }

        long left = (_header.DataBytes ?? long.MaxValue) - _decodedBytes;
        int wanted = (int)Math.Min((long)frames * _header.FrameBytes, left);
        ReadOnlySpan<byte> bytes = _source.Peek(wanted);
        frames = bytes.Length / _header.FrameBytes;
        if (frames == 0)
        {
            End(bytes.Length, left);
            return 0;
        }

        Span<float> samples = interleaved[..(frames * _header.Channels)];
        _decode(bytes, samples);
        if (_header.Coding == WavCoding.Float)
        {
            RequireFinite(samples);
        }

        _source.Advance(frames * _header.FrameBytes);
        _decodedBytes += frames * _header.FrameBytes;
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();

    private static (PcmDecoder Decode, string Coding) DecoderOf(WavHeader header) => (header.Coding, header.SampleBytes) switch
    {
        (WavCoding.ALaw, _) => (PcmSample.Decode<PcmSample.ALaw>, "A-law"),
        (WavCoding.MuLaw, _) => (PcmSample.Decode<PcmSample.MuLaw>, "µ-law"),
        (WavCoding.Float, 4) => (PcmSample.Decode<PcmSample.Float32>, "32-bit float"),
        (WavCoding.Float, _) => (PcmSample.Decode<PcmSample.Float64>, "64-bit float"),
        (_, 1) => (PcmSample.Decode<PcmSample.Unsigned8>, "8-bit integer"),
        (_, 2) => (PcmSample.Decode<PcmSample.Signed16>, "16-bit integer"),
        (_, 3) => (PcmSample.Decode<PcmSample.Signed24>, "24-bit integer"),
        _ => (PcmSample.Decode<PcmSample.Signed32>, "32-bit integer"),
    };

    private void End(int leftOver, long promised)
    {
        _ended = true;
        if (_header.DataBytes is long bytes && promised >= _header.FrameBytes)
        {
            long end = _header.DataStart + _decodedBytes + leftOver;
            Warn(string.Create(CultureInfo.InvariantCulture, $"the file is cut at byte {end}: its header promises {Seconds(bytes):0.000} s, {Seconds(_decodedBytes):0.000} s are there and were used"));
        }
    }

    private double Seconds(long bytes) => bytes / _header.FrameBytes / (double)_header.SampleRate;

    private void RequireFinite(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!(Math.Abs(samples[i]) <= LargestMagnitude))
            {
                long at = _source.Position + ((long)i * _header.SampleBytes);
                long frame = (_decodedBytes / _header.FrameBytes) + (i / _header.Channels);
                string what = float.IsNaN(samples[i]) ? "not a number" : float.IsInfinity(samples[i]) ? "infinite" : "far out of range";
                throw _source.Error(string.Create(CultureInfo.InvariantCulture, $"the sample at byte {at} ({frame / (double)_header.SampleRate:0.000} s) is {what}; re-encode the recording"));
            }
        }
    }
}
