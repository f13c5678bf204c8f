using Diarist.Inference.Kernels;
using Diarist.Tests.Support;
using MathNet.Numerics;

namespace Diarist.Tests.Inference.Kernels;

/// <summary>GELU, layer normalization and soft-max against double precision, at every width.</summary>
[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class TransformerKernelTests
{
    [Fact]
    public void Gelu_is_exact_to_1e_6()
    {
        float[] x = [.. Enumerable.Range(-12000, 24001).Select(i => i / 1000f)];
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            float[] actual = [.. x];
            width.Run(new GeluOf { Values = actual });
            for (int i = 0; i < x.Length; i++)
            {
                double exact = 0.5 * x[i] * SpecialFunctions.Erfc(-x[i] / Math.Sqrt(2));
                Assert.True(Math.Abs(exact - actual[i]) <= 1e-6, $"{width}: gelu({x[i]}) is {actual[i]}, not {exact}");
            }
        }
    }

    [Fact]
    public void Layer_normalisation_is_near_double_precision_and_the_same_at_every_width()
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 3 * 512).Select(_ => (float)((random.NextDouble() * 8) - 3))];
        float[] weight = [.. Enumerable.Range(0, 512).Select(_ => (float)random.NextDouble() + 0.5f)], bias = [.. Enumerable.Range(0, 512).Select(_ => (float)random.NextDouble())];
        float[]? first = null;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            float[] actual = new float[x.Length];
            width.Run(new NormOf { Values = x, Weight = weight, Bias = bias, Result = actual });
            for (int row = 0; row < 3; row++)
            {
                double[] values = [.. x[(row * 512)..((row + 1) * 512)].Select(value => (double)value)];
                double mean = values.Average(), variance = values.Average(value => (value - mean) * (value - mean));
                for (int i = 0; i < 512; i++)
                {
                    Assert.Equal(((values[i] - mean) / Math.Sqrt(variance + 1e-5) * weight[i]) + bias[i], actual[(row * 512) + i], 2e-6);
                }
            }

            if (System.Runtime.Intrinsics.X86.Fma.IsSupported && width != LaneWidth.Scalar)
            {
                first ??= actual;
                Assert.Equal(first, actual);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(100)]
    public void Soft_max_is_near_double_precision_and_leaves_out_the_padding(int columns)
    {
        var random = new Random(columns);
        int stride = (columns + 31) / 32 * 32;
        float[] x = [.. Enumerable.Range(0, 2 * stride).Select(_ => (float)((random.NextDouble() * 60) - 30))];
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            float[] actual = [.. x], scales = new float[2];
            width.Run(new SoftmaxOf { Values = actual, Columns = columns, Stride = stride, Scales = scales });
            for (int row = 0; row < 2; row++)
            {
                double[] values = [.. x[(row * stride)..((row * stride) + columns)].Select(value => (double)value)];
                double total = values.Sum(value => Math.Exp(value - values.Max()));
                for (int i = 0; i < stride; i++)
                {
                    double expected = i < columns ? Math.Exp(values[i] - values.Max()) / total : 0;
                    Assert.Equal(expected, actual[(row * stride) + i] * scales[row], 1e-6);
                }
            }
        }
    }

    private readonly struct GeluOf : ILaneOperation
    {
        public required float[] Values { get; init; }

        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            fixed (float* values = Values)
            {
                Gelu.Apply<V>(values, 1, Values.Length, Values.Length);
            }
        }
    }

    private readonly struct NormOf : ILaneOperation
    {
        public required float[] Values { get; init; }

        public required float[] Weight { get; init; }

        public required float[] Bias { get; init; }

        public required float[] Result { get; init; }

        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            fixed (float* x = Values, weight = Weight, bias = Bias, result = Result)
            {
                LayerNorm.Apply<V>(x, 3, 512, weight, bias, result, 512);
            }
        }
    }

    private readonly struct SoftmaxOf : ILaneOperation
    {
        public required float[] Values { get; init; }

        public required int Columns { get; init; }

        public required int Stride { get; init; }

        public required float[] Scales { get; init; }

        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            fixed (float* x = Values, scales = Scales)
            {
                Softmax.Exponentials<V>(x, 2, Columns, Stride, scales);
            }
        }
    }
}
