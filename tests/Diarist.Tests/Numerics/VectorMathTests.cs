using Diarist.Numerics;
using Diarist.Tests.Support;

namespace Diarist.Tests.Numerics;

public class VectorMathTests
{
    [Fact]
    public void Sums_over_every_length_equal_the_obvious_ones()
    {
        for (int length = 0; length <= 70; length++)
        {
            PointSet points = RandomPoints.Voices(length, 2, Math.Max(1, length), 0, 1).Points;
            double[] left = [.. points[0][..length]];
            double[] right = [.. points[1][..length]];
            double dot = left.Zip(right, (l, r) => l * r).Sum();
            double distance = left.Zip(right, (l, r) => (l - r) * (l - r)).Sum();
            Assert.Equal(dot, VectorMath.Dot(left, right), 1e-12);
            Assert.Equal(distance, VectorMath.SquaredDistance(left, right), 1e-12);
            double[] sum = [.. left];
            VectorMath.AddScaled(sum, 0.3, right);
            Assert.Equal(left.Zip(right, (l, r) => l + (0.3 * r)), sum);
        }
    }

    [Fact]
    public void Eight_products_at_once_are_those_of_each_pair_to_the_bit()
    {
        for (int length = 0; length <= 70; length++)
        {
            double[][] vectors = [.. Enumerable.Range(0, 6).Select(seed => (double[])[.. RandomPoints.Voices(seed, 1, Math.Max(1, length), 0, 1).Points[0][..length]])];
            var dots = new double[8];
            VectorMath.Dots([.. vectors[..2].SelectMany(vector => vector)], [.. vectors[2..].SelectMany(vector => vector)], dots);
            Assert.Equal(Enumerable.Range(0, 8).Select(dot => VectorMath.Dot(vectors[dot / 4], vectors[2 + (dot % 4)])), dots);
        }
    }

    [Fact]
    public void The_order_of_summation_is_the_documented_one()
    {
        // 16 partial sums, element i in sum i mod 16; lanes of the four registers added pairwise, then the four lanes.
        double[] left = [.. RandomPoints.Voices(1, 1, 53, 0, 1e3).Points[0]];
        double[] right = [.. RandomPoints.Voices(2, 1, 53, 0, 1e-3).Points[0]];
        var partial = new double[16];
        for (int index = 0; index < 48; index++)
        {
            partial[index % 16] += left[index] * right[index];
        }

        var lanes = new double[4];
        for (int lane = 0; lane < 4; lane++)
        {
            lanes[lane] = (partial[lane] + partial[4 + lane]) + (partial[8 + lane] + partial[12 + lane]);
        }

        double expected = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        for (int index = 48; index < 53; index++)
        {
            expected += left[index] * right[index];
        }

        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(VectorMath.Dot(left, right)));
    }

    [Fact]
    public void Vectors_of_different_lengths_have_no_sum() => Assert.Throws<ArgumentException>(() => VectorMath.Dot(new double[3], new double[4]));

    [Fact]
    public void A_zero_vector_has_no_direction()
    {
        var zero = new double[3];
        VectorMath.ScaleToNorm(zero, 1);
        Assert.Equal(new double[3], zero);
        Assert.Equal(0, VectorMath.Cosine(zero, [1, 2, 3]));
    }
}
