using Diarist.Inference.Kernels;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference.Kernels;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class GemmTests(ITestOutputHelper output)
{
    private static readonly int[] Rows = [0, 1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 24, 25, 97];
    private static readonly int[] Columns = [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 80];
    private static readonly int[] Lengths = [1, 2, 3, 17, 64];

    [Fact]
    public void Every_width_equals_the_obvious_product_for_all_sizes_and_touches_nothing_else()
    {
        double worst = 0;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (int columns in Columns)
            {
                foreach (int length in Lengths)
                {
                    float[] b = Guarded.Noise(length * columns, 1), bias = Guarded.Noise(columns, 2);
                    PackedMatrix packed = new(length, columns, (k, n) => b[(k * columns) + n], bias, width);
                    foreach (int rows in Rows)
                    {
                        // The last row of each operand ends where its buffer ends, so that reading a stride too far is seen.
                        int leftStride = length + 3, resultStride = columns + 5;
                        Guarded a = Spread(Guarded.Noise(rows * length, 3), rows, length, leftStride);
                        Guarded c = new(Extent(rows, columns, resultStride));
                        Gemm.Multiply(new LeftMatrix(a.Pointer, rows, length, leftStride), packed, c.Pointer, resultStride, 0.25f);
                        double[,] expected = SlowGemm.Multiply(rows, length, columns, (r, k) => a.Span[(r * leftStride) + k], (k, n) => b[(k * columns) + n], n => bias[n], 0.25);
                        worst = Math.Max(worst, Compare(expected, c, resultStride));
                    }
                }
            }
        }

        output.WriteLine($"widths {string.Join(", ", LaneWidths.Supported)}: max error {worst:e2}");
        Assert.True(worst < 1e-5, $"max error {worst}");
    }

    [Fact]
    public void An_addend_is_added_before_the_activation_and_may_be_the_result_itself()
    {
        const int length = 9, stride = 60;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (int columns in Columns)
            {
                if (columns > stride)
                {
                    continue;
                }

                foreach (int rows in Rows)
                {
                    float[] a = Guarded.Noise(rows * length, 1), b = Guarded.Noise(length * columns, 2);
                    PackedMatrix packed = new(length, columns, (k, n) => b[(k * columns) + n], default, width);
                    Guarded left = new(a), c = Spread(Guarded.Noise(rows * columns, 3), rows, columns, stride);
                    float[] addend = c.Span.ToArray();
                    Gemm.MultiplyAdd(new LeftMatrix(left.Pointer, rows, length, length), packed, c.Pointer, stride, c.Pointer, stride, Gemm.Relu);
                    double[,] expected = SlowGemm.Multiply(rows, length, columns, (r, k) => a[(r * length) + k], (k, n) => b[(k * columns) + n], _ => 0);
                    for (int r = 0; r < rows; r++)
                    {
                        for (int n = 0; n < columns; n++)
                        {
                            expected[r, n] = Math.Max(0, expected[r, n] + addend[(r * stride) + n]);
                        }
                    }

                    Assert.True(Compare(expected, c, stride) < 2e-6);
                }
            }
        }
    }

    [Fact]
    public void Overlapping_rows_and_segments_make_a_convolution()
    {
        // (height 7, width 11, channels 4) through a 3×3 kernel with stride 2 to 5 channels: one output row at a time.
        const int width = 11, channels = 4, taps = 3, stride = 2, outputs = 5, outWidth = (width - taps) / stride + 1, outHeight = 3;
        float[] image = Guarded.Noise(7 * width * channels, 1), weights = Guarded.Noise(taps * taps * channels * outputs, 2);
        foreach (LaneWidth lanes in LaneWidths.Supported)
        {
            PackedMatrix packed = new(taps * taps * channels, outputs, (k, n) => weights[(k * outputs) + n], default, lanes);
            Guarded source = new(image), result = new(outHeight * outWidth * outputs);
            for (int y = 0; y < outHeight; y++)
            {
                LeftMatrix patch = new(source.Pointer + (y * stride * width * channels), outWidth, stride * channels, taps, taps * channels, width * channels);
                Gemm.Multiply(patch, packed, result.Pointer + (y * outWidth * outputs), outputs);
            }

            double[,] expected = SlowGemm.Multiply(
                outHeight * outWidth,
                taps * taps * channels,
                outputs,
                (r, k) => image[(((r / outWidth * stride) + (k / (taps * channels))) * width * channels) + (r % outWidth * stride * channels) + (k % (taps * channels))],
                (k, n) => weights[(k * outputs) + n],
                _ => 0);
            Assert.True(Compare(expected, result, outputs) < 4e-6);
        }
    }

    [Fact]
    public void A_row_gives_the_same_bytes_whatever_rows_it_is_computed_with()
    {
        const int length = 130, columns = 37, rows = 29;
        float[] a = Guarded.Noise(rows * length, 1), b = Guarded.Noise(length * columns, 2);
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            PackedMatrix packed = new(length, columns, (k, n) => b[(k * columns) + n], Guarded.Noise(columns, 3), width);
            Guarded left = new(a), all = new(rows * columns);
            Gemm.Multiply(new LeftMatrix(left.Pointer, rows, length, length), packed, all.Pointer, columns);
            for (int count = 1; count <= 13; count++)
            {
                Guarded some = new(count * columns);
                Gemm.Multiply(new LeftMatrix(left.Pointer + (7 * length), count, length, length), packed, some.Pointer, columns);
                Assert.True(some.Span.SequenceEqual(all.Span.Slice(7 * columns, count * columns)));
            }
        }
    }

    [Fact]
    public void Widths_with_fused_multiply_add_agree_to_the_last_bit()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Fma.IsSupported, "needs FMA");
        const int length = 200, columns = 70, rows = 9;
        float[] a = Guarded.Noise(rows * length, 1), b = Guarded.Noise(length * columns, 2);
        float[]? first = null;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            PackedMatrix packed = new(length, columns, (k, n) => b[(k * columns) + n], default, width);
            Guarded left = new(a), c = new(rows * columns);
            Gemm.Multiply(new LeftMatrix(left.Pointer, rows, length, length), packed, c.Pointer, columns);
            first ??= c.Span.ToArray();
            Assert.True(c.Span.SequenceEqual(first), $"{width} differs");
        }
    }

    [Fact]
    public void Some_rows_of_a_packed_matrix_multiply_without_the_others()
    {
        const int length = 12, rows = 7;
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (int columns in Columns)
            {
                float[] b = Guarded.Noise(length * columns, 1), bias = Guarded.Noise(columns, 2);
                PackedMatrix packed = new PackedMatrix(length, columns, (k, n) => b[(k * columns) + n], bias, width).Slice(2, 9).Slice(1, 5);
                Guarded a = new(Guarded.Noise(rows * 5, 3)), c = new(rows * columns);
                Gemm.Multiply(new LeftMatrix(a.Pointer, rows, 5, 5), packed, c.Pointer, columns);
                Assert.True(Compare(SlowGemm.Multiply(rows, 5, columns, (r, k) => a.Span[(r * 5) + k], (k, n) => b[((k + 3) * columns) + n], n => bias[n]), c, columns) < 2e-6);
            }
        }
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        PackedMatrix packed = new(3, 2, (_, _) => 0);
        Guarded a = new(8), c = new(4);
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(new LeftMatrix(a.Pointer, 2, 4, 4), packed, c.Pointer, 2));
    }

    [Fact]
    public void Rented_memory_is_aligned_and_comes_back()
    {
        foreach (int length in new[] { 0, 1, 1000, 1025, 100_000, 1_000_003 })
        {
            using AlignedBuffer buffer = AlignedBuffer.Rent(length);
            Assert.True(buffer.Length >= length && buffer.Length <= length + Math.Max(1024, length / 4));
            Assert.Equal(0, (nint)buffer.Pointer % 64);
        }
    }

    private static int Extent(int rows, int columns, int stride) => rows == 0 ? 0 : ((rows - 1) * stride) + columns;

    private static Guarded Spread(float[] values, int rows, int columns, int stride)
    {
        Guarded spread = new(Extent(rows, columns, stride));
        for (int r = 0; r < rows; r++)
        {
            values.AsSpan(r * columns, columns).CopyTo(spread.Span[(r * stride)..]);
        }

        return spread;
    }

    private static double Compare(double[,] expected, Guarded actual, int stride)
    {
        actual.AssertGuardsIntact();
        int columns = expected.GetLength(1);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            if (i % stride < columns)
            {
                double error = Math.Abs(expected[i / stride, i % stride] - actual.Span[i]);
                worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
            }
            else
            {
                Assert.True(float.IsNaN(actual.Span[i]), "a value between the rows was written");
            }
        }

        return worst;
    }
}
