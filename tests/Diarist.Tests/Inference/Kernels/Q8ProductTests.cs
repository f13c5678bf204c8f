using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class Q8ProductTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(6, 16)]
    [InlineData(13, 2)]
    [InlineData(31, 4)]
    public void Every_processor_path_equals_the_slow_product(int rows, int blocks)
    {
        var random = new Random(rows);
        float[] x = [.. Enumerable.Range(0, rows * blocks * 32).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 3))))];
        x.AsSpan(0, 32).Clear();
        float[] w = [.. Enumerable.Range(0, 32 * blocks * 32).Select(_ => (float)(random.NextDouble() - 0.5))];
        byte[] weights = [.. GgufWriter.Quantize(w), .. new byte[64]];
        float[] expected = Slow(x, rows, blocks, weights);
        List<string> paths = [];
        Check<VnniLanes>();
        Check<ByteLanes16>();
        Check<ByteLanes8>();
        Check<ArmDotLanes>();
        Check<ByteLane1>();
        Assert.NotEmpty(paths);

        void Check<B>()
            where B : unmanaged, IByteLanes<B>
        {
            if (B.IsSupported)
            {
                float[] actual = Run<B>(x, rows, blocks, weights);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], actual[i], 2e-6 * (1 + Math.Abs(expected[i])) * blocks);
                }

                paths.Add(typeof(B).Name);
            }
        }
    }

    [Fact]
    public void Integers_of_every_width_of_quantisation_are_the_same_and_round_halves_to_even()
    {
        float[] x = [.. Enumerable.Range(0, 32).Select(i => i - 15.5f)];
        x[0] = 127;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            Quantization run = new() { Values = x };
            width.Run(run);
            Assert.Equal(1f, run.Scale[0]);
            Assert.Equal(x.Select(value => (int)MathF.Round(value, MidpointRounding.ToEven)), run.Codes.Select(code => (int)(sbyte)code));
        }
    }

    [Fact]
    public void Widened_panels_hold_the_values_of_the_file()
    {
        var random = new Random(3);
        float[] w = [.. Enumerable.Range(0, 32 * 96).Select(_ => (float)(random.NextDouble() - 0.5))];
        byte[] weights = [.. GgufWriter.Quantize(w), .. new byte[64]];
        foreach (int width in new[] { 2, 8, 16, 32 })
        {
            float[] memory = new float[Q8Panel.Length(3)], target = new float[32 * 96];
            fixed (byte* source = weights)
            fixed (float* scratch = memory, result = target)
            {
                Q8Widening.Fill(Q8Panel.Fill(source, 3, 0, scratch), width, result);
            }

            for (int column = 0; column < 32; column++)
            {
                for (int k = 0; k < 96; k++)
                {
                    int block = (column * 3) + (k / 32);
                    float expected = (float)BitConverter.ToHalf(weights, block * 34) * (sbyte)weights[(block * 34) + 2 + (k % 32)];
                    Assert.Equal(expected, target[(column / width * width * 96) + (k * width) + (column % width)]);
                }
            }
        }
    }

    private static float[] Run<B>(float[] x, int rows, int blocks, byte[] weights)
        where B : unmanaged, IByteLanes<B>
    {
        float[] memory = new float[Q8Panel.Length(blocks)], result = new float[rows * 32], scales = new float[rows * blocks];
        byte[] codes = new byte[rows * Q8Product.CodeBytes<B>(blocks * 32)];
        fixed (byte* source = weights, quantized = codes)
        fixed (float* values = x, scratch = memory, c = result, s = scales)
        {
            Q8Product.Quantize<Lane1, B>(values, rows, blocks * 32, blocks * 32, quantized, s);
            Q8Product.Multiply<B>(quantized, s, rows, Q8Panel.Fill(source, blocks, B.Offset, scratch), c, 32);
        }

        return result;
    }

    private static float[] Slow(float[] x, int rows, int blocks, byte[] weights)
    {
        var result = new float[rows * 32];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 32; column++)
            {
                double sum = 0;
                for (int block = 0; block < blocks; block++)
                {
                    ReadOnlySpan<float> values = x.AsSpan(((row * blocks) + block) * 32, 32);
                    float peak = 0;
                    foreach (float value in values)
                    {
                        peak = Math.Max(peak, Math.Abs(value));
                    }

                    float scale = peak / 127, inverse = scale > 0 ? 1 / scale : 0;
                    int at = ((column * blocks) + block) * 34, product = 0;
                    for (int i = 0; i < 32; i++)
                    {
                        product += (int)Math.Round((double)values[i] * inverse, MidpointRounding.ToEven) * (sbyte)weights[at + 2 + i];
                    }

                    sum += (double)product * (float)BitConverter.ToHalf(weights, at) * scale;
                }

                result[(row * 32) + column] = (float)sum;
            }
        }

        return result;
    }

    private readonly struct Quantization() : ILaneOperation
    {
        public float[] Values { get; init; } = [];

        public byte[] Codes { get; } = new byte[32];

        public float[] Scale { get; } = new float[1];

        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            fixed (float* values = Values, scale = Scale)
            fixed (byte* codes = Codes)
            {
                Q8Product.Quantize<V, ByteLane1>(values, 1, 32, 32, codes, scale);
            }
        }
    }
}
