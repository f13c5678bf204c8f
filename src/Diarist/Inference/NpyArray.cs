using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Diarist.Inference;

/// <summary>One NumPy array: its shape and its elements in row-major (C) order, whatever order the file has them in.</summary>
/// <remarks>
/// Format: numpy.lib.format versions 1 to 3. Element types f2, f4, f8, i1, i2, i4, i8, u1, u2, u4 and b1, of either byte order.
/// </remarks>
internal sealed class NpyArray
{
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private readonly string _origin;
    private readonly NpyHeader _header;
    private readonly byte[] _elements;

    private NpyArray(string origin, NpyHeader header, byte[] elements)
    {
        _origin = origin;
        _header = header;
        _elements = elements;
    }

    /// <summary>The length of every axis; empty for a scalar.</summary>
    public int[] Shape => _header.Shape;

    /// <summary>The number of elements.</summary>
    public int Length => _header.Length;

    /// <summary>The element type as NumPy writes it without its byte order, for instance <c>f8</c>.</summary>
    public string ElementType => _header.ElementType;

    /// <summary>Reads a <c>.npy</c> file.</summary>
    /// <exception cref="PackException">The file is missing, is not a NumPy array, or is of a kind that is not read here.</exception>
    public static NpyArray Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: cannot be read ({error.Message}).", error);
        }
    }

    /// <summary>Reads an array from the bytes of a <c>.npy</c> file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="origin">The file, and the array in it, as errors name them.</param>
    /// <exception cref="PackException">The bytes are not a NumPy array, or one of a kind that is not read here.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> bytes, string origin)
    {
        if (bytes.Length < 10 || !bytes[..6].SequenceEqual(Magic))
        {
            throw new PackException($"{origin}: not a NumPy array (the magic bytes are missing); get the file again.");
        }

        int version = bytes[6];
        int prefix = version == 1 ? 10 : 12;
        if (version is < 1 or > 3 || bytes.Length < prefix)
        {
            throw new PackException($"{origin}: NumPy format version {version} is not one of 1 to 3.");
        }

        uint headerLength = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (headerLength > bytes.Length - prefix)
        {
            throw new PackException($"{origin}: cut off inside its header at byte {bytes.Length}; get the file again.");
        }

        string text = Encoding.UTF8.GetString(bytes.Slice(prefix, (int)headerLength));
        NpyHeader header = NpyHeader.Parse(text, origin);
        ReadOnlySpan<byte> elements = bytes[(prefix + (int)headerLength)..];
        long expected = (long)header.Length * header.ElementSize;
        return elements.Length == expected
            ? new NpyArray(origin, header, elements.ToArray())
            : throw new PackException($"{origin}: holds {elements.Length} bytes of elements where its shape ({string.Join(", ", header.Shape)}) of {header.ElementType} needs {expected}; get the file again.");
    }

    /// <summary>The elements as doubles, row-major; integers beyond 2⁵³ are rounded.</summary>
    public double[] ToDoubles() => this switch
    {
        { IsAsInMemory: true, ElementType: "f8" } => MemoryMarshal.Cast<byte, double>(_elements).ToArray(),
        { IsAsInMemory: true, ElementType: "f4" } => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(_elements).ToArray(), value => (double)value),
        _ => Convert(ReadDouble),
    };

    /// <summary>The elements as floats, row-major, rounded to nearest.</summary>
    public float[] ToSingles() => Convert(index => (float)ReadDouble(index));

    /// <summary>The elements as integers, row-major.</summary>
    /// <exception cref="PackException">The elements are not integers or booleans.</exception>
    public long[] ToInt64s() => _header.Kind == 'f'
        ? throw new PackException($"{_origin}: holds {ElementType} where whole numbers are needed.")
        : Convert(ReadInt64);

    /// <summary>This array, when it has the shape that a caller relies on.</summary>
    /// <param name="shape">The length of every axis; −1 allows any.</param>
    /// <exception cref="PackException">The shape is another.</exception>
    public NpyArray Require(params ReadOnlySpan<int> shape)
    {
        bool fits = shape.Length == Shape.Length;
        for (int axis = 0; fits && axis < shape.Length; axis++)
        {
            fits = shape[axis] == -1 || shape[axis] == Shape[axis];
        }

        return fits
            ? this
            : throw new PackException($"{_origin}: has the shape ({string.Join(", ", Shape)}) where ({string.Join(", ", shape.ToArray())}) is needed; the file is for something else.");
    }

    /// <summary>Whether the elements lie in the file as they would in an array here.</summary>
    private bool IsAsInMemory => IsRowMajor && BitConverter.IsLittleEndian && !_header.BigEndian;

    private bool IsRowMajor => !_header.FortranOrder || Shape.Length < 2;

    private TElement[] Convert<TElement>(Func<int, TElement> read)
    {
        var result = new TElement[Length];
        if (IsRowMajor)
        {
            for (int index = 0; index < result.Length; index++)
            {
                result[index] = read(index);
            }

            return result;
        }

        // Column-major: walk the stored order and keep the coordinates, first axis fastest.
        Span<int> coordinates = stackalloc int[Shape.Length];
        for (int stored = 0; stored < result.Length; stored++)
        {
            int target = 0;
            for (int axis = 0; axis < Shape.Length; axis++)
            {
                target = (target * Shape[axis]) + coordinates[axis];
            }

            result[target] = read(stored);
            for (int axis = 0; axis < Shape.Length && ++coordinates[axis] == Shape[axis]; axis++)
            {
                coordinates[axis] = 0;
            }
        }

        return result;
    }

    private double ReadDouble(int index) => _header.ElementType switch
    {
        "f2" => (double)BitConverter.UInt16BitsToHalf((ushort)ReadBits(index)),
        "f4" => BitConverter.UInt32BitsToSingle((uint)ReadBits(index)),
        "f8" => BitConverter.UInt64BitsToDouble(ReadBits(index)),
        _ => ReadInt64(index),
    };

    private long ReadInt64(int index)
    {
        ulong bits = ReadBits(index);
        int unused = 64 - (8 * _header.ElementSize);
        return _header.Kind switch
        {
            'b' => bits != 0 ? 1 : 0,
            'u' => (long)bits,
            _ => (long)(bits << unused) >> unused,
        };
    }

    private ulong ReadBits(int index)
    {
        int size = _header.ElementSize;
        ReadOnlySpan<byte> element = _elements.AsSpan(index * size, size);
        ulong bits = 0;
        for (int place = 0; place < size; place++)
        {
            bits |= (ulong)element[place] << (8 * (_header.BigEndian ? size - 1 - place : place));
        }

        return bits;
    }

    /// <summary>For a person: the element type and the shape.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ElementType}({string.Join(", ", Shape)})");
}
