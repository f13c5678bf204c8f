namespace Diarist.Tests.Reference;

/// <summary>The whole Levenshtein matrix, cell by cell: errors, and the fewest substitutions among alignments with that many.</summary>
internal static class LevenshteinMatrix
{
    public static (int Errors, int Substitutions) Compute(int[] reference, int[] hypothesis, Func<int, int, bool> mayPair)
    {
        var cells = new (int Errors, int Substitutions)[reference.Length + 1, hypothesis.Length + 1];
        for (int i = 0; i <= reference.Length; i++)
        {
            for (int j = 0; j <= hypothesis.Length; j++)
            {
                var ways = new List<(int Errors, int Substitutions)>();
                if (i > 0)
                {
                    ways.Add((cells[i - 1, j].Errors + 1, cells[i - 1, j].Substitutions));
                }

                if (j > 0)
                {
                    ways.Add((cells[i, j - 1].Errors + 1, cells[i, j - 1].Substitutions));
                }

                if (i > 0 && j > 0 && mayPair(i - 1, j - 1))
                {
                    int wrong = reference[i - 1] == hypothesis[j - 1] ? 0 : 1;
                    ways.Add((cells[i - 1, j - 1].Errors + wrong, cells[i - 1, j - 1].Substitutions + wrong));
                }

                cells[i, j] = ways.DefaultIfEmpty((0, 0)).Min();
            }
        }

        return cells[reference.Length, hypothesis.Length];
    }
}
