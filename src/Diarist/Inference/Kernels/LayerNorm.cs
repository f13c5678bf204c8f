namespace Diarist.Inference.Kernels;

/// <summary>Layer normalization of rows: (x − mean) / √(variance + 1e-5) · weight + bias, with the variance of the population.</summary>
/// <remarks>
/// Sums are taken in 16 partial sums whatever the width of the vectors, value i in sum i mod 16, and these are added pairwise;
/// so every width gives the same bits. The variance is taken from the differences to the mean, in a second pass.
/// </remarks>
internal static unsafe class LayerNorm
{
    private const int Partial = 16;
    private const float Epsilon = 1e-5f;

    /// <summary>Normalizes rows.</summary>
    /// <param name="x">Shape (rows, columns).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, a multiple of 16.</param>
    /// <param name="weight">Shape (columns).</param>
    /// <param name="bias">Shape (columns).</param>
    /// <param name="result">Shape (rows, columns); may be <paramref name="x"/> where the stride is the columns.</param>
    /// <param name="resultStride">Values from one row of the result to the next.</param>
    public static void Apply<V>(float* x, int rows, int columns, float* weight, float* bias, float* result, int resultStride)
        where V : unmanaged, ILanes<V>
    {
        float* sums = stackalloc float[Partial];
        for (int row = 0; row < rows; row++, x += columns, result += resultStride)
        {
            Sum<V>(x, columns, 0, square: false, sums);
            float mean = Total(sums) / columns;
            Sum<V>(x, columns, mean, square: true, sums);
            float scale = 1 / MathF.Sqrt((Total(sums) / columns) + Epsilon);
            V centre = V.Broadcast(mean), factor = V.Broadcast(scale);
            for (int column = 0; column < columns; column += V.Count)
            {
                V normal = (V.Load(x + column) - centre) * factor;
                V.Store(V.MultiplyAdd(normal, V.Load(weight + column), V.Load(bias + column)), result + column);
            }
        }
    }

    private static void Sum<V>(float* x, int columns, float mean, bool square, float* sums)
        where V : unmanaged, ILanes<V>
    {
        V centre = V.Broadcast(mean);
        for (int lane = 0; lane < Partial; lane += V.Count)
        {
            V sum = V.Zero;
            for (int column = lane; column < columns; column += Partial)
            {
                V value = V.Load(x + column) - centre;
                sum = square ? V.MultiplyAdd(value, value, sum) : sum + value;
            }

            V.Store(sum, sums + lane);
        }
    }

    private static float Total(float* sums)
    {
        for (int half = Partial / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }
}
