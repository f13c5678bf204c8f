using System.Buffers.Binary;

namespace Diarist.Audio.Containers;

/// <summary>A page of an Ogg file without its bytes.</summary>
/// <param name="Offset">Where the page begins.</param>
/// <param name="IsContinued">Whether it begins within a packet.</param>
/// <param name="IsFirst">Whether it begins a logical stream.</param>
/// <param name="IsLast">Whether it ends one.</param>
/// <param name="Granule">The position at the end of the last packet that ends on the page, in the codec's unit; −1 when none does.</param>
/// <param name="Serial">The logical stream.</param>
/// <param name="Sequence">The number of the page within its logical stream.</param>
internal readonly record struct OggPage(long Offset, bool IsContinued, bool IsFirst, bool IsLast, long Granule, uint Serial, uint Sequence);

/// <summary>Reads the pages of an Ogg file (RFC 3533) from front to back. Pages whose checksum is wrong are passed over like junk.</summary>
internal sealed class OggPageReader(ByteSource source)
{
    private const int HeaderBytes = 27;

    // Zeros in place of the checksum, which stands at 22 and does not count itself.
    private static ReadOnlySpan<byte> NoChecksum => [0, 0, 0, 0];

    /// <summary>Bytes that belong to no whole page, passed over so far.</summary>
    public long JunkBytes { get; private set; }

    /// <summary>Where the first of them stands.</summary>
    public long FirstJunk { get; private set; }

    /// <summary>Reads the next page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="lacing">A length for each segment; a packet ends with the first that is less than 255.</param>
    /// <param name="body">The segments. Both are valid until the source is used again.</param>
    /// <returns>Whether there was a page.</returns>
    public bool TryRead(out OggPage page, out ReadOnlySpan<byte> lacing, out ReadOnlySpan<byte> body)
    {
        while (true)
        {
            ReadOnlySpan<byte> bytes = source.Peek(HeaderBytes);
            if (bytes.Length == HeaderBytes && bytes.StartsWith("OggS"u8) && bytes[4] == 0)
            {
                int header = HeaderBytes + bytes[26];
                bytes = source.Peek(header);
                if (bytes.Length == header)
                {
                    int length = header + Sum(bytes[HeaderBytes..]);
                    bytes = source.Peek(length);
                    if (bytes.Length == length && IsWhole(bytes))
                    {
                        page = ReadHeader(bytes, source.Position);
                        lacing = bytes[HeaderBytes..header];
                        body = bytes[header..];
                        source.Advance(length);
                        return true;
                    }
                }
            }

            if (!SkipJunk())
            {
                page = default;
                lacing = body = default;
                return false;
            }
        }
    }

    private static OggPage ReadHeader(ReadOnlySpan<byte> bytes, long offset) => new(
        offset,
        IsContinued: (bytes[5] & 1) != 0,
        IsFirst: (bytes[5] & 2) != 0,
        IsLast: (bytes[5] & 4) != 0,
        BinaryPrimitives.ReadInt64LittleEndian(bytes[6..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[18..]));

    private static int Sum(ReadOnlySpan<byte> lacing)
    {
        int sum = 0;
        foreach (byte length in lacing)
        {
            sum += length;
        }

        return sum;
    }

    private static bool IsWhole(ReadOnlySpan<byte> page)
    {
        const int Checksum = 22;
        uint crc = OggCrc.Add(OggCrc.Add(OggCrc.Add(0, page[..Checksum]), NoChecksum), page[(Checksum + 4)..]);
        return crc == BinaryPrimitives.ReadUInt32LittleEndian(page[Checksum..]);
    }

    // To the next mark of a page, or to the end. False at the end.
    private bool SkipJunk()
    {
        const int SearchBytes = 1 << 16;
        ReadOnlySpan<byte> data = source.Peek(SearchBytes);
        if (data.IsEmpty)
        {
            return false;
        }

        int found = data[1..].IndexOf("OggS"u8);
        int skip = found >= 0 ? found + 1 : data.Length < SearchBytes ? data.Length : data.Length - 3;
        FirstJunk = JunkBytes == 0 ? source.Position : FirstJunk;
        JunkBytes += skip;
        source.Advance(skip);
        return true;
    }
}
