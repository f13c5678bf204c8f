namespace Diarist.Scoring;

/// <summary>
/// Levenshtein alignment of two sequences of words under a rule about which may be paired. Of the alignments with the fewest
/// errors it takes one with the fewest substitutions; <see cref="Pairs"/>, when times are known, one whose words lie nearest in
/// time.
/// </summary>
internal static class WordAlignment
{
    /// <summary>Counts the errors of the best alignment.</summary>
    public static WordErrors Count<TRule>(int[] reference, int[] hypothesis, TRule rule)
        where TRule : IPairingRule
    {
        var rows = new AlignmentRows<TRule, long>(reference, hypothesis, rule);
        rows.Advance(reference.Length, steps: null);
        return rows.Errors;
    }

    /// <summary>Counts the errors of the best alignment where every pair is allowed.</summary>
    public static WordErrors Count(int[] reference, int[] hypothesis) =>
        Count(reference, hypothesis, Corridor.Find(reference, hypothesis));

    /// <summary>The pairs of the best alignment where every pair is allowed, last pair first.</summary>
    /// <param name="reference">The words of the reference.</param>
    /// <param name="hypothesis">The words of the hypothesis.</param>
    /// <param name="referenceTimes">When they were said, in whole units of time; empty when nobody knows.</param>
    /// <param name="hypothesisTimes">When these were said; empty when nobody knows.</param>
    public static List<(int Reference, int Hypothesis)> Pairs(int[] reference, int[] hypothesis, long[] referenceTimes, long[] hypothesisTimes) =>
        Pairs(reference, hypothesis, new NearestInTime<Corridor>(Corridor.Find(reference, hypothesis), referenceTimes, hypothesisTimes));

    /// <summary>The pairs of the best alignment under a rule, last pair first.</summary>
    /// <remarks>Steps are kept for a stretch of rows only and rows are computed twice, so that memory grows with n^1.5.</remarks>
    public static List<(int Reference, int Hypothesis)> Pairs<TRule>(int[] reference, int[] hypothesis, TRule rule)
        where TRule : IPairingRule
    {
        int stretch = Math.Max(1, (int)Math.Sqrt(reference.Length));
        var rows = new AlignmentRows<TRule, Int128>(reference, hypothesis, rule);
        var snapshots = new Stack<AlignmentRows<TRule, Int128>>();
        for (int row = 0; row < reference.Length; row = Math.Min(row + stretch, reference.Length))
        {
            snapshots.Push(rows.Copy());
            rows.Advance(Math.Min(row + stretch, reference.Length), steps: null);
        }

        var pairs = new List<(int Reference, int Hypothesis)>();
        int i = reference.Length;
        int j = hypothesis.Length;
        while (snapshots.TryPop(out AlignmentRows<TRule, Int128>? start))
        {
            int first = start.Row;
            var steps = new List<Step[]>();
            start.Advance(Math.Min(first + stretch, reference.Length), steps);
            while (i > first)
            {
                (int from, int to) = rule.Window(i - 1);
                Step step = j > to ? Step.Insertion : j <= from ? Step.Deletion : steps[i - 1 - first][j - 1 - from];
                i -= step == Step.Insertion ? 0 : 1;
                j -= step == Step.Deletion ? 0 : 1;
                if (step == Step.Pair)
                {
                    pairs.Add((i, j));
                }
            }
        }

        return pairs;
    }
}
