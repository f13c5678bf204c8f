using System.Runtime.InteropServices;
using Diarist.Networks.Nemotron3;

namespace Diarist.Peers;

/// <summary>
/// Writes a step of the Nemotron 3 encoder and its head as an ONNX graph (operators of version 20) with the weights of
/// <see cref="SeededNemotron3"/>: from the vectors of all frames that a step looks at to the logits of those that it labels.
/// Numbers in calls are field numbers of onnx.proto3.
/// </summary>
internal sealed class Nemotron3Graph
{
    private const int FloatElements = 1;
    private const int SignedByteElements = 3;
    private const int Int64Elements = 7;

    private readonly SeededNemotron3 _weights = new();
    private readonly ProtobufMessage _graph = new();
    private readonly bool _integers;
    private int _names;

    private Nemotron3Graph(bool integers) => _integers = integers;

    private Nemotron3Configuration Sizes => _weights.Configuration;

    /// <summary>Writes the graph.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="profile">The sizes of a step.</param>
    /// <param name="integers">Whether the encoder's matrices are 8-bit integers, a scale for each column, and rows are quantized as they come.</param>
    public static void Write(string path, Nemotron3Profile profile, bool integers)
    {
        var graph = new Nemotron3Graph(integers);
        graph.Build(profile);
        ProtobufMessage model = new ProtobufMessage().Add(1, 10).Add(7, graph._graph).Add(8, new ProtobufMessage().Add(2, 20));
        if (integers)
        {
            model.Add(8, new ProtobufMessage().Add(1, "com.microsoft").Add(2, 1));
        }

        File.WriteAllBytes(path, model.ToArray());
    }

    private void Build(Nemotron3Profile profile)
    {
        int frames = SeededNemotron3.Frames(profile), hidden = Sizes.Hidden, head = Sizes.HeadHidden;
        _graph.Add(11, Value("input", frames, hidden));
        string x = Norm("input", "encoder.embed_norm");
        (string cosines, string sines) = Rotary(frames);
        for (int layer = 0; layer < Sizes.Layers; layer++)
        {
            string name = $"encoder.layers.{layer}";
            string attended = Attention(Norm(x, name + ".norm1"), name, frames, cosines, sines);
            x = Node("Add", [x, Linear(attended, name + ".attn.out_proj", hidden, hidden, bias: true)]);
            string wide = Linear(Norm(x, name + ".norm2"), name + ".ffn.net.0", hidden, Sizes.FeedForward, bias: true);
            x = Node("Add", [x, Linear(Node("Gelu", [wide]), name + ".ffn.net.3", Sizes.FeedForward, hidden, bias: true)]);
        }

        string projected = Linear(Norm(x, "encoder.final_norm"), "encoder_proj", hidden, head, bias: true);
        string zeros = Tensor([1, head], new float[head]);
        string padded = Node("Concat", [zeros, projected, zeros], ("axis", 0));
        int first = SeededNemotron3.FirstWanted(profile);
        string neighbours = Node("Concat", [.. Enumerable.Range(0, 3).Select(tap => Slice(padded, 0, first + tap, first + tap + profile.Chunk))], ("axis", 1));
        const int rows = Nemotron3Configuration.RowsPerFrame;
        string upsampled = Node("Relu", [Node("Add", [Node("MatMul", [neighbours, Taps(head)]), Tensor([rows * head], _weights.Values("subpixel_upsample.bias", rows * head))])]);
        string labelled = Node("Reshape", [upsampled, Integers(profile.Chunk * rows, head)]);
        string dense = Node("Relu", [Linear(labelled, "head.first_hidden_to_hidden", head, head, bias: true)]);
        string logits = Linear(dense, "head.single_hidden_to_spks", head, Nemotron3Configuration.Speakers, bias: true);
        _graph.Add(12, Value(logits, profile.Chunk * rows, Nemotron3Configuration.Speakers));
        _graph.Add(2, "nemotron3");
    }

    private string Attention(string input, string name, int frames, string cosines, string sines)
    {
        int heads = Sizes.Heads, size = Sizes.HeadSize;
        string qkv = Linear(input, name + ".attn.w_qkv", Sizes.Hidden, 3 * Sizes.Hidden, bias: false);
        string[] parts = [.. Enumerable.Range(0, 3).Select(part => Node("Transpose", [Node("Reshape", [Slice(qkv, 1, part * Sizes.Hidden, (part + 1) * Sizes.Hidden), Integers(frames, heads, size)])], ("perm", new long[] { 1, 0, 2 })))];
        string query = Node("Mul", [Rotated(parts[0], cosines, sines), Tensor([1], [(float)(1 / Math.Sqrt(size))])]);
        string key = Node("Transpose", [Rotated(parts[1], cosines, sines)], ("perm", new long[] { 0, 2, 1 }));
        string context = Node("MatMul", [Node("Softmax", [Node("MatMul", [query, key])], ("axis", -1)), parts[2]]);
        return Node("Reshape", [Node("Transpose", [context], ("perm", new long[] { 1, 0, 2 })), Integers(frames, Sizes.Hidden)]);
    }

    /// <summary>x · cos + (−second half, first half) · sin.</summary>
    private string Rotated(string x, string cosines, string sines)
    {
        int half = Sizes.HeadSize / 2;
        string turned = Node("Concat", [Node("Neg", [Slice(x, 2, half, 2 * half)]), Slice(x, 2, 0, half)], ("axis", 2));
        return Node("Add", [Node("Mul", [x, cosines]), Node("Mul", [turned, sines])]);
    }

    private (string Cosines, string Sines) Rotary(int frames)
    {
        var table = new RotaryTable(Sizes.HeadSize, frames, Sizes.RotaryBase);
        return (Tensor([1, frames, Sizes.HeadSize], Twice(table.Cosines)), Tensor([1, frames, Sizes.HeadSize], Twice(table.Sines)));

        float[] Twice(float[] values) => [.. Enumerable.Range(0, frames).SelectMany(frame => Enumerable.Repeat(values[(frame * table.Half)..((frame + 1) * table.Half)], 2).SelectMany(half => half))];
    }

    private string Norm(string input, string name) => Node(
        "LayerNormalization", [input, Tensor([Sizes.Hidden], _weights.Values(name + ".weight", Sizes.Hidden)), Tensor([Sizes.Hidden], _weights.Values(name + ".bias", Sizes.Hidden))], ("axis", -1));

    private string Linear(string input, string name, int inputs, int outputs, bool bias)
    {
        float[] rows = _weights.Values(name + ".weight", outputs, inputs), columns = new float[rows.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int i = 0; i < inputs; i++)
            {
                columns[(i * outputs) + output] = rows[(output * inputs) + i];
            }
        }

        string? added = bias ? Tensor([outputs], _weights.Values(name + ".bias", outputs)) : null;
        if (_integers && name.StartsWith("encoder", StringComparison.Ordinal))
        {
            return Quantized(input, columns, inputs, outputs, added);
        }

        string product = Node("MatMul", [input, Tensor([inputs, outputs], columns)]);
        return added is null ? product : Node("Add", [product, added]);
    }

    /// <summary>ONNX Runtime's own operator for rows that are quantized as they come.</summary>
    private string Quantized(string input, float[] columns, int inputs, int outputs, string? bias)
    {
        float[] scales = new float[outputs];
        sbyte[] codes = new sbyte[columns.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int i = 0; i < inputs; i++)
            {
                scales[output] = Math.Max(scales[output], Math.Abs(columns[(i * outputs) + output]) / 127);
            }

            for (int i = 0; i < inputs; i++)
            {
                codes[(i * outputs) + output] = (sbyte)Math.Round(columns[(i * outputs) + output] / scales[output]);
            }
        }

        string weights = Tensor(SignedByteElements, [inputs, outputs], MemoryMarshal.AsBytes(codes.AsSpan()));
        string zeros = Tensor(SignedByteElements, [outputs], new byte[outputs]);
        return Node("DynamicQuantizeMatMul", [input, weights, Tensor([outputs], scales), zeros, .. bias is null ? (string[])[] : [bias]]);
    }

    /// <summary>The convolution over three frames as a matrix of (3 · head, 8 · head).</summary>
    private string Taps(int head)
    {
        int outputs = Nemotron3Configuration.RowsPerFrame * head;
        float[] taps = _weights.Values("subpixel_upsample.weight", outputs, head, 3), columns = new float[taps.Length];
        for (int row = 0; row < 3 * head; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                columns[(row * outputs) + output] = taps[(((output * head) + (row % head)) * 3) + (row / head)];
            }
        }

        return Tensor([3 * head, outputs], columns);
    }

    private string Slice(string input, int axis, int start, int end) => Node("Slice", [input, Integers(start), Integers(end), Integers(axis)]);

    private string Node(string type, IReadOnlyList<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string output = $"v{_names++}";
        ProtobufMessage node = new();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        node.Add(2, output).Add(4, type);
        foreach ((string name, object value) in attributes)
        {
            ProtobufMessage attribute = new ProtobufMessage().Add(1, name);
            if (value is long[] list)
            {
                Array.ForEach(list, item => attribute.Add(8, item));
                attribute.Add(20, 7);
            }
            else
            {
                attribute.Add(3, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)).Add(20, 2);
            }

            node.Add(5, attribute);
        }

        if (type == "DynamicQuantizeMatMul")
        {
            node.Add(7, "com.microsoft");
        }

        _graph.Add(1, node);
        return output;
    }

    private string Tensor(ReadOnlySpan<long> shape, ReadOnlySpan<float> values) => Tensor(FloatElements, shape, MemoryMarshal.AsBytes(values));

    private string Integers(params ReadOnlySpan<long> values) => Tensor(Int64Elements, [values.Length], MemoryMarshal.AsBytes(values));

    private string Tensor(int type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> bytes)
    {
        string name = $"w{_names++}";
        ProtobufMessage tensor = new();
        foreach (long extent in shape)
        {
            tensor.Add(1, extent);
        }

        _graph.Add(5, tensor.Add(2, type).Add(8, name).Add(9, bytes.ToArray()));
        return name;
    }

    private static ProtobufMessage Value(string name, params ReadOnlySpan<long> shape)
    {
        ProtobufMessage dimensions = new();
        foreach (long extent in shape)
        {
            dimensions.Add(1, new ProtobufMessage().Add(1, extent));
        }

        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, new ProtobufMessage().Add(1, FloatElements).Add(2, dimensions)));
    }
}
