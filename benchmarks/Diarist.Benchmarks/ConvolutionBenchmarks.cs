using BenchmarkDotNet.Attributes;
using Diarist.Inference.Kernels;

namespace Diarist.Benchmarks;

/// <summary>A 3×3 convolution of each stage of the ResNet34 over a window of 10 s, directly and by Winograd's filtering.</summary>
public class ConvolutionBenchmarks : IDisposable
{
    private Convolution2d _convolution = null!;
    private FeatureMap _input = null!;
    private FeatureMap _output = null!;

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>Channels of the stage; the map has 2560 / channels rows and 32000 / channels columns.</summary>
    [Params(32, 64, 128, 256)]
    public int Channels { get; set; }

    /// <summary>How it is computed.</summary>
    [Params("Direct", "Winograd")]
    public string Algorithm { get; set; } = "";

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Packs the weights and fills the map.</summary>
    [GlobalSetup]
    public unsafe void Setup()
    {
        float[] weights = Kernels.Noise(Channels * Channels * 9).Span.ToArray();
        _convolution = new Convolution2d(
            weights, new float[Channels], Channels, kernel: 3, stride: 1, Enum.Parse<ConvolutionAlgorithm>(Algorithm), Enum.Parse<LaneWidth>(Width));
        _input = new FeatureMap(2560 / Channels, 32_000 / Channels, Channels);
        ReadOnlySpan<float> row = Kernels.Noise(_input.Width * Channels).Span;
        for (int y = 0; y < _input.Height; y++)
        {
            row.CopyTo(new Span<float>(_input.At(y, 0), row.Length));
        }

        _output = _convolution.MakeOutput(_input);
    }

    /// <summary>One layer with ReLU.</summary>
    [Benchmark]
    public void Layer() => _convolution.Run(_input, null, _output, 0, CancellationToken.None);

    /// <summary>Gives the maps back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        GC.SuppressFinalize(this);
    }
}
