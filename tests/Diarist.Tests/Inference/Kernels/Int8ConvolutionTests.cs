using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class Int8ConvolutionTests
{
    [Theory]
    [InlineData(1, 16, 3, -2)]
    [InlineData(2, 32, 3, 0)]
    [InlineData(3, 16, 1, 3)]
    [InlineData(16, 48, 3, 2)]
    [InlineData(16, 16, 1, -1)]
    [InlineData(64, 32, 3, 6)]
    [InlineData(64, 16, 3, -8)]
    public void Every_width_equals_the_formula_bit_for_bit(int inputs, int outputs, int kernel, int shift)
    {
        var random = new Random((inputs * 100) + outputs + kernel);
        foreach ((int height, int width) in ((int, int)[])[(1, 8), (4, 16), (3, 24)])
        {
            var weights = new sbyte[outputs * inputs * kernel * kernel];
            var bias = new sbyte[outputs];
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(bias.AsSpan()));
            int[,,] x = Noise(random, inputs, height, width);
            int[,,] residual = Noise(random, outputs, height, width);
            foreach (bool relu in (bool[])[false, true])
            {
                int[,,] expected = Int8ConvolutionReference.Convolve(
                    x, (output, input, down, right) => weights[(((((output * inputs) + input) * kernel) + down) * kernel) + right], output => bias[output], outputs, kernel, shift, relu);
                foreach (LaneWidth lanes in LaneWidths.Supported)
                {
                    var layer = new Int8Convolution(weights, bias, outputs, inputs, kernel, shift, lanes);
                    Assert.Equal(expected, Run(layer, x, null, relu));
                    if (!relu)
                    {
                        Assert.Equal(AddAndClip(expected, residual), Run(layer, x, residual, relu));
                    }
                }
            }
        }
    }

    [Fact]
    public void Widths_that_are_no_multiple_of_eight_are_refused()
    {
        var layer = new Int8Convolution(new sbyte[16 * 2], new sbyte[16], 16, 2, 1, 0);
        using var map = new Int8Map(1, 12, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.Row(map, 0, null, null, relu: false));
    }

    private static int[,,] Run(Int8Convolution layer, int[,,] x, int[,,]? residual, bool relu)
    {
        (int height, int width) = (x.GetLength(1), x.GetLength(2));
        using Int8Map input = ToMap(x, layer.Inputs);
        using Int8Map added = residual is null ? default : ToMap(residual, layer.Outputs);
        using var output = new Int8Map(height, width, layer.Outputs);
        var result = new int[layer.Outputs, height, width];
        for (int y = 0; y < height; y++)
        {
            layer.Row(input, y, residual is null ? null : added.At(y, 0), output.At(y, 0), relu);
            for (int column = 0; column < width; column++)
            {
                for (int channel = 0; channel < layer.Outputs; channel++)
                {
                    result[channel, y, column] = output.At(y, column)[channel];
                }
            }
        }

        return result;
    }

    private static Int8Map ToMap(int[,,] x, int channels)
    {
        var map = new Int8Map(x.GetLength(1), x.GetLength(2), channels);
        for (int y = 0; y < map.Height; y++)
        {
            for (int column = 0; column < map.Width; column++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    map.At(y, column)[channel] = channel < x.GetLength(0) ? (short)x[channel, y, column] : (short)0;
                }
            }
        }

        return map;
    }

    private static int[,,] AddAndClip(int[,,] values, int[,,] residual)
    {
        var sum = (int[,,])values.Clone();
        for (int i = 0; i < sum.GetLength(0); i++)
        {
            for (int j = 0; j < sum.GetLength(1); j++)
            {
                for (int k = 0; k < sum.GetLength(2); k++)
                {
                    sum[i, j, k] = Math.Clamp(values[i, j, k] + residual[i, j, k], 0, 127);
                }
            }
        }

        return sum;
    }

    private static int[,,] Noise(Random random, int channels, int height, int width)
    {
        var x = new int[channels, height, width];
        for (int i = 0; i < channels; i++)
        {
            for (int j = 0; j < height; j++)
            {
                for (int k = 0; k < width; k++)
                {
                    x[i, j, k] = random.Next(-128, 128);
                }
            }
        }

        return x;
    }
}
