using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>One frame of MPEG audio as NLayer takes it: its header and its bits. The instance is used again for each frame.</summary>
internal sealed class MpegFrame : IMpegFrame
{
    /// <summary>Bits of the field that tells the length of a granule; no other field of layer III has so many.</summary>
    public const int GranuleLengthBits = 12;

    private readonly byte[] _bytes = new byte[MpegHeader.MaxFrameBytes];
    private readonly int[] _granuleBits = new int[2];
    private int _nextBit;
    private int _granules;
    private int _nextGranule;

    /// <summary>The header of the frame.</summary>
    public MpegHeader Header { get; private set; }

    /// <inheritdoc/>
    public int SampleRate => Header.SampleRate;

    /// <inheritdoc/>
    public int SampleRateIndex => Header.SampleRateIndex;

    /// <inheritdoc/>
    public int FrameLength { get; private set; }

    /// <inheritdoc/>
    public int BitRate => Header.BitRate;

    /// <inheritdoc/>
    public MpegVersion Version => Header.Version;

    /// <inheritdoc/>
    public MpegLayer Layer => Header.Layer;

    /// <inheritdoc/>
    public MpegChannelMode ChannelMode => Header.ChannelMode;

    /// <inheritdoc/>
    public int ChannelModeExtension => Header.ModeExtension;

    /// <inheritdoc/>
    public int SampleCount => Header.Samples;

    /// <inheritdoc/>
    public int BitRateIndex => Header.BitRateIndex;

    /// <inheritdoc/>
    public bool IsCopyrighted => Header.IsCopyrighted;

    /// <inheritdoc/>
    public bool HasCrc => Header.HasCrc;

    /// <inheritdoc/>
    public bool IsCorrupted => false;

    /// <summary>Takes a frame; its bytes are copied.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="bytes">The whole frame.</param>
    /// <param name="granuleBits">The lengths of its granules, of layer III only; none when the frame says them itself.</param>
    public void Load(MpegHeader header, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> granuleBits = default)
    {
        granuleBits.CopyTo(_granuleBits);
        _granules = granuleBits.Length;
        Header = header;
        FrameLength = bytes.Length;
        bytes.CopyTo(_bytes);
        Reset();
    }

    /// <inheritdoc/>
    public void Reset() => (_nextBit, _nextGranule) = (8 * (MpegHeader.Size + (HasCrc ? 2 : 0)), 0);

    /// <inheritdoc/>
    public int ReadBits(int bitCount)
    {
        if (_nextBit + bitCount > 8 * FrameLength)
        {
            return -1;
        }

        // The reservoir takes whole bytes, and nearly all bits go there.
        if (bitCount == 8 && (_nextBit & 7) == 0)
        {
            int value = _bytes[_nextBit >> 3];
            _nextBit += 8;
            return value;
        }

        if (bitCount == GranuleLengthBits && _nextGranule < _granules)
        {
            _nextBit += bitCount;
            return _granuleBits[_nextGranule++];
        }

        int bits = 0;
        for (int i = 0; i < bitCount; i++, _nextBit++)
        {
            bits = bits << 1 | (_bytes[_nextBit >> 3] >> (7 - (_nextBit & 7)) & 1);
        }

        return bits;
    }
}
