using System.Globalization;

namespace Diarist.Audio.Codecs;

/// <summary>A table of codes for pairs of values in layer III: 0 to 15 by the code itself, more by bits that follow it.</summary>
internal sealed class MpegPairTable
{
    private const int Values = 256, Escape = 15, FirstWithExtraBits = 16;

    private static readonly MpegPairTable?[] All = ReadAll();

    // Two branches a node: another node, or the complement of a leaf's values.
    private readonly short[] _branches;
    private readonly (uint Code, int Length)[] _codes;
    private readonly int _extraBits;

    private MpegPairTable(short[] branches, (uint Code, int Length)[] codes, int extraBits) => (_branches, _codes, _extraBits) = (branches, codes, extraBits);

    private static ReadOnlySpan<byte> ExtraBits => [1, 2, 3, 4, 6, 8, 10, 13, 4, 5, 6, 7, 8, 9, 11, 13];

    /// <summary>The table of a number, 0 to 31; <see langword="null"/> for the three that stand for zeros and take no bits.</summary>
    public static MpegPairTable? Of(int number) => All[number];

    /// <summary>The number of the table that writes pairs in the fewest bits; one of them has codes for all values up to 8206.</summary>
    public static int ShortestFor(ReadOnlySpan<(int First, int Second)> pairs)
    {
        int shortest = 0;
        long fewest = pairs.ContainsAnyExcept((0, 0)) ? long.MaxValue : 0;
        for (int number = 1; number < All.Length; number++)
        {
            if (All[number]?.BitsFor(pairs) is long bits && bits < fewest)
            {
                (shortest, fewest) = (number, bits);
            }
        }

        return shortest;
    }

    /// <summary>Reads a pair with its signs.</summary>
    /// <returns>The bits that it took.</returns>
    public int Read(ref BitReader bits, out int first, out int second)
    {
        int node = 0, taken = 0;
        do
        {
            node = _branches[(2 * node) + (int)bits.ReadUnsigned(1)];
            taken++;
        }
        while (node >= 0);

        (first, second) = (~node >> 4, ~node & 15);
        return taken + ReadRest(ref bits, ref first) + ReadRest(ref bits, ref second);
    }

    /// <summary>Writes a pair with its signs; the table has a code for it.</summary>
    /// <returns>The bits that it took.</returns>
    public int Write(BitWriter bits, int first, int second)
    {
        (uint code, int length) = CodeOf(first, second);
        bits.Write(code, length);
        return length + WriteRest(bits, first) + WriteRest(bits, second);
    }

    // Without the signs, which all tables write alike; nothing when there is a pair without a code.
    private long? BitsFor(ReadOnlySpan<(int First, int Second)> pairs)
    {
        long sum = 0;
        int most = Escape + (_extraBits > 0 ? (1 << _extraBits) - 1 : 0);
        foreach ((int first, int second) in pairs)
        {
            int length = CodeOf(first, second).Length;
            if (length == 0 || Math.Max(Math.Abs(first), Math.Abs(second)) > most)
            {
                return null;
            }

            sum += length + (Math.Abs(first) >= Escape ? _extraBits : 0) + (Math.Abs(second) >= Escape ? _extraBits : 0);
        }

        return sum;
    }

    private (uint Code, int Length) CodeOf(int first, int second) => _codes[(Math.Min(Math.Abs(first), Escape) << 4) | Math.Min(Math.Abs(second), Escape)];

    private static MpegPairTable?[] ReadAll()
    {
        var all = new MpegPairTable?[32];
        foreach ((int table, string text) in MpegPairCodes.All)
        {
            (short[] branches, (uint, int)[] codes) = Parse(text);
            int last = table >= FirstWithExtraBits ? table + 7 : table;
            for (int number = table; number <= last; number++)
            {
                all[number] = new MpegPairTable(branches, codes, number >= FirstWithExtraBits ? ExtraBits[number - FirstWithExtraBits] : 0);
            }
        }

        return all;
    }

    // The codes of neighbours follow each other, so their lengths tell them.
    private static (short[] Branches, (uint Code, int Length)[] Codes) Parse(string text)
    {
        var branches = new List<short> { 0, 0 };
        var codes = new (uint, int)[Values];
        uint code = 0;
        for (int at = 0, previous = 0; at < text.Length; at += 3)
        {
            int length = text[at] <= '9' ? text[at] - '0' : text[at] - 'A' + 10;
            int value = int.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            code = at == 0 ? 0 : length >= previous ? (code + 1) << (length - previous) : (code + 1) >> (previous - length);
            previous = length;
            codes[value] = (code, length);
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

            branches[(2 * node) + (int)(code & 1)] = (short)~value;
        }

        return ([.. branches], codes);
    }

    private int ReadRest(ref BitReader bits, ref int value)
    {
        int taken = 0;
        if (value == Escape && _extraBits > 0)
        {
            value += (int)bits.ReadUnsigned(_extraBits);
            taken = _extraBits;
        }

        if (value == 0)
        {
            return taken;
        }

        value = bits.ReadUnsigned(1) == 0 ? value : -value;
        return taken + 1;
    }

    private int WriteRest(BitWriter bits, int value)
    {
        int taken = 0, magnitude = Math.Abs(value);
        if (magnitude >= Escape && _extraBits > 0)
        {
            bits.Write(magnitude - Escape, _extraBits);
            taken = _extraBits;
        }

        if (magnitude == 0)
        {
            return taken;
        }

        bits.Write(value < 0 ? 1 : 0, 1);
        return taken + 1;
    }
}
