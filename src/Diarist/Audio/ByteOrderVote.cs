namespace Diarist.Audio;

/// <summary>
/// Whether integers that should have their low byte first have it last. Sound is smooth: neighbours differ little beside
/// how much all samples vary. Read in the wrong order the low bytes lead, which are noise.
/// </summary>
internal static class ByteOrderVote
{
    // Of noise the mean square of differences is twice the variance, of speech less than a third of it.
    private const double Smooth = 0.6;
    private const double Rough = 1.2;
    private const int FewestFrames = 512;

    /// <summary>The vote of a run of frames.</summary>
    /// <param name="bytes">Whole frames.</param>
    /// <param name="sampleBytes">The size of a sample, 2 to 4 bytes.</param>
    /// <param name="channels">Samples per frame.</param>
    /// <returns>Whether the high byte comes first; <see langword="null"/> where both orders are as smooth.</returns>
    public static bool? IsHighFirst(ReadOnlySpan<byte> bytes, int sampleBytes, int channels)
    {
        if (bytes.Length < FewestFrames * sampleBytes * channels)
        {
            return null;
        }

        double lowFirst = Roughness(bytes, sampleBytes, channels, highFirst: false);
        double highFirst = Roughness(bytes, sampleBytes, channels, highFirst: true);
        return (lowFirst, highFirst) switch
        {
            ( > Rough, < Smooth) => true,
            ( < Smooth, > Rough) => false,
            _ => null,
        };
    }

    // The two leading bytes of each sample tell enough. NaN, which decides nothing, where nothing varies.
    private static double Roughness(ReadOnlySpan<byte> bytes, int sampleBytes, int channels, bool highFirst)
    {
        int count = bytes.Length / sampleBytes;
        double sum = 0;
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < count; i++)
        {
            double value = Lead(bytes, i * sampleBytes, sampleBytes, highFirst);
            sum += value;
            squares += value * value;
            if (i >= channels)
            {
                double step = value - Lead(bytes, (i - channels) * sampleBytes, sampleBytes, highFirst);
                differences += step * step;
            }
        }

        return differences / (squares - (sum * sum / count));
    }

    private static short Lead(ReadOnlySpan<byte> bytes, int at, int sampleBytes, bool highFirst) => highFirst
        ? (short)((bytes[at] << 8) | bytes[at + 1])
        : (short)((bytes[at + sampleBytes - 1] << 8) | bytes[at + sampleBytes - 2]);
}
