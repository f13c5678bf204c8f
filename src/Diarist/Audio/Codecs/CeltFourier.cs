using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Eight discrete Fourier transforms of 15, 30 or 60 complex values beside each other, one in each lane of the vectors: stages of radix 5, 3, 4 and 2 that
/// need no reordering (Stockham). The sums have the same order whatever the processor's vectors are.
/// </summary>
internal sealed class CeltFourier
{
    /// <summary>Transforms beside each other.</summary>
    public const int Lanes = 8;

    private readonly (int Radix, int Parts, int Stride, float[] Turns)[] _stages;
    private float[] _otherReal;
    private float[] _otherImaginary;

    /// <summary>Prepares transforms of a size.</summary>
    public CeltFourier(int size)
    {
        Size = size;
        _otherReal = new float[size * Lanes];
        _otherImaginary = new float[size * Lanes];
        Real = new float[size * Lanes];
        Imaginary = new float[size * Lanes];
        var stages = new List<(int, int, int, float[])>();
        int stride = 1;
        for (int left = size; left > 1;)
        {
            int radix = left % 5 == 0 ? 5 : left % 3 == 0 ? 3 : left % 4 == 0 ? 4 : 2, parts = left / radix;
            stages.Add((radix, parts, stride, MakeTurns(left, radix, parts)));
            (left, stride) = (parts, stride * radix);
        }

        _stages = [.. stages];
    }

    /// <summary>The values of each transform.</summary>
    public int Size { get; }

    /// <summary>The real parts: the first value of all transforms, then the second, and so on; changed by <see cref="Transform"/> to the result.</summary>
    public float[] Real { get; private set; }

    /// <summary>The imaginary parts.</summary>
    public float[] Imaginary { get; private set; }

    /// <summary>Transforms the values, without scaling.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Transform()
    {
        (float[] real, float[] imaginary, float[] otherReal, float[] otherImaginary) = (Real, Imaginary, _otherReal, _otherImaginary);
        foreach ((int radix, int parts, int stride, float[] turns) in _stages)
        {
            var stage = new Stage(real, imaginary, otherReal, otherImaginary, stride * parts * Lanes, stride * Lanes);
            for (int part = 0; part < parts; part++)
            {
                ReadOnlySpan<float> some = turns.AsSpan(part * 2 * (radix - 1), 2 * (radix - 1));
                for (int i = 0; i < stride; i++)
                {
                    int from = (i + (stride * part)) * Lanes, to = (i + (stride * radix * part)) * Lanes;
                    switch (radix)
                    {
                        case 5:
                            stage.Five(from, to, some);
                            break;
                        case 4:
                            stage.Four(from, to, some);
                            break;
                        case 3:
                            stage.Three(from, to, some);
                            break;
                        default:
                            stage.Two(from, to, some);
                            break;
                    }
                }
            }

            (real, imaginary, otherReal, otherImaginary) = (otherReal, otherImaginary, real, imaginary);
        }

        (Real, Imaginary, _otherReal, _otherImaginary) = (real, imaginary, otherReal, otherImaginary);
    }

    private static float[] MakeTurns(int size, int radix, int parts)
    {
        var turns = new List<float>();
        for (int part = 0; part < parts; part++)
        {
            for (int k = 1; k < radix; k++)
            {
                double angle = -2 * Math.PI * part * k / size;
                turns.Add((float)Math.Cos(angle));
                turns.Add((float)Math.Sin(angle));
            }
        }

        return [.. turns];
    }

    // One stage: of each butterfly the values are apart by one distance in the source and by another one in the target.
    private readonly ref struct Stage(float[] real, float[] imaginary, float[] toReal, float[] toImaginary, int apart, int toApart)
    {
        private readonly ReadOnlySpan<float> _real = real, _imaginary = imaginary;
        private readonly Span<float> _toReal = toReal, _toImaginary = toImaginary;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Two(int from, int to, ReadOnlySpan<float> turns)
        {
            (Vector256<float> ar, Vector256<float> ai) = Load(from);
            (Vector256<float> br, Vector256<float> bi) = Load(from + apart);
            Store(to, ar + br, ai + bi);
            StoreTurned(to + toApart, ar - br, ai - bi, turns);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Three(int from, int to, ReadOnlySpan<float> turns)
        {
            const float Sine = 0.866025404f;
            (Vector256<float> ar, Vector256<float> ai) = Load(from);
            (Vector256<float> br, Vector256<float> bi) = Load(from + apart);
            (Vector256<float> cr, Vector256<float> ci) = Load(from + (2 * apart));
            Vector256<float> sumReal = br + cr, sumImaginary = bi + ci, half = Vector256.Create(0.5f), sine = Vector256.Create(Sine);
            Vector256<float> real = ar - (sumReal * half), imaginary = ai - (sumImaginary * half), acrossReal = (bi - ci) * sine, acrossImaginary = (br - cr) * sine;
            Store(to, ar + sumReal, ai + sumImaginary);
            StoreTurned(to + toApart, real + acrossReal, imaginary - acrossImaginary, turns);
            StoreTurned(to + (2 * toApart), real - acrossReal, imaginary + acrossImaginary, turns[2..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Four(int from, int to, ReadOnlySpan<float> turns)
        {
            (Vector256<float> ar, Vector256<float> ai) = Load(from);
            (Vector256<float> br, Vector256<float> bi) = Load(from + apart);
            (Vector256<float> cr, Vector256<float> ci) = Load(from + (2 * apart));
            (Vector256<float> dr, Vector256<float> di) = Load(from + (3 * apart));
            Vector256<float> evenReal = ar + cr, evenImaginary = ai + ci, evenLessReal = ar - cr, evenLessImaginary = ai - ci;
            Vector256<float> oddReal = br + dr, oddImaginary = bi + di, oddLessReal = br - dr, oddLessImaginary = bi - di;
            Store(to, evenReal + oddReal, evenImaginary + oddImaginary);
            StoreTurned(to + toApart, evenLessReal + oddLessImaginary, evenLessImaginary - oddLessReal, turns);
            StoreTurned(to + (2 * toApart), evenReal - oddReal, evenImaginary - oddImaginary, turns[2..]);
            StoreTurned(to + (3 * toApart), evenLessReal - oddLessImaginary, evenLessImaginary + oddLessReal, turns[4..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Five(int from, int to, ReadOnlySpan<float> turns)
        {
            const float Cosine1 = 0.309016994f, Cosine2 = -0.809016994f, Sine1 = 0.951056516f, Sine2 = 0.587785252f;
            (Vector256<float> ar, Vector256<float> ai) = Load(from);
            (Vector256<float> br, Vector256<float> bi) = Load(from + apart);
            (Vector256<float> cr, Vector256<float> ci) = Load(from + (2 * apart));
            (Vector256<float> dr, Vector256<float> di) = Load(from + (3 * apart));
            (Vector256<float> er, Vector256<float> ei) = Load(from + (4 * apart));
            Vector256<float> outerReal = br + er, outerImaginary = bi + ei, outerLessReal = br - er, outerLessImaginary = bi - ei;
            Vector256<float> innerReal = cr + dr, innerImaginary = ci + di, innerLessReal = cr - dr, innerLessImaginary = ci - di;
            Store(to, ar + outerReal + innerReal, ai + outerImaginary + innerImaginary);
            Vector256<float> real1 = ar + (outerReal * Cosine1) + (innerReal * Cosine2), imaginary1 = ai + (outerImaginary * Cosine1) + (innerImaginary * Cosine2);
            Vector256<float> acrossReal1 = (outerLessImaginary * Sine1) + (innerLessImaginary * Sine2), acrossImaginary1 = (outerLessReal * Sine1) + (innerLessReal * Sine2);
            StoreTurned(to + toApart, real1 + acrossReal1, imaginary1 - acrossImaginary1, turns);
            StoreTurned(to + (4 * toApart), real1 - acrossReal1, imaginary1 + acrossImaginary1, turns[6..]);
            Vector256<float> real2 = ar + (outerReal * Cosine2) + (innerReal * Cosine1), imaginary2 = ai + (outerImaginary * Cosine2) + (innerImaginary * Cosine1);
            Vector256<float> acrossReal2 = (outerLessImaginary * Sine2) - (innerLessImaginary * Sine1), acrossImaginary2 = (outerLessReal * Sine2) - (innerLessReal * Sine1);
            StoreTurned(to + (2 * toApart), real2 + acrossReal2, imaginary2 - acrossImaginary2, turns[2..]);
            StoreTurned(to + (3 * toApart), real2 - acrossReal2, imaginary2 + acrossImaginary2, turns[4..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private (Vector256<float> Real, Vector256<float> Imaginary) Load(int at) => (Vector256.Create(_real[at..]), Vector256.Create(_imaginary[at..]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Store(int at, Vector256<float> real, Vector256<float> imaginary)
        {
            real.CopyTo(_toReal[at..]);
            imaginary.CopyTo(_toImaginary[at..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void StoreTurned(int at, Vector256<float> real, Vector256<float> imaginary, ReadOnlySpan<float> turn)
        {
            Vector256<float> cosine = Vector256.Create(turn[0]), sine = Vector256.Create(turn[1]);
            Store(at, (real * cosine) - (imaginary * sine), (real * sine) + (imaginary * cosine));
        }
    }
}
