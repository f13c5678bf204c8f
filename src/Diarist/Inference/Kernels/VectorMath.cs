using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>Exponentials for vectors of any width. All lanes do the same operations, so every width gives the same bits where the processor has FMA.</summary>
internal static class VectorMath
{
    /// <summary>1 / ln 2.</summary>
    public const float Log2E = 1.44269504f;

    /// <summary>Adding 1.5 · 2²³ rounds a float to the nearest whole number, which is then in the low bits of its pattern.</summary>
    private const float Rounder = 12582912f;

    /// <summary>2^x for x in [−126, 126] (the caller clamps); relative error ≤ 1.3e-7.</summary>
    /// <remarks>x = n + r with |r| ≤ ½; 2^r by a polynomial of degree 6 with minimal relative error (2e-9, before rounding), n goes into the exponent.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V biased = x + V.Broadcast(Rounder);
        V r = x - (biased - V.Broadcast(Rounder));
        return V.ScaleByPowerOfTwo(Exp2Fraction(r), biased);
    }

    /// <summary>e^x; relative error ≤ 2e-7. Below −87 it stays at e^−87 ≈ 1.6e-38, above 87 at e^87.</summary>
    /// <remarks>x = n·ln 2 + r, with ln 2 in two parts so that r is exact to the last bit (Cody and Waite).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        x = V.Min(V.Max(x, V.Broadcast(-87f)), V.Broadcast(87f));
        V biased = V.MultiplyAdd(x, V.Broadcast(Log2E), V.Broadcast(Rounder));
        V n = biased - V.Broadcast(Rounder);
        V r = V.MultiplyAdd(n, V.Broadcast(-0.693359375f), x);
        r = V.MultiplyAdd(n, V.Broadcast(2.12194440e-4f), r);
        return V.ScaleByPowerOfTwo(Exp2Fraction(r * V.Broadcast(Log2E)), biased);
    }

    /// <summary>
    /// x · factor, held within ±40: what 2^−40 ≈ 1e-12 leaves out is far below float32's resolution of a sigmoid, and the
    /// product of three powers still fits a float. Rounding the product costs at most 3e-8 of a sigmoid, whose slope
    /// falls faster than the exponent grows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exponent<V>(V x, float factor)
        where V : unmanaged, ILanes<V> =>
        V.Min(V.Max(x * V.Broadcast(factor), V.Broadcast(-40f)), V.Broadcast(40f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp2Fraction<V>(V r)
        where V : unmanaged, ILanes<V>
    {
        V p = V.Broadcast(0.00015353310111549182f);
        p = V.MultiplyAdd(p, r, V.Broadcast(0.0013398939081727887f));
        p = V.MultiplyAdd(p, r, V.Broadcast(0.009618437979597272f));
        p = V.MultiplyAdd(p, r, V.Broadcast(0.05550332316758852f));
        p = V.MultiplyAdd(p, r, V.Broadcast(0.24022647905251404f));
        p = V.MultiplyAdd(p, r, V.Broadcast(0.6931472029201111f));
        return V.MultiplyAdd(p, r, V.Broadcast(1f));
    }
}
