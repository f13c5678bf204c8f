namespace Diarist.Audio.Codecs;

/// <summary>Which blocks of a band may be filled, a bit for each, and what becomes of the bits when a band is halved or its blocks are joined and split.</summary>
internal static class CeltBlocks
{
    private const int Pairs = 4;

    /// <summary>The blocks that the two halves of a band, or its two channels, can fill under an angle: those of the first, then those of the second.</summary>
    public static uint FilledBy(CeltAngle angle, int blocks)
    {
        uint all = (1U << blocks) - 1;
        return angle.Value switch { 0 => all, CeltAngle.Right => all << blocks, _ => uint.MaxValue };
    }

    /// <summary>The bits of blocks that are joined two by two: a pair is filled if one of the two is.</summary>
    public static uint JoinPairs(uint fill)
    {
        uint joined = 0;
        for (int i = 0; i < Pairs; i++)
        {
            joined |= (fill >> (2 * i) & 3) != 0 ? 1U << i : 0;
        }

        return joined;
    }

    /// <summary>The bits of blocks that are split in two: both have that of the one they were.</summary>
    public static uint SplitPairs(uint filled)
    {
        uint split = 0;
        for (int i = 0; i < Pairs; i++)
        {
            split |= (filled >> i & 1) * 3 << (2 * i);
        }

        return split;
    }
}
