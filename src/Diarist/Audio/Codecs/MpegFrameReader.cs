using System.Buffers.Binary;
using NLayer;

namespace Diarist.Audio.Codecs;

/// <summary>Finds the frames of MPEG audio in a file: past ID3 and APE tags, over junk, to the first one and from one to the next.</summary>
internal sealed class MpegFrameReader
{
    // How far the first frame, or the next one after damage, is looked for at a time.
    private const int SearchBytes = 1 << 16;

    // Tags in front up to this size are kept until it is known what follows; behind longer ones only MPEG audio is read.
    private const int MaxHeldTagBytes = 16 << 20;

    // So many frames in a row are no accident: at the start of a file, and within junk.
    private const int FramesAtStart = 2, FramesInJunk = 5;

    private const int Id3v1Bytes = 128, Id3v2HeaderBytes = 10, ApeHeaderBytes = 32;

    private readonly ByteSource _source;
    private readonly MpegHeader _first;

    private MpegFrameReader(ByteSource source, MpegHeader first)
    {
        _source = source;
        _first = first;
    }

    /// <summary>The header of the first frame.</summary>
    public MpegHeader First => _first;

    /// <summary>Bytes that are neither frames nor tags, skipped so far.</summary>
    public long JunkBytes { get; private set; }

    /// <summary>Bytes of a last frame that is not whole; 0 when the file ends with a whole one.</summary>
    public int CutBytes { get; private set; }

    /// <summary>Looks for the first frame. When there is one the source stands on it; else it is where it was.</summary>
    /// <param name="source">The bytes.</param>
    /// <exception cref="AudioFormatException">It is free format, or a long tag has nothing behind it that is understood.</exception>
    public static MpegFrameReader? TryOpen(ByteSource source)
    {
        bool released = SkipTagsInFront(source);
        ReadOnlySpan<byte> data = source.Peek(SearchBytes);
        int offset = IsAnotherContainer(data) ? -1 : FindFirst(source, data);
        if (offset < 0)
        {
            if (released)
            {
                throw source.Error($"holds no MPEG audio behind the tag that ends at byte {source.Position}; convert it");
            }

            source.Rewind();
            return null;
        }

        MpegHeader.TryRead(data[offset..], out MpegHeader first);
        source.Advance(offset);
        source.ReleaseStart();
        return new MpegFrameReader(source, first);
    }

    /// <summary>Goes to the next frame, which the source then stands on.</summary>
    /// <returns>Its bytes, valid until the source is used again; empty at the end.</returns>
    /// <exception cref="AudioFormatException">Frames of another sample rate or layer follow.</exception>
    public ReadOnlySpan<byte> Next(out MpegHeader header)
    {
        while (true)
        {
            ReadOnlySpan<byte> head = _source.Peek(MpegHeader.Size);
            if (MpegHeader.TryRead(head, out header) && !header.IsFreeFormat && header.Continues(_first))
            {
                ReadOnlySpan<byte> frame = _source.Peek(header.FrameBytes);
                if (frame.Length == header.FrameBytes)
                {
                    return frame;
                }

                CutBytes = frame.Length;
                return [];
            }

            if (head.Length < MpegHeader.Size)
            {
                CutBytes = head.Length;
                return [];
            }

            if (TagLength(_source) is long tag and > 0 ? !_source.TrySkip(tag) : !SkipJunk())
            {
                return [];
            }
        }
    }

    // Whether the start had to be given up.
    private static bool SkipTagsInFront(ByteSource source)
    {
        bool released = false;
        while (TagLength(source) is long length and > 0)
        {
            if (source.Position + length > MaxHeldTagBytes && !released)
            {
                source.ReleaseStart();
                released = true;
            }

            if (!source.TrySkip(length))
            {
                break;
            }
        }

        return released;
    }

    // Bytes of the tag that the source stands on; 0 when it stands on none.
    private static long TagLength(ByteSource source)
    {
        ReadOnlySpan<byte> head = source.Peek(ApeHeaderBytes);
        if (head.StartsWith("ID3"u8) && head.Length >= Id3v2HeaderBytes)
        {
            const byte HasFooter = 0x10;
            int size = (head[6] & 0x7F) << 21 | (head[7] & 0x7F) << 14 | (head[8] & 0x7F) << 7 | (head[9] & 0x7F);
            return Id3v2HeaderBytes + size + ((head[5] & HasFooter) != 0 ? Id3v2HeaderBytes : 0);
        }

        if (head.StartsWith("APETAGEX"u8) && head.Length == ApeHeaderBytes)
        {
            // The size counts the items and the footer; a header says that it is one.
            const uint IsHeader = 1u << 29;
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[12..]), flags = BinaryPrimitives.ReadUInt32LittleEndian(head[20..]);
            return (flags & IsHeader) != 0 ? ApeHeaderBytes + (long)size : ApeHeaderBytes;
        }

        return head.StartsWith("TAG"u8) ? Id3v1Bytes : 0;
    }

    // Containers that may hold frames of MPEG audio in a row, between what belongs to video or to an index.
    private static bool IsAnotherContainer(ReadOnlySpan<byte> data) =>
        (data.Length > 8 && data[4..].StartsWith("ftyp"u8))
        || data.StartsWith((ReadOnlySpan<byte>)[0x00, 0x00, 0x01, 0xBA])
        || data.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75])
        || data.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3])
        || data.StartsWith("FLV"u8)
        || (data.Length > 188 && data[0] == 0x47 && data[188] == 0x47);

    private static int FindFirst(ByteSource source, ReadOnlySpan<byte> data)
    {
        if (MpegHeader.TryRead(data, out MpegHeader start) && start.IsFreeFormat && IsFreeFormat(data, start))
        {
            throw source.Error($"is MPEG audio of free format (no bit rate in the header at byte {source.Position}), which is not decoded; encode it at a standard bit rate");
        }

        for (int offset = 0; offset + MpegHeader.Size <= data.Length; offset++)
        {
            if (data[offset] == 0xFF && IsRow(data[offset..], offset == 0 ? FramesAtStart : FramesInJunk, mayEnd: offset == 0 && data.Length < SearchBytes))
            {
                return offset;
            }
        }

        return -1;
    }

    // Whether so many frames follow each other, or as many as there are when the data ends with the file.
    private static bool IsRow(ReadOnlySpan<byte> data, int wanted, bool mayEnd)
    {
        MpegHeader first = default;
        for (int count = 0; count < wanted; count++)
        {
            if (mayEnd && count > 0 && (data.IsEmpty || data.StartsWith("TAG"u8) || data.StartsWith("APETAGEX"u8)))
            {
                return true;
            }

            if (!MpegHeader.TryRead(data, out MpegHeader header) || header.IsFreeFormat || (count > 0 && !header.Continues(first)))
            {
                return false;
            }

            if (header.FrameBytes > data.Length)
            {
                return mayEnd && count > 0;
            }

            first = header;
            data = data[header.FrameBytes..];
        }

        return true;
    }

    // Frames of free format have one length that nobody says: three headers at equal distances are a proof.
    private static bool IsFreeFormat(ReadOnlySpan<byte> data, MpegHeader first)
    {
        const int ShortestFrame = 24;
        for (int length = ShortestFrame; length < data.Length / 2; length++)
        {
            if (IsFree(data[length..]) && (IsFree(data[(2 * length)..]) || IsFree(data[((2 * length) + 1)..])))
            {
                return true;
            }
        }

        return false;

        bool IsFree(ReadOnlySpan<byte> bytes) => MpegHeader.TryRead(bytes, out MpegHeader header) && header.IsFreeFormat && header.Continues(first);
    }

    // To the next frame that another one follows, or to the end. False at the end.
    private bool SkipJunk()
    {
        ReadOnlySpan<byte> data = _source.Peek(SearchBytes);
        int most = data.Length < SearchBytes ? data.Length : data.Length - (2 * MpegHeader.MaxFrameBytes);
        int skip = most;
        for (int offset = 1; offset < most; offset++)
        {
            ReadOnlySpan<byte> rest = data[offset..];
            if (rest[0] is not (0xFF or (byte)'T' or (byte)'A' or (byte)'I'))
            {
                continue;
            }

            if (MpegHeader.TryRead(rest, out MpegHeader header) && !header.IsFreeFormat)
            {
                if (header.Continues(_first) ? IsRow(rest, FramesAtStart, mayEnd: data.Length < SearchBytes) || header.FrameBytes == rest.Length : IsOtherStream(rest, header))
                {
                    skip = offset;
                    break;
                }
            }
            else if (rest.StartsWith("TAG"u8) || rest.StartsWith("APETAGEX"u8) || rest.StartsWith("ID3"u8))
            {
                skip = offset;
                break;
            }
        }

        JunkBytes += skip;
        _source.Advance(skip);
        return skip > 0 && !_source.Peek(1).IsEmpty;
    }

    private bool IsOtherStream(ReadOnlySpan<byte> rest, MpegHeader header) => IsRow(rest, FramesInJunk, mayEnd: false)
        ? throw _source.Error($"changes near byte {_source.Position} from {_first.SampleRate} Hz to MPEG audio of another kind ({header.Layer} at {header.SampleRate} Hz); split or convert it")
        : false;
}
