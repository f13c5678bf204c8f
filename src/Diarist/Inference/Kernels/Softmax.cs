namespace Diarist.Inference.Kernels;

/// <summary>The soft-max of rows that lie in memory, e^(x − max) / Σ e^(x − max), with the division left to the caller: it is cheaper after the next product.</summary>
internal static unsafe class Softmax
{
    private const int Partial = 16;

    /// <summary>Replaces each row by e^(x − max); sums are taken in 16 partial sums whatever the width of the vectors.</summary>
    /// <param name="x">The first value.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Values that take part.</param>
    /// <param name="stride">Values from one row to the next, a multiple of 16; what lies between becomes 0.</param>
    /// <param name="scales">Receives 1 / Σ for each row.</param>
    public static void Exponentials<V>(float* x, int rows, int columns, int stride, float* scales)
        where V : unmanaged, ILanes<V>
    {
        float* sums = stackalloc float[Partial];
        for (int row = 0; row < rows; row++, x += stride)
        {
            for (int column = columns; column < stride; column++)
            {
                x[column] = float.NegativeInfinity;
            }

            V maximum = V.Load(x);
            for (int column = V.Count; column < stride; column += V.Count)
            {
                maximum = V.Max(maximum, V.Load(x + column));
            }

            V.Store(maximum, sums);
            float highest = sums[0];
            for (int lane = 1; lane < V.Count; lane++)
            {
                highest = Math.Max(highest, sums[lane]);
            }

            Row<V>(x, columns, stride, highest, sums);
            scales[row] = 1 / Total(sums);
        }
    }

    private static void Row<V>(float* x, int columns, int stride, float highest, float* sums)
        where V : unmanaged, ILanes<V>
    {
        V centre = V.Broadcast(highest);
        int whole = columns / Partial * Partial;
        for (int lane = 0; lane < Partial; lane += V.Count)
        {
            V sum = V.Zero;
            for (int column = lane; column < whole; column += Partial)
            {
                V power = VectorMath.Exp(V.Load(x + column) - centre);
                V.Store(power, x + column);
                sum += power;
            }

            V.Store(sum, sums + lane);
        }

        if (whole == columns)
        {
            new Span<float>(x + columns, stride - columns).Clear();
            return;
        }

        for (int lane = 0; lane < Partial; lane += V.Count)
        {
            V.Store(VectorMath.Exp(V.Load(x + whole + lane) - centre), x + whole + lane);
        }

        new Span<float>(x + columns, stride - columns).Clear();
        for (int lane = 0; lane < Partial; lane += V.Count)
        {
            V.Store(V.Load(sums + lane) + V.Load(x + whole + lane), sums + lane);
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
