using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio;

/// <summary>
/// Converts one channel from any rate to any other by a polyphase <see cref="KaiserSinc"/>, as a stream: put samples in
/// with <see cref="Write"/>, end with <see cref="Complete"/>, take samples out with <see cref="Read"/>.
/// Output sample n lies exactly at input time n·inputRate/outputRate (no delay); n samples in give
/// ⌈n·outputRate/inputRate⌉ out; beyond its ends the recording is taken to be silent.
/// </summary>
internal sealed class Resampler
{
    // More phases than this are interpolated between neighbours, which errs by less than −120 dB.
    private const int MaxPhases = 2048;
    private const int Lanes = 16;

    private readonly int _numerator;
    private readonly int _denominator;
    private readonly int _phases;
    private readonly int _taps;
    private readonly int _before;
    private readonly float[] _bank;

    private float[] _buffer;
    private int _buffered;
    private long _bufferStart;
    private long _written;
    private bool _complete;
    private long _produced;
    private long _whole;
    private int _fraction;

    /// <summary>Designs the filter for the two rates, in samples per second.</summary>
    public Resampler(int inputRate, int outputRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputRate, 1);
        int divisor = GreatestCommonDivisor(inputRate, outputRate);
        _numerator = inputRate / divisor;
        _denominator = outputRate / divisor;
        _phases = Math.Min(_denominator, MaxPhases);
        var filter = new KaiserSinc(inputRate, outputRate);
        _before = (int)Math.Ceiling(filter.HalfWidth) - 1;
        _taps = (((2 * (_before + 1)) + Lanes - 1) / Lanes) * Lanes;
        _bank = MakeBank(filter);
        _buffer = GC.AllocateArray<float>(Math.Max(4 * _taps, 8192), pinned: true);

        // The silence in front of the first sample.
        _buffered = _before;
        _bufferStart = -_before;
    }

    /// <summary>Overwrites the samples that are held; nothing can be read afterwards.</summary>
    public void Clear()
    {
        Array.Clear(_buffer);
        _buffered = 0;
    }

    /// <summary>The samples that <paramref name="samples"/> input samples become in all.</summary>
    public long OutputLength(long samples) => checked(((samples * _denominator) + _numerator - 1) / _numerator);

    /// <summary>Puts the next input samples in.</summary>
    public void Write(ReadOnlySpan<float> samples)
    {
        if (_complete)
        {
            throw new InvalidOperationException("The input has been completed.");
        }

        _written += samples.Length;
        samples.CopyTo(Room(samples.Length));
    }

    /// <summary>Says that no more input follows.</summary>
    public void Complete()
    {
        _complete = true;
        Room(_taps).Clear();
    }

    /// <summary>Takes as many output samples as are ready and fit.</summary>
    /// <returns>The number of samples; 0 when more input is needed or all has been taken.</returns>
    public int Read(Span<float> samples)
    {
        long left = _complete ? OutputLength(_written) - _produced : long.MaxValue;
        int wanted = (int)Math.Min(samples.Length, left);
        int count = 0;
        while (count < wanted)
        {
            long first = _whole - _before - _bufferStart;
            if (first + _taps > _buffered)
            {
                break;
            }

            samples[count++] = Filter(_buffer.AsSpan((int)first, _taps));
            _fraction += _numerator;
            _whole += Math.DivRem(_fraction, _denominator, out _fraction);
        }

        _produced += count;
        return count;
    }

    /// <summary>The sum of products of two equally long runs whose length is a multiple of 16: the same bits on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ref float a = ref MemoryMarshal.GetReference(left);
        ref float b = ref MemoryMarshal.GetReference(right);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> all = default;
            for (nuint i = 0; i < (nuint)left.Length; i += Lanes)
            {
                all += Vector512.LoadUnsafe(ref a, i) * Vector512.LoadUnsafe(ref b, i);
            }

            Vector256<float> half = all.GetLower() + all.GetUpper();
            return Sum(half.GetLower() + half.GetUpper());
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> low = default;
            Vector256<float> high = default;
            for (nuint i = 0; i < (nuint)left.Length; i += Lanes)
            {
                low += Vector256.LoadUnsafe(ref a, i) * Vector256.LoadUnsafe(ref b, i);
                high += Vector256.LoadUnsafe(ref a, i + 8) * Vector256.LoadUnsafe(ref b, i + 8);
            }

            Vector256<float> eight = low + high;
            return Sum(eight.GetLower() + eight.GetUpper());
        }

        Vector128<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint i = 0; i < (nuint)left.Length; i += Lanes)
        {
            s0 += Vector128.LoadUnsafe(ref a, i) * Vector128.LoadUnsafe(ref b, i);
            s1 += Vector128.LoadUnsafe(ref a, i + 4) * Vector128.LoadUnsafe(ref b, i + 4);
            s2 += Vector128.LoadUnsafe(ref a, i + 8) * Vector128.LoadUnsafe(ref b, i + 8);
            s3 += Vector128.LoadUnsafe(ref a, i + 12) * Vector128.LoadUnsafe(ref b, i + 12);
        }

        return Sum(s0 + s2 + (s1 + s3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector128<float> four) => four[0] + four[2] + (four[1] + four[3]);

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private float Filter(ReadOnlySpan<float> samples)
    {
        if (_phases == _denominator)
        {
            return Dot(samples, Phase(_fraction));
        }

        double position = _fraction / (double)_denominator * _phases;
        int phase = (int)position;
        float lower = Dot(samples, Phase(phase));
        float upper = Dot(samples, Phase(phase + 1));
        return lower + ((float)(position - phase) * (upper - lower));
    }

    private ReadOnlySpan<float> Phase(int phase) => _bank.AsSpan(phase * _taps, _taps);

    // Row p filters for an output sample that lies p/phases after an input sample; one row more than phases, for the
    // interpolation. Each row sums to 1, so that a constant stays exactly constant.
    private float[] MakeBank(KaiserSinc filter)
    {
        var bank = new float[(_phases + 1) * _taps];
        var row = new double[_taps];
        for (int phase = 0; phase <= _phases; phase++)
        {
            double sum = 0;
            for (int tap = 0; tap < _taps; tap++)
            {
                row[tap] = filter[(phase / (double)_phases) + _before - tap];
                sum += row[tap];
            }

            for (int tap = 0; tap < _taps; tap++)
            {
                bank[(phase * _taps) + tap] = (float)(row[tap] / sum);
            }
        }

        return bank;
    }

    // Drops what no output sample needs any more, and makes room at the end.
    private Span<float> Room(int count)
    {
        int used = (int)Math.Min(_whole - _before - _bufferStart, _buffered);
        if (used > 0)
        {
            _buffer.AsSpan(used, _buffered - used).CopyTo(_buffer);
            _buffered -= used;
            _bufferStart += used;
        }

        if (_buffer.Length - _buffered < count)
        {
            float[] before = _buffer;
            _buffer = GC.AllocateArray<float>(2 * (_buffered + count), pinned: true);
            before.AsSpan(0, _buffered).CopyTo(_buffer);
            Array.Clear(before);
        }

        Span<float> room = _buffer.AsSpan(_buffered, count);
        _buffered += count;
        return room;
    }
}
