namespace Diarist.Accuracy.Pieces;

/// <summary>Small systems of linear equations.</summary>
internal static class LinearSystem
{
    /// <summary>Gaussian elimination with pivots.</summary>
    public static double[] Solve(double[,] matrix, double[] vector)
    {
        int n = vector.Length;
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(matrix[row, column]));
            for (int k = 0; k < n; k++)
            {
                (matrix[column, k], matrix[pivot, k]) = (matrix[pivot, k], matrix[column, k]);
            }

            (vector[column], vector[pivot]) = (vector[pivot], vector[column]);
            for (int row = 0; row < n; row++)
            {
                double factor = row == column ? 0 : matrix[row, column] / matrix[column, column];
                for (int k = 0; k < n; k++)
                {
                    matrix[row, k] -= factor * matrix[column, k];
                }

                vector[row] -= factor * vector[column];
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => vector[i] / matrix[i, i])];
    }
}
