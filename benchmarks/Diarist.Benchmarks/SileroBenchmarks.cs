using BenchmarkDotNet.Attributes;
using Diarist.Inference.Kernels;
using Diarist.Networks.Silero;

namespace Diarist.Benchmarks;

/// <summary>The voice activity network over 30 s, 938 steps.</summary>
public class SileroBenchmarks
{
    private readonly float[] _samples = Kernels.Noise(480_000).Span.ToArray();
    private SileroVad _network = null!;

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Loads the network.</summary>
    [GlobalSetup]
    public void Setup() => _network = SileroVad.Load(Kernels.PackFile("silero-vad-v6", "silero_vad_16k.safetensors"), Enum.Parse<LaneWidth>(Width));

    /// <summary>The whole stretch.</summary>
    [Benchmark]
    public float[] Recording() => _network.Probabilities(_samples);
}
