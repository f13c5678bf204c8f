namespace Diarist.Audio;

/// <summary>
/// Decodes one channel of a FLAC frame (RFC 9639, section 9.2). Samples are 64 bits wide throughout: a side channel
/// of a 32-bit recording has 33, and one path for all costs nothing measurable.
/// </summary>
internal sealed class FlacSubframe
{
    private const int MaxOrder = 32;

    // Fixed predictors, oldest sample first: the polynomials of degree 0 to 4 through the last samples.
    private static readonly long[][] FixedCoefficients = [[], [1], [-1, 2], [1, -3, 3], [-1, 4, -6, 4]];

    private readonly long[] _coefficients = new long[MaxOrder];

    /// <summary>Decodes <paramref name="samples"/>.Length samples of <paramref name="bitsPerSample"/> bits.</summary>
    /// <exception cref="FlacFrameException">What is wrong with the subframe.</exception>
    public void Decode(ref BitReader bits, Span<long> samples, int bitsPerSample)
    {
        bool padding = bits.ReadUnsigned(1) != 0;
        int type = (int)bits.ReadUnsigned(6);
        int wasted = bits.ReadUnsigned(1) != 0 ? (int)Math.Min(bits.ReadUnary() + 1, 64) : 0;
        bitsPerSample -= wasted;
        if (bits.Overrun)
        {
            return;
        }

        if (padding || bitsPerSample < 1)
        {
            throw new FlacFrameException("a subframe header is damaged");
        }

        switch (type)
        {
            case 0:
                samples.Fill(bits.ReadSigned(bitsPerSample));
                break;
            case 1:
                ReadSamples(ref bits, samples, bitsPerSample);
                break;
            case >= 8 and <= 12:
                Fixed(ref bits, samples, bitsPerSample, order: type - 8);
                break;
            case >= 32:
                LinearPrediction(ref bits, samples, bitsPerSample, order: type - 31);
                break;
            default:
                throw new FlacFrameException($"a subframe has the unknown type {type}");
        }

        if (wasted > 0)
        {
            foreach (ref long sample in samples)
            {
                sample <<= wasted;
            }
        }
    }

    private static void ReadSamples(ref BitReader bits, Span<long> samples, int bitsPerSample)
    {
        foreach (ref long sample in samples)
        {
            sample = bits.ReadSigned(bitsPerSample);
        }
    }

    private static void Fixed(ref BitReader bits, Span<long> samples, int bitsPerSample, int order)
    {
        RequireOrder(samples, order);
        ReadSamples(ref bits, samples[..order], bitsPerSample);
        ReadResidual(ref bits, samples, order);
        Restore(samples, FixedCoefficients[order], shift: 0);
    }

    private static void RequireOrder(Span<long> samples, int order)
    {
        if (order > samples.Length)
        {
            throw new FlacFrameException("a predictor is longer than its block");
        }
    }

    // The residual goes where its samples will be.
    private static void ReadResidual(ref BitReader bits, Span<long> samples, int order)
    {
        int method = (int)bits.ReadUnsigned(2);
        int partitions = 1 << (int)bits.ReadUnsigned(4);
        int perPartition = samples.Length / partitions;
        if (method > 1 || perPartition * partitions != samples.Length || perPartition < order)
        {
            throw new FlacFrameException("a residual is damaged");
        }

        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int start = order;
        for (int partition = 1; partition <= partitions && !bits.Overrun; partition++)
        {
            Span<long> part = samples[start..(partition * perPartition)];
            int parameter = (int)bits.ReadUnsigned(parameterBits);
            if (parameter == escape)
            {
                ReadSamples(ref bits, part, (int)bits.ReadUnsigned(5));
            }
            else
            {
                bits.ReadRice(part, parameter);
            }

            start += part.Length;
        }
    }

    private static void Restore(Span<long> samples, ReadOnlySpan<long> coefficients, int shift)
    {
        int order = coefficients.Length;
        for (int i = order; i < samples.Length; i++)
        {
            ReadOnlySpan<long> history = samples.Slice(i - order, order);
            long sum = 0;
            for (int k = 0; k < history.Length; k++)
            {
                sum += coefficients[k] * history[k];
            }

            samples[i] += sum >> shift;
        }
    }

    private void LinearPrediction(ref BitReader bits, Span<long> samples, int bitsPerSample, int order)
    {
        RequireOrder(samples, order);
        ReadSamples(ref bits, samples[..order], bitsPerSample);
        int precision = (int)bits.ReadUnsigned(4) + 1;
        int shift = (int)bits.ReadSigned(5);
        if (precision == 16 || shift < 0)
        {
            throw new FlacFrameException("a predictor is damaged");
        }

        // Stored newest sample first.
        Span<long> coefficients = _coefficients.AsSpan(0, order);
        for (int i = order - 1; i >= 0; i--)
        {
            coefficients[i] = bits.ReadSigned(precision);
        }

        ReadResidual(ref bits, samples, order);
        Restore(samples, coefficients, shift);
    }
}
