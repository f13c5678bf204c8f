using BenchmarkDotNet.Attributes;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Benchmarks;

/// <summary>The segmentation network over windows of 10 s every second; divide by the number of windows.</summary>
public class PyanNetBenchmarks
{
    private PyanNet _network = null!;
    private WindowedAudio _audio;
    private float[] _result = [];

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>Windows in a call.</summary>
    [Params(1, 8, 32)]
    public int Windows { get; set; }

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Loads the network.</summary>
    [GlobalSetup]
    public void Setup()
    {
        OnnxGraph graph = OnnxFile.Read(Kernels.PackFile("pyannote-segmentation-3.0", "segmentation-3.0.onnx"));
        _network = new PyanNet(PyanNetWeights.Read(graph), Enum.Parse<LaneWidth>(Width));
        int samples = ((Windows - 1) * SlidingWindow.DefaultStepSamples) + SlidingWindow.WindowSamples;
        _audio = new WindowedAudio(Kernels.Noise(samples).Span.ToArray(), Windows, SlidingWindow.DefaultStepSamples);
        _result = new float[Windows * SlidingWindow.FramesPerWindow * Powerset.Classes];
    }

    /// <summary>One call.</summary>
    [Benchmark]
    public void Batch() => _network.LogProbabilities(_audio, _result);
}
