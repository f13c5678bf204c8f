using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class QuantizedConvolutionTests(ITestOutputHelper output)
{
    private const float ResidualStep = 0.03f;

    private static readonly float[] One32 = [.. Enumerable.Repeat(1f, 32)];

    private static readonly (int Height, int Width)[] Shapes = [(1, 1), (1, 7), (2, 3), (3, 2), (4, 4), (5, 9), (6, 13), (7, 16), (9, 50)];

    public enum Added
    {
        Nothing,
        Bytes,
        Floats,
    }

    [Theory]
    [InlineData(32, 64, 3, 1, Added.Nothing)]
    [InlineData(64, 32, 3, 1, Added.Bytes)]
    [InlineData(32, 32, 3, 1, Added.Floats)]
    [InlineData(32, 64, 3, 2, Added.Nothing)]
    [InlineData(64, 32, 1, 2, Added.Nothing)]
    [InlineData(32, 32, 1, 1, Added.Bytes)]
    public void All_instructions_give_the_same_bytes_and_these_are_the_formula_rounded_once(int inputs, int outputs, int kernel, int stride, Added added)
    {
        var random = new Random((inputs * 10) + stride);
        float[] weights = Noise(random, outputs * inputs * kernel * kernel, 0.1f);
        float[] bias = Noise(random, outputs, 1);
        float[] inputSteps = Steps(random, inputs), outputSteps = Steps(random, outputs);
        double worst = 0;
        foreach ((int height, int width) in Shapes)
        {
            byte[] x = Bytes(random, height * width * inputs);
            byte[] residual = Bytes(random, height * width * outputs);
            double[,,] exact = SlowConvolution.Convolve(
                Values(x, inputs, height, width, inputSteps), weights, bias, kernel, stride,
                added == Added.Nothing ? null : Values(residual, outputs, height, width, [.. Enumerable.Repeat(ResidualStep, outputs)]), slope: 0);
            byte[]? first = null;
            foreach (IntegerInstructions instructions in IntegerInstructionSets.Supported)
            {
                var layer = new QuantizedConvolution(StoredTensor.Of([weights.Length], weights), bias, kernel, stride, inputSteps, outputSteps, instructions);
                byte[] actual = Run(layer, x, residual, height, width, outputSteps, stride, added);
                first ??= actual;
                Assert.Equal(first, actual);
            }

            for (int channel = 0; channel < outputs; channel++)
            {
                for (int y = 0; y < exact.GetLength(1); y++)
                {
                    for (int column = 0; column < exact.GetLength(2); column++)
                    {
                        double wanted = Math.Min(exact[channel, y, column] / outputSteps[channel], 255);
                        worst = Math.Max(worst, Math.Abs(wanted - first![(((y * exact.GetLength(2)) + column) * outputs) + channel]));
                    }
                }
            }
        }

        // Half a unit is the rounding of the result itself. Weights of 11 to 14 bits in Winograd's domain add what they do to sums of several hundred units.
        output.WriteLine($"{inputs} → {outputs}, {kernel}×{kernel}, stride {stride}, {added}: at most {worst:F3} of a unit away");
        Assert.InRange(worst, 0.4, 1.5);
    }

    [Fact]
    public void Floats_are_written_without_rounding_and_with_the_slope()
    {
        var random = new Random(3);
        float[] weights = Noise(random, 32 * 32 * 9, 0.1f);
        byte[] x = Bytes(random, 5 * 6 * 32);
        double[,,] exact = SlowConvolution.Convolve(Values(x, 32, 5, 6, One32), weights, new float[32], 3, 1, null, slope: 1);
        using ByteMap input = Map(x, 5, 6, 32);
        float[]? first = null;
        foreach (IntegerInstructions instructions in IntegerInstructionSets.Supported)
        {
            using var result = new FeatureMap(5, 6, 32);
            new QuantizedConvolution(StoredTensor.Of([weights.Length], weights), new float[32], 3, 1, One32, One32, instructions)
                .Run(input, new QuantizedOutput(null, result, null, null, null, Gemm.Linear), CancellationToken.None);
            float[] values = [.. Enumerable.Range(0, 5 * 6 * 32).Select(i => result.At(i / (6 * 32), 0)[i % (6 * 32)])];
            first ??= values;
            Assert.Equal(first, values);
        }

        for (int i = 0; i < first!.Length; i++)
        {
            Assert.Equal(exact[i % 32, i / (6 * 32), i / 32 % 6], first[i], 1.0);
        }
    }

    [Fact]
    public void The_largest_weights_and_inputs_overflow_nothing()
    {
        foreach (int sign in (int[])[1, -1])
        {
            foreach ((int kernel, int stride) in ((int, int)[])[(3, 1), (3, 2), (1, 1)])
            {
                float[] weights = [.. Enumerable.Repeat(sign * 1f, 32 * 256 * kernel * kernel)];
                byte[] x = [.. Enumerable.Repeat((byte)255, 9 * 8 * 256)];
                var layer = new QuantizedConvolution(StoredTensor.Of([weights.Length], weights), new float[32], kernel, stride, [.. Enumerable.Repeat(1f, 256)], One32);
                using ByteMap input = Map(x, 9, 8, 256);
                (int height, int width) = layer.OutputShape(input);
                using var result = new FeatureMap(height, width, 32);
                layer.Run(input, new QuantizedOutput(null, result, null, null, null, Gemm.Linear), CancellationToken.None);
                double expected = sign * 255.0 * 256 * kernel * kernel;
                Assert.InRange(result.At(1, 1)[5] / expected, 0.999, 1.001);
            }
        }
    }

    [Fact]
    public void The_transform_of_bytes_stays_within_the_bound_that_weights_are_scaled_by()
    {
        // Rows of Bᵀ in Lavin and Gray 2016, section 4.3.
        int[][] rows = [[4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0], [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1]];
        for (int position = 0; position < 36; position++)
        {
            int positive = 0, negative = 0;
            foreach (int a in rows[position / 6])
            {
                foreach (int b in rows[position % 6])
                {
                    positive += Math.Max(a * b, 0);
                    negative += Math.Max(-a * b, 0);
                }
            }

            Assert.Equal(255 * Math.Max(positive, negative), QuantizedWinogradWeights.LargestInput(position));
            Assert.InRange(QuantizedWinogradWeights.LargestInput(position), 0, short.MaxValue);
        }
    }

    [Fact]
    public void Nothing_beyond_the_map_is_touched()
    {
        var random = new Random(8);
        foreach (int stride in (int[])[1, 2])
        {
            var layer = new QuantizedConvolution(StoredTensor.Of([32 * 32 * 9], Noise(random, 32 * 32 * 9, 1)), Noise(random, 32, 1), 3, stride, One32, One32);
            using ByteMap input = Map(Bytes(random, 5 * 6 * 32), 5, 6, 32);
            (int height, int width) = layer.OutputShape(input);
            using var result = new ByteMap(height, width, 32);
            layer.Run(input, new QuantizedOutput(result, null, null, null, null, Gemm.Relu), CancellationToken.None);
            for (int y = -1; y <= (height + 3) / 4 * 4; y++)
            {
                for (int x = -1; x <= (width + 3) / 4 * 4; x++)
                {
                    if (y < 0 || y >= height || x < 0 || x >= width)
                    {
                        Assert.Equal(0, result.At(y, x)[7]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Cancelling_stops_a_layer_and_maps_of_the_wrong_shape_are_refused()
    {
        foreach (int stride in (int[])[1, 2])
        {
            var layer = new QuantizedConvolution(StoredTensor.Of([32 * 32 * 9], new float[32 * 32 * 9]), new float[32], 3, stride, One32, One32);
            using var input = new ByteMap(5, 6, 32);
            (int height, int width) = layer.OutputShape(input);
            using var result = new ByteMap(height, width, 32);
            using var wrong = new ByteMap(height + 1, width, 32);
            using var wide = new ByteMap(5, 6, 64);
            using var source = new CancellationTokenSource();
            source.Cancel();
            Assert.Throws<OperationCanceledException>(() => layer.Run(input, new QuantizedOutput(result, null, null, null, null, 0), source.Token));
            Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(input, new QuantizedOutput(wrong, null, null, null, null, 0), CancellationToken.None));
            Assert.Throws<ArgumentOutOfRangeException>(() => layer.Run(wide, new QuantizedOutput(result, null, null, null, null, 0), CancellationToken.None));
        }
    }

    private static byte[] Run(QuantizedConvolution layer, byte[] x, byte[] residual, int height, int width, float[] outputSteps, int stride, Added added)
    {
        int outputs = outputSteps.Length;
        using ByteMap input = Map(x, height, width, layer.Inputs);
        (int outputHeight, int outputWidth) = layer.OutputShape(input);
        using var result = new ByteMap(outputHeight, outputWidth, outputs);
        using ByteMap? bytes = added == Added.Bytes ? Map(residual, height, width, outputs) : null;
        using FeatureMap? floats = added == Added.Floats ? new FeatureMap(height, width, outputs) : null;
        for (int i = 0; floats is not null && i < residual.Length; i++)
        {
            floats.At(i / (width * outputs), 0)[i % (width * outputs)] = residual[i] * ResidualStep / outputSteps[i % outputs];
        }

        fixed (float* ratios = outputSteps.Select(step => ResidualStep / step).ToArray())
        {
            layer.Run(input, new QuantizedOutput(result, null, bytes, ratios, floats, Gemm.Relu), CancellationToken.None);
        }

        Assert.Equal(((height + stride - 1) / stride, (width + stride - 1) / stride), (outputHeight, outputWidth));
        byte[] values = new byte[outputHeight * outputWidth * outputs];
        for (int y = 0; y < outputHeight; y++)
        {
            new ReadOnlySpan<byte>(result.At(y, 0), outputWidth * outputs).CopyTo(values.AsSpan(y * outputWidth * outputs));
        }

        return values;
    }

    private static ByteMap Map(byte[] values, int height, int width, int channels)
    {
        var map = new ByteMap(height, width, channels);
        for (int y = 0; y < height; y++)
        {
            values.AsSpan(y * width * channels, width * channels).CopyTo(new Span<byte>(map.At(y, 0), width * channels));
        }

        return map;
    }

    private static double[,,] Values(byte[] bytes, int channels, int height, int width, float[] steps)
    {
        var values = new double[channels, height, width];
        for (int i = 0; i < bytes.Length; i++)
        {
            values[i % channels, i / (width * channels), i / channels % width] = bytes[i] * (double)steps[i % channels];
        }

        return values;
    }

    /// <summary>Bytes as activations have them: many zeros, few large values.</summary>
    private static byte[] Bytes(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => (byte)Math.Max(0, random.Next(-100, 256)))];

    private static float[] Steps(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 0.02f + (random.NextSingle() * 0.04f))];

    private static float[] Noise(Random random, int length, float scale) => [.. Enumerable.Range(0, length).Select(_ => ((random.NextSingle() * 2) - 1) * scale)];
}
