using System.Globalization;
using System.Runtime.InteropServices;

namespace Diarist.Inference;

/// <summary>
/// Reads the TensorProto messages of one ONNX file into <see cref="Weights"/>: values as raw bytes, in typed fields, or
/// in a file beside it (external data). Floats of 16 bits are widened; element types that no network here needs are
/// only remembered by name.
/// </summary>
/// <param name="path">The ONNX file; external data may lie in its folder and below.</param>
internal sealed class OnnxTensorReader(string path)
{
    private const long FloatType = 1;
    private const long Int64Type = 7;
    private const long Float16Type = 10;
    private const long BFloat16Type = 16;

    private readonly Dictionary<string, ExternalFile> _external = [];

    /// <summary>The ONNX file.</summary>
    public string Path { get; } = path;

    /// <summary>Reads one tensor and keeps it under its own name, or under <paramref name="name"/>.</summary>
    public void Read(ProtobufReader reader, Weights weights, string? name = null)
    {
        var shape = new List<long>();
        var singles = new List<float>();
        var integers = new List<long>();
        var external = new Dictionary<string, string>();
        string ownName = "";
        long type = 0;
        bool isExternal = false;
        ReadOnlySpan<byte> raw = default;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    reader.Integers(shape);
                    break;
                case 2:
                    type = reader.Integer();
                    break;
                case 4:
                    reader.Singles(singles);
                    break;
                case 5 or 7:
                    reader.Integers(integers);
                    break;
                case 8:
                    ownName = reader.Text();
                    break;
                case 9:
                    raw = reader.Bytes();
                    break;
                case 13:
                    (string key, string value) = ReadPair(reader.Message());
                    external[key] = value;
                    break;
                case 14:
                    isExternal = reader.Integer() == 1;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        name ??= ownName;
        if (Element(type) is not { } element)
        {
            weights.AddUnread(name, string.Create(CultureInfo.InvariantCulture, $"ONNX element type {type}"));
            return;
        }

        if (isExternal)
        {
            raw = ReadExternal(weights, name, external);
        }
        else if (raw.IsEmpty)
        {
            raw = TypedBytes(element, singles, integers);
        }

        weights.Add(name, CollectionsMarshal.AsSpan(shape), element, raw);
    }

    /// <summary>Keeps the value of a <c>Constant</c> node that is given as a plain attribute and not as a tensor.</summary>
    public static void KeepConstant(Weights constants, string output, string attributeName, OnnxAttribute attribute)
    {
        switch (attributeName)
        {
            case "value_float" when attribute.Single is { } single:
                constants.Add(output, [], ElementType.Float32, MemoryMarshal.AsBytes([single]));
                break;
            case "value_floats":
                constants.Add(output, [attribute.Singles.Count], ElementType.Float32, TypedBytes(ElementType.Float32, attribute.Singles, []));
                break;
            case "value_int" when attribute.Integer is { } integer:
                constants.Add(output, [], ElementType.Int64, MemoryMarshal.AsBytes([integer]));
                break;
            case "value_ints":
                constants.Add(output, [attribute.Integers.Count], ElementType.Int64, TypedBytes(ElementType.Int64, [], attribute.Integers));
                break;
        }
    }

    /// <summary>Reads a message of a key and a value (StringStringEntryProto).</summary>
    public static (string Key, string Value) ReadPair(ProtobufReader reader)
    {
        (string key, string value) = ("", "");
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (key, value);
    }

    private static ElementType? Element(long type) => type switch
    {
        FloatType => ElementType.Float32,
        Float16Type => ElementType.Float16,
        BFloat16Type => ElementType.BFloat16,
        Int64Type => ElementType.Int64,
        _ => null,
    };

    /// <summary>The bytes of values from typed fields; narrow types come as one integer for each element, 16-bit floats as their bits.</summary>
    private static byte[] TypedBytes(ElementType element, List<float> singles, List<long> integers) => element switch
    {
        ElementType.Float32 => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(singles)).ToArray(),
        ElementType.Int64 => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(integers)).ToArray(),
        _ => [.. integers.SelectMany(value => BitConverter.GetBytes((ushort)value))],
    };

    private ReadOnlySpan<byte> ReadExternal(Weights weights, string name, Dictionary<string, string> external)
    {
        string location = external.GetValueOrDefault("location", "");
        if (location.Length == 0 || System.IO.Path.IsPathRooted(location) || location.Contains('\\', StringComparison.Ordinal)
            || location.Contains(':', StringComparison.Ordinal) || location.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw weights.Error(name, $"lies in the external file '{location}', which is not a plain path below the folder of the ONNX file");
        }

        if (!_external.TryGetValue(location, out ExternalFile? file))
        {
            string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? "";
            file = new ExternalFile(WeightsFile.ReadAllBytes(System.IO.Path.Combine(folder, location)));
            _external.Add(location, file);
        }

        long offset = ParseExtent(weights, name, external, "offset", 0);
        long length = ParseExtent(weights, name, external, "length", file.Bytes.Length - offset);
        if (offset > file.Bytes.Length || length > file.Bytes.Length - offset)
        {
            throw weights.Error(name, $"lies at bytes {offset} to {offset + (decimal)length} of '{location}', which has {file.Bytes.Length}; it is truncated or of another model");
        }

        // Tensors do not overlap, so that a small file cannot unfold into much memory.
        file.Used += length;
        return file.Used <= file.Bytes.Length
            ? file.Bytes.AsSpan((int)offset, (int)length)
            : throw weights.Error(name, $"overlaps another one in '{location}'; the ONNX file is damaged");
    }

    private static long ParseExtent(Weights weights, string name, Dictionary<string, string> external, string key, long otherwise)
    {
        if (!external.TryGetValue(key, out string? text))
        {
            return Math.Max(otherwise, 0);
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw weights.Error(name, $"has the external {key} '{text}', which is not a number; the ONNX file is damaged");
    }

    private sealed class ExternalFile(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public long Used { get; set; }
    }
}
