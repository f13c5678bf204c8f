using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Features;

/// <summary>
/// The discrete Fourier transform of real frames in double precision, one frame in each lane of
/// <see cref="Vector{T}"/>: several frames for the price of one and no shuffles.
/// </summary>
/// <remarks>
/// The 2M real values of a frame are taken as M complex ones, transformed by decimation in frequency with radix 4
/// (and one radix-2 step where M is not a power of 4), and untangled. Digit-reversed order is undone where values are read.
/// </remarks>
internal sealed class RealFft
{
    private readonly int _half;
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly int[] _positions;

    /// <summary>Prepares transforms of <paramref name="length"/> values, a power of two of at least 4.</summary>
    public RealFft(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 4);
        if (!BitOperations.IsPow2(length))
        {
            throw new ArgumentException($"{length} is not a power of two.", nameof(length));
        }

        Length = length;
        _half = length / 2;
        _cosines = new double[length];
        _sines = new double[length];
        for (int i = 0; i < length; i++)
        {
            (_sines[i], _cosines[i]) = Math.SinCos(-2 * Math.PI * i / length);
        }

        _positions = new int[_half];
        for (int frequency = 0; frequency < _half; frequency++)
        {
            _positions[frequency] = Position(frequency, _half);
        }
    }

    /// <summary>The number of real values of a frame.</summary>
    public int Length { get; }

    /// <summary>The squared magnitudes of bins 0 to <see cref="Length"/>/2.</summary>
    /// <param name="frames">Shape (<see cref="Length"/>), one frame in each lane; overwritten.</param>
    /// <param name="power">Receives shape (<see cref="Length"/>/2 + 1).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PowerSpectrum(Span<Vector<double>> frames, Span<Vector<double>> power)
    {
        frames = frames[..Length];
        power = power[..(_half + 1)];
        Transform(frames);

        Vector<double> sum = frames[0] + frames[1];
        Vector<double> difference = frames[0] - frames[1];
        power[0] = sum * sum;
        power[_half] = difference * difference;
        var quarter = new Vector<double>(0.25);
        for (int k = 1; k <= _half / 2; k++)
        {
            int low = 2 * _positions[k];
            int high = 2 * _positions[_half - k];

            // E and O, twice the spectra of the even and odd samples, from Z[k] and the conjugate of Z[M − k].
            Vector<double> evenReal = frames[low] + frames[high];
            Vector<double> evenImaginary = frames[low + 1] - frames[high + 1];
            Vector<double> oddReal = frames[low + 1] + frames[high + 1];
            Vector<double> oddImaginary = frames[high] - frames[low];
            var cosine = new Vector<double>(_cosines[k]);
            var sine = new Vector<double>(_sines[k]);
            Vector<double> turnedReal = (oddReal * cosine) - (oddImaginary * sine);
            Vector<double> turnedImaginary = (oddReal * sine) + (oddImaginary * cosine);

            // X[k] = E + W·O and X[M − k] = conj(E − W·O), both halved.
            power[k] = quarter * Square(evenReal + turnedReal, evenImaginary + turnedImaginary);
            power[_half - k] = quarter * Square(evenReal - turnedReal, evenImaginary - turnedImaginary);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Square(Vector<double> real, Vector<double> imaginary) => (real * real) + (imaginary * imaginary);

    /// <summary>Where decimation in frequency leaves a frequency: its digits to base 4 (a last one to base 2) reversed.</summary>
    private static int Position(int frequency, int size)
    {
        int position = 0;
        for (; size >= 4; size /= 4)
        {
            position += frequency % 4 * (size / 4);
            frequency /= 4;
        }

        return size == 2 ? position + (frequency % 2) : position;
    }

    /// <summary>The complex transform of (real, imaginary) pairs in place, in digit-reversed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transform(Span<Vector<double>> pairs)
    {
        int size = _half;
        for (; size >= 4; size /= 4)
        {
            int quarter = size / 4;
            int turn = Length / size;
            for (int j = 0; j < quarter; j++)
            {
                for (int block = 0; block < _half; block += size)
                {
                    Butterfly(pairs, block + j, quarter, j * turn);
                }
            }
        }

        if (size == 2)
        {
            for (int i = 0; i < 2 * _half; i += 4)
            {
                (pairs[i], pairs[i + 2]) = (pairs[i] + pairs[i + 2], pairs[i] - pairs[i + 2]);
                (pairs[i + 1], pairs[i + 3]) = (pairs[i + 1] + pairs[i + 3], pairs[i + 1] - pairs[i + 3]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Butterfly(Span<Vector<double>> pairs, int index, int quarter, int twiddle)
    {
        Span<Vector<double>> first = pairs.Slice(2 * index, 2);
        Span<Vector<double>> second = pairs.Slice(2 * (index + quarter), 2);
        Span<Vector<double>> third = pairs.Slice(2 * (index + (2 * quarter)), 2);
        Span<Vector<double>> fourth = pairs.Slice(2 * (index + (3 * quarter)), 2);

        Vector<double> sum02Real = first[0] + third[0];
        Vector<double> sum02Imaginary = first[1] + third[1];
        Vector<double> difference02Real = first[0] - third[0];
        Vector<double> difference02Imaginary = first[1] - third[1];
        Vector<double> sum13Real = second[0] + fourth[0];
        Vector<double> sum13Imaginary = second[1] + fourth[1];

        // −i times the difference.
        Vector<double> difference13Real = second[1] - fourth[1];
        Vector<double> difference13Imaginary = fourth[0] - second[0];

        first[0] = sum02Real + sum13Real;
        first[1] = sum02Imaginary + sum13Imaginary;
        Turn(second, difference02Real + difference13Real, difference02Imaginary + difference13Imaginary, twiddle);
        Turn(third, sum02Real - sum13Real, sum02Imaginary - sum13Imaginary, 2 * twiddle);
        Turn(fourth, difference02Real - difference13Real, difference02Imaginary - difference13Imaginary, 3 * twiddle);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Turn(Span<Vector<double>> target, Vector<double> real, Vector<double> imaginary, int twiddle)
    {
        var cosine = new Vector<double>(_cosines[twiddle]);
        var sine = new Vector<double>(_sines[twiddle]);
        target[0] = (real * cosine) - (imaginary * sine);
        target[1] = (real * sine) + (imaginary * cosine);
    }
}
