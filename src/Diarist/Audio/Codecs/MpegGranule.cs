namespace Diarist.Audio.Codecs;

/// <summary>What the side information of layer III (ISO/IEC 11172-3, section 2.4.1.7) says of one channel of one granule, and its scale factors.</summary>
internal sealed class MpegGranule
{
    /// <summary>Lines of the spectrum.</summary>
    public const int Lines = 576;

    /// <summary>The type of block that has three short windows.</summary>
    public const int ShortBlock = 2;

    /// <summary>Bits of the scale factors and the codes.</summary>
    public int Bits { get; private set; }

    /// <summary>Lines that are coded in pairs.</summary>
    public int PairLines { get; private set; }

    /// <summary>The gain of all lines, in quarters of a power of two; 210 is one.</summary>
    public int Gain { get; private set; }

    /// <summary>How many bits scale factors have.</summary>
    public int Compress { get; private set; }

    /// <summary>The window: 0 long, 1 long before short, 2 short, 3 long after short.</summary>
    public int BlockType { get; private set; }

    /// <summary>How many of the lowest subbands have the window of a plain long block, whatever the others have.</summary>
    public int MixedSubbands { get; private set; }

    /// <summary>The tables of codes for the three ranges of lines.</summary>
    public int[] Tables { get; } = new int[3];

    /// <summary>The lines at which those ranges end.</summary>
    public int[] Ends { get; } = new int[3];

    /// <summary>How much softer each short window is, in powers of four.</summary>
    public int[] WindowGains { get; } = new int[3];

    /// <summary>Whether scale factors of high bands are larger by a fixed table.</summary>
    public bool HasEmphasis { get; set; }

    /// <summary>Quarters of a power of two for each step of a scale factor: 2 or 4.</summary>
    public int ScaleStep { get; private set; }

    /// <summary>Whether lines behind the pairs are coded by the second table for four values.</summary>
    public bool HasPlainQuads { get; private set; }

    /// <summary>Lines of each band.</summary>
    public byte[] Bands { get; private set; } = [];

    /// <summary>How many of the bands are those of a long block; the others come in threes, one for each short window.</summary>
    public int LongBands { get; private set; }

    /// <summary>The scale factor of each band.</summary>
    public int[] ScaleFactors { get; } = new int[MpegBands.MaxBands];

    /// <summary>The scale factor of each band that is no direction, where bands hold one sound for both channels.</summary>
    public int[] NoDirections { get; } = new int[MpegBands.MaxBands];

    /// <summary>The lines from the first to the last that is not zero, or some more.</summary>
    public int UsedLines { get; set; }

    /// <summary>Whether it has short windows.</summary>
    public bool IsShort => BlockType == ShortBlock;

    /// <summary>Reads the side information.</summary>
    /// <returns>Whether it is such as an encoder writes.</returns>
    public bool TryRead(ref BitReader bits, MpegBands bands, bool isMpeg1)
    {
        Bits = (int)bits.ReadUnsigned(12);
        PairLines = 2 * (int)bits.ReadUnsigned(9);
        Gain = (int)bits.ReadUnsigned(8);
        Compress = (int)bits.ReadUnsigned(isMpeg1 ? 4 : 9);
        bool hasWindow = bits.ReadUnsigned(1) != 0;
        (BlockType, MixedSubbands) = (0, 0);
        WindowGains.AsSpan().Clear();
        if (hasWindow)
        {
            BlockType = (int)bits.ReadUnsigned(2);
            MixedSubbands = bits.ReadUnsigned(1) != 0 ? bands.MixedSubbands : 0;
            (Tables[0], Tables[1], Tables[2]) = ((int)bits.ReadUnsigned(5), (int)bits.ReadUnsigned(5), 0);
            for (int window = 0; window < WindowGains.Length; window++)
            {
                WindowGains[window] = (int)bits.ReadUnsigned(3);
            }

            (Ends[0], Ends[1]) = (IsShort ? bands.ShortSplit : bands.LongSplit, Lines);
        }
        else
        {
            (Tables[0], Tables[1], Tables[2]) = ((int)bits.ReadUnsigned(5), (int)bits.ReadUnsigned(5), (int)bits.ReadUnsigned(5));
            int first = (int)bits.ReadUnsigned(4) + 1, second = first + (int)bits.ReadUnsigned(3) + 1;
            (Ends[0], Ends[1]) = (EndOf(bands.Long, first), EndOf(bands.Long, second));
        }

        Ends[2] = Lines;
        HasEmphasis = isMpeg1 && bits.ReadUnsigned(1) != 0;
        ScaleStep = bits.ReadUnsigned(1) != 0 ? 4 : 2;
        HasPlainQuads = bits.ReadUnsigned(1) != 0;
        (Bands, LongBands) = (IsShort, MixedSubbands > 0) switch
        {
            (false, _) => (bands.Long, bands.Long.Length),
            (true, false) => (bands.Short, 0),
            _ => (bands.Mixed, bands.MixedLong),
        };
        return PairLines <= Lines && !(hasWindow && BlockType == 0);
    }

    private static int EndOf(byte[] widths, int bands)
    {
        int end = 0;
        foreach (byte width in widths.AsSpan(0, Math.Min(bands, widths.Length)))
        {
            end += width;
        }

        return end;
    }
}
