using System.Globalization;
using System.Runtime.InteropServices;

namespace Diarist.Inference;

/// <summary>
/// A GGUF file (versions 2 and 3): metadata keys, a table of tensors and their bytes, which stay in the mapped file.
/// Tensors of types that are not read here, and tensors that nobody asks for, do no harm.
/// </summary>
internal sealed unsafe class GgufFile
{
    private const uint Magic = 0x46554747; // "GGUF", little-endian
    private const int MaximumTensors = 65536;

    private readonly MappedFile _file;
    private readonly Dictionary<string, object?> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GgufTensor> _tensors = new(StringComparer.Ordinal);

    private GgufFile(MappedFile file) => _file = file;

    /// <summary>The path that errors name.</summary>
    public string Path => _file.Path;

    /// <summary>The mapped bytes; whoever keeps a pointer into them keeps this too.</summary>
    public MappedFile Mapping => _file;

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyCollection<GgufTensor> Tensors => _tensors.Values;

    /// <summary>The metadata; arrays are there as null.</summary>
    public IReadOnlyDictionary<string, object?> Keys => _keys;

    /// <summary>Maps a file and reads its header; every tensor of a known type is checked to lie within the file.</summary>
    /// <exception cref="PackException">The file is missing, truncated, of another format or version, or breaks the format.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        var cursor = new GgufCursor(file);
        if (cursor.UInt32("the magic number") != Magic)
        {
            throw new PackException($"{path}: does not begin with 'GGUF'; it is not a GGUF file.");
        }

        uint version = cursor.UInt32("the version");
        if (version is not (2 or 3))
        {
            throw new PackException($"{path}: is GGUF version {version}; versions 2 and 3 are read.");
        }

        var gguf = new GgufFile(file);
        int tensors = cursor.Count("the number of tensors", 24), keys = cursor.Count("the number of keys", 13);
        if (tensors > MaximumTensors || keys > MaximumTensors)
        {
            throw cursor.Damaged($"{tensors} tensors and {keys} keys are more than any network here has");
        }

        for (int i = 0; i < keys; i++)
        {
            string key = cursor.Text("a key");
            gguf._keys[key] = cursor.Value(key);
        }

        gguf.ReadTensors(cursor, tensors);
        return gguf;
    }

    /// <summary>The text of a metadata key.</summary>
    /// <exception cref="PackException">There is none.</exception>
    public string Text(string key) => _keys.GetValueOrDefault(key) as string ?? throw KeyError(key, "text");

    /// <summary>The whole number of a metadata key.</summary>
    /// <exception cref="PackException">There is none, or it is out of range.</exception>
    public int Integer(string key, int lowest, int highest) =>
        _keys.GetValueOrDefault(key) is long value
            ? value >= lowest && value <= highest
                ? (int)value
                : throw new PackException($"{Path}: the key '{key}' is {value}, outside {lowest} to {highest}; the file belongs to another network.")
            : throw KeyError(key, "whole number");

    /// <summary>The number of a metadata key.</summary>
    /// <exception cref="PackException">There is none.</exception>
    public double Number(string key) => _keys.GetValueOrDefault(key) switch
    {
        double number => number,
        long integer => integer,
        _ => throw KeyError(key, "number"),
    };

    /// <summary>The yes or no of a metadata key.</summary>
    /// <exception cref="PackException">There is none.</exception>
    public bool Flag(string key) => _keys.GetValueOrDefault(key) as bool? ?? throw KeyError(key, "yes or no");

    /// <summary>A tensor that must have one of the given types and the given extents.</summary>
    /// <exception cref="PackException">There is no such tensor, or its type or shape is another.</exception>
    public GgufTensor Require(string name, ReadOnlySpan<int> shape, params ReadOnlySpan<GgufType> types)
    {
        string expected = $"[{string.Join(", ", shape.ToArray())}]";
        if (!_tensors.TryGetValue(name, out GgufTensor? tensor))
        {
            throw Error(name, $"of shape {expected} is missing; the file belongs to another network");
        }

        if (!types.Contains(tensor.Type))
        {
            string allowed = string.Join(" or ", types.ToArray().Select(type => (tensor with { Type = type }).TypeName));
            throw Error(name, $"is stored as {tensor.TypeName}, which is not read here; expected {allowed}");
        }

        return tensor.Shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw Error(name, $"has shape [{string.Join(", ", tensor.Shape)}], expected {expected}; the file belongs to another network");
    }

    /// <summary>Where the bytes of a tensor begin.</summary>
    public byte* Pointer(GgufTensor tensor) => _file.Start + tensor.Offset;

    /// <summary>The values of a tensor in float32.</summary>
    public float[] ToSingles(GgufTensor tensor)
    {
        byte* bytes = Pointer(tensor);
        var values = new float[checked((int)tensor.Count)];
        switch (tensor.Type)
        {
            case GgufType.Float32:
                MemoryMarshal.Cast<byte, float>(new ReadOnlySpan<byte>(bytes, 4 * values.Length)).CopyTo(values);
                break;
            case GgufType.Float16:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)((Half*)bytes)[i];
                }

                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    byte* block = bytes + ((long)(i / GgufTensor.BlockValues) * GgufTensor.BlockBytes);
                    values[i] = (float)*(Half*)block * ((sbyte*)block)[2 + (i % GgufTensor.BlockValues)];
                }

                break;
        }

        GC.KeepAlive(_file);
        return values;
    }

    private void ReadTensors(GgufCursor cursor, int count)
    {
        var found = new List<GgufTensor>(count);
        for (int i = 0; i < count; i++)
        {
            string name = cursor.Text("the name of a tensor");
            uint dimensions = cursor.UInt32(name);
            if (dimensions > 4)
            {
                throw Error(name, $"has {dimensions} dimensions; the file is damaged");
            }

            var shape = new int[dimensions];
            long elements = 1;
            for (int axis = (int)dimensions - 1; axis >= 0; axis--)
            {
                ulong extent = cursor.UInt64(name);
                elements = extent is > 0 and <= int.MaxValue ? elements * (long)extent : 0;
                if (elements is <= 0 or > int.MaxValue)
                {
                    throw Error(name, string.Create(CultureInfo.InvariantCulture, $"has the extent {extent}, or in all more than 2^31 elements; the file is damaged"));
                }

                shape[axis] = (int)extent;
            }

            uint type = cursor.UInt32(name);
            ulong offset = cursor.UInt64(name);
            found.Add(new GgufTensor(name, shape, (GgufType)type, offset <= (ulong)_file.Length ? (long)offset : throw Outside(name, offset)));
        }

        int alignment = _keys.ContainsKey("general.alignment") ? Integer("general.alignment", 8, 1 << 20) : 32;
        long data = (cursor.Position + alignment - 1) / alignment * alignment;
        foreach (GgufTensor tensor in found)
        {
            Keep(tensor with { Offset = data + tensor.Offset }, alignment);
        }
    }

    private void Keep(GgufTensor tensor, int alignment)
    {
        if (tensor.IsKnown)
        {
            if (tensor.Type == GgufType.Q8 && (tensor.Shape.Length == 0 || tensor.Shape[^1] % GgufTensor.BlockValues != 0))
            {
                throw Error(tensor.Name, "of type Q8_0 has rows that are not whole blocks of 32; the file is damaged");
            }

            if (tensor.Offset % Math.Min(alignment, 8) != 0 || tensor.ByteCount > _file.Length - tensor.Offset)
            {
                throw Error(tensor.Name, $"lies at bytes {tensor.Offset} to {tensor.Offset + tensor.ByteCount} of {_file.Length}; the file is truncated or damaged");
            }
        }

        if (!_tensors.TryAdd(tensor.Name, tensor))
        {
            throw Error(tensor.Name, "is there twice; the file is damaged");
        }
    }

    private PackException Outside(string name, ulong offset) => Error(name, $"begins at byte {offset} of the data in a file of {_file.Length} bytes; the file is truncated or damaged");

    private PackException Error(string name, string problem) => new($"{Path}: tensor '{name}' {problem}.");

    private PackException KeyError(string key, string kind) => new($"{Path}: the key '{key}' is missing or is no {kind}; the file belongs to another network.");
}
