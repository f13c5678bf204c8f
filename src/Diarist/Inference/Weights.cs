using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Diarist.Inference;

/// <summary>
/// The tensors of one weights file by name. Networks ask for each tensor with the shape that they need, so that a
/// file of another network, or a damaged one, is refused while it loads and not misread later.
/// </summary>
/// <param name="file">The path that errors name.</param>
internal sealed class Weights(string file)
{
    private readonly Dictionary<string, Tensor<float>> _singles = [];
    private readonly Dictionary<string, Tensor<sbyte>> _bytes = [];
    private readonly Dictionary<string, Tensor<long>> _integers = [];
    private readonly Dictionary<string, string> _unread = [];

    /// <summary>The path that errors name.</summary>
    public string File { get; } = file;

    /// <summary>What the file says about itself; empty when it says nothing.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The names of the floating-point tensors, in the order of the file.</summary>
    public IEnumerable<string> Names => _singles.Keys;

    /// <summary>The floating-point tensor of a name, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public Tensor<float> Get(string name, params ReadOnlySpan<int> shape) => Require(_singles, name, shape);

    /// <summary>The 8-bit integer tensor of a name, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public Tensor<sbyte> GetInt8(string name, params ReadOnlySpan<int> shape) => Require(_bytes, name, shape);

    /// <summary>The 64-bit integer tensor of a name, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public Tensor<long> GetInt64(string name, params ReadOnlySpan<int> shape) => Require(_integers, name, shape);

    /// <summary>Finds a floating-point tensor whatever its shape.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor<float>? tensor) => _singles.TryGetValue(name, out tensor);

    /// <summary>Finds a 64-bit integer tensor whatever its shape.</summary>
    public bool TryGetInt64(string name, [NotNullWhen(true)] out Tensor<long>? tensor) => _integers.TryGetValue(name, out tensor);

    /// <summary>Adds a tensor from its stored bytes (little-endian), whose number must be what <paramref name="shape"/> needs.</summary>
    /// <exception cref="PackException">The shape is impossible, the bytes are too few or too many, or the name is taken.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ElementType type, ReadOnlySpan<byte> bytes)
    {
        int[] extents = CheckedShape(name, shape, out long elements);
        int width = type switch
        {
            ElementType.Float32 => 4,
            ElementType.Float16 or ElementType.BFloat16 => 2,
            ElementType.Int8 => 1,
            _ => 8,
        };
        if (elements > int.MaxValue / width || elements * width != bytes.Length)
        {
            throw Error(name, $"has {bytes.Length} bytes where shape {Describe(extents)} of {type} needs {(decimal)elements * width}; the file is damaged");
        }

        switch (type)
        {
            case ElementType.Int8:
                Keep(_bytes, new Tensor<sbyte>(name, extents, MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray()));
                break;
            case ElementType.Int64:
                Keep(_integers, new Tensor<long>(name, extents, MemoryMarshal.Cast<byte, long>(bytes).ToArray()));
                break;
            default:
                Keep(_singles, new Tensor<float>(name, extents, Widen(type, bytes)));
                break;
        }
    }

    /// <summary>Remembers a tensor of an element type that no network here needs, so that asking for it says why it is missing.</summary>
    public void AddUnread(string name, string type) => _unread.TryAdd(name, type);

    /// <summary>The error that a tensor of this file is not as it should be.</summary>
    public PackException Error(string name, string problem) => new($"{File}: tensor '{name}' {problem}");

    private static float[] Widen(ElementType type, ReadOnlySpan<byte> bytes)
    {
        if (type == ElementType.Float32)
        {
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);
        var values = new float[halves.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type == ElementType.Float16
                ? (float)BitConverter.UInt16BitsToHalf(halves[i])
                : BitConverter.UInt32BitsToSingle((uint)halves[i] << 16);
        }

        return values;
    }

    private int[] CheckedShape(string name, ReadOnlySpan<long> shape, out long elements)
    {
        var extents = new int[shape.Length];
        elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] is < 0 or > int.MaxValue)
            {
                throw Error(name, $"has the impossible extent {shape[i]}; the file is damaged");
            }

            extents[i] = (int)shape[i];
            elements *= extents[i];
            if (elements > int.MaxValue)
            {
                throw Error(name, "has more than 2^31 elements; the file is damaged");
            }
        }

        return extents;
    }

    private void Keep<T>(Dictionary<string, Tensor<T>> tensors, Tensor<T> tensor)
        where T : unmanaged
    {
        if (_singles.ContainsKey(tensor.Name) || _bytes.ContainsKey(tensor.Name) || _integers.ContainsKey(tensor.Name))
        {
            throw Error(tensor.Name, "is there twice; the file is damaged");
        }

        tensors.Add(tensor.Name, tensor);
    }

    private Tensor<T> Require<T>(Dictionary<string, Tensor<T>> tensors, string name, ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        if (!tensors.TryGetValue(name, out Tensor<T>? tensor))
        {
            throw Error(name, $"of {typeof(T).Name} {Describe(shape)} {Absence(name)}; the file belongs to another network");
        }

        bool fits = tensor.Shape.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || shape[i] == tensor.Shape[i];
        }

        return fits
            ? tensor
            : throw Error(name, $"has shape {Describe(tensor.Shape)}, expected {Describe(shape)}; the file belongs to another network");
    }

    private string Absence(string name) =>
        _singles.TryGetValue(name, out var single) ? $"is there as floats {Describe(single.Shape)}"
        : _bytes.TryGetValue(name, out var small) ? $"is there as 8-bit integers {Describe(small.Shape)}"
        : _integers.TryGetValue(name, out var integer) ? $"is there as 64-bit integers {Describe(integer.Shape)}"
        : _unread.TryGetValue(name, out string? type) ? $"is there as {type}"
        : "is missing";

    private static string Describe(ReadOnlySpan<int> shape) =>
        "[" + string.Join(", ", shape.ToArray().Select(extent => extent < 0 ? "any" : extent.ToString(System.Globalization.CultureInfo.InvariantCulture))) + "]";
}
