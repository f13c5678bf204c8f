using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>One frame of layer I or II as NLayer takes it: its header and its bits. The instance is used again for each frame.</summary>
internal sealed class MpegFrame : IMpegFrame
{
    private readonly byte[] _bytes = new byte[MpegHeader.MaxFrameBytes];
    private int _nextBit;

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
    public void Load(MpegHeader header, ReadOnlySpan<byte> bytes)
    {
        Header = header;
        FrameLength = bytes.Length;
        bytes.CopyTo(_bytes);
        Reset();
    }

    /// <inheritdoc/>
    public void Reset() => _nextBit = 8 * (MpegHeader.Size + (HasCrc ? 2 : 0));

    /// <inheritdoc/>
    public int ReadBits(int bitCount)
    {
        if (_nextBit + bitCount > 8 * FrameLength)
        {
            return -1;
        }

        int bits = 0;
        for (int i = 0; i < bitCount; i++, _nextBit++)
        {
            bits = bits << 1 | (_bytes[_nextBit >> 3] >> (7 - (_nextBit & 7)) & 1);
        }

        return bits;
    }
}
