namespace Diarist.Audio;

/// <summary>How one channel of a block will be coded: the cheapest of a constant, fixed prediction, linear prediction and plain samples.</summary>
internal sealed class FlacSubframePlan
{
    private const int HeaderBits = 8;
    private const int MaxFixedOrder = 4;

    private readonly int[] _samples;
    private readonly int _bitsPerSample;
    private readonly Action<BitWriter> _write;

    private FlacSubframePlan(int[] samples, int bitsPerSample)
    {
        _samples = samples;
        _bitsPerSample = bitsPerSample;
        Bits = HeaderBits + ((long)samples.Length * bitsPerSample);
        _write = WriteVerbatim;
        if (!samples.AsSpan().ContainsAnyExcept(samples[0]))
        {
            Bits = HeaderBits + bitsPerSample;
            _write = WriteConstant;
            return;
        }

        (int order, int[] residual) = BestFixed();
        RicePartitions rice = RicePartitions.Choose(residual, order);
        long bits = HeaderBits + (order * bitsPerSample) + rice.Bits;
        if (bits < Bits)
        {
            Bits = bits;
            _write = writer => WriteFixed(writer, order, residual, rice);
        }

        if (LinearPredictor.Fit(samples, bitsPerSample) is { } predictor)
        {
            int[] better = predictor.Residual(samples);
            RicePartitions betterRice = RicePartitions.Choose(better, predictor.Coefficients.Length);
            bits = HeaderBits + 9 + (predictor.Coefficients.Length * (bitsPerSample + LinearPredictor.Precision)) + betterRice.Bits;
            if (bits < Bits)
            {
                Bits = bits;
                _write = writer => WriteLinear(writer, predictor, better, betterRice);
            }
        }
    }

    /// <summary>What it will cost, estimated.</summary>
    public long Bits { get; }

    /// <summary>Plans a block of at least one sample.</summary>
    public static FlacSubframePlan For(int[] samples, int bitsPerSample) => new(samples, bitsPerSample);

    /// <summary>Writes the subframe.</summary>
    public void Write(BitWriter bits) => _write(bits);

    private (int Order, int[] Residual) BestFixed()
    {
        int[] difference = _samples;
        (int Order, int[] Residual) best = (0, _samples);
        long smallest = Magnitude(_samples);
        for (int order = 1; order <= MaxFixedOrder && order < _samples.Length; order++)
        {
            var next = new int[difference.Length - 1];
            for (int i = 0; i < next.Length; i++)
            {
                next[i] = difference[i + 1] - difference[i];
            }

            difference = next;
            long magnitude = Magnitude(next);
            if (magnitude < smallest)
            {
                smallest = magnitude;
                best = (order, next);
            }
        }

        return best;
    }

    private static long Magnitude(int[] residual)
    {
        long sum = 0;
        foreach (int value in residual)
        {
            sum += Math.Abs(value);
        }

        return sum;
    }

    private void WriteConstant(BitWriter bits)
    {
        WriteHeader(bits, type: 0);
        bits.Write(_samples[0], _bitsPerSample);
    }

    private void WriteVerbatim(BitWriter bits)
    {
        WriteHeader(bits, type: 1);
        WriteSamples(bits, _samples);
    }

    private void WriteFixed(BitWriter bits, int order, int[] residual, RicePartitions rice)
    {
        WriteHeader(bits, type: 8 + order);
        WriteSamples(bits, _samples.AsSpan(0, order));
        rice.Write(bits, residual, order);
    }

    private void WriteLinear(BitWriter bits, LinearPredictor predictor, int[] residual, RicePartitions rice)
    {
        int order = predictor.Coefficients.Length;
        WriteHeader(bits, type: 31 + order);
        WriteSamples(bits, _samples.AsSpan(0, order));
        bits.Write(LinearPredictor.Precision - 1, 4);
        bits.Write(predictor.Shift, 5);
        foreach (int coefficient in predictor.Coefficients)
        {
            bits.Write(coefficient, LinearPredictor.Precision);
        }

        rice.Write(bits, residual, order);
    }

    private static void WriteHeader(BitWriter bits, int type) => bits.Write(type << 1, HeaderBits);

    private void WriteSamples(BitWriter bits, ReadOnlySpan<int> samples)
    {
        foreach (int sample in samples)
        {
            bits.Write(sample, _bitsPerSample);
        }
    }
}
