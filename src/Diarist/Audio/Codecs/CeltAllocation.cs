using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Divides the bits of a frame among its bands (RFC 6716, section 4.3.3): by a table of rates between two of which there is a way, tilted and boosted as the frame
/// says. Encoder and decoder come to the same result by whole numbers. The unit is an eighth of a bit.
/// </summary>
internal static class CeltAllocation
{
    private const int Eighths = CeltRangeDecoder.Eighths, One = 1 << Eighths, Bands = CeltTables.Bands, WaySteps = 6, FineOffset = 21;

    // Logarithms to the base 2 of the numbers from 1, rounded up.
    private static ReadOnlySpan<byte> Logs => [0, 8, 13, 16, 19, 21, 23, 24, 26, 27, 28, 29, 30, 31, 32, 32, 33, 34, 34, 35, 36, 36, 37, 37];

    /// <summary>Divides the bits, and reads where coded bands end and how channels are coupled.</summary>
    /// <param name="range">The frame's bits.</param>
    /// <param name="frame">The frame, whose shares are set.</param>
    /// <param name="boosts">What bands get beside their share.</param>
    /// <param name="caps">The most that they can use.</param>
    /// <param name="tilt">5 for none; less is more for low bands.</param>
    /// <param name="total">What there is.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(ref CeltRangeDecoder range, CeltFrame frame, scoped ReadOnlySpan<int> boosts, scoped ReadOnlySpan<int> caps, int tilt, int total)
    {
        total = Math.Max(total, 0);
        int end = frame.EndBand, channels = frame.Channels;
        int forSkipping = total >= One ? One : 0;
        total -= forSkipping;
        int forIntensity = 0, forDual = 0;
        if (channels == 2 && Logs[end] <= total)
        {
            forIntensity = Logs[end];
            total -= forIntensity;
            forDual = total >= One ? One : 0;
            total -= forDual;
        }

        Span<int> least = stackalloc int[Bands], low = stackalloc int[Bands], way = stackalloc int[Bands];
        int lastBoosted = FindRates(frame, boosts, caps, tilt, total, least, low, way);
        int sum = Interpolate(frame, caps, total, least, low, way);
        int coded = SkipBands(ref range, frame, least, lastBoosted, ref total, ref sum, ref forIntensity, forSkipping);

        frame.CodedBands = coded;
        frame.IntensityBand = forIntensity > 0 ? (int)range.ReadUniform((uint)coded + 1) : 0;
        if (frame.IntensityBand == 0)
        {
            total += forDual;
            forDual = 0;
        }

        frame.IsDual = forDual > 0 && range.ReadBit(1);
        ShareRest(frame, total - sum);
        SplitFine(frame, caps);
    }

    // Finds the two rates of the table between which the bits suffice; below its least number of bits a band gets no more than one for each channel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindRates(CeltFrame frame, ReadOnlySpan<int> boosts, ReadOnlySpan<int> caps, int tilt, int total, Span<int> least, Span<int> low, Span<int> way)
    {
        int end = frame.EndBand, channels = frame.Channels, scale = frame.Scale;
        Span<int> tilts = stackalloc int[Bands];
        for (int band = 0; band < end; band++)
        {
            int width = CeltTables.WidthOf(band);
            least[band] = Math.Max(channels * One, (3 * width << scale << Eighths) >> 4);
            tilts[band] = channels * width * (tilt - 5 - scale) * (end - band - 1) * (1 << (scale + Eighths)) >> 6;
            if (width << scale == 1)
            {
                tilts[band] -= channels * One;
            }
        }

        int first = 1, last = CeltTables.Rates - 1;
        while (first <= last)
        {
            int middle = (first + last) >> 1, sum = 0;
            bool isAbove = false;
            for (int band = end - 1; band >= 0; band--)
            {
                int bits = At(frame, middle, band, tilts[band]) + boosts[band];
                isAbove |= bits >= least[band];
                sum += isAbove ? Math.Min(bits, caps[band]) : bits >= channels * One ? channels * One : 0;
            }

            if (sum > total)
            {
                last = middle - 1;
            }
            else
            {
                first = middle + 1;
            }
        }

        int lastBoosted = 0, lower = first - 1;
        for (int band = 0; band < end; band++)
        {
            int from = At(frame, lower, band, tilts[band]) + (lower > 0 ? boosts[band] : 0);
            int to = first >= CeltTables.Rates ? Tilted(caps[band], tilts[band]) : At(frame, first, band, tilts[band]);
            low[band] = from;
            way[band] = Math.Max(0, to + boosts[band] - from);
            lastBoosted = boosts[band] > 0 ? band : lastBoosted;
        }

        return lastBoosted;
    }

    private static int At(CeltFrame frame, int rate, int band, int tilt) =>
        Tilted(frame.Channels * CeltTables.WidthOf(band) * CeltTables.Shares[(rate * Bands) + band] << frame.Scale >> 2, tilt);

    private static int Tilted(int bits, int tilt) => bits > 0 ? Math.Max(0, bits + tilt) : bits;

    // Goes the way from one rate to the next as far as the bits suffice, in 64 steps.
    private static int Interpolate(CeltFrame frame, ReadOnlySpan<int> caps, int total, ReadOnlySpan<int> least, ReadOnlySpan<int> low, ReadOnlySpan<int> way)
    {
        int from = 0, to = 1 << WaySteps;
        for (int i = 0; i < WaySteps; i++)
        {
            int middle = (from + to) >> 1;
            if (SetShares(frame, caps, least, low, way, middle) > total)
            {
                to = middle;
            }
            else
            {
                from = middle;
            }
        }

        return SetShares(frame, caps, least, low, way, from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int SetShares(CeltFrame frame, ReadOnlySpan<int> caps, ReadOnlySpan<int> least, ReadOnlySpan<int> low, ReadOnlySpan<int> way, int step)
    {
        int sum = 0, floor = frame.Channels * One;
        bool isAbove = false;
        for (int band = frame.EndBand - 1; band >= 0; band--)
        {
            int bits = low[band] + (step * way[band] >> WaySteps);
            isAbove |= bits >= least[band];
            bits = isAbove ? bits : bits >= floor ? floor : 0;
            bits = Math.Min(bits, caps[band]);
            frame.ShapeBits[band] = bits;
            sum += bits;
        }

        return sum;
    }

    // From the highest band down, bands go without a shape until one has enough bits and the frame says that it has one.
    private static int SkipBands(ref CeltRangeDecoder range, CeltFrame frame, scoped ReadOnlySpan<int> least, int lastBoosted, ref int total, ref int sum, ref int forIntensity, int forSkipping)
    {
        ReadOnlySpan<byte> edges = CeltTables.Edges;
        int floor = frame.Channels * One, coded = frame.EndBand;
        for (; coded - 1 > lastBoosted; coded--)
        {
            int band = coded - 1, width = edges[coded] - edges[band], left = total - sum;
            int each = left / edges[coded];
            left -= edges[coded] * each;
            int bits = frame.ShapeBits[band] + (each * width) + Math.Max(left - edges[band], 0);
            if (bits >= Math.Max(least[band], floor + One))
            {
                if (range.ReadBit(1))
                {
                    return coded;
                }

                sum += One;
                bits -= One;
            }

            sum -= frame.ShapeBits[band] + forIntensity;
            forIntensity = forIntensity > 0 ? Logs[band] : 0;
            frame.ShapeBits[band] = bits >= floor ? floor : 0;
            sum += forIntensity + frame.ShapeBits[band];
        }

        total += forSkipping;
        return coded;
    }

    // What is left goes to all lines alike, and the remainder to the lowest.
    private static void ShareRest(CeltFrame frame, int left)
    {
        int lines = CeltTables.Edges[frame.CodedBands], each = left / lines;
        left -= lines * each;
        for (int band = 0; band < frame.CodedBands; band++)
        {
            int width = CeltTables.WidthOf(band), more = Math.Min(left, width);
            frame.ShapeBits[band] += (each * width) + more;
            left -= more;
        }
    }

    // Takes the bits of fine energies from those of the shapes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SplitFine(CeltFrame frame, ReadOnlySpan<int> caps)
    {
        int channels = frame.Channels, balance = 0, stereo = channels - 1;
        for (int band = 0; band < frame.CodedBands; band++)
        {
            int size = CeltTables.WidthOf(band) << frame.Scale, bits = frame.ShapeBits[band] + balance, fine = 0, excess;
            bool isLate = true;
            if (size > 1)
            {
                excess = Math.Max(bits - caps[band], 0);
                bits -= excess;
                int freedoms = (channels * size) + (channels == 2 && size > 2 && !frame.IsDual && band < frame.IntensityBand ? 1 : 0);
                (fine, isLate) = FineOf(frame, band, size, freedoms, bits);
                bits -= channels * fine << Eighths;
            }
            else
            {
                excess = Math.Max(0, bits - (channels << Eighths));
                bits -= excess;
            }

            if (excess > 0)
            {
                int more = Math.Min(excess >> (stereo + Eighths), CeltTables.MaxFineBits - fine), spent = more * channels << Eighths;
                fine += more;
                isLate = spent >= excess - balance;
                excess -= spent;
            }

            balance = excess;
            (frame.ShapeBits[band], frame.FineBits[band], frame.IsLate[band]) = (bits, fine, isLate);
        }

        frame.Balance = balance;
        for (int band = frame.CodedBands; band < frame.EndBand; band++)
        {
            frame.FineBits[band] = frame.ShapeBits[band] >> stereo >> Eighths;
            frame.ShapeBits[band] = 0;
            frame.IsLate[band] = frame.FineBits[band] < 1;
        }
    }

    private static (int Bits, bool IsLate) FineOf(CeltFrame frame, int band, int size, int freedoms, int bits)
    {
        int logs = freedoms * (CeltTables.WidthLogs[band] + (frame.Scale << Eighths)), offset = (logs >> 1) - (freedoms * FineOffset);
        if (size == 2)
        {
            offset += freedoms << Eighths >> 2;
        }

        if (bits + offset < freedoms * 2 << Eighths)
        {
            offset += logs >> 2;
        }
        else if (bits + offset < freedoms * 3 << Eighths)
        {
            offset += logs >> 3;
        }

        int fine = Math.Max(0, bits + offset + (freedoms << (Eighths - 1))) / freedoms >> Eighths;
        if (frame.Channels * fine > bits >> Eighths)
        {
            fine = bits >> (frame.Channels - 1) >> Eighths;
        }

        fine = Math.Min(fine, CeltTables.MaxFineBits);
        return (fine, fine * (freedoms << Eighths) >= bits + offset);
    }
}
