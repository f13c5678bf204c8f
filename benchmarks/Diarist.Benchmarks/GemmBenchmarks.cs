using System.Globalization;
using BenchmarkDotNet.Attributes;
using Diarist.Inference.Kernels;

namespace Diarist.Benchmarks;

/// <summary>The matrix product at the shapes of PyanNet's and ResNet34's heaviest layers.</summary>
public unsafe class GemmBenchmarks
{
    private AlignedBuffer _left = null!;
    private AlignedBuffer _result = null!;
    private PackedMatrix _right = null!;
    private int _rows;

    /// <summary>Lane widths of this processor.</summary>
    public static IEnumerable<string> Widths => Kernels.Widths;

    /// <summary>Rows × inner length × columns.</summary>
    [Params("96x256x512", "512x128x128", "13x64x7")]
    public string Shape { get; set; } = "";

    /// <summary>The lane width.</summary>
    [ParamsSource(nameof(Widths))]
    public string Width { get; set; } = "";

    /// <summary>Packs the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int[] extents = [.. Shape.Split('x').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        (_rows, int inner, int columns) = (extents[0], extents[1], extents[2]);
        _left = Kernels.Noise(_rows * inner);
        _result = AlignedBuffer.Allocate(_rows * columns);
        float[] right = Kernels.Noise(inner * columns).Span.ToArray();
        _right = new PackedMatrix(inner, columns, (k, n) => right[(k * columns) + n], default, Enum.Parse<LaneWidth>(Width));
    }

    /// <summary>One product.</summary>
    [Benchmark]
    public void Multiply() =>
        Gemm.Multiply(new LeftMatrix(_left.Pointer, _rows, _right.Rows, _right.Rows), _right, _result.Pointer, _right.Columns);
}
