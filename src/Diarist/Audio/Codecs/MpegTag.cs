using System.Buffers.Binary;
using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>
/// What an encoder writes into a first frame without sound: Xing's or Info's tag with LAME's extension, or VBRI of
/// Fraunhofer's encoder.
/// </summary>
/// <param name="Frames">Frames of sound that follow the tag, when it says so.</param>
/// <param name="Bytes">Bytes of the whole file, when it says so.</param>
/// <param name="Delay">Samples that the encoder put before the sound, when it says so.</param>
/// <param name="Padding">Samples that the encoder put behind it.</param>
internal readonly record struct MpegTag(long? Frames, long? Bytes, int? Delay, int Padding)
{
    private const int VbriOffset = MpegHeader.Size + 32;

    /// <summary>Looks for a tag in a frame.</summary>
    /// <returns>The tag, or <see langword="null"/> when the frame holds sound.</returns>
    public static MpegTag? Read(MpegHeader header, ReadOnlySpan<byte> frame)
    {
        if (header.Layer != MpegLayer.LayerIII)
        {
            return null;
        }

        // The tag stands behind the side information; some encoders leave room for a checksum.
        int sideBytes = header.Version == MpegVersion.Version1 ? (header.Channels == 1 ? 17 : 32) : (header.Channels == 1 ? 9 : 17);
        ReadOnlySpan<byte> tag = After(frame, MpegHeader.Size + sideBytes);
        if (!IsXing(tag) && header.HasCrc)
        {
            tag = After(frame, MpegHeader.Size + 2 + sideBytes);
        }

        if (IsXing(tag))
        {
            return ReadXing(tag);
        }

        ReadOnlySpan<byte> vbri = After(frame, VbriOffset);
        return vbri.StartsWith("VBRI"u8) && vbri.Length >= 18
            ? new MpegTag(BinaryPrimitives.ReadUInt32BigEndian(vbri[14..]), null, null, 0)
            : null;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> frame, int offset) => frame.Length < offset ? [] : frame[offset..];

    private static bool IsXing(ReadOnlySpan<byte> tag) => tag.Length >= 8 && (tag.StartsWith("Xing"u8) || tag.StartsWith("Info"u8));

    private static MpegTag ReadXing(ReadOnlySpan<byte> tag)
    {
        const uint HasFrames = 1, HasBytes = 2, HasIndex = 4, HasQuality = 8;
        uint flags = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]);
        tag = tag[8..];
        long? frames = null;
        if ((flags & HasFrames) != 0 && tag.Length >= 4)
        {
            frames = BinaryPrimitives.ReadUInt32BigEndian(tag);
            tag = tag[4..];
        }

        long? bytes = null;
        if ((flags & HasBytes) != 0 && tag.Length >= 4)
        {
            bytes = BinaryPrimitives.ReadUInt32BigEndian(tag);
            tag = tag[4..];
        }

        int skip = ((flags & HasIndex) != 0 ? 100 : 0) + ((flags & HasQuality) != 0 ? 4 : 0);
        tag = After(tag, skip);

        // LAME's extension: 9 bytes of name, 12 of other facts, 12 bits of delay, 12 of padding.
        if (tag.Length < 24 || !(tag.StartsWith("LAME"u8) || tag.StartsWith("Lavf"u8) || tag.StartsWith("Lavc"u8)))
        {
            return new MpegTag(frames, bytes, null, 0);
        }

        int delay = tag[21] << 4 | tag[22] >> 4, padding = (tag[22] & 15) << 8 | tag[23];
        return new MpegTag(frames, bytes, delay, padding);
    }
}
