using Diarist.Numerics;

namespace Diarist.Tests.Reference;

/// <summary>
/// Eigenvalues and eigenvectors of real symmetric matrices in double precision. Matrices are flat and row-major, n × n.
/// Meant for the 128 × 128 of a PLDA: cyclic Jacobi is slower than reduction to tridiagonal form, but exact to the last
/// digits for small eigenvalues too, and short.
/// </summary>
internal static class SymmetricEigenproblem
{
    private const int MaximumSweeps = 60;

    /// <summary>Solves A·v = λ·v.</summary>
    /// <param name="matrix">A, symmetric.</param>
    /// <param name="size">n.</param>
    /// <returns>The eigenvalues, descending, and their unit eigenvectors as rows.</returns>
    public static (double[] Values, double[] Vectors) Solve(ReadOnlySpan<double> matrix, int size)
    {
        double[] a = matrix[..(size * size)].ToArray();
        double[] vectors = Identity(size);
        for (int sweep = 0; sweep < MaximumSweeps && Rotate(a, vectors, size); sweep++)
        {
        }

        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(index => a[(index * size) + index])];
        var values = new double[size];
        var sorted = new double[size * size];
        for (int place = 0; place < size; place++)
        {
            values[place] = a[(order[place] * size) + order[place]];
            vectors.AsSpan(order[place] * size, size).CopyTo(sorted.AsSpan(place * size));
        }

        return (values, sorted);
    }

    /// <summary>Solves B·v = λ·W·v with W positive definite, through the Cholesky factor of W.</summary>
    /// <param name="b">B, symmetric.</param>
    /// <param name="w">W, symmetric and positive definite.</param>
    /// <param name="size">n.</param>
    /// <returns>The eigenvalues, descending, and their eigenvectors as rows, with vᵀ·W·v = 1.</returns>
    /// <exception cref="ArgumentException">W is not positive definite.</exception>
    public static (double[] Values, double[] Vectors) SolveGeneralized(ReadOnlySpan<double> b, ReadOnlySpan<double> w, int size)
    {
        // W = L·Lᵀ; C = L⁻¹·B·L⁻ᵀ has the same eigenvalues, and v = L⁻ᵀ·y.
        double[] inverse = InverseLower(Cholesky(w, size), size);
        double[] c = Multiply(Multiply(inverse, b, size), Transpose(inverse, size), size);
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < row; column++)
            {
                double mean = (c[(row * size) + column] + c[(column * size) + row]) / 2;
                c[(row * size) + column] = mean;
                c[(column * size) + row] = mean;
            }
        }

        (double[] values, double[] y) = Solve(c, size);
        return (values, Multiply(y, inverse, size));
    }

    /// <summary>The inverse of a symmetric positive definite matrix.</summary>
    /// <exception cref="ArgumentException">The matrix is not positive definite.</exception>
    public static double[] Inverse(ReadOnlySpan<double> matrix, int size)
    {
        double[] inverse = InverseLower(Cholesky(matrix, size), size);
        return Multiply(Transpose(inverse, size), inverse, size);
    }

    /// <summary>left · right.</summary>
    public static double[] Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int size)
    {
        var product = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            for (int inner = 0; inner < size; inner++)
            {
                VectorMath.AddScaled(product.AsSpan(row * size, size), left[(row * size) + inner], right.Slice(inner * size, size));
            }
        }

        return product;
    }

    /// <summary>The transposed matrix.</summary>
    public static double[] Transpose(ReadOnlySpan<double> matrix, int size)
    {
        var result = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column < size; column++)
            {
                result[(column * size) + row] = matrix[(row * size) + column];
            }
        }

        return result;
    }

    /// <summary>One sweep of rotations over all pairs; eigenvectors are kept as rows.</summary>
    /// <returns>Whether anything was rotated.</returns>
    private static bool Rotate(Span<double> a, Span<double> vectors, int size)
    {
        bool rotated = false;
        for (int p = 0; p < size - 1; p++)
        {
            for (int q = p + 1; q < size; q++)
            {
                double apq = a[(p * size) + q];
                double app = a[(p * size) + p], aqq = a[(q * size) + q];
                if (Math.Abs(apq) <= double.Epsilon || Math.Abs(apq) <= 1e-18 * Math.Sqrt(Math.Abs(app * aqq)))
                {
                    continue;
                }

                rotated = true;
                double theta = (aqq - app) / (2 * apq);
                double tangent = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                double cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
                double sine = tangent * cosine;
                RotateRows(a, p, q, cosine, sine, size);
                RotateColumns(a, p, q, cosine, sine, size);
                a[(p * size) + q] = 0;
                a[(q * size) + p] = 0;
                RotateRows(vectors, p, q, cosine, sine, size);
            }
        }

        return rotated;
    }

    private static void RotateRows(Span<double> matrix, int p, int q, double cosine, double sine, int size)
    {
        Span<double> rowP = matrix.Slice(p * size, size);
        Span<double> rowQ = matrix.Slice(q * size, size);
        for (int column = 0; column < size; column++)
        {
            (rowP[column], rowQ[column]) = ((cosine * rowP[column]) - (sine * rowQ[column]), (sine * rowP[column]) + (cosine * rowQ[column]));
        }
    }

    private static void RotateColumns(Span<double> matrix, int p, int q, double cosine, double sine, int size)
    {
        for (int row = 0; row < size; row++)
        {
            ref double left = ref matrix[(row * size) + p];
            ref double right = ref matrix[(row * size) + q];
            (left, right) = ((cosine * left) - (sine * right), (sine * left) + (cosine * right));
        }
    }

    private static double[] Cholesky(ReadOnlySpan<double> matrix, int size)
    {
        var lower = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double rest = matrix[(row * size) + column]
                    - VectorMath.Dot(lower.AsSpan(row * size, column), lower.AsSpan(column * size, column));
                if (row != column)
                {
                    lower[(row * size) + column] = rest / lower[(column * size) + column];
                }
                else if (rest > 0)
                {
                    lower[(row * size) + row] = Math.Sqrt(rest);
                }
                else
                {
                    throw new ArgumentException($"The matrix is not positive definite (row {row}).", nameof(matrix));
                }
            }
        }

        return lower;
    }

    private static double[] InverseLower(ReadOnlySpan<double> lower, int size)
    {
        var inverse = new double[size * size];
        for (int row = 0; row < size; row++)
        {
            Span<double> target = inverse.AsSpan(row * size, size);
            target[row] = 1;
            for (int column = 0; column < row; column++)
            {
                VectorMath.AddScaled(target, -lower[(row * size) + column], inverse.AsSpan(column * size, size));
            }

            VectorMath.Scale(target, 1 / lower[(row * size) + row]);
        }

        return inverse;
    }

    private static double[] Identity(int size)
    {
        var identity = new double[size * size];
        for (int index = 0; index < size; index++)
        {
            identity[(index * size) + index] = 1;
        }

        return identity;
    }
}
