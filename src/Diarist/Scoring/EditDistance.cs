namespace Diarist.Scoring;

/// <summary>The Levenshtein distance of two sequences of words, in time n·m/64 and linear memory.</summary>
internal static class EditDistance
{
    /// <summary>The least number of insertions, deletions and substitutions that turn one sequence into the other.</summary>
    public static int Compute(int[] reference, int[] hypothesis)
    {
        (int[] across, int[] down) = reference.Length < hypothesis.Length ? (reference, hypothesis) : (hypothesis, reference);
        if (across.Length == 0)
        {
            return down.Length;
        }

        var columns = new EditColumns(across);
        foreach (int word in down)
        {
            columns.Advance(word);
        }

        return columns.Last;
    }
}
