using System.Runtime.InteropServices;
using Diarist.Inference;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// Finds the layers of a ResNet of basic blocks in an ONNX graph by walking it from its input, whatever exporters name
/// things: Conv [BatchNormalization] ReLU, then blocks of Conv ReLU Conv Add ReLU until no convolution takes the value.
/// </summary>
internal sealed class ResNetGraph : IResNetLayers
{
    private readonly OnnxGraph _graph;

    /// <summary>Walks the graph.</summary>
    /// <exception cref="PackException">The graph is not such a network.</exception>
    public ResNetGraph(OnnxGraph graph)
    {
        _graph = graph;
        OnnxNode stem = FirstConvolution();
        (Stem, string value) = ReadLayer(stem);
        value = Activation(stem, value);
        var blocks = new List<ResNetBlock>();
        while (Convolutions(value).Count > 0)
        {
            (ResNetBlock block, value) = ReadBlock(value);
            blocks.Add(block);
        }

        Blocks = blocks;
    }

    /// <inheritdoc/>
    public string File => _graph.Constants.File;

    /// <inheritdoc/>
    public ResNetLayer Stem { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ResNetBlock> Blocks { get; }

    /// <inheritdoc/>
    public (StoredTensor Weights, float[] Bias) Linear(int inputs, int outputs)
    {
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (node.Operator is not ("Gemm" or "MatMul") || node.Inputs.Count < 2 || _graph.Constants.ShapeOf(node.Inputs[1]) is null)
            {
                continue;
            }

            string weights = node.Inputs[1];
            bool transposed = node.Operator == "Gemm" && node.Integer("transB", 0) == 1;
            StoredTensor rows = transposed
                ? _graph.Constants.GetStored(weights, outputs, inputs)
                : StoredTensor.Of([outputs, inputs], Transpose(_graph.Constants.Get(weights, inputs, outputs).Data, inputs, outputs));
            string? bias = node.Operator == "Gemm"
                ? node.Inputs.ElementAtOrDefault(2)
                : _graph.Consumers(node.Outputs[0]).FirstOrDefault(next => next.Operator == "Add")?.Inputs.FirstOrDefault(input => input != node.Outputs[0]);
            if (bias is null || node.Single("alpha", 1) != 1 || node.Single("beta", 1) != 1)
            {
                throw Error(node, "is not a plain linear layer with a bias");
            }

            return (rows, _graph.Constants.Get(bias, outputs).Data);
        }

        throw new PackException($"{_graph.Constants.File}: has no linear layer; the file belongs to another network");
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = values[(row * columns) + column];
            }
        }

        return transposed;
    }

    private OnnxNode FirstConvolution()
    {
        string value = _graph.Inputs.Count > 0 ? _graph.Inputs[0].Name : "";
        for (int step = 0; step <= _graph.Nodes.Count; step++)
        {
            OnnxNode? next = _graph.Consumers(value).FirstOrDefault(node => node.Operator is "Conv" or "Transpose" or "Unsqueeze" or "Identity");
            if (next is null || next.Outputs.Count == 0)
            {
                break;
            }

            if (next.Operator == "Conv")
            {
                return next;
            }

            value = next.Outputs[0];
        }

        throw new PackException($"{_graph.Constants.File}: no convolution takes the first input; the file belongs to another network");
    }

    private (ResNetBlock Block, string Output) ReadBlock(string input)
    {
        // Of one or two convolutions on the input, the 3×3 one is the block's and the 1×1 one its shortcut.
        ResNetLayer? first = null, shortcut = null;
        string inner = "", added = input;
        OnnxNode? start = null;
        foreach (OnnxNode node in Convolutions(input))
        {
            (ResNetLayer layer, string value) = ReadLayer(node);
            if (layer.Kernel == 3 && first is null)
            {
                (first, inner, start) = (layer, value, node);
            }
            else if (layer.Kernel == 1 && shortcut is null)
            {
                (shortcut, added) = (layer, value);
            }
            else
            {
                throw Error(node, "does not belong to a basic block");
            }
        }

        if (first is null || start is null)
        {
            throw new PackException($"{_graph.Constants.File}: a block after '{input}' has no 3×3 convolution; the file belongs to another network");
        }

        string activated = Activation(start, inner);
        OnnxNode second = Convolutions(activated) is [var only] ? only : throw Error(start, "is not followed by one convolution");
        (ResNetLayer secondLayer, string sum) = ReadLayer(second);
        OnnxNode add = _graph.Consumers(sum).FirstOrDefault(node => node.Operator == "Add") is { } found && found.Inputs.Contains(added)
            ? found
            : throw Error(second, "is not followed by the addition of the block's input");
        return (new ResNetBlock(first, secondLayer, shortcut), Activation(add, add.Outputs[0]));
    }

    private List<OnnxNode> Convolutions(string value) => [.. _graph.Consumers(value).Where(node => node.Operator == "Conv")];

    private string Activation(OnnxNode node, string value) => _graph.Consumers(value).FirstOrDefault(next => next.Operator == "Relu") is { Outputs: [var output] }
        ? output
        : throw Error(node, "is not followed by a ReLU");

    /// <summary>A convolution and, when one follows, its batch normalization; with the value that leaves them.</summary>
    private (ResNetLayer Layer, string Output) ReadLayer(OnnxNode node)
    {
        if (node.Inputs.Count < 2 || node.Outputs.Count != 1)
        {
            throw Error(node, "has the wrong number of inputs or outputs");
        }

        StoredTensor weights = _graph.Constants.GetStored(node.Inputs[1], -1, -1, -1, -1);
        (int outputs, int inputs, int kernel) = (weights.Shape[0], weights.Shape[1], weights.Shape[2]);
        IReadOnlyList<long> strides = node.Integers("strides");
        IReadOnlyList<long> pads = node.Integers("pads");
        int stride = strides.Count == 0 ? 1 : (int)Math.Clamp(strides[0], 0, 3);
        bool understood = kernel is 1 or 3 && weights.Shape[3] == kernel && outputs > 0 && inputs > 0
            && stride is 1 or 2 && strides.All(value => value == stride)
            && (pads.Count == 0 ? kernel == 1 : pads.All(value => value == kernel / 2))
            && node.Integers("dilations").All(value => value == 1) && node.Integer("group", 1) == 1 && node.Text("auto_pad", "NOTSET") == "NOTSET";
        if (!understood)
        {
            throw Error(node, "is no 3×3 or 1×1 convolution of stride 1 or 2 with a border of half its width");
        }

        float[] bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? _graph.Constants.Get(node.Inputs[2], outputs).Data : new float[outputs];
        var layer = new ResNetLayer(node.Name, weights, bias, inputs, kernel, stride);
        return _graph.Consumers(node.Outputs[0]).FirstOrDefault(next => next.Operator == "BatchNormalization") is { } normalization
            ? (Fold(layer, normalization), normalization.Outputs[0])
            : (layer, node.Outputs[0]);
    }

    /// <summary>y = γ·(conv(x) − μ)/√(σ² + ε) + β as a convolution of its own.</summary>
    private ResNetLayer Fold(ResNetLayer layer, OnnxNode normalization)
    {
        if (normalization.Inputs.Count < 5 || normalization.Outputs.Count == 0)
        {
            throw Error(normalization, "has the wrong number of inputs or outputs");
        }

        float[] scale = _graph.Constants.Get(normalization.Inputs[1], layer.Outputs).Data;
        float[] shift = _graph.Constants.Get(normalization.Inputs[2], layer.Outputs).Data;
        float[] mean = _graph.Constants.Get(normalization.Inputs[3], layer.Outputs).Data;
        float[] variance = _graph.Constants.Get(normalization.Inputs[4], layer.Outputs).Data;
        double epsilon = normalization.Single("epsilon", 1e-5f);
        var bytes = new byte[layer.Weights.Length * sizeof(float)];
        Span<float> weights = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        layer.Weights.WidenTo(weights);
        var bias = new float[layer.Outputs];
        int filter = weights.Length / layer.Outputs;
        for (int output = 0; output < layer.Outputs; output++)
        {
            double factor = scale[output] / Math.Sqrt(variance[output] + epsilon);
            bias[output] = (float)(((layer.Bias[output] - (double)mean[output]) * factor) + shift[output]);
            for (int i = output * filter; i < (output + 1) * filter; i++)
            {
                weights[i] = (float)(weights[i] * factor);
            }
        }

        return layer with { Weights = new StoredTensor(layer.Weights.Shape, ElementType.Float32, bytes), Bias = bias };
    }

    private PackException Error(OnnxNode node, string problem) =>
        new($"{_graph.Constants.File}: the operator '{node.Name}' ({node.Operator}) {problem}; the file belongs to another network");
}
