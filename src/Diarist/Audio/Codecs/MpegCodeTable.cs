using System.Globalization;

namespace Diarist.Audio.Codecs;

/// <summary>A table of codes of layer III: each code stands for two values of 0 to 15, or for four of 0 and 1.</summary>
internal sealed class MpegCodeTable
{
    private const int RootBits = 9, Tables = 32, FirstWithExtraBits = 16;

    private static readonly MpegCodeTable?[] All = ReadAll();

    // By the next bits: a length and the values, or the complement of the node from which on longer codes are read.
    private readonly short[] _root = new short[1 << RootBits];

    // Two branches a node: another node, or the complement of a leaf's values.
    private readonly short[] _branches;

    private MpegCodeTable(string codes, int extraBits)
    {
        ExtraBits = extraBits;
        _branches = ReadTree(codes);
        for (int bits = 0; bits < _root.Length; bits++)
        {
            int node = 0, length = 0;
            while (node >= 0 && length < RootBits)
            {
                node = _branches[(2 * node) + (bits >> (RootBits - 1 - length) & 1)];
                length++;
            }

            _root[bits] = (short)(node < 0 ? length << 8 | ~node : ~node);
        }
    }

    /// <summary>The first of the two tables for four values of 0 and 1; in the second one each code is four bits, 0 for 1.</summary>
    public static MpegCodeTable Quads { get; } = new(MpegCodes.Quads, 0);

    /// <summary>Bits that follow a code for each of its values that is 15; none in some tables.</summary>
    public int ExtraBits { get; }

    private static ReadOnlySpan<byte> AllExtraBits => [1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13];

    /// <summary>The table of a number, 0 to 31; <see langword="null"/> for the three that stand for zeros and take no bits.</summary>
    public static MpegCodeTable? OfPairs(int number) => All[number];

    /// <summary>Looks up a code.</summary>
    /// <param name="bits">What follows in the stream, the next bit highest.</param>
    /// <param name="length">The bits of the code, at most 19.</param>
    /// <returns>The values, four bits each of a pair and one bit each of four.</returns>
    public int Find(uint bits, out int length)
    {
        int entry = _root[bits >> (32 - RootBits)];
        if (entry >= 0)
        {
            length = entry >> 8;
            return entry & 255;
        }

        int node = ~entry;
        length = RootBits;
        do
        {
            node = _branches[(2 * node) + (int)(bits << length >> 31)];
            length++;
        }
        while (node >= 0);

        return ~node;
    }

    private static MpegCodeTable?[] ReadAll()
    {
        var all = new MpegCodeTable?[Tables];
        foreach ((int table, string codes) in MpegCodes.Pairs)
        {
            int last = table >= FirstWithExtraBits ? table + 7 : table;
            for (int number = table; number <= last; number++)
            {
                all[number] = new MpegCodeTable(codes, number >= FirstWithExtraBits ? AllExtraBits[number - FirstWithExtraBits] : 0);
            }
        }

        return all;
    }

    // The codes of neighbours follow each other, so their lengths tell them.
    private static short[] ReadTree(string text)
    {
        var branches = new List<short> { 0, 0 };
        uint code = 0;
        for (int at = 0, previous = 0; at < text.Length; at += 3)
        {
            int length = text[at] <= '9' ? text[at] - '0' : text[at] - 'A' + 10;
            int values = int.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            code = at == 0 ? 0 : length >= previous ? (code + 1) << (length - previous) : (code + 1) >> (previous - length);
            previous = length;
            int node = 0;
            for (int bit = length - 1; bit > 0; bit--)
            {
                int branch = (2 * node) + (int)(code >> bit & 1);
                if (branches[branch] == 0)
                {
                    branches[branch] = (short)(branches.Count / 2);
                    branches.AddRange([0, 0]);
                }

                node = branches[branch];
            }

            branches[(2 * node) + (int)(code & 1)] = (short)~values;
        }

        return [.. branches];
    }
}
