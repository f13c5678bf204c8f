using Diarist.Inference;

namespace Diarist.Convert;

/// <summary>
/// A network on its way from an ONNX graph to safetensors: remembers under which name each constant of the graph was stored, and
/// proves at the end that every one of them comes back bit for bit.
/// </summary>
/// <param name="graph">The graph.</param>
internal sealed class Converted(OnnxGraph graph)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _forms = new(StringComparer.Ordinal);
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; } = graph;

    /// <summary>What is written.</summary>
    public SafeTensorsWriter Writer { get; } = new();

    /// <summary>Stores a constant of the graph under another name, with its shape, or with <paramref name="shape"/> where that has as many elements.</summary>
    public void Store(string constant, string name, params int[] shape)
    {
        Tensor<float> tensor = Graph.Constants.TryGet(constant, out Tensor<float>? found) ? found : throw new PackException($"The graph has no constant {constant}.");
        string form = Writer.Add(name, shape.Length == 0 ? tensor.Shape : shape, tensor.Data).Split(',')[0];
        _names.Add(constant, name);
        _forms[form] = _forms.GetValueOrDefault(form) + 1;
    }

    /// <summary>Leaves out a constant that the network computes itself, after a check that it does so exactly.</summary>
    public void LeaveOut(string constant, ReadOnlySpan<float> expected)
    {
        Compare(constant, Graph.Constants.TryGet(constant, out Tensor<float>? found) ? found.Data : [], expected);
        _computed.Add(constant);
    }

    /// <summary>Reads what was written and compares it with every constant of the graph, bit for bit.</summary>
    /// <returns>The file, and what to report.</returns>
    /// <exception cref="PackException">Something is lost or changed.</exception>
    public (byte[] File, string Report) Prove(string file)
    {
        byte[] bytes = Writer.ToBytes();
        Weights written = SafeTensors.Read(bytes, file);
        long elements = 0;
        foreach (string constant in Graph.Constants.Names.Where(name => !_computed.Contains(name)))
        {
            Tensor<float> source = Graph.Constants.TryGet(constant, out Tensor<float>? found) ? found : throw new PackException(constant);
            if (_names.TryGetValue(constant, out string? name))
            {
                Compare(constant, source.Data, written.TryGet(name, out Tensor<float>? back) ? back.Data : []);
                elements += source.Data.Length;
            }
            else if (source.Shape.Length > 0)
            {
                // Scalars are parts of the architecture: exponents, bounds, the 2 of a division.
                throw new PackException($"The constant {constant} of the graph would be lost.");
            }
        }

        return (bytes, $"{_names.Count} tensors ({string.Join(", ", _forms.Select(form => $"{form.Value} {form.Key}"))}), {elements} numbers equal bit for bit");
    }

    private static void Compare(string name, ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        bool equal = one.Length == other.Length && one.Length > 0;
        for (int i = 0; equal && i < one.Length; i++)
        {
            equal = BitConverter.SingleToInt32Bits(one[i]) == BitConverter.SingleToInt32Bits(other[i]);
        }

        if (!equal)
        {
            throw new PackException($"{name} does not come back as it was.");
        }
    }
}
