using Diarist.Inference;

namespace Diarist.Networks.WeSpeaker;

/// <summary>The weights of one convolution with whatever normalization followed it folded in.</summary>
/// <param name="Name">The operator's name, for errors.</param>
/// <param name="Weights">Shape (outputs, inputs, kernel, kernel), widened when the layer is packed.</param>
/// <param name="Bias">Shape (outputs).</param>
/// <param name="Inputs">Input channels.</param>
/// <param name="Kernel">1 or 3.</param>
/// <param name="Stride">1 or 2.</param>
internal sealed record ResNetLayer(string Name, StoredTensor Weights, float[] Bias, int Inputs, int Kernel, int Stride)
{
    /// <summary>Output channels.</summary>
    public int Outputs => Bias.Length;
}

/// <summary>A basic block: two convolutions around which the input, or a shortcut made of it, is added.</summary>
internal sealed record ResNetBlock(ResNetLayer First, ResNetLayer Second, ResNetLayer? Shortcut);

/// <summary>The layers of a ResNet of basic blocks, wherever they come from.</summary>
internal interface IResNetLayers
{
    /// <summary>What errors name.</summary>
    string File { get; }

    /// <summary>The first convolution.</summary>
    ResNetLayer Stem { get; }

    /// <summary>The blocks from first to last.</summary>
    IReadOnlyList<ResNetBlock> Blocks { get; }

    /// <summary>The only linear layer that maps <paramref name="inputs"/> to <paramref name="outputs"/> values: weights (outputs, inputs) and bias.</summary>
    /// <exception cref="PackException">There is none, or its bias is missing.</exception>
    (StoredTensor Weights, float[] Bias) Linear(int inputs, int outputs);
}

/// <summary>
/// The layers of WeSpeaker's ResNet34 under the names of its PyTorch modules, normalization folded in (models/README.md):
/// <c>conv1</c>, <c>layerS.B.conv1</c>, <c>conv2</c> and <c>shortcut</c>, <c>seg_1</c>, each with <c>weight</c> and <c>bias</c>.
/// </summary>
internal sealed class ResNetTensors : IResNetLayers
{
    private readonly Weights _weights;

    /// <summary>Finds the layers; as many blocks as there are names for.</summary>
    /// <exception cref="PackException">A tensor is missing or has an impossible shape.</exception>
    public ResNetTensors(Weights weights)
    {
        _weights = weights;
        Stem = Layer("conv1", 1);
        var blocks = new List<ResNetBlock>();
        for (int stage = 1; Has($"layer{stage}.0.conv1"); stage++)
        {
            for (int block = 0; Has($"layer{stage}.{block}.conv1"); block++)
            {
                string name = $"layer{stage}.{block}";
                int stride = stage > 1 && block == 0 ? 2 : 1;
                blocks.Add(new ResNetBlock(
                    Layer(name + ".conv1", stride), Layer(name + ".conv2", 1), Has(name + ".shortcut") ? Layer(name + ".shortcut", stride) : null));
            }
        }

        Blocks = blocks;
    }

    /// <inheritdoc/>
    public string File => _weights.File;

    /// <inheritdoc/>
    public ResNetLayer Stem { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ResNetBlock> Blocks { get; }

    /// <inheritdoc/>
    public (StoredTensor Weights, float[] Bias) Linear(int inputs, int outputs) =>
        (_weights.GetStored("seg_1.weight", outputs, inputs), _weights.Get("seg_1.bias", outputs).Data);

    private bool Has(string name) => _weights.ShapeOf(name + ".weight") is not null;

    private ResNetLayer Layer(string name, int stride)
    {
        StoredTensor weights = _weights.GetStored(name + ".weight", -1, -1, -1, -1);
        (int outputs, int inputs, int kernel) = (weights.Shape[0], weights.Shape[1], weights.Shape[2]);
        return weights.Shape[3] == kernel
            ? new ResNetLayer(name, weights, _weights.Get(name + ".bias", outputs).Data, inputs, kernel, stride)
            : throw _weights.Error(name + ".weight", "is not a square filter; the file belongs to another network");
    }
}
