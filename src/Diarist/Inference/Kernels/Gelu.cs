using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>The exact Gaussian error linear unit, x · Φ(x) with Φ the normal distribution (the one with erf, not its tanh approximation).</summary>
/// <remarks>
/// x·Φ(x) = max(x, 0) − g(|x|) with g(a) = a·Φ(−a), which is at most 0.17, so nothing cancels. g is a polynomial of degree 16
/// (Chebyshev interpolation on [0, 5.5]); beyond 5.5 it stays at its value there, 1e-7. Absolute error of the whole ≤ 4e-7 for
/// |x| ≤ 5.5, and half a unit in the last place more above.
/// </remarks>
internal static unsafe class Gelu
{
    private const float End = 5.5f;

    /// <summary>Applies it in place to a matrix.</summary>
    /// <param name="values">The first value.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="stride">Values from one row to the next.</param>
    public static void Apply<V>(float* values, int rows, int columns, int stride)
        where V : unmanaged, ILanes<V>
    {
        for (int row = 0; row < rows; row++)
        {
            float* x = values + ((nint)row * stride);
            int column = 0;
            for (; column <= columns - V.Count; column += V.Count)
            {
                V.Store(Of(V.Load(x + column)), x + column);
            }

            for (; column < columns; column++)
            {
                Lane1.Store(Of(Lane1.Load(x + column)), x + column);
            }
        }
    }

    /// <summary>The function of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V t = V.MultiplyAdd(V.Min(V.Abs(x), V.Broadcast(End)), V.Broadcast(2 / End), V.Broadcast(-1f));
        V g = V.Broadcast(-0.01569692040171783f);
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.0005220473563800065f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.09892436873542736f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.03746040776443065f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.25690621311637685f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.2324020760866405f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.27221252515049754f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.5452763992802465f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.1513838683854184f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.4596973432312039f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.6283229227473085f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.26041826483686153f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.17894758219658471f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.3086808966711248f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.19126337052741801f));
        g = V.MultiplyAdd(g, t, V.Broadcast(-0.06057798077835269f));
        g = V.MultiplyAdd(g, t, V.Broadcast(0.008194370146888117f));
        return V.Max(x, V.Zero) - g;
    }
}
