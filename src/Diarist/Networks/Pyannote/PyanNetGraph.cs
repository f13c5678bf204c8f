using Diarist.Inference;
using Diarist.Segmentation;

namespace Diarist.Networks.Pyannote;

/// <summary>
/// Finds the weights of PyanNet by walking the graph of an ONNX file: operators in their order, with the shapes
/// and attributes that this network has. Names do not matter, as exporters choose them freely.
/// </summary>
/// <param name="graph">The graph.</param>
internal sealed class PyanNetGraph(OnnxGraph graph)
{
    private readonly OnnxGraph _graph = graph;

    /// <summary>Collects the weights.</summary>
    /// <exception cref="PackException">The graph is not that of pyannote's segmentation-3.0.</exception>
    public PyanNetWeights Read()
    {
        OnnxNode[] norms = Exactly("InstanceNormalization", 4);
        OnnxNode[] convolutions = Exactly("Conv", 2);
        OnnxNode[] lstms = Exactly("LSTM", 4);
        OnnxNode[] products = [.. _graph.Nodes.Where(node => node.Operator == "MatMul" && node.Inputs.Count == 2 && Has(node.Inputs[1], -1, -1) && !Has(node.Inputs[1], 1, -1))];
        if (products.Length != 3 || Exactly("LogSoftmax", 1).Length != 1)
        {
            throw Foreign($"has {products.Length} linear layers where 3 are expected");
        }

        return new PyanNetWeights
        {
            WaveformNorm = Norm(norms[0], 1),
            Filters = ReadFilters(),
            Convolutions = [Convolution(convolutions[0], SincFilters.Count), Convolution(convolutions[1], 60)],
            Norms = [Norm(norms[1], SincFilters.Count), Norm(norms[2], 60), Norm(norms[3], 60)],
            Lstms = [.. lstms.Select((node, layer) => Lstm(node, layer == 0 ? 60 : 256))],
            Linears = [Linear(products[0], 256, 128), Linear(products[1], 128, 128), Linear(products[2], 128, Powerset.Classes)],
        };
    }

    /// <summary>The filters as a constant, or computed from the two parameters and the two constants that the graph computes them from.</summary>
    private float[] ReadFilters()
    {
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (node.Operator == "Conv" && node.Integers("strides") is [10] && Has(node.Inputs[1], SincFilters.Count, 1, SincFilters.Taps))
            {
                return Constant(node.Inputs[1], SincFilters.Count, 1, SincFilters.Taps);
            }
        }

        // low = 50 + |low_hz_| adds a constant to the magnitude, high = … + |band_hz_| adds it to something computed.
        float[]? low = null, band = null;
        foreach (OnnxNode magnitude in _graph.Nodes.Where(node => node.Operator == "Abs" && Has(node.Inputs[0], SincFilters.Count / 2, 1)))
        {
            float[] values = Constant(magnitude.Inputs[0], SincFilters.Count / 2, 1);
            OnnxNode? sum = _graph.Consumers(magnitude.Outputs[0]).FirstOrDefault(node => node.Operator == "Add");
            bool plusConstant = sum is not null && sum.Inputs.Any(input => _graph.Constants.ShapeOf(input) is not null);
            (low, band) = plusConstant ? (values, band) : (low, values);
        }

        OnnxNode? product = _graph.Nodes.Find(node => node.Operator == "MatMul" && Has(node.Inputs[1], 1, SincFilters.Half));
        string? window = _graph.Nodes.Where(node => node.Operator == "Mul").SelectMany(node => node.Inputs).FirstOrDefault(input => Has(input, SincFilters.Half));
        if (low is null || band is null || product is null || window is null)
        {
            throw Foreign("computes no sinc filters from 40 edges and 40 bandwidths");
        }

        return SincFilters.Compute(low, band, Constant(product.Inputs[1], 1, SincFilters.Half), Constant(window, SincFilters.Half));
    }

    private NormWeights Norm(OnnxNode node, int channels)
    {
        Check(node, Math.Abs(node.Single("epsilon", 1e-5f) - 1e-5f) < 1e-8f, "another epsilon than 1e-5");
        return new NormWeights(Constant(node.Inputs[1], channels), Constant(node.Inputs[2], channels));
    }

    private LayerWeights Convolution(OnnxNode node, int inputs)
    {
        Check(node, node.Integers("strides") is [] or [1] && node.Integers("pads") is [] or [0, 0] && node.Inputs.Count == 3, "strides, padding or no bias");
        return new LayerWeights(Constant(node.Inputs[1], 60, inputs, 5), Constant(node.Inputs[2], 60));
    }

    private LstmWeights Lstm(OnnxNode node, int inputs)
    {
        Check(node, node.Text("direction", "forward") == "bidirectional" && node.Integer("hidden_size", 0) == 128 && node.Inputs.Count >= 4, "not 128 units in both directions");
        return new LstmWeights(
            inputs, _graph.Constants.GetStored(node.Inputs[1], 2, 512, inputs), _graph.Constants.GetStored(node.Inputs[2], 2, 512, 128), Constant(node.Inputs[3], 2, 1024));
    }

    private LayerWeights Linear(OnnxNode node, int inputs, int outputs)
    {
        OnnxNode? sum = _graph.Consumers(node.Outputs[0]).FirstOrDefault(next => next.Operator == "Add");
        string? bias = sum?.Inputs.Find(input => Has(input, outputs));
        Check(node, bias is not null, "no bias");
        return new LayerWeights(Constant(node.Inputs[1], inputs, outputs), Constant(bias!, outputs));
    }

    /// <summary>The operators of a kind that have constant weights, which must be so many (the sinc convolution apart).</summary>
    private OnnxNode[] Exactly(string kind, int count)
    {
        OnnxNode[] nodes = [.. _graph.Nodes.Where(node => node.Operator == kind && (kind != "Conv" || node.Integers("strides") is not [10]))];
        return nodes.Length == count ? nodes : throw Foreign($"has {nodes.Length} operators {kind} where {count} are expected");
    }

    private bool Has(string name, params ReadOnlySpan<int> shape)
    {
        if (_graph.Constants.ShapeOf(name) is not { } extents || extents.Length != shape.Length)
        {
            return false;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] >= 0 && shape[i] != extents[i])
            {
                return false;
            }
        }

        return true;
    }

    private float[] Constant(string name, params ReadOnlySpan<int> shape) => _graph.Constants.Get(name, shape).Data;

    private void Check(OnnxNode node, bool condition, string problem)
    {
        if (!condition)
        {
            throw Foreign($"has {problem} in the {node.Operator} '{node.Name}'");
        }
    }

    private PackException Foreign(string problem) =>
        new($"{_graph.Constants.File}: the graph {problem}; the file is not pyannote's segmentation-3.0, fetch the pack again");
}
