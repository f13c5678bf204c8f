using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>What stands for parts of the spectrum without pulses (RFC 6716, section 4.3.4).</summary>
internal sealed class CeltNoise
{
    /// <summary>The number that the last noise was made of.</summary>
    public uint Seed { get; set; }

    /// <summary>Gives a part without pulses the shape of lower lines with very little noise, or of noise alone where there are none.</summary>
    /// <param name="lines">The part.</param>
    /// <param name="blocks">The number of its blocks, 1 to 16.</param>
    /// <param name="fold">The lower lines, as many as those of the part, or none.</param>
    /// <param name="gain">The root of the part's energy, 0 to 1.</param>
    /// <param name="fill">A bit for each block of the lower lines that is not empty.</param>
    /// <returns>A bit for each block of the part that is not empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint Fill(Span<float> lines, int blocks, ReadOnlySpan<float> fold, float gain, uint fill)
    {
        const float Trace = 1 / 256f;
        uint all = (1U << blocks) - 1, filled = fold.IsEmpty ? all : fill & all;
        if ((fill & all) == 0)
        {
            lines.Clear();
            return 0;
        }

        uint seed = Seed;
        for (int i = 0; i < lines.Length; i++)
        {
            seed = NextSeed(seed);
            lines[i] = fold.IsEmpty ? (int)seed >> 20 : fold[i] + ((seed & 0x8000) != 0 ? Trace : -Trace);
        }

        Seed = seed;
        CeltShape.Normalize(lines, gain);
        return filled;
    }

    /// <summary>The number after a number, of those that noise is made of.</summary>
    public static uint NextSeed(uint seed) => unchecked((1664525 * seed) + 1013904223);
}
