using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Numerics;

/// <summary>
/// Sums over vectors of doubles in one fixed order. Everything that clusters goes through here, so that the same bytes
/// come out on every machine: 16 partial sums at fixed places, added pairwise, then the tail; never a fused
/// multiply-add, because not every processor has one. Without 256-bit registers the runtime computes the same lanes in software.
/// </summary>
internal static class VectorMath
{
    private const int Lanes = 4;
    private const int Stride = 4 * Lanes;

    /// <summary>One term of a sum over two vectors.</summary>
    private interface ITerm
    {
        static abstract Vector256<double> Of(Vector256<double> left, Vector256<double> right);

        static abstract Vector512<double> Of(Vector512<double> left, Vector512<double> right);

        static abstract double Of(double left, double right);
    }

    /// <summary>Σ left·right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => Sum<Product>(left, right);

    /// <summary>
    /// The products of two vectors with four others: of the first with each, then of the second, to the same bits as <see cref="Dot"/>. Where
    /// registers of 512 bits hold all partial sums, each number is loaded for several products.
    /// </summary>
    /// <param name="left">Two vectors on end.</param>
    /// <param name="right">Four vectors of the same length on end.</param>
    /// <param name="dots">Receives eight values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> dots)
    {
        int length = left.Length / 2;
        if (left.Length != 2 * length || right.Length != 4 * length)
        {
            throw new ArgumentException($"Vectors of {left.Length} / 2 and {right.Length} / 4 elements have no common sums.", nameof(right));
        }

        if (!Vector512.IsHardwareAccelerated || !Avx.IsSupported)
        {
            for (int dot = 0; dot < dots.Length; dot++)
            {
                dots[dot] = Dot(left.Slice(dot / 4 * length, length), right.Slice(dot % 4 * length, length));
            }

            return;
        }

        ref double p = ref MemoryMarshal.GetReference(left), a = ref MemoryMarshal.GetReference(right);
        ref double q = ref Unsafe.Add(ref p, length), b = ref Unsafe.Add(ref a, length), c = ref Unsafe.Add(ref b, length), d = ref Unsafe.Add(ref c, length);
        Vector512<double> pa = default, pa2 = default, pb = default, pb2 = default, pc = default, pc2 = default, pd = default, pd2 = default;
        Vector512<double> qa = default, qa2 = default, qb = default, qb2 = default, qc = default, qc2 = default, qd = default, qd2 = default;
        int index = 0;
        for (; index <= length - Stride; index += Stride)
        {
            Vector512<double> one = Load(ref p, index), other = Load(ref q, index), to = Load(ref a, index);
            pa += one * to;
            qa += other * to;
            to = Load(ref b, index);
            pb += one * to;
            qb += other * to;
            to = Load(ref c, index);
            pc += one * to;
            qc += other * to;
            to = Load(ref d, index);
            pd += one * to;
            qd += other * to;

            int behind = index + (2 * Lanes);
            (one, other, to) = (Load(ref p, behind), Load(ref q, behind), Load(ref a, behind));
            pa2 += one * to;
            qa2 += other * to;
            to = Load(ref b, behind);
            pb2 += one * to;
            qb2 += other * to;
            to = Load(ref c, behind);
            pc2 += one * to;
            qc2 += other * to;
            to = Load(ref d, behind);
            pd2 += one * to;
            qd2 += other * to;
        }

        Put(pa, pa2, pb, pb2, dots);
        Put(pc, pc2, pd, pd2, dots[2..]);
        Put(qa, qa2, qb, qb2, dots[4..]);
        Put(qc, qc2, qd, qd2, dots[6..]);
        for (; index < length; index++)
        {
            for (int dot = 0; dot < dots.Length; dot++)
            {
                dots[dot] += left[(dot / 4 * length) + index] * right[(dot % 4 * length) + index];
            }
        }
    }

    /// <summary>Adds the partial sums of two products up, each in two registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<double> one01, Vector512<double> one23, Vector512<double> other01, Vector512<double> other23, Span<double> sums)
    {
        Vector256<double> one = (one01.GetLower() + one01.GetUpper()) + (one23.GetLower() + one23.GetUpper());
        Vector256<double> other = (other01.GetLower() + other01.GetUpper()) + (other23.GetLower() + other23.GetUpper());
        Vector256<double> pairs = Avx.HorizontalAdd(one, other);
        (pairs.GetLower() + pairs.GetUpper()).CopyTo(sums);
    }

    /// <summary>Σ (left − right)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static double SquaredDistance(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => Sum<SquaredDifference>(left, right);

    /// <summary>The Euclidean norm.</summary>
    public static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(Dot(vector, vector));

    /// <summary>Cosine of the angle between two vectors; 0 when one of them is zero.</summary>
    public static double Cosine(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double norms = Norm(left) * Norm(right);
        return norms > 0 ? Dot(left, right) / norms : 0;
    }

    /// <summary>target += factor · source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> source)
    {
        ref double to = ref MemoryMarshal.GetReference(target);
        ref double from = ref MemoryMarshal.GetReference(source);
        Vector256<double> factors = Vector256.Create(factor);
        int length = Math.Min(target.Length, source.Length);
        int index = 0;
        for (; index <= length - Lanes; index += Lanes)
        {
            Vector256<double> sum = Vector256.LoadUnsafe(ref to, (nuint)index) + (factors * Vector256.LoadUnsafe(ref from, (nuint)index));
            sum.StoreUnsafe(ref to, (nuint)index);
        }

        for (; index < length; index++)
        {
            target[index] += factor * source[index];
        }
    }

    /// <summary>The greatest value; −∞ of none. No value is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Max(ReadOnlySpan<double> vector)
    {
        ref double from = ref MemoryMarshal.GetReference(vector);
        Vector256<double> greatest = Vector256.Create(double.NegativeInfinity);
        int index = 0;
        for (; index <= vector.Length - Lanes; index += Lanes)
        {
            greatest = Vector256.Max(greatest, Vector256.LoadUnsafe(ref from, (nuint)index));
        }

        double max = Math.Max(Math.Max(greatest[0], greatest[1]), Math.Max(greatest[2], greatest[3]));
        for (; index < vector.Length; index++)
        {
            max = Math.Max(max, vector[index]);
        }

        return max;
    }

    /// <summary>The place of the greatest value, the first of equals; −1 of none. No value is NaN.</summary>
    public static int IndexOfMax(ReadOnlySpan<double> vector) => vector.IndexOf(Max(vector));

    /// <summary>The same values in double precision.</summary>
    public static void Widen(ReadOnlySpan<float> source, Span<double> target)
    {
        for (int index = 0; index < source.Length; index++)
        {
            target[index] = source[index];
        }
    }

    /// <summary>vector ·= factor.</summary>
    public static void Scale(Span<double> vector, double factor)
    {
        foreach (ref double value in vector)
        {
            value *= factor;
        }
    }

    /// <summary>Scales a vector to a length; a zero vector stays zero.</summary>
    public static void ScaleToNorm(Span<double> vector, double norm)
    {
        double present = Norm(vector);
        if (present > 0)
        {
            Scale(vector, norm / present);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum<TTerm>(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
        where TTerm : struct, ITerm
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException($"Vectors of {left.Length} and {right.Length} elements have no common sum.", nameof(right));
        }

        ref double l = ref MemoryMarshal.GetReference(left);
        ref double r = ref MemoryMarshal.GetReference(right);
        Vector256<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int index = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            // The same partial sums, two in one register.
            Vector512<double> sums01 = default, sums23 = default;
            for (; index <= left.Length - Stride; index += Stride)
            {
                nuint at = (nuint)index;
                sums01 += TTerm.Of(Vector512.LoadUnsafe(ref l, at), Vector512.LoadUnsafe(ref r, at));
                sums23 += TTerm.Of(Vector512.LoadUnsafe(ref l, at + (2 * Lanes)), Vector512.LoadUnsafe(ref r, at + (2 * Lanes)));
            }

            (sum0, sum1, sum2, sum3) = (sums01.GetLower(), sums01.GetUpper(), sums23.GetLower(), sums23.GetUpper());
        }

        for (; index <= left.Length - Stride; index += Stride)
        {
            nuint at = (nuint)index;
            sum0 += TTerm.Of(Vector256.LoadUnsafe(ref l, at), Vector256.LoadUnsafe(ref r, at));
            sum1 += TTerm.Of(Vector256.LoadUnsafe(ref l, at + Lanes), Vector256.LoadUnsafe(ref r, at + Lanes));
            sum2 += TTerm.Of(Vector256.LoadUnsafe(ref l, at + (2 * Lanes)), Vector256.LoadUnsafe(ref r, at + (2 * Lanes)));
            sum3 += TTerm.Of(Vector256.LoadUnsafe(ref l, at + (3 * Lanes)), Vector256.LoadUnsafe(ref r, at + (3 * Lanes)));
        }

        Vector256<double> lanes = (sum0 + sum1) + (sum2 + sum3);
        double sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        for (; index < left.Length; index++)
        {
            sum += TTerm.Of(left[index], right[index]);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Load(ref double vector, int index) => Vector512.LoadUnsafe(ref vector, (nuint)index);

    private readonly struct Product : ITerm
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left * right;

        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left * right;

        public static double Of(double left, double right) => left * right;
    }

    private readonly struct SquaredDifference : ITerm
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right)
        {
            Vector256<double> difference = left - right;
            return difference * difference;
        }

        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right)
        {
            Vector512<double> difference = left - right;
            return difference * difference;
        }

        public static double Of(double left, double right)
        {
            double difference = left - right;
            return difference * difference;
        }
    }
}
