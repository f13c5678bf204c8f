using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class Convolution2dTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(16, 16, 3, 1)]
    [InlineData(32, 48, 3, 1)]
    [InlineData(1, 32, 3, 1)]
    [InlineData(16, 32, 3, 2)]
    [InlineData(16, 32, 1, 2)]
    [InlineData(3, 5, 3, 1)]
    [InlineData(3, 5, 1, 1)]
    public void Every_algorithm_and_width_equals_the_formula_for_all_sizes(int inputs, int outputs, int kernel, int stride)
    {
        var random = new Random((inputs * 10) + stride);
        float[] weights = Noise(random, outputs * inputs * kernel * kernel);
        float[] bias = Noise(random, outputs);
        double worst = 0;
        foreach (LaneWidth lanes in LaneWidths.Supported)
        {
            foreach (ConvolutionAlgorithm algorithm in Enum.GetValues<ConvolutionAlgorithm>())
            {
                var layer = new Convolution2d(weights, bias, inputs, kernel, stride, algorithm, lanes);
                foreach ((int height, int width) in ((int, int)[])[(1, 1), (1, 7), (2, 3), (3, 2), (4, 4), (5, 9), (6, 13), (7, 16), (9, 50)])
                {
                    worst = Math.Max(worst, LargestError(layer, random, weights, bias, height, width, kernel, stride));
                }
            }
        }

        output.WriteLine($"{inputs} → {outputs}, {kernel}×{kernel}, stride {stride}: largest error {worst:E2} of the largest value");
        Assert.InRange(worst, 0, 2e-5);
    }

    [Fact]
    public void Winograd_touches_nothing_beyond_the_map()
    {
        var random = new Random(8);
        var layer = new Convolution2d(Noise(random, 16 * 16 * 9), Noise(random, 16), 16, 3, 1, ConvolutionAlgorithm.Winograd);
        using var input = new FeatureMap(5, 6, 16);
        Fill(input, Random3(random, 16, 5, 6));
        using FeatureMap result = layer.MakeOutput(input);
        layer.Run(input, null, result, Gemm.Relu, CancellationToken.None);
        for (int y = -1; y <= 8; y++)
        {
            for (int x = -1; x <= 8; x++)
            {
                if (y is < 0 or >= 5 || x is < 0 or >= 6)
                {
                    Assert.Equal(0, result.At(y, x)[7]);
                }
            }
        }
    }

    [Fact]
    public void Cancelling_stops_a_layer()
    {
        var layer = new Convolution2d(new float[16 * 16 * 9], new float[16], 16, 3, 1, ConvolutionAlgorithm.Winograd);
        var direct = new Convolution2d(new float[16 * 16 * 9], new float[16], 16, 3, 1, ConvolutionAlgorithm.Direct);
        using var input = new FeatureMap(5, 6, 16);
        using FeatureMap result = layer.MakeOutput(input);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => layer.Run(input, null, result, 0, source.Token));
        Assert.Throws<OperationCanceledException>(() => direct.Run(input, null, result, 0, source.Token));
    }

    [Fact]
    public void Maps_of_the_wrong_shape_are_refused()
    {
        var layer = new Convolution2d(new float[16 * 16 * 9], new float[16], 16, 3, 2, ConvolutionAlgorithm.Direct);
        using var input = new FeatureMap(5, 6, 16);
        using var small = new FeatureMap(2, 3, 16);
        using var narrow = new FeatureMap(5, 6, 8);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(input, null, small, 0, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(narrow, null, input, 0, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Convolution2d(new float[7], new float[16], 16, 3, 2, ConvolutionAlgorithm.Direct));
    }

    private static double LargestError(
        Convolution2d layer, Random random, float[] weights, float[] bias, int height, int width, int kernel, int stride)
    {
        double[,,] x = Random3(random, layer.Inputs, height, width);
        using var input = new FeatureMap(height, width, layer.Inputs);
        Fill(input, x);
        using FeatureMap result = layer.MakeOutput(input);
        layer.Run(input, null, result, 0.25f, CancellationToken.None);
        double error = Compare(SlowConvolution.Convolve(x, weights, bias, kernel, stride, null, 0.25), result);

        // With a residual, which the result replaces.
        double[,,] residual = Random3(random, layer.Outputs, result.Height, result.Width);
        Fill(result, residual);
        layer.Run(input, result, result, Gemm.Relu, CancellationToken.None);
        return Math.Max(error, Compare(SlowConvolution.Convolve(x, weights, bias, kernel, stride, residual, 0), result));
    }

    private static double Compare(double[,,] expected, FeatureMap actual)
    {
        (double largest, double difference) = (1e-30, 0);
        Assert.Equal((expected.GetLength(0), expected.GetLength(1), expected.GetLength(2)), (actual.Channels, actual.Height, actual.Width));
        for (int y = 0; y < actual.Height; y++)
        {
            for (int x = 0; x < actual.Width; x++)
            {
                for (int channel = 0; channel < actual.Channels; channel++)
                {
                    largest = Math.Max(largest, Math.Abs(expected[channel, y, x]));
                    difference = Math.Max(difference, Math.Abs(expected[channel, y, x] - actual.At(y, x)[channel]));
                }
            }
        }

        return difference / largest;
    }

    private static void Fill(FeatureMap map, double[,,] values)
    {
        for (int y = 0; y < map.Height; y++)
        {
            for (int x = 0; x < map.Width; x++)
            {
                for (int channel = 0; channel < map.Channels; channel++)
                {
                    map.At(y, x)[channel] = (float)values[channel, y, x];
                }
            }
        }
    }

    private static double[,,] Random3(Random random, int channels, int height, int width)
    {
        var values = new double[channels, height, width];
        for (int i = 0; i < channels; i++)
        {
            for (int j = 0; j < height; j++)
            {
                for (int k = 0; k < width; k++)
                {
                    values[i, j, k] = random.NextSingle() - 0.5f;
                }
            }
        }

        return values;
    }

    private static float[] Noise(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}
