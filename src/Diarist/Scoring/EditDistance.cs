namespace Diarist.Scoring;

/// <summary>
/// The Levenshtein distance of two sequences of words, 64 cells at a time: Myers' bit-vector algorithm (1999) in blocks, in
/// Hyyrö's formulation (2003) for whole sequences.
/// </summary>
internal static class EditDistance
{
    private const int BlockSize = 64;

    /// <summary>The least number of insertions, deletions and substitutions that turn one sequence into the other.</summary>
    public static int Compute(ReadOnlySpan<int> reference, ReadOnlySpan<int> hypothesis)
    {
        if (reference.Length > hypothesis.Length)
        {
            return Compute(hypothesis, reference);
        }

        if (reference.IsEmpty)
        {
            return hypothesis.Length;
        }

        int blocks = (reference.Length + BlockSize - 1) / BlockSize;
        var rowOfWord = new Dictionary<int, int>();
        ulong[] matches = Matches(reference, blocks, rowOfWord);
        ulong[] nothing = new ulong[blocks];

        // Vertical differences of the current column of the matrix: +1 in `up`, −1 in `down`.
        ulong[] up = new ulong[blocks];
        ulong[] down = new ulong[blocks];
        up.AsSpan().Fill(ulong.MaxValue);
        int lastBit = (reference.Length - 1) % BlockSize;
        int distance = reference.Length;
        foreach (int word in hypothesis)
        {
            ReadOnlySpan<ulong> equal = rowOfWord.TryGetValue(word, out int row) ? matches.AsSpan(row * blocks, blocks) : nothing;
            distance += NextColumn(equal, up, down, lastBit);
        }

        return distance;
    }

    /// <summary>Moves on by one column; gives the horizontal difference in the last row.</summary>
    private static int NextColumn(ReadOnlySpan<ulong> equal, ulong[] up, ulong[] down, int lastBit)
    {
        // The first row of the matrix grows by one with every column.
        ulong plusIn = 1;
        ulong minusIn = 0;
        for (int block = 0; block < up.Length; block++)
        {
            ulong pv = up[block];
            ulong mv = down[block];
            ulong eq = equal[block];
            ulong xv = eq | mv;
            eq |= minusIn;
            ulong xh = (((eq & pv) + pv) ^ pv) | eq;
            ulong ph = mv | ~(xh | pv);
            ulong mh = pv & xh;
            int outBit = block == up.Length - 1 ? lastBit : BlockSize - 1;
            ulong plusOut = (ph >> outBit) & 1;
            ulong minusOut = (mh >> outBit) & 1;
            ph = (ph << 1) | plusIn;
            mh = (mh << 1) | minusIn;
            up[block] = mh | ~(xv | ph);
            down[block] = ph & xv;
            plusIn = plusOut;
            minusIn = minusOut;
        }

        return (int)plusIn - (int)minusIn;
    }

    /// <summary>For each distinct word of the reference, a row of bits that says where it stands.</summary>
    private static ulong[] Matches(ReadOnlySpan<int> reference, int blocks, Dictionary<int, int> rowOfWord)
    {
        foreach (int word in reference)
        {
            rowOfWord.TryAdd(word, rowOfWord.Count);
        }

        ulong[] matches = new ulong[rowOfWord.Count * blocks];
        for (int i = 0; i < reference.Length; i++)
        {
            matches[(rowOfWord[reference[i]] * blocks) + (i / BlockSize)] |= 1UL << (i % BlockSize);
        }

        return matches;
    }
}
