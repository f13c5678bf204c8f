using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>How the samples of a WAV file are coded; the values are its format tags.</summary>
internal enum WavCoding
{
    Integer = 1,
    Float = 3,
    ALaw = 6,
    MuLaw = 7,
}

/// <summary>Everything before the first sample of a WAV file (RIFF, RF64 or BW64).</summary>
/// <param name="Coding">How samples are coded, also when the file wraps it as WAVE_FORMAT_EXTENSIBLE.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Channels">Samples per frame.</param>
/// <param name="SampleBytes">Bytes of one sample; fewer valid bits sit at its upper end.</param>
/// <param name="DataStart">The byte offset of the first sample.</param>
/// <param name="DataBytes">The length of the data; <see langword="null"/> when the writer could not know it (a pipe).</param>
internal sealed record WavHeader(WavCoding Coding, int SampleRate, int Channels, int SampleBytes, long DataStart, long? DataBytes)
{
    private const int ExtensibleTag = 0xFFFE;
    private const uint UnknownSize = 0xFFFFFFFF;

    // sox writes this to a pipe.
    private const uint SoxUnknownSize = 0x7FFFF000;

    /// <summary>Bytes of one frame.</summary>
    public int FrameBytes => SampleBytes * Channels;

    /// <summary>Reads the header and stops at the first sample.</summary>
    /// <returns>The header, or <see langword="null"/> when the coding is none of <see cref="WavCoding"/>.</returns>
    /// <exception cref="AudioFormatException">The header is cut or contradicts itself.</exception>
    public static WavHeader? Read(ByteSource source)
    {
        long riffSize = Riff(source);
        long? longDataSize = null;
        WavHeader? format = null;
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
                return format is null
                    ? throw source.Error($"the data chunk at byte {at} comes before any fmt chunk")
                    : format with { DataStart = source.Position, DataBytes = DataLength(source, size, longDataSize, riffSize) };
            }

            if (head.StartsWith("fmt "u8))
            {
                format = Format(source, at, Chunk(source, at, size, 40));
                if (format is null)
                {
                    return null;
                }
            }
            else if (head.StartsWith("ds64"u8))
            {
                ReadOnlySpan<byte> sizes = Chunk(source, at, size, 16);
                if (sizes.Length < 16)
                {
                    throw source.Error($"the ds64 chunk at byte {at} has {size} bytes instead of at least 28");
                }

                riffSize = BinaryPrimitives.ReadInt64LittleEndian(sizes);
                longDataSize = BinaryPrimitives.ReadInt64LittleEndian(sizes[8..]);
            }

            // Chunks start on even offsets.
            if (!source.TrySkip(8 + (long)size + (size & 1)))
            {
                throw source.Error($"the WAV header is cut: the file ends at byte {source.Position} inside the chunk that starts at byte {at}");
            }
        }
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

    private static WavHeader? Format(ByteSource source, long at, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 16)
        {
            throw source.Error($"the fmt chunk at byte {at} has {chunk.Length} bytes instead of at least 16");
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int frameBytes = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == ExtensibleTag)
        {
            // The sub-format is a GUID whose first two bytes are the plain tag.
            tag = chunk.Length >= 26
                ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..])
                : throw source.Error($"the extensible fmt chunk at byte {at} has {chunk.Length} bytes instead of 40");
        }

        if (!Enum.IsDefined((WavCoding)tag))
        {
            return null;
        }

        var coding = (WavCoding)tag;
        int sampleBytes = channels == 0 ? 0 : frameBytes / channels;
        bool sizeFits = coding switch
        {
            WavCoding.Integer => sampleBytes is >= 1 and <= 4,
            WavCoding.Float => sampleBytes is 4 or 8,
            _ => sampleBytes == 1,
        };
        if (!sizeFits || bits > sampleBytes * 8 || frameBytes != sampleBytes * channels || rate is 0 or > int.MaxValue)
        {
            throw source.Error($"the fmt chunk at byte {at} makes no sense: format {tag}, {channels} channels, {rate} Hz, {bits} bits, {frameBytes} bytes a frame");
        }

        return new WavHeader(coding, (int)rate, channels, sampleBytes, 0, null);
    }

    private static long? DataLength(ByteSource source, uint size, long? longSize, long riffSize)
    {
        if (size == UnknownSize && longSize is not null)
        {
            return longSize <= 0 ? null : longSize;
        }

        // A size of 0 is a recording that was never closed, unless the RIFF size says that more chunks follow.
        bool neverClosed = size == 0 && (riffSize is 0 or UnknownSize || riffSize + 8 <= source.Position);
        return size is UnknownSize or SoxUnknownSize || neverClosed ? null : size;
    }
}
