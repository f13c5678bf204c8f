using Diarist.Inference;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Networks.Pyannote;

/// <summary>The affine part of an instance normalization.</summary>
internal sealed record NormWeights(float[] Scale, float[] Bias);

/// <summary>A layer of outputs: a convolution (outputs, inputs, taps), or a product with (inputs, outputs).</summary>
internal sealed record LayerWeights(float[] Weight, float[] Bias);

/// <summary>A bidirectional LSTM layer as ONNX keeps it: W (2, 512, inputs), R (2, 512, 128), B (2, 1024); gates i, o, f, c.</summary>
internal sealed record LstmWeights(int Inputs, StoredTensor Input, StoredTensor Recurrent, float[] Bias);

/// <summary>The weights of PyanNet.</summary>
internal sealed class PyanNetWeights
{
    /// <summary>The normalization of the waveform: one scale, one bias.</summary>
    public required NormWeights WaveformNorm { get; init; }

    /// <summary>The sinc filters, (80, 251).</summary>
    public required float[] Filters { get; init; }

    /// <summary>The convolutions 80 → 60 and 60 → 60, 5 taps.</summary>
    public required LayerWeights[] Convolutions { get; init; }

    /// <summary>The normalizations after each of the three poolings: 80, 60, 60 channels.</summary>
    public required NormWeights[] Norms { get; init; }

    /// <summary>The four LSTM layers.</summary>
    public required LstmWeights[] Lstms { get; init; }

    /// <summary>The linear layers 256 → 128 → 128 → 7, weights (inputs, outputs).</summary>
    public required LayerWeights[] Linears { get; init; }

    /// <summary>Reads the weights from the ONNX file that pyannote's exporters write.</summary>
    /// <exception cref="PackException">The graph is not that of pyannote's segmentation-3.0.</exception>
    public static PyanNetWeights Read(OnnxGraph graph) => new PyanNetGraph(graph).Read();

    /// <summary>Reads the weights under the names that models/README.md gives them; layouts are those of ONNX.</summary>
    /// <exception cref="PackException">A tensor is missing or has another shape.</exception>
    public static PyanNetWeights Read(Weights weights)
    {
        const int half = SincFilters.Half, filters = SincFilters.Count;
        return new PyanNetWeights
        {
            WaveformNorm = Norm("norm.waveform", 1),
            Filters = SincFilters.Compute(Values("sinc.low_hz", filters / 2), Values("sinc.band_hz", filters / 2), Values("sinc.angles", half), Values("sinc.window", half)),
            Convolutions = [Layer("conv.0", [60, filters, 5], 60), Layer("conv.1", [60, 60, 5], 60)],
            Norms = [Norm("norm.0", filters), Norm("norm.1", 60), Norm("norm.2", 60)],
            Lstms = Arrays.Make(4, layer => Lstm($"lstm.{layer}", layer == 0 ? 60 : 256)),
            Linears = [Layer("linear.0", [256, 128], 128), Layer("linear.1", [128, 128], 128), Layer("classifier", [128, Powerset.Classes], Powerset.Classes)],
        };

        float[] Values(string name, params ReadOnlySpan<int> shape) => weights.Get(name, shape).Data;
        NormWeights Norm(string name, int channels) => new(Values(name + ".weight", channels), Values(name + ".bias", channels));
        LayerWeights Layer(string name, ReadOnlySpan<int> shape, int outputs) => new(Values(name + ".weight", shape), Values(name + ".bias", outputs));
        LstmWeights Lstm(string name, int inputs) =>
            new(inputs, weights.GetStored(name + ".input", 2, 512, inputs), weights.GetStored(name + ".recurrent", 2, 512, 128), Values(name + ".bias", 2, 1024));
    }
}
