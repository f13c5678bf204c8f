namespace Diarist.Audio.Codecs;

/// <summary>The bands of layer III (ISO/IEC 11172-3, table B.8; 13818-3, table B.2; with MPEG 2.5) in the order of the stream. All lines of a band have one scale factor.</summary>
internal sealed class MpegBands
{
    /// <summary>The most bands of a granule.</summary>
    public const int MaxBands = 39;

    private const int ShortWindows = 3;

    private static readonly MpegBands[] All = [.. Enumerable.Range(0, 9).Select(rate => new MpegBands(rate))];

    private MpegBands(int rate)
    {
        bool isMpeg1 = rate < 3;
        Long = LongWidths(rate).ToArray();
        Short = Threefold(ShortWidths(rate));

        // The short bands from the fourth on follow the long ones that end where it begins.
        MixedLong = isMpeg1 ? 8 : 6;
        Mixed = [.. Long.AsSpan(0, MixedLong), .. Short.AsSpan(3 * ShortWindows)];
        MixedSubbands = Long.Take(MixedLong).Sum(width => width) / MpegHybrid.Slots;
        LongSplit = Long.Take(8).Sum(width => width);
        ShortSplit = Short.Take(3 * ShortWindows).Sum(width => width);
    }

    /// <summary>Lines of each band of a long block.</summary>
    public byte[] Long { get; }

    /// <summary>Lines of each band of a short block: three windows for each range of frequencies.</summary>
    public byte[] Short { get; }

    /// <summary>Lines of each band of a mixed block.</summary>
    public byte[] Mixed { get; }

    /// <summary>How many bands of a mixed block are those of a long one.</summary>
    public int MixedLong { get; }

    /// <summary>How many subbands those are.</summary>
    public int MixedSubbands { get; }

    /// <summary>The line from which on a long block with a window of its own has its second table of codes.</summary>
    public int LongSplit { get; }

    /// <summary>The line from which on a short block has its second table of codes.</summary>
    public int ShortSplit { get; }

    /// <summary>The bands for the sample rate of a frame.</summary>
    public static MpegBands Of(MpegHeader header) => All[header.SampleRateIndex + header.Version switch
    {
        NLayer.MpegVersion.Version1 => 0,
        NLayer.MpegVersion.Version2 => 3,
        _ => 6,
    }];

    // 44.1, 48 and 32 kHz, then half of each, then a quarter.
    private static ReadOnlySpan<byte> LongWidths(int rate) => rate switch
    {
        0 => [4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158],
        1 => [4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192],
        2 => [4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26],
        4 => [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36],
        8 => [12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2],
        _ => [6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54],
    };

    private static ReadOnlySpan<byte> ShortWidths(int rate) => rate switch
    {
        0 => [4, 4, 4, 4, 6, 8, 10, 12, 14, 18, 22, 30, 56],
        1 => [4, 4, 4, 4, 6, 6, 10, 12, 14, 16, 20, 26, 66],
        2 => [4, 4, 4, 4, 6, 8, 12, 16, 20, 26, 34, 42, 12],
        3 => [4, 4, 4, 6, 6, 8, 10, 14, 18, 26, 32, 42, 18],
        4 => [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 32, 44, 12],
        8 => [8, 8, 8, 12, 16, 20, 24, 28, 36, 2, 2, 2, 26],
        _ => [4, 4, 4, 6, 8, 10, 12, 14, 18, 24, 30, 40, 18],
    };

    private static byte[] Threefold(ReadOnlySpan<byte> widths)
    {
        var all = new byte[ShortWindows * widths.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = widths[i / ShortWindows];
        }

        return all;
    }
}
