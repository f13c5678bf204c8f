using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Diarist.Tests.Support;

/// <summary>Writes protobuf messages, enough to make small ONNX files for tests.</summary>
internal sealed class OnnxWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public OnnxWriter Integer(int field, long value) => Tag(field, 0).Varint((ulong)value);

    public OnnxWriter Single(int field, float value)
    {
        Tag(field, 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    public OnnxWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2).Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public OnnxWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OnnxWriter Message(int field, OnnxWriter message) => Bytes(field, CollectionsMarshal.AsSpan(message._bytes));

    public OnnxWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A tensor of float32 values as raw bytes.</summary>
    public static OnnxWriter Tensor(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) =>
        TensorHead(name, 1, shape).Bytes(9, MemoryMarshal.AsBytes(values));

    /// <summary>A tensor of int64 values as raw bytes.</summary>
    public static OnnxWriter Tensor(string name, ReadOnlySpan<int> shape, ReadOnlySpan<long> values) =>
        TensorHead(name, 7, shape).Bytes(9, MemoryMarshal.AsBytes(values));

    /// <summary>The start of a tensor: its name, element type and extents; the values are still to be written.</summary>
    public static OnnxWriter TensorHead(string name, int type, ReadOnlySpan<int> shape)
    {
        var writer = new OnnxWriter();
        foreach (int extent in shape)
        {
            writer.Integer(1, extent);
        }

        return writer.Integer(2, type).Text(8, name);
    }

    /// <summary>An operator; attributes are integers, lists of integers, floats or texts.</summary>
    public static OnnxWriter Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var writer = new OnnxWriter();
        foreach (string input in inputs)
        {
            writer.Text(1, input);
        }

        foreach (string output in outputs)
        {
            writer.Text(2, output);
        }

        writer.Text(3, "node_" + outputs[0]).Text(4, type);
        foreach ((string name, object value) in attributes)
        {
            OnnxWriter attribute = new OnnxWriter().Text(1, name);
            _ = value switch
            {
                long integer => attribute.Integer(3, integer).Integer(20, 2),
                float single => attribute.Single(2, single).Integer(20, 1),
                string text => attribute.Text(4, text).Integer(20, 3),
                long[] integers => integers.Aggregate(attribute, (message, integer) => message.Integer(8, integer)).Integer(20, 7),
                OnnxWriter tensor => attribute.Message(5, tensor).Integer(20, 4),
                _ => throw new ArgumentException(name),
            };
            writer.Message(5, attribute);
        }

        return writer;
    }

    /// <summary>A whole model of operators and initializers.</summary>
    public static byte[] Model(IEnumerable<OnnxWriter> nodes, IEnumerable<OnnxWriter> tensors, (string Key, string Value)[]? metadata = null, string[]? inputs = null)
    {
        var graph = new OnnxWriter();
        foreach (OnnxWriter node in nodes)
        {
            graph.Message(1, node);
        }

        foreach (OnnxWriter tensor in tensors)
        {
            graph.Message(5, tensor);
        }

        foreach (string input in inputs ?? [])
        {
            graph.Message(11, new OnnxWriter().Text(1, input));
        }

        OnnxWriter model = new OnnxWriter().Integer(1, 8).Message(7, graph);
        foreach ((string key, string value) in metadata ?? [])
        {
            model.Message(14, new OnnxWriter().Text(1, key).Text(2, value));
        }

        return model.ToArray();
    }

    private OnnxWriter Tag(int field, int wire) => Varint((ulong)((field << 3) | wire));

    private OnnxWriter Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
        return this;
    }
}
