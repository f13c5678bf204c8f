namespace Diarist.Tests.Reference;

/// <summary>The whole Levenshtein matrix, cell by cell: errors, and which of the alignments with that many is the best.</summary>
internal static class LevenshteinMatrix
{
    /// <summary>The fewest errors and, among alignments with as many, the fewest substitutions.</summary>
    public static (int Errors, int Substitutions) Compute(int[] reference, int[] hypothesis, Func<int, int, bool> mayPair)
    {
        (int errors, _, int substitutions) = Best(reference, hypothesis, mayPair, (_, _) => 0);
        return (errors, substitutions);
    }

    /// <summary>The fewest errors, among alignments with as many the least sum of distances, and then the fewest substitutions.</summary>
    public static (int Errors, long Distance, int Substitutions) Nearest(int[] reference, int[] hypothesis, Func<int, int, long> distance) =>
        Best(reference, hypothesis, (_, _) => true, distance);

    private static (int Errors, long Distance, int Substitutions) Best(
        int[] reference, int[] hypothesis, Func<int, int, bool> mayPair, Func<int, int, long> distance)
    {
        var cells = new (int Errors, long Distance, int Substitutions)[reference.Length + 1, hypothesis.Length + 1];
        for (int i = 0; i <= reference.Length; i++)
        {
            for (int j = 0; j <= hypothesis.Length; j++)
            {
                var ways = new List<(int Errors, long Distance, int Substitutions)>();
                if (i > 0)
                {
                    ways.Add(cells[i - 1, j] with { Errors = cells[i - 1, j].Errors + 1 });
                }

                if (j > 0)
                {
                    ways.Add(cells[i, j - 1] with { Errors = cells[i, j - 1].Errors + 1 });
                }

                if (i > 0 && j > 0 && mayPair(i - 1, j - 1))
                {
                    (int errors, long far, int substitutions) = cells[i - 1, j - 1];
                    int wrong = reference[i - 1] == hypothesis[j - 1] ? 0 : 1;
                    ways.Add((errors + wrong, far + distance(i - 1, j - 1), substitutions + wrong));
                }

                cells[i, j] = ways.DefaultIfEmpty((0, 0, 0)).Min();
            }
        }

        return cells[reference.Length, hypothesis.Length];
    }
}
