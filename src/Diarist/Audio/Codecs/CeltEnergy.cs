using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The energies of bands (RFC 6716, section 4.3.2), as logarithms of amplitudes to the base 2 beside the mean of each band. They are coded by their
/// differences from those of the frame before, coarse at first and then finer.
/// </summary>
internal sealed class CeltEnergy
{
    private const int Bands = CeltTables.Bands, All = 2 * Bands;
    private const float Silence = -28, LowestReference = -9;

    // Of one energy: the probability of no difference and the decay of larger ones, for each band; first after other frames, then by themselves.
    private static readonly byte[][] Models =
    [
        [
            72, 127, 65, 129, 66, 128, 65, 128, 64, 128, 62, 128, 64, 128, 64, 128, 92, 78, 92, 79, 92, 78, 90, 79, 116, 41, 115, 40,
            114, 40, 132, 26, 132, 26, 145, 17, 161, 12, 176, 10, 177, 11,
        ],
        [
            24, 179, 48, 138, 54, 135, 54, 132, 53, 134, 56, 133, 55, 132, 55, 132, 61, 114, 70, 96, 74, 88, 75, 88, 87, 74, 89, 66,
            91, 67, 100, 59, 108, 50, 120, 40, 122, 37, 97, 43, 78, 50,
        ],
        [
            83, 78, 84, 81, 88, 75, 86, 74, 87, 71, 90, 73, 93, 74, 93, 74, 109, 40, 114, 36, 117, 34, 117, 34, 143, 17, 145, 18,
            146, 19, 162, 12, 165, 10, 178, 7, 189, 6, 190, 8, 177, 9,
        ],
        [
            23, 178, 54, 115, 63, 102, 66, 98, 69, 99, 74, 89, 71, 91, 73, 91, 78, 89, 86, 80, 92, 66, 93, 64, 102, 59, 103, 60,
            104, 60, 117, 52, 123, 44, 138, 35, 133, 31, 97, 38, 77, 45,
        ],
        [
            61, 90, 93, 60, 105, 42, 107, 41, 110, 45, 116, 38, 113, 38, 112, 38, 124, 26, 132, 27, 136, 19, 140, 20, 155, 14, 159, 16,
            158, 18, 170, 13, 177, 10, 187, 8, 192, 6, 175, 9, 159, 10,
        ],
        [
            21, 178, 59, 110, 71, 86, 75, 85, 84, 83, 91, 66, 88, 73, 87, 72, 92, 75, 98, 72, 105, 58, 107, 54, 115, 52, 114, 55,
            112, 56, 129, 51, 132, 40, 150, 33, 140, 29, 98, 35, 77, 42,
        ],
        [
            42, 121, 96, 66, 108, 43, 111, 40, 117, 44, 123, 32, 120, 36, 119, 33, 127, 33, 134, 34, 139, 21, 147, 23, 152, 20, 158, 25,
            154, 26, 166, 21, 173, 16, 184, 13, 184, 10, 150, 13, 139, 15,
        ],
        [
            22, 178, 63, 114, 74, 82, 84, 83, 92, 82, 103, 62, 96, 72, 96, 67, 101, 73, 107, 72, 113, 55, 118, 52, 125, 52, 118, 52,
            117, 55, 135, 49, 137, 39, 157, 32, 145, 29, 97, 33, 77, 40,
        ],
    ];

    // How much of the frame before is taken, and how much of a difference is not handed on to the next band.
    private static readonly float[] Predictions = [29440 / 32768f, 26112 / 32768f, 21248 / 32768f, 16384 / 32768f];
    private static readonly float[] Decays = [30147 / 32768f, 22282 / 32768f, 12124 / 32768f, 6554 / 32768f];

    /// <summary>The energies of this frame: those of the first channel, then those of the second.</summary>
    public float[] Now { get; } = new float[All];

    /// <summary>Those of the last frame with a long block, or the smallest since then.</summary>
    public float[] Before { get; } = new float[All];

    /// <summary>Those before them.</summary>
    public float[] Earlier { get; } = new float[All];

    /// <summary>The amplitude of a logarithm to the base 2, at most 2 to the power of 32; by a series, which is the same on every machine.</summary>
    public static float AmplitudeOf(float log)
    {
        const double Ln2 = 0.693147180559945309;
        float most = Math.Min(log, 32), whole = MathF.Round(most);
        double x = (most - whole) * Ln2;
        double power = 1 + (x * (1 + (x / 2 * (1 + (x / 3 * (1 + (x / 4 * (1 + (x / 5 * (1 + (x / 6 * (1 + (x / 7 * (1 + (x / 8)))))))))))))));
        return (float)Math.ScaleB(power, (int)whole);
    }

    /// <summary>Forgets all frames.</summary>
    public void Reset()
    {
        Now.AsSpan().Clear();
        Before.AsSpan().Fill(Silence);
        Earlier.AsSpan().Fill(Silence);
    }

    /// <summary>Begins a frame of one channel after frames of two.</summary>
    public void MergeChannels()
    {
        for (int band = 0; band < Bands; band++)
        {
            Now[band] = Math.Max(Now[band], Now[Bands + band]);
        }
    }

    /// <summary>Reads the coarse energies, in steps of 6 dB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadCoarse(ref CeltRangeDecoder range, CeltFrame frame, bool isByItself)
    {
        byte[] model = Models[(2 * frame.Scale) + (isByItself ? 1 : 0)];
        float prediction = isByItself ? 0 : Predictions[frame.Scale], decay = isByItself ? 4915 / 32768f : Decays[frame.Scale];
        Span<float> trend = stackalloc float[2];
        trend.Clear();
        for (int band = 0; band < frame.EndBand; band++)
        {
            for (int channel = 0; channel < frame.Channels; channel++)
            {
                int difference = ReadDifference(ref range, model, band);
                ref float energy = ref Now[(channel * Bands) + band];
                energy = (prediction * Math.Max(LowestReference, energy)) + trend[channel] + difference;
                trend[channel] += difference - (decay * difference);
            }
        }
    }

    /// <summary>Reads the fine parts for which bits were set aside.</summary>
    public void ReadFine(ref CeltRangeDecoder range, CeltFrame frame)
    {
        for (int band = 0; band < frame.EndBand; band++)
        {
            int bits = frame.FineBits[band];
            if (bits <= 0 || range.Tell + (frame.Channels * bits) > range.TotalBits)
            {
                continue;
            }

            for (int channel = 0; channel < frame.Channels; channel++)
            {
                Now[(channel * Bands) + band] += ((range.ReadRaw(bits) + 0.5f) / (1 << bits)) - 0.5f;
            }
        }
    }

    /// <summary>Spends the bits that are left on bands that were rounded down, and then on others.</summary>
    public void ReadFinal(ref CeltRangeDecoder range, CeltFrame frame)
    {
        int left = range.TotalBits - range.Tell;
        for (int turn = 0; turn < 2; turn++)
        {
            for (int band = 0; band < frame.EndBand && left >= frame.Channels; band++)
            {
                if (frame.FineBits[band] >= CeltTables.MaxFineBits || frame.IsLate[band] != (turn == 1))
                {
                    continue;
                }

                for (int channel = 0; channel < frame.Channels; channel++, left--)
                {
                    Now[(channel * Bands) + band] += (range.ReadRaw(1) - 0.5f) / (2 << frame.FineBits[band]);
                }
            }
        }
    }

    /// <summary>Ends a frame.</summary>
    public void Finish(CeltFrame frame)
    {
        if (frame.Channels == 1)
        {
            Now.AsSpan(0, Bands).CopyTo(Now.AsSpan(Bands));
        }

        if (frame.IsSilent)
        {
            Now.AsSpan().Fill(Silence);
        }

        if (frame.IsTransient)
        {
            for (int i = 0; i < All; i++)
            {
                Before[i] = Math.Min(Before[i], Now[i]);
            }
        }
        else
        {
            Before.CopyTo(Earlier.AsSpan());
            Now.CopyTo(Before.AsSpan());
        }

        for (int channel = 0; channel < 2; channel++)
        {
            int end = (channel * Bands) + frame.EndBand, rest = Bands - frame.EndBand;
            Now.AsSpan(end, rest).Clear();
            Before.AsSpan(end, rest).Fill(Silence);
            Earlier.AsSpan(end, rest).Fill(Silence);
        }
    }

    // Where bits run out, what can be told becomes less.
    private static int ReadDifference(ref CeltRangeDecoder range, byte[] model, int band)
    {
        int left = range.TotalBits - range.Tell;
        switch (left)
        {
            case >= 15:
                return ReadLaplace(ref range, (uint)model[2 * band] << 7, model[(2 * band) + 1] << 6);
            case >= 2:
                int symbol = range.ReadSymbol([2, 1, 0], 2);
                return (symbol >> 1) ^ -(symbol & 1);
            case 1:
                return range.ReadBit(1) ? -1 : 0;
            default:
                return -1;
        }
    }

    // Zero, then magnitudes that are less and less probable, each with both signs; sixteen are kept possible.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int ReadLaplace(ref CeltRangeDecoder range, uint zero, int decay)
    {
        const int Bits = 15;
        const uint Total = 1U << Bits, Kept = 2 * 16;
        uint at = range.FindBits(Bits), low = 0, width = zero;
        int value = 0;
        if (at >= zero)
        {
            value = 1;
            low = zero;
            width = ((Total - Kept - zero) * (uint)(16384 - decay) >> Bits) + 1;
            while (width > 1 && at >= low + (2 * width))
            {
                low += 2 * width;
                width = (((2 * width) - 2) * (uint)decay >> Bits) + 1;
                value++;
            }

            if (width <= 1)
            {
                uint further = (at - low) >> 1;
                value += (int)further;
                low += 2 * further;
            }

            if (at < low + width)
            {
                value = -value;
            }
            else
            {
                low += width;
            }
        }

        range.Take(low, Math.Min(low + width, Total), Total);
        return value;
    }
}
