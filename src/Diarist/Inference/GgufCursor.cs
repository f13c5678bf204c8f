using System.Buffers.Binary;
using System.Text;

namespace Diarist.Inference;

/// <summary>Reads the header of a GGUF file front to back; every read is checked against the end of the file.</summary>
/// <param name="file">The mapped file.</param>
internal sealed unsafe class GgufCursor(MappedFile file)
{
    /// <summary>The next byte.</summary>
    public long Position { get; private set; }

    /// <summary>A number of 4 bytes.</summary>
    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    /// <summary>A number of 8 bytes.</summary>
    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    /// <summary>A count that cannot be larger than the bytes that are left, each thing taking <paramref name="bytesEach"/> at least.</summary>
    public int Count(string what, int bytesEach)
    {
        ulong count = UInt64(what);
        return count <= (ulong)(file.Length - Position) / (ulong)bytesEach && count <= int.MaxValue
            ? (int)count
            : throw Damaged($"{what} is {count}, more than the file can hold");
    }

    /// <summary>A text with its length before it.</summary>
    public string Text(string what) => Encoding.UTF8.GetString(Take(Count(what, 1), what));

    /// <summary>A metadata value of any type; arrays are skipped and come back as null.</summary>
    public object? Value(string key)
    {
        uint type = UInt32(key);
        return type == 9 ? SkipArray(key) : Scalar(type, key);
    }

    /// <summary>The error that the header breaks the format.</summary>
    public PackException Damaged(string problem) => new($"{file.Path}: {problem}, at byte {Position}; the file is truncated or damaged.");

    private object Scalar(uint type, string key) => type switch
    {
        0 => (long)Take(1, key)[0],
        1 => (long)(sbyte)Take(1, key)[0],
        2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2, key)),
        3 => (long)BinaryPrimitives.ReadInt16LittleEndian(Take(2, key)),
        4 => (long)UInt32(key),
        5 => (long)(int)UInt32(key),
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(Take(4, key)),
        7 => Take(1, key)[0] != 0,
        8 => Text(key),
        10 => UInt64(key) is var value && value <= long.MaxValue ? (object)(long)value : (double)value,
        11 => (long)UInt64(key),
        12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, key)),
        _ => throw Damaged($"the key '{key}' has the unknown value type {type}"),
    };

    private object? SkipArray(string key)
    {
        uint type = UInt32(key);
        int count = Count(key, 1);
        for (int i = 0; i < count; i++)
        {
            if (type == 9)
            {
                throw Damaged($"the key '{key}' is an array of arrays, which is not supported");
            }

            Scalar(type, key);
        }

        return null;
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > file.Length - Position)
        {
            throw Damaged($"the file ends within {what}");
        }

        ReadOnlySpan<byte> bytes = new(file.Start + Position, count);
        Position += count;
        return bytes;
    }
}
