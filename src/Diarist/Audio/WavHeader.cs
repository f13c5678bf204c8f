using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>Everything before the first sample of a WAV file (RIFF, RF64 or BW64).</summary>
/// <param name="Format">How its samples lie.</param>
/// <param name="DataStart">The byte offset of the first sample.</param>
/// <param name="DataBytes">The length of the data; <see langword="null"/> when the writer did not know it (a pipe).</param>
/// <param name="IsPromiseDoubtful">Whether <paramref name="DataBytes"/> may be what the writer put in for want of the length.</param>
/// <param name="Warnings">What was wrong and could be survived.</param>
internal sealed record WavHeader(WavFormat Format, long DataStart, long? DataBytes, bool IsPromiseDoubtful, IReadOnlyList<string> Warnings)
{
    private const uint UnknownSize = 0xFFFFFFFF;

    // sox writes this to a pipe.
    private const uint SoxUnknownSize = 0x7FFFF000;

    // No recording is longer; larger numbers are damage, and sums with them would overflow.
    private const long LargestSize = 1L << 48;

    // Headers that were begun and never completed hold a size near the largest of 31 or 32 bits: 0x7FFFFFFF less a
    // header, 0x80000000 (arecord), 0xFFFFFF9B, ...
    private const uint HalfPlaceholder = 0x7F000000;
    private const uint HalfPlaceholderEnd = 0x80010000;
    private const uint FullPlaceholder = 0xFF000000;

    /// <summary>Reads the header and stops at the first sample.</summary>
    /// <param name="source">The file.</param>
    /// <param name="problem">What it is instead, when nothing is returned.</param>
    /// <returns>The header, or <see langword="null"/> when its format is not read here (see <see cref="WavFormat.Read"/>).</returns>
    /// <exception cref="AudioFormatException">The header is cut or lacks a chunk.</exception>
    public static WavHeader? Read(ByteSource source, out string problem)
    {
        problem = "";
        long riffSize = Riff(source);
        long? longDataSize = null;
        byte[]? format = null;
        var warnings = new List<string>();
        while (true)
        {
            long at = source.Position;
            ReadOnlySpan<byte> head = source.Peek(8);
            if (head.Length < 8)
            {
                throw source.Error(format is null
                    ? $"the WAV header is cut: the file ends at byte {at + head.Length} without a fmt chunk"
                    : $"the WAV file ends at byte {at + head.Length} without a data chunk");
            }

            uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head.StartsWith("data"u8))
            {
                source.Advance(8);
                if (size == 0 && format is not null && !IsChunk(source.Peek(8), source.Length - source.Position) && riffSize + 8 > source.Position)
                {
                    warnings.Add($"its data chunk at byte {at} says that it is empty; what follows was read as samples");
                    size = UnknownSize;
                    longDataSize = null;
                }

                return format is null
                    ? throw source.Error($"the data chunk at byte {at} comes before any fmt chunk")
                    : WithData(source, format, DataLength(source, size, longDataSize, riffSize), size, riffSize, warnings, out problem);
            }

            if (head.StartsWith("fmt "u8))
            {
                byte[] found = Chunk(source, at, size, 40).ToArray();
                if (found.Length < 16)
                {
                    throw source.Error($"the fmt chunk at byte {at} has {found.Length} bytes instead of at least 16");
                }

                if (format is not null && !format.AsSpan().SequenceEqual(found))
                {
                    warnings.Add($"a second fmt chunk at byte {at} says something else than the first, which was used");
                }

                format ??= found;
            }
            else if (head.StartsWith("ds64"u8))
            {
                ReadOnlySpan<byte> sizes = Chunk(source, at, size, 16);
                if (sizes.Length < 16)
                {
                    throw source.Error($"the ds64 chunk at byte {at} has {size} bytes instead of at least 28");
                }

                riffSize = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(sizes), 0, LargestSize);
                longDataSize = BinaryPrimitives.ReadInt64LittleEndian(sizes[8..]);
            }

            if (!source.TrySkip(8 + (long)size) || !TrySkipPad(source, at, size, warnings))
            {
                throw source.Error($"the WAV header is cut: the file ends at byte {source.Position} inside the chunk that starts at byte {at}");
            }
        }
    }

    /// <summary>Whether bytes look like the beginning of a chunk: a name of four printable characters, and a size that fits.</summary>
    /// <param name="head">Eight bytes or more.</param>
    /// <param name="left">The bytes from there to the end of the file, when that is known.</param>
    public static bool IsChunk(ReadOnlySpan<byte> head, long? left) =>
        head.Length >= 8
        && char.IsAsciiLetter((char)head[0])
        && !head[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~')
        && (left is null || BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) <= left - 8);

    private static WavHeader? WithData(ByteSource source, byte[] format, long? dataBytes, uint size, long riffSize, List<string> warnings, out string problem)
    {
        if (WavFormat.Read(format, dataBytes ?? 0, out problem) is not WavFormat read)
        {
            return null;
        }

        if (read.Warning is not null)
        {
            warnings.Add(read.Warning);
        }

        bool placeholder = size is (>= HalfPlaceholder and <= HalfPlaceholderEnd) or >= FullPlaceholder;

        // Who writes to a pipe cannot know the length; who does states it twice, and both agree.
        bool contradicted = source.Length is null && riffSize + 8 < source.Position + dataBytes;
        return new WavHeader(read, source.Position, dataBytes, placeholder || contradicted, warnings);
    }

    // Chunks start on even offsets, but some writers forget the byte that takes care of that.
    private static bool TrySkipPad(ByteSource source, long at, uint size, List<string> warnings)
    {
        if (size % 2 == 0)
        {
            return true;
        }

        ReadOnlySpan<byte> next = source.Peek(9);
        long? left = source.Length - source.Position;
        if (next.Length > 8 && IsChunk(next, left) && next[0] != 0 && !IsChunk(next[1..], left - 1))
        {
            warnings.Add($"the chunk at byte {at} has an odd size ({size} bytes) and lacks the byte that makes it even; what follows was found all the same");
            return true;
        }

        return source.TrySkip(1);
    }

    private static long Riff(ByteSource source)
    {
        ReadOnlySpan<byte> head = source.Peek(12);
        if (head.Length < 12)
        {
            throw source.Error($"the WAV header is cut: the file ends at byte {head.Length}");
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        source.Advance(12);
        return size;
    }

    private static ReadOnlySpan<byte> Chunk(ByteSource source, long at, uint size, int wanted)
    {
        int length = (int)Math.Min(size, (uint)wanted);
        ReadOnlySpan<byte> bytes = source.Peek(8 + length);
        return bytes.Length == 8 + length
            ? bytes[8..]
            : throw source.Error($"the WAV header is cut: the file ends at byte {at + bytes.Length} inside the chunk that starts at byte {at}");
    }

    private static long? DataLength(ByteSource source, uint size, long? longSize, long riffSize)
    {
        if (size == UnknownSize && longSize is not null)
        {
            return longSize is > 0 and <= LargestSize ? longSize : null;
        }

        // A size of 0 is a recording that was never closed, unless the RIFF size says that more chunks follow.
        bool neverClosed = size == 0 && (riffSize is 0 or UnknownSize || riffSize + 8 <= source.Position);
        return size is UnknownSize or SoxUnknownSize || neverClosed ? null : size;
    }
}
