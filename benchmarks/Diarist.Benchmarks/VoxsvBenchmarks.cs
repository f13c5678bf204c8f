using BenchmarkDotNet.Attributes;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Voxsv;

namespace Diarist.Benchmarks;

/// <summary>The small embedder's network over one window of 1.295 s.</summary>
public class VoxsvBenchmarks
{
    private readonly sbyte[] _input = [.. Enumerable.Range(0, VoxsvNetwork.Height * VoxsvNetwork.Width).Select(i => (sbyte)(i * 31 % 255))];
    private readonly sbyte[] _output = new sbyte[VoxsvNetwork.Dimension];
    private VoxsvNetwork _network = null!;

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Loads the network.</summary>
    [GlobalSetup]
    public void Setup() =>
        _network = new VoxsvNetwork(SafeTensors.Read(Kernels.PackFile("voxsv-thinresnet", "voxsv-thinresnet.safetensors")), Enum.Parse<LaneWidth>(Width));

    /// <summary>One window.</summary>
    [Benchmark]
    public void Window() => _network.Run(_input, _output);
}
