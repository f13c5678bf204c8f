using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Diarist.Audio;

/// <summary>Decodes native FLAC (RFC 9639). Every frame's checksums are verified, and at the end the MD5 of all samples when the file holds one.</summary>
internal sealed class FlacDecoder : AudioStream
{
    // More than any frame of 65 535 samples × 8 channels × 33 bits.
    private const int MaxFrameBytes = 4 << 20;
    private const int MinFramePeek = 1 << 14;

    private readonly ByteSource _source;
    private readonly FlacStreamInfo _streamInfo;
    private readonly FlacFrame _frame;
    private readonly IncrementalHash? _md5;
    private readonly byte[] _md5Bytes;
    private readonly float _scale;
    private int _nextInBlock;
    private long _decoded;
    private bool _ended;

    private FlacDecoder(ByteSource source, FlacStreamInfo streamInfo)
    {
        _source = source;
        _streamInfo = streamInfo;
        _frame = new FlacFrame(streamInfo);
        _scale = 1f / (1L << (streamInfo.BitsPerSample - 1));
#pragma warning disable CA5351 // MD5 is what the format prescribes; it guards against damage, not against people.
        _md5 = streamInfo.HasMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
#pragma warning restore CA5351
        _md5Bytes = _md5 is null ? [] : new byte[streamInfo.MaxBlockSize * streamInfo.Channels * sizeof(int)];
        long? frames = streamInfo.TotalSamples == 0 ? null : streamInfo.TotalSamples;
        Info = new AudioInfo(source.Name, $"FLAC, {streamInfo.BitsPerSample}-bit", streamInfo.SampleRate, streamInfo.Channels, streamInfo.BitsPerSample, frames);
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Reads the header from the <c>fLaC</c> marker on; on success the decoder owns <paramref name="source"/>.</summary>
    /// <exception cref="AudioFormatException">The header is damaged or no frame follows.</exception>
    public static FlacDecoder Open(ByteSource source)
    {
        source.ReleaseStart();
        FlacStreamInfo info = FlacStreamInfo.Read(source);
        return source.Peek(1).IsEmpty
            ? throw source.Error($"holds no samples (the FLAC header ends at byte {source.Position})")
            : new FlacDecoder(source, info);
    }

    /// <inheritdoc/>
    public override int Read(Span<float> interleaved)
    {
        int channels = _streamInfo.Channels;
        ArgumentOutOfRangeException.ThrowIfLessThan(interleaved.Length, channels, nameof(interleaved));
        if (_nextInBlock == _frame.BlockSize && !DecodeFrame())
        {
            return 0;
        }

        int frames = Math.Min(interleaved.Length / channels, _frame.BlockSize - _nextInBlock);
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<long> samples = _frame.Channel(channel).Slice(_nextInBlock, frames);
            for (int i = 0; i < samples.Length; i++)
            {
                interleaved[(i * channels) + channel] = samples[i] * _scale;
            }
        }

        _nextInBlock += frames;
        return frames;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _md5?.Dispose();
        _source.Dispose();
    }

    private bool DecodeFrame()
    {
        if (_ended)
        {
            return false;
        }

        // Without an MD5 nothing but the frames themselves tells whether the header's number is right.
        bool complete = _streamInfo.TotalSamples != 0 && _decoded >= _streamInfo.TotalSamples
            && !(_md5 is null && FlacFrame.StartsWithHeader(_source.Peek(MinFramePeek)));
        if (complete || _source.Peek(3) is [] or [(byte)'T', (byte)'A', (byte)'G'] || !DecodeNextFrame())
        {
            End();
            return false;
        }

        _nextInBlock = 0;
        _decoded += _frame.BlockSize;
        _md5?.AppendData(LittleEndianSamples());
        return true;
    }

    // False when the file is cut within the frame.
    private bool DecodeNextFrame()
    {
        int wanted = Math.Max(_streamInfo.MaxFrameBytes, MinFramePeek);
        while (true)
        {
            ReadOnlySpan<byte> bytes = _source.Peek(wanted);
            int length = DecodeFrameAt(bytes);
            if (length > 0)
            {
                _source.Advance(length);
                return true;
            }

            if (bytes.Length < wanted)
            {
                return IsCut(bytes) ? false : throw _source.Error($"the FLAC frame at byte {_source.Position} ({Seconds(_decoded)}) is cut or damaged");
            }

            wanted = wanted < MaxFrameBytes ? 2 * wanted : throw Damaged("it never ends");
        }
    }

    private int DecodeFrameAt(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _frame.Decode(bytes);
        }
        catch (FlacFrameException error)
        {
            throw Damaged(error.Message);
        }
    }

    // A flipped bit, too, can make a frame run beyond the end of the file. A cut it is only when many samples are
    // missing and no other frame follows; in doubt it is damage.
    private bool IsCut(ReadOnlySpan<byte> bytes)
    {
        if (_decoded + _streamInfo.MaxBlockSize >= _streamInfo.TotalSamples)
        {
            return false;
        }

        for (int i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] == 0xFF && FlacFrame.StartsWithHeader(bytes[i..]))
            {
                return false;
            }
        }

        return true;
    }

    private void End()
    {
        _ended = true;
        _nextInBlock = _frame.BlockSize;
        bool md5Fits = _md5 is not null && _md5.GetHashAndReset().AsSpan().SequenceEqual(_streamInfo.Md5);
        if (_decoded < _streamInfo.TotalSamples && !md5Fits)
        {
            Warn($"the file is cut at byte {_source.Position}: its header promises {Seconds(_streamInfo.TotalSamples)}, {Seconds(_decoded)} are there and were used");
        }
        else if (_decoded > _streamInfo.TotalSamples && _streamInfo.TotalSamples != 0 && _md5 is null)
        {
            Warn($"its header promises {Seconds(_streamInfo.TotalSamples)}, but {Seconds(_decoded)} are there; they were used");
        }
        else if (_decoded != _streamInfo.TotalSamples && _streamInfo.TotalSamples != 0)
        {
            throw _source.Error($"the FLAC header is damaged: it promises {_streamInfo.TotalSamples} samples, {_decoded} are there (at byte {_source.Position})");
        }
        else if (_md5 is not null && !md5Fits)
        {
            throw _source.Error($"the MD5 of the samples is not that of the header (byte {_source.Position}); the file is damaged");
        }
    }

    private ReadOnlySpan<byte> LittleEndianSamples()
    {
        int sampleBytes = (_streamInfo.BitsPerSample + 7) / 8;
        int channels = _streamInfo.Channels;
        int stride = sampleBytes * channels;
        Span<byte> bytes = _md5Bytes.AsSpan(0, _frame.BlockSize * stride);
        for (int channel = 0; channel < channels; channel++)
        {
            ReadOnlySpan<long> samples = _frame.Channel(channel);
            if (channels == 1 && sampleBytes == sizeof(short) && BitConverter.IsLittleEndian)
            {
                Span<short> narrow = MemoryMarshal.Cast<byte, short>(bytes);
                for (int i = 0; i < samples.Length; i++)
                {
                    narrow[i] = (short)samples[i];
                }

                continue;
            }

            for (int i = 0; i < samples.Length; i++)
            {
                Span<byte> sample = bytes.Slice((i * stride) + (channel * sampleBytes), sampleBytes);
                for (int k = 0; k < sample.Length; k++)
                {
                    sample[k] = (byte)(samples[i] >> (8 * k));
                }
            }
        }

        return bytes;
    }

    private AudioFormatException Damaged(string problem) =>
        _source.Error($"the FLAC frame at byte {_source.Position} ({Seconds(_decoded)}) is damaged: {problem}");

    private string Seconds(long samples) => string.Create(CultureInfo.InvariantCulture, $"{samples / (double)_streamInfo.SampleRate:0.000} s");
}
