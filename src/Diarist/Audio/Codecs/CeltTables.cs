namespace Diarist.Audio.Codecs;

/// <summary>The bands of CELT at 48 kHz (RFC 6716, table 55) and what belongs to them. A frame is 120 samples times a power of two from 0 to 3, its scale.</summary>
internal static class CeltTables
{
    /// <summary>All bands.</summary>
    public const int Bands = 21;

    /// <summary>Samples of the shortest frame, and of a short block.</summary>
    public const int ShortSize = 120;

    /// <summary>The largest scale: 20 ms.</summary>
    public const int MaxScale = 3;

    /// <summary>Samples of the longest frame.</summary>
    public const int MaxSize = ShortSize << MaxScale;

    /// <summary>The most bits of the fine part of an energy.</summary>
    public const int MaxFineBits = 8;

    /// <summary>Rows of <see cref="Shares"/>.</summary>
    public const int Rates = 11;

    /// <summary>Where bands begin, in lines of the shortest frame; the last one ends at 20 kHz.</summary>
    public static ReadOnlySpan<byte> Edges => [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 34, 40, 48, 60, 78, 100];

    /// <summary>The logarithms to the base 2 of the bands' widths, in eighths.</summary>
    public static ReadOnlySpan<byte> WidthLogs => [0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 16, 16, 16, 21, 21, 24, 29, 34, 36];

    /// <summary>The bits that bands get at eleven rates, in 1/32 bit for each line (RFC 6716, table 57).</summary>
    public static ReadOnlySpan<byte> Shares =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        90, 80, 75, 69, 63, 56, 49, 40, 34, 29, 20, 18, 10, 0, 0, 0, 0, 0, 0, 0, 0,
        110, 100, 90, 84, 78, 71, 65, 58, 51, 45, 39, 32, 26, 20, 12, 0, 0, 0, 0, 0, 0,
        118, 110, 103, 93, 86, 80, 75, 70, 65, 59, 53, 47, 40, 31, 23, 15, 4, 0, 0, 0, 0,
        126, 119, 112, 104, 95, 89, 83, 78, 72, 66, 60, 54, 47, 39, 32, 25, 17, 12, 1, 0, 0,
        134, 127, 120, 114, 103, 97, 91, 85, 78, 72, 66, 60, 54, 47, 41, 35, 29, 23, 16, 10, 1,
        144, 137, 130, 124, 113, 107, 101, 95, 88, 82, 76, 70, 64, 57, 51, 45, 39, 33, 26, 15, 1,
        152, 145, 138, 132, 123, 117, 111, 105, 98, 92, 86, 80, 74, 67, 61, 55, 49, 43, 36, 20, 1,
        162, 155, 148, 142, 133, 127, 121, 115, 108, 102, 96, 90, 84, 77, 71, 65, 59, 53, 46, 30, 1,
        172, 165, 158, 152, 143, 137, 131, 125, 118, 112, 106, 100, 94, 87, 81, 75, 69, 63, 56, 45, 20,
        200, 200, 200, 200, 200, 200, 200, 200, 198, 193, 188, 183, 178, 173, 168, 163, 158, 153, 148, 129, 104,
    ];

    /// <summary>The mean energies of bands, as logarithms of amplitudes to the base 2 in sixteenths.</summary>
    public static ReadOnlySpan<byte> MeanEnergies => [103, 100, 92, 85, 81, 77, 72, 70, 78, 75, 73, 71, 78, 74, 69, 72, 70, 74, 76, 71, 60];

    // For each scale one row for mono and one for stereo: more bits than these serve a band for nothing.
    private static ReadOnlySpan<byte> Caps =>
    [
        224, 224, 224, 224, 224, 224, 224, 224, 160, 160, 160, 160, 185, 185, 185, 178, 178, 168, 134, 61, 37,
        224, 224, 224, 224, 224, 224, 224, 224, 240, 240, 240, 240, 207, 207, 207, 198, 198, 183, 144, 66, 40,
        160, 160, 160, 160, 160, 160, 160, 160, 185, 185, 185, 185, 193, 193, 193, 183, 183, 172, 138, 64, 38,
        240, 240, 240, 240, 240, 240, 240, 240, 207, 207, 207, 207, 204, 204, 204, 193, 193, 180, 143, 66, 40,
        185, 185, 185, 185, 185, 185, 185, 185, 193, 193, 193, 193, 193, 193, 193, 183, 183, 172, 138, 65, 39,
        207, 207, 207, 207, 207, 207, 207, 207, 204, 204, 204, 204, 201, 201, 201, 188, 188, 176, 141, 66, 40,
        193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 193, 194, 194, 194, 184, 184, 173, 139, 65, 39,
        204, 204, 204, 204, 204, 204, 204, 204, 201, 201, 201, 201, 198, 198, 198, 187, 187, 175, 140, 66, 40,
    ];

    /// <summary>Lines of a band in the shortest frame.</summary>
    public static int WidthOf(int band) => Edges[band + 1] - Edges[band];

    /// <summary>The most eighths of bits that a band can use, its channels together.</summary>
    public static int CapOf(int band, int scale, int channels) =>
        (Caps[(Bands * ((2 * scale) + channels - 1)) + band] + 64) * channels * (WidthOf(band) << scale) >> 2;
}
