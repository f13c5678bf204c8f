namespace Diarist.Audio.Codecs;

/// <summary>Reads the scale factors of layer III (ISO/IEC 11172-3, section 2.4.2.7; 13818-3, section 2.4.3.2).</summary>
internal static class MpegScaleFactors
{
    // Bits of the scale factors of low and of high bands, by the number in the side information.
    private static ReadOnlySpan<byte> LowBits => [0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4];

    private static ReadOnlySpan<byte> HighBits => [0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3];

    // Of MPEG 2 how many scale factors have each of four lengths, in six ways: long, short and mixed blocks.
    private static ReadOnlySpan<byte> LongCounts => [6, 5, 5, 5, 6, 5, 7, 3, 11, 10, 0, 0, 7, 7, 7, 0, 6, 6, 6, 3, 8, 8, 5, 0];

    private static ReadOnlySpan<byte> ShortCounts => [9, 9, 9, 9, 9, 9, 12, 6, 18, 18, 0, 0, 12, 12, 12, 0, 12, 9, 9, 6, 15, 12, 9, 0];

    private static ReadOnlySpan<byte> MixedCounts => [6, 9, 9, 9, 6, 9, 12, 6, 15, 18, 0, 0, 6, 15, 12, 0, 6, 12, 9, 6, 6, 18, 9, 0];

    /// <summary>Reads those of MPEG 1.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="granule">Receives them.</param>
    /// <param name="before">The granule of the same frame and channel before it, if any.</param>
    /// <param name="isRepeated">For each of four groups of long bands whether it has those of <paramref name="before"/>.</param>
    public static void Read(ref BitReader bits, MpegGranule granule, MpegGranule? before, ReadOnlySpan<bool> isRepeated)
    {
        const int NoDirection = 7;
        int low = LowBits[granule.Compress], high = HighBits[granule.Compress];
        Span<int> factors = granule.ScaleFactors;
        factors.Clear();
        granule.NoDirections.AsSpan().Fill(NoDirection);
        if (granule.IsShort)
        {
            // Up to the sixth range of frequencies; the last one has none.
            int lowCount = granule.LongBands + (3 * 6) - (granule.LongBands > 0 ? 3 * 3 : 0);
            Read(ref bits, factors[..lowCount], low);
            Read(ref bits, factors.Slice(lowCount, 3 * 6), high);
            return;
        }

        ReadOnlySpan<int> groups = [0, 6, 11, 16, 21];
        for (int group = 0; group < isRepeated.Length; group++)
        {
            Span<int> some = factors[groups[group]..groups[group + 1]];
            if (before is not null && isRepeated[group])
            {
                before.ScaleFactors.AsSpan(groups[group], some.Length).CopyTo(some);
            }
            else
            {
                Read(ref bits, some, group < 2 ? low : high);
            }
        }
    }

    /// <summary>Reads those of MPEG 2 and 2.5.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="granule">Receives them.</param>
    /// <param name="isIntensity">Whether it is the second channel of a frame in which bands may hold one sound for both.</param>
    public static void ReadLow(ref BitReader bits, MpegGranule granule, bool isIntensity)
    {
        int compress = granule.Compress, half = compress >> 1;
        (int a, int b, int c, int d, int way) = (isIntensity, isIntensity ? half : compress) switch
        {
            (true, < 180) => (half / 36, half % 36 / 6, half % 6, 0, 3),
            (true, < 244) => ((half - 180) >> 4, ((half - 180) & 15) >> 2, (half - 180) & 3, 0, 4),
            (true, _) => ((half - 244) / 3, (half - 244) % 3, 0, 0, 5),
            (false, < 400) => ((compress >> 4) / 5, (compress >> 4) % 5, (compress & 15) >> 2, compress & 3, 0),
            (false, < 500) => (((compress - 400) >> 2) / 5, ((compress - 400) >> 2) % 5, (compress - 400) & 3, 0, 1),
            _ => ((compress - 500) / 3, (compress - 500) % 3, 0, 0, 2),
        };
        granule.HasEmphasis = way == 2;
        ReadOnlySpan<byte> counts = !granule.IsShort ? LongCounts : granule.LongBands > 0 ? MixedCounts : ShortCounts;
        ReadOnlySpan<int> lengths = [a, b, c, d];
        Span<int> factors = granule.ScaleFactors, noDirections = granule.NoDirections;
        factors.Clear();
        noDirections.Fill(int.MaxValue);
        for (int part = 0, next = 0; part < lengths.Length; part++)
        {
            int count = counts[(4 * way) + part], length = lengths[part];
            Read(ref bits, factors.Slice(next, count), length);
            if (length > 0)
            {
                noDirections.Slice(next, count).Fill((1 << length) - 1);
            }

            next += count;
        }
    }

    private static void Read(ref BitReader bits, Span<int> factors, int length)
    {
        foreach (ref int factor in factors)
        {
            factor = (int)bits.ReadUnsigned(length);
        }
    }
}
