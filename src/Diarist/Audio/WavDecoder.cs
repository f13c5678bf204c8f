using System.Globalization;

namespace Diarist.Audio;

/// <summary>Decodes the samples of a WAV file: 8 to 32-bit integers, 32 and 64-bit floats, A-law and µ-law.</summary>
internal sealed class WavDecoder : AudioStream
{
    private const int FramesPerRead = 4096;

    // Floats beyond this are damage, not sound, and their squares would overflow further down.
    private const float LargestMagnitude = 1e9f;

    // Floats beyond this are most likely integers that were converted without scaling.
    private const float LargestPlausible = 16;

    // What follows the data and is no chunk counts as samples when it is at least a second of them (or this many bytes).
    private const int MostBytesLookedThrough = 1 << 20;

    private readonly ByteSource _source;
    private readonly long _dataStart;
    private readonly bool _isPromiseDoubtful;
    private readonly int _frameBytes;
    private WavFormat _format;
    private PcmDecoder _decode;
    private SampleVote? _vote;
    private long? _dataBytes;
    private long _decodedBytes;
    private float _peak;
    private AudioInfo _info;
    private bool _isRaw;
    private bool _ended;

    private WavDecoder(ByteSource source, WavHeader header, SampleLook look)
        : this(source, look.Format, header.DataStart, header.DataBytes, "WAV")
    {
        if (header.IsPromiseDoubtful && source.Length is null)
        {
            _info = _info with { Frames = null };
        }

        _isPromiseDoubtful = header.IsPromiseDoubtful;
        _vote = look.IsDecided ? null : new SampleVote(look.Format, sameFrames: true);
        foreach (string warning in header.Warnings)
        {
            Warn(warning);
        }

        if (look.Warning is not null)
        {
            Warn(look.Warning);
        }
    }

    private WavDecoder(ByteSource source, WavFormat format, long dataStart, long? dataBytes, string container)
    {
        _source = source;
        _format = format;
        _dataStart = dataStart;
        _dataBytes = dataBytes;
        _frameBytes = format.SampleBytes * format.Channels;
        (_decode, string coding) = PcmLayout.Of(format);
        if (source.Length is long length)
        {
            dataBytes = Math.Min(dataBytes ?? long.MaxValue, length - dataStart);
        }

        _info = new AudioInfo(source.Name, $"{container}, {coding}", format.SampleRate, format.Channels, format.SampleBytes * 8, dataBytes / _frameBytes);
    }

    /// <inheritdoc/>
    public override AudioInfo Info => _info;

    /// <summary>Reads the header; on success the decoder owns <paramref name="source"/>.</summary>
    /// <param name="source">The file, on its first byte.</param>
    /// <param name="problem">What it is instead, when nothing is returned.</param>
    /// <returns>The decoder, or <see langword="null"/> when the coding (ADPCM, MP3, …) is not decoded here or its description makes no sense.</returns>
    /// <exception cref="AudioFormatException">The header is damaged or no sample follows.</exception>
    public static WavDecoder? Open(ByteSource source, out string problem)
    {
        if (WavHeader.Read(source, out problem) is not WavHeader header)
        {
            return null;
        }

        source.ReleaseStart();
        var decoder = new WavDecoder(source, header, SampleLook.At(source, header));
        int wanted = (int)Math.Min(decoder._frameBytes, header.DataBytes ?? long.MaxValue);
        return wanted < decoder._frameBytes || source.Peek(wanted).Length < wanted
            ? throw source.Error($"holds no samples (the data starts at byte {header.DataStart})")
            : decoder;
    }

    /// <summary>Reads a header that another program wrote to a pipe.</summary>
    /// <returns>The decoder, or <see langword="null"/> when no sample follows.</returns>
    public static WavDecoder? TryOpen(ByteSource source)
    {
        if (WavHeader.Read(source, out _) is not WavHeader header)
        {
            return null;
        }

        source.ReleaseStart();
        var decoder = new WavDecoder(source, header, new SampleLook(header.Format, IsDecided: true, Warning: null));
        return source.Peek(decoder._frameBytes).Length == decoder._frameBytes ? decoder : null;
    }

    /// <summary>Decodes samples that no header describes; the decoder owns <paramref name="source"/>.</summary>
    /// <exception cref="AudioFormatException">There is not one frame.</exception>
    public static WavDecoder OpenRaw(ByteSource source, WavFormat format)
    {
        source.ReleaseStart();
        var decoder = new WavDecoder(source, format, 0, null, "headerless") { _isRaw = true };
        return source.Peek(decoder._frameBytes).Length == decoder._frameBytes ? decoder : throw source.Error("holds no samples");
    }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int frames = Math.Min(interleaved.Length / _format.Channels, FramesPerRead);
        ArgumentOutOfRangeException.ThrowIfZero(frames, nameof(interleaved));
        if (_ended)
        {
            return 0;
        }

        long left = (_dataBytes ?? long.MaxValue) - _decodedBytes;
        if (left < _frameBytes && IsDataLongerThanPromised((int)left))
        {
            left = long.MaxValue;
        }

        int wanted = (int)Math.Min((long)frames * _frameBytes, left);
        ReadOnlySpan<byte> bytes = _source.Peek(wanted);
        frames = bytes.Length / _frameBytes;
        if (frames == 0)
        {
            End(bytes.Length, left);
            return 0;
        }

        bytes = bytes[..(frames * _frameBytes)];
        Vote(bytes);
        Span<float> samples = interleaved[..(frames * _format.Channels)];
        _decode(bytes, samples);
        if (_format.Coding == WavCoding.Float)
        {
            RequireFinite(samples);
        }

        _source.Advance(frames * _frameBytes);
        _decodedBytes += frames * _frameBytes;
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();

    private void Vote(ReadOnlySpan<byte> bytes)
    {
        if (_vote?.Add(bytes) is WavFormat format)
        {
            _vote = null;
            if (format != _format)
            {
                Warn(SampleLook.Contradiction(_format, format, _source.Position));
                _format = format;
                (_decode, string coding) = PcmLayout.Of(format);
                _info = _info with { Format = $"WAV, {coding}" };
            }
        }
    }

    // At the end of the promised data: whether samples go on all the same. Looks, and warns where something is left.
    private bool IsDataLongerThanPromised(int partialFrame)
    {
        int padded = partialFrame + (int)((_decodedBytes + partialFrame) % 2);
        int enough = partialFrame + (int)Math.Min((long)_frameBytes * _format.SampleRate, MostBytesLookedThrough);
        ReadOnlySpan<byte> rest = _source.Peek(enough);
        long? left = _source.Length - _source.Position;
        foreach (int skip in (ReadOnlySpan<int>)[partialFrame, padded])
        {
            if (rest.Length >= skip + 8 && WavHeader.IsChunk(rest[skip..], left - skip))
            {
                if (rest[skip..].StartsWith("data"u8))
                {
                    Warn($"a second data chunk follows at byte {_source.Position + skip} and was not read");
                }
                else if (rest[skip..].StartsWith("RIFF"u8))
                {
                    Warn($"another recording follows at byte {_source.Position + skip} and was not read");
                }

                return false;
            }
        }

        if (rest.Length == enough)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"its header promises {Seconds(_decodedBytes):0.000} s, but more samples follow at byte {_source.Position}; they were used"));
            _dataBytes = null;
            return true;
        }

        if (rest.Length > padded && rest[padded..].ContainsAnyExcept((byte)0))
        {
            Warn($"{rest.Length - partialFrame} bytes after the data (from byte {_source.Position + partialFrame}) are neither samples nor a chunk and were not used");
        }

        return false;
    }

    private void End(int leftOver, long promised)
    {
        _ended = true;
        if (_peak > LargestPlausible)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"its samples reach {_peak:0.###} where 1 is full scale; they look like integers that were never scaled to that"));
        }

        if (_isRaw && leftOver > 0)
        {
            // Without a header this is the only sign that what was stated of the samples is wrong.
            string unit = _format.Channels == 1 ? "a sample" : $"a sample of all {_format.Channels} channels";
            Warn($"it ends in the middle of {unit}: {leftOver} of {_frameBytes} bytes are there, from byte {_decodedBytes}, and were not used; it is cut, or its samples are not as stated");
        }

        if (_dataBytes is long bytes && promised >= _frameBytes && !_isPromiseDoubtful)
        {
            long end = _dataStart + _decodedBytes + leftOver;
            Warn(string.Create(CultureInfo.InvariantCulture, $"the file is cut at byte {end}: its header promises {Seconds(bytes):0.000} s, {Seconds(_decodedBytes):0.000} s are there and were used"));
        }
    }

    private double Seconds(long bytes) => bytes / _frameBytes / (double)_format.SampleRate;

    private void RequireFinite(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            float magnitude = Math.Abs(samples[i]);
            _peak = Math.Max(_peak, magnitude);
            if (!(magnitude <= LargestMagnitude))
            {
                long at = _source.Position + ((long)i * _format.SampleBytes);
                long frame = (_decodedBytes / _frameBytes) + (i / _format.Channels);
                string what = float.IsNaN(samples[i]) ? "not a number" : float.IsInfinity(samples[i]) ? "infinite" : "far out of range";
                throw _source.Error(string.Create(CultureInfo.InvariantCulture, $"the sample at byte {at} ({frame / (double)_format.SampleRate:0.000} s) is {what}; re-encode the recording"));
            }
        }
    }
}
