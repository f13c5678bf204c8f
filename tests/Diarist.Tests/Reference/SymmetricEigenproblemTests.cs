using MathNet.Numerics.LinearAlgebra;

namespace Diarist.Tests.Reference;

public class SymmetricEigenproblemTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(64)]
    public void Eigenvalues_equal_those_of_MathNet(int size)
    {
        double[] matrix = Symmetric(size, seed: size);
        (double[] values, double[] vectors) = SymmetricEigenproblem.Solve(matrix, size);
        double[] expected = [.. Matrix<double>.Build.DenseOfRowMajor(size, size, matrix).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).OrderDescending()];
        double difference = values.Zip(expected, (left, right) => Math.Abs(left - right)).Max();
        double residual = Residual(matrix, Identity(size), values, vectors, size);
        output.WriteLine($"eigenvalues differ by at most {difference:g3}, residual {residual:g3}");
        Assert.True(difference < 1e-12 * size);
        Assert.True(residual < 1e-12 * size);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(128)]
    public void Generalized_eigenvalues_equal_those_of_MathNet(int size)
    {
        double[] b = Symmetric(size, seed: 100 + size);
        double[] w = PositiveDefinite(size, seed: 200 + size);
        (double[] values, double[] vectors) = SymmetricEigenproblem.SolveGeneralized(b, w, size);
        Matrix<double> quotient = Matrix<double>.Build.DenseOfRowMajor(size, size, w).Inverse() * Matrix<double>.Build.DenseOfRowMajor(size, size, b);
        double[] expected = [.. quotient.Evd().EigenValues.Select(value => value.Real).OrderDescending()];
        double difference = values.Zip(expected, (left, right) => Math.Abs(left - right)).Max() / values.Max(Math.Abs);
        double residual = Residual(b, w, values, vectors, size);
        output.WriteLine($"eigenvalues differ by at most {difference:g3} of the largest, residual {residual:g3}");
        Assert.True(difference < 1e-10);
        Assert.True(residual < 1e-9);
    }

    [Fact]
    public void Inverses_multiply_to_the_identity()
    {
        double[] w = PositiveDefinite(40, seed: 3);
        double[] product = SymmetricEigenproblem.Multiply(w, SymmetricEigenproblem.Inverse(w, 40), 40);
        Assert.True(product.Zip(Identity(40), (left, right) => Math.Abs(left - right)).Max() < 1e-11);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused() =>
        Assert.Throws<ArgumentException>(() => SymmetricEigenproblem.Inverse([1, 2, 2, 1], 2));

    /// <summary>The largest element of A·v − λ·M·v, and of vᵀ·M·v − 1.</summary>
    private static double Residual(double[] a, double[] m, double[] values, double[] vectors, int size)
    {
        Matrix<double> left = Matrix<double>.Build.DenseOfRowMajor(size, size, a);
        Matrix<double> right = Matrix<double>.Build.DenseOfRowMajor(size, size, m);
        double residual = 0;
        for (int index = 0; index < size; index++)
        {
            Vector<double> v = Vector<double>.Build.DenseOfArray(vectors[(index * size)..((index + 1) * size)]);
            residual = Math.Max(residual, ((left * v) - (values[index] * (right * v))).AbsoluteMaximum());
            residual = Math.Max(residual, Math.Abs((v * (right * v)) - 1));
        }

        return residual;
    }

    private static double[] Symmetric(int size, int seed)
    {
        var random = new Random(seed);
        var matrix = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                matrix[(row * size) + column] = matrix[(column * size) + row] = (2 * random.NextDouble()) - 1;
            }
        }

        return matrix;
    }

    private static double[] PositiveDefinite(int size, int seed)
    {
        double[] root = Symmetric(size, seed);
        double[] square = SymmetricEigenproblem.Multiply(root, SymmetricEigenproblem.Transpose(root, size), size);
        for (int index = 0; index < size; index++)
        {
            square[(index * size) + index] += 1;
        }

        return square;
    }

    private static double[] Identity(int size) => [.. Enumerable.Range(0, size * size).Select(index => index % (size + 1) == 0 ? 1.0 : 0.0)];
}
