namespace Diarist.Tests.Reference;

/// <summary>The obvious matrix product, in double.</summary>
internal static class SlowGemm
{
    /// <summary>max(x, slope · x) of x = bias[n] + Σ_k a(r, k) · b(k, n).</summary>
    public static double[,] Multiply(int rows, int length, int columns, Func<int, int, float> a, Func<int, int, float> b, Func<int, float> bias, double slope = 1)
    {
        double[,] c = new double[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int n = 0; n < columns; n++)
            {
                double sum = bias(n);
                for (int k = 0; k < length; k++)
                {
                    sum += (double)a(r, k) * b(k, n);
                }

                c[r, n] = Math.Max(sum, slope * sum);
            }
        }

        return c;
    }
}
