using Diarist.Inference.Kernels;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class PairGemmTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 34)]
    [InlineData(3, 6)]
    public void Every_set_of_instructions_is_exact(int segments, int segmentLength)
    {
        var random = new Random(segmentLength);
        int k = segments * segmentLength;
        foreach (int columns in (int[])[32, 96])
        {
            short[] right = [.. Enumerable.Range(0, k * columns).Select(_ => (short)random.Next(-3000, 3001))];
            foreach (int rows in (int[])[6, 12, 30])
            {
                // Rows overlap, and segments lie apart, as in a convolution.
                int rowStride = 4, segmentStride = (rows * rowStride) + segmentLength;
                short[] left = [.. Enumerable.Range(0, segments * segmentStride).Select(_ => (short)random.Next(-20_000, 20_001))];
                int[] expected = new int[rows * columns];
                for (int i = 0; i < expected.Length; i++)
                {
                    (int row, int column) = Math.DivRem(i, columns);
                    for (int j = 0; j < k; j++)
                    {
                        expected[i] += left[(row * rowStride) + (j / segmentLength * segmentStride) + (j % segmentLength)] * right[(j * columns) + column];
                    }
                }

                foreach (IntegerInstructions instructions in IntegerInstructionSets.Supported)
                {
                    var matrix = new PairMatrix(k, columns, right, instructions);
                    int[] actual = new int[expected.Length];
                    fixed (short* a = left)
                    {
                        fixed (int* c = actual)
                        {
                            PairGemm.Multiply(new ShortMatrix(a, rows, rowStride, segments, segmentLength, segmentStride), matrix, c);
                        }
                    }

                    Assert.Equal(expected, actual);
                }
            }
        }
    }

    [Fact]
    public void Operands_that_do_not_fit_are_refused()
    {
        var matrix = new PairMatrix(4, 32, new short[4 * 32], IntegerInstructionSets.Fastest);
        Assert.Throws<ArgumentException>(() => PairGemm.Multiply(new ShortMatrix(null, 6, 4, 1, 6, 0), matrix, null));
        Assert.Throws<ArgumentException>(() => PairGemm.Multiply(new ShortMatrix(null, 7, 4, 1, 4, 0), matrix, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairMatrix(3, 32, new short[3 * 32], IntegerInstructions.Scalar));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairMatrix(4, 16, new short[4 * 16], IntegerInstructions.Scalar));
    }
}
