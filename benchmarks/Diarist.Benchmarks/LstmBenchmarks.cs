using BenchmarkDotNet.Attributes;
using Diarist.Inference.Kernels;

namespace Diarist.Benchmarks;

/// <summary>A step of PyanNet's LSTM: the recurrent product and the gates, for several windows at once.</summary>
public unsafe class LstmBenchmarks
{
    private const int Hidden = 128;
    private const int Inputs = 256;

    private Lstm _lstm = null!;
    private AlignedBuffer _gates = null!;
    private AlignedBuffer _state = null!;
    private AlignedBuffer _cell = null!;

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>Windows that step together.</summary>
    [Params(1, 8, 32)]
    public int Windows { get; set; }

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Packs the weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        float[] weights = Kernels.Noise(4 * Hidden * Inputs).Span.ToArray();
        float[] scaled = [.. weights.Select(weight => weight / 16)];
        Span<float> recurrent = scaled.AsSpan(0, 4 * Hidden * Hidden), bias = weights.AsSpan(0, 4 * Hidden);
        _lstm = new Lstm(Inputs, Hidden, [0, 1, 2, 3], scaled, recurrent, bias, new float[4 * Hidden], Enum.Parse<LaneWidth>(Width));
        _gates = Kernels.Noise(Windows * 4 * Hidden);
        _state = Kernels.Noise(Windows * Hidden);
        _cell = Kernels.Noise(Windows * Hidden);
    }

    /// <summary>One step from where the last one ended, with no input.</summary>
    [Benchmark]
    public void Step()
    {
        _gates.Span.Clear();
        _lstm.Step(_gates.Pointer, _state.Pointer, Hidden, _cell.Pointer, _state.Pointer, Hidden, Windows);
    }
}
