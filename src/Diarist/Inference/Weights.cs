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
    private readonly Dictionary<string, StoredTensor> _singles = [];
    private readonly Dictionary<string, Tensor<long>> _integers = [];
    private readonly Dictionary<string, StoredTensor> _tabled = [];
    private readonly Dictionary<string, string> _unread = [];

    /// <summary>The path that errors name.</summary>
    public string File { get; } = file;

    /// <summary>What the file says about itself; empty when it says nothing.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The names of the floating-point tensors, in the order of the file.</summary>
    public IEnumerable<string> Names => _singles.Keys;

    /// <summary>The floating-point tensor of a name, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <remarks>Each call widens the tensor anew: ask once, and drop what was used.</remarks>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public Tensor<float> Get(string name, params ReadOnlySpan<int> shape) => Widen(name, GetStored(name, shape));

    /// <summary>The floating-point tensor of a name as it is stored, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public StoredTensor GetStored(string name, params ReadOnlySpan<int> shape)
    {
        StoredTensor tensor = _singles.TryGetValue(name, out StoredTensor? found) ? found : throw Missing("Single", name, shape);
        return Fits(tensor.Shape, shape) ? tensor : throw Foreign(name, tensor.Shape, shape);
    }

    /// <summary>The 64-bit integer tensor of a name, whose extents must be <paramref name="shape"/>; −1 stands for any extent.</summary>
    /// <exception cref="PackException">There is no such tensor, or its element type or shape is another.</exception>
    public Tensor<long> GetInt64(string name, params ReadOnlySpan<int> shape)
    {
        Tensor<long> tensor = _integers.TryGetValue(name, out Tensor<long>? found) ? found : throw Missing("Int64", name, shape);
        return Fits(tensor.Shape, shape) ? tensor : throw Foreign(name, tensor.Shape, shape);
    }

    /// <summary>Finds a floating-point tensor whatever its shape.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Tensor<float>? tensor)
    {
        tensor = _singles.TryGetValue(name, out StoredTensor? stored) ? Widen(name, stored) : null;
        return tensor is not null;
    }

    /// <summary>The extents of a floating-point tensor, or null where there is none of that name.</summary>
    public int[]? ShapeOf(string name) => _singles.TryGetValue(name, out StoredTensor? stored) ? stored.Shape : null;

    /// <summary>Finds a 64-bit integer tensor whatever its shape.</summary>
    public bool TryGetInt64(string name, [NotNullWhen(true)] out Tensor<long>? tensor) => _integers.TryGetValue(name, out tensor);

    /// <summary>Adds a tensor from a copy of its stored bytes (little-endian), whose number must be what <paramref name="shape"/> needs.</summary>
    /// <exception cref="PackException">The shape is impossible, the bytes are too few or too many, or the name is taken.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ElementType type, ReadOnlySpan<byte> bytes) => Add(name, shape, type, bytes.ToArray().AsMemory());

    /// <summary>Adds a tensor that stays in the memory that holds it, little-endian; its bytes must be as many as <paramref name="shape"/> needs.</summary>
    /// <exception cref="PackException">The shape is impossible, the bytes are too few or too many, or the name is taken.</exception>
    public void Add(string name, ReadOnlySpan<long> shape, ElementType type, ReadOnlyMemory<byte> bytes)
    {
        int[] extents = CheckedShape(name, shape, out long elements);
        int width = StoredTensor.SizeOf(type);
        if (elements > int.MaxValue / width || elements * width != bytes.Length)
        {
            throw Error(name, $"has {bytes.Length} bytes where shape {Describe(extents)} of {type} needs {(decimal)elements * width}; the file is damaged");
        }

        if (_singles.ContainsKey(name) || _integers.ContainsKey(name) || _tabled.ContainsKey(name))
        {
            throw Error(name, "is there twice; the file is damaged");
        }

        switch (type)
        {
            case ElementType.Int64:
                _integers.Add(name, new Tensor<long>(name, extents, MemoryMarshal.Cast<byte, long>(bytes.Span).ToArray()));
                break;
            case ElementType.Table8:
                _tabled.Add(name, new StoredTensor(extents, type, bytes));
                break;
            default:
                _singles.Add(name, new StoredTensor(extents, type, bytes));
                break;
        }
    }

    /// <summary>
    /// Joins tensors of bytes with their tables, once all tensors are there: the table of <c>name</c> is the float tensor
    /// <c>name.values</c> of 1 to 256 numbers. Bytes without a table are only remembered by name.
    /// </summary>
    /// <exception cref="PackException">A table has another shape, or a byte stands for nothing.</exception>
    public void BindTables()
    {
        foreach ((string name, StoredTensor tensor) in _tabled)
        {
            string tableName = name + ".values";
            if (!_singles.Remove(tableName, out StoredTensor? table))
            {
                AddUnread(name, "bytes without a table of values");
                continue;
            }

            if (table.Shape.Length != 1 || table.Length is 0 or > StoredTensor.MaximumTable)
            {
                throw Error(tableName, $"has shape {Describe(table.Shape)}, expected 1 to {StoredTensor.MaximumTable} values; the file is damaged");
            }

            if (!tensor.Bind(Widen(tableName, table).Data))
            {
                throw Error(name, $"holds a byte beyond the {table.Length} values of its table; the file is damaged");
            }

            _singles.Add(name, tensor);
        }

        _tabled.Clear();
    }

    /// <summary>Remembers a tensor of an element type that no network here needs, so that asking for it says why it is missing.</summary>
    public void AddUnread(string name, string type) => _unread.TryAdd(name, type);

    /// <summary>The error that a tensor of this file is not as it should be.</summary>
    public PackException Error(string name, string problem) => new($"{File}: tensor '{name}' {problem}");

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

    private static Tensor<float> Widen(string name, StoredTensor stored) => new(name, stored.Shape, stored.Widened());

    private static bool Fits(ReadOnlySpan<int> extents, ReadOnlySpan<int> shape)
    {
        bool fits = extents.Length == shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || shape[i] == extents[i];
        }

        return fits;
    }

    private PackException Missing(string type, string name, ReadOnlySpan<int> shape) =>
        Error(name, $"of {type} {Describe(shape)} {Absence(name)}; the file belongs to another network");

    private PackException Foreign(string name, ReadOnlySpan<int> extents, ReadOnlySpan<int> shape) =>
        Error(name, $"has shape {Describe(extents)}, expected {Describe(shape)}; the file belongs to another network");

    private string Absence(string name) =>
        _singles.TryGetValue(name, out var single) ? $"is there as floats {Describe(single.Shape)}"
        : _integers.TryGetValue(name, out var integer) ? $"is there as 64-bit integers {Describe(integer.Shape)}"
        : _unread.TryGetValue(name, out string? type) ? $"is there as {type}"
        : "is missing";

    private static string Describe(ReadOnlySpan<int> shape) =>
        "[" + string.Join(", ", shape.ToArray().Select(extent => extent < 0 ? "any" : extent.ToString(System.Globalization.CultureInfo.InvariantCulture))) + "]";
}
