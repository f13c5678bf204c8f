using System.Globalization;
using System.Numerics.Tensors;
using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Decodes layer III of MPEG audio (MP3), and layers I and II with NLayer. The delay of encoder and decoder and the padding at the end are cut
/// where the encoder's tag states them.
/// </summary>
internal sealed class MpegDecoder : BlockAudioStream
{
    // What a decoder of layer III adds to the encoder's delay.
    private const int DecoderDelay = 529;

    // Values beyond this are damage, not sound.
    private const float LargestMagnitude = 64;

    private readonly MpegFrameReader _reader;
    private readonly MpegFrame _frame = new();
    private readonly float[] _decoded = new float[MpegHeader.MaxSamples];
    private readonly float[] _block = new float[MpegHeader.MaxSamples];
    private readonly long? _promised;
    private readonly int _skip;
    private readonly long _paddingStart;
    private readonly long _paddingEnd;
    private MpegLayerThree _layerThree = new();
    private MpegFrameDecoder _layersOneAndTwo = new();
    private long _position;
    private bool _heard;
    private long _silentFrames;
    private string _firstSilent = "";
    private string _firstJunk = "";

    private MpegDecoder(ByteSource source, MpegFrameReader reader)
        : base(source)
    {
        _reader = reader;
        MpegHeader first = reader.First;
        if (MpegTag.Read(first, source.Peek(first.FrameBytes)) is MpegTag tag)
        {
            source.Advance(source.Peek(first.FrameBytes).Length);
            _promised = tag.Frames is > 0 and long frames && IsPossible(frames, source) && !IsJoined(tag, source) ? frames * first.Samples : null;
            _skip = tag.Delay is int delay ? delay + DecoderDelay : 0;
            if (tag.Delay is not null && _promised is long samples && tag.Padding > DecoderDelay)
            {
                (_paddingStart, _paddingEnd) = (samples - tag.Padding + DecoderDelay, samples);
            }
        }

        long? length = _promised is long promised ? Math.Max(0, promised - _skip - (_paddingEnd - _paddingStart)) : null;
        string format = first.Layer switch { MpegLayer.LayerI => "MPEG audio layer I", MpegLayer.LayerII => "MPEG audio layer II", _ => "MP3" };
        Info = new AudioInfo(source.Name, format, first.SampleRate, first.Channels, 32, length);
    }

    /// <inheritdoc/>
    public override AudioInfo Info { get; }

    /// <summary>Looks for MPEG audio; on success the decoder owns <paramref name="source"/>, else it stands on its first byte.</summary>
    /// <param name="source">The bytes.</param>
    /// <exception cref="AudioFormatException">It is free format.</exception>
    public static MpegDecoder? TryOpen(ByteSource source) => MpegFrameReader.TryOpen(source) is { } reader ? new MpegDecoder(source, reader) : null;

    /// <inheritdoc/>
    protected override bool DecodeBlock()
    {
        long junk = _reader.JunkBytes;
        ReadOnlySpan<byte> bytes = _reader.Next(out MpegHeader header);
        if (junk == 0 && _reader.JunkBytes > 0)
        {
            _firstJunk = $"byte {Source.Position - _reader.JunkBytes} ({Time})";
        }

        if (bytes.IsEmpty)
        {
            End();
            return false;
        }

        if (!TryDecode(header, bytes))
        {
            _decoded.AsSpan().Clear();
            if (_heard && _silentFrames++ == 0)
            {
                _firstSilent = $"byte {Source.Position} ({Time})";
            }
        }

        Source.Advance(bytes.Length);
        Trim(MatchChannels(header), header.Samples);
        return true;
    }

    // A tag may promise anything; a frame has at least as many bytes as the lowest bit rate gives it.
    private static bool IsPossible(long frames, ByteSource source)
    {
        const int ShortestFrame = 24;
        return source.Length is not long length || frames <= length / ShortestFrame;
    }

    // Files joined end to end keep the tag of the first: where much more follows than it says, its end is not the end. Pictures stand before it.
    private static bool IsJoined(MpegTag tag, ByteSource source) => tag.Bytes is > 0 and long bytes && source.Length - source.Position - bytes > bytes / 16;

    private bool TryDecode(MpegHeader header, ReadOnlySpan<byte> bytes)
    {
        Span<float> samples = _decoded.AsSpan(0, header.Samples * header.Channels);
        bool isDamaged, isDecoded = header.Layer == MpegLayer.LayerIII
            ? _layerThree.TryDecode(header, bytes, samples, out isDamaged)
            : TryDecodeLayersOneAndTwo(header, bytes, samples.Length, out isDamaged);

        // Bits may be missing that stood in frames before a cut or a gap; that is no damage as long as nothing was heard.
        _heard |= isDecoded || isDamaged;
        isDamaged |= isDecoded && !(TensorPrimitives.MaxMagnitude(samples) <= LargestMagnitude);
        if (isDamaged)
        {
            (_layerThree, _layersOneAndTwo) = (new MpegLayerThree(), new MpegFrameDecoder());
        }

        return isDecoded && !isDamaged;
    }

    private bool TryDecodeLayersOneAndTwo(MpegHeader header, ReadOnlySpan<byte> bytes, int wanted, out bool isDamaged)
    {
        _frame.Load(header, bytes);
        try
        {
            isDamaged = _layersOneAndTwo.DecodeFrame(_frame, _decoded, 0) != wanted;
        }
        catch (Exception error) when (error is InvalidDataException or IndexOutOfRangeException or ArgumentException or OverflowException or NullReferenceException or DivideByZeroException)
        {
            // NLayer does not check what it reads out of a damaged frame, so these are what damage looks like.
            isDamaged = true;
        }

        return !isDamaged;
    }

    private float[] MatchChannels(MpegHeader header)
    {
        if (header.Channels == Info.Channels)
        {
            return _decoded;
        }

        for (int i = 0; i < header.Samples; i++)
        {
            if (header.Channels == 1)
            {
                _block[2 * i] = _block[(2 * i) + 1] = _decoded[i];
            }
            else
            {
                _block[i] = (_decoded[2 * i] + _decoded[(2 * i) + 1]) / 2;
            }
        }

        return _block;
    }

    private void Trim(float[] block, int samples)
    {
        long start = Math.Max(_position, _skip), end = _position + samples;
        if (_position < _paddingEnd && end > _paddingStart)
        {
            end = Math.Max(start, _paddingStart);
        }

        if (end > start)
        {
            Deliver(block, (int)(start - _position), (int)(end - start));
        }

        _position += samples;
    }

    private void End()
    {
        if (_position < _promised)
        {
            Warn(string.Create(CultureInfo.InvariantCulture, $"the file is cut at byte {Source.Position}: its tag promises {Seconds(_promised.Value)}, {Seconds(_position)} are there and were used"));
        }
        else if (_reader.CutBytes > 0 && _promised is null)
        {
            Warn($"the file is cut at byte {Source.Position}, within a frame; {Time} are there and were used");
        }

        if (_reader.JunkBytes > 0)
        {
            Warn($"{_reader.JunkBytes} bytes from {_firstJunk} on are not audio and were skipped; times after them may be early");
        }

        if (_silentFrames > 0)
        {
            Warn($"{_silentFrames} damaged frames from {_firstSilent} on are silent");
        }
    }
}
