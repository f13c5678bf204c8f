using Diarist.Clustering;

namespace Diarist.Accuracy;

/// <summary>
/// Fits <see cref="CountCertainty"/>: whether the number of speakers was wrong, by logistic regression on the signs, over the
/// tuning recordings. Newton's method; signs are scaled to variance 1, and their weights drawn towards 0 by a Gaussian prior of variance 1.
/// </summary>
internal static class CertaintyFit
{
    private const int Iterations = 30;

    /// <summary>Fits the model.</summary>
    /// <param name="samples">The signs of every recording, and whether its number was wrong.</param>
    public static CountCertainty Fit(IReadOnlyList<(CountSigns Signs, bool Wrong)> samples)
    {
        double[][] signs = [.. samples.Select(sample => new[] { sample.Signs.Gap, sample.Signs.Briefest, sample.Signs.Crowded })];
        int size = signs[0].Length + 1;
        double[] means = [.. Enumerable.Range(0, size - 1).Select(i => signs.Average(row => row[i]))];
        double[] scales = [.. Enumerable.Range(0, size - 1).Select(i => Math.Sqrt(signs.Average(row => Math.Pow(row[i] - means[i], 2))))];
        double[][] rows = [.. signs.Select(row => (double[])[1, .. row.Select((value, i) => (value - means[i]) / scales[i])])];
        double[] weights = new double[size];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double[] gradient = [.. weights.Select((weight, i) => i == 0 ? 0 : weight)];
            double[,] hessian = new double[size, size];
            for (int i = 1; i < size; i++)
            {
                hessian[i, i] = 1;
            }

            for (int sample = 0; sample < rows.Length; sample++)
            {
                double probability = 1 / (1 + Math.Exp(-rows[sample].Zip(weights, (x, w) => x * w).Sum()));
                for (int i = 0; i < size; i++)
                {
                    gradient[i] += rows[sample][i] * (probability - (samples[sample].Wrong ? 1 : 0));
                    for (int j = 0; j < size; j++)
                    {
                        hessian[i, j] += rows[sample][i] * rows[sample][j] * probability * (1 - probability);
                    }
                }
            }

            double[] step = Solve(hessian, gradient);
            weights = [.. weights.Zip(step, (weight, change) => weight - change)];
        }

        double[] slopes = [.. weights.Skip(1).Zip(scales, (weight, scale) => weight / scale)];
        return new CountCertainty(weights[0] - slopes.Zip(means, (slope, mean) => slope * mean).Sum(), slopes[0], slopes[1], slopes[2]);
    }

    /// <summary>Gaussian elimination; the matrix is positive definite, so no pivoting is needed.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        int size = right.Length;
        double[] result = [.. right];
        for (int column = 0; column < size; column++)
        {
            for (int row = column + 1; row < size; row++)
            {
                double factor = matrix[row, column] / matrix[column, column];
                for (int i = column; i < size; i++)
                {
                    matrix[row, i] -= factor * matrix[column, i];
                }

                result[row] -= factor * result[column];
            }
        }

        for (int row = size - 1; row >= 0; row--)
        {
            for (int i = row + 1; i < size; i++)
            {
                result[row] -= matrix[row, i] * result[i];
            }

            result[row] /= matrix[row, row];
        }

        return result;
    }
}
