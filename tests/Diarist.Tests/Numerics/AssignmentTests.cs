using Diarist.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Numerics;

public class AssignmentTests
{
    [Fact]
    public void Sums_equal_those_of_trying_everything() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            int rows = random.Next(1, 6);
            int columns = random.Next(1, 6);
            bool ties = random.Next(2) == 0;
            double[] scores = [.. Enumerable.Range(0, rows * columns).Select(_ => ties ? random.Next(-3, 4) : random.NextDouble() - 0.5)];
            int[] chosen = Assignment.Maximize(scores, rows, columns);
            int[] used = [.. chosen.Where(column => column >= 0)];
            double sum = chosen.Select((column, row) => column < 0 ? 0 : scores[(row * columns) + column]).Sum();
            return used.Distinct().Count() == used.Length
                && used.Length == Math.Min(rows, columns)
                && Math.Abs(sum - BestSum(scores, rows, columns, 0, Math.Min(rows, columns), [])) < 1e-12;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Large_problems_are_optimal_by_their_dual()
    {
        // Scores a[i] + b[j] − c with c ≥ 0 and 0 on a hidden permutation: that permutation is optimal.
        const int Size = 200;
        var random = new Random(7);
        int[] hidden = [.. Enumerable.Range(0, Size)];
        random.Shuffle(hidden);
        double[] a = [.. hidden.Select(_ => random.NextDouble())];
        double[] b = [.. hidden.Select(_ => random.NextDouble())];
        var scores = new double[Size * Size];
        for (int row = 0; row < Size; row++)
        {
            for (int column = 0; column < Size; column++)
            {
                scores[(row * Size) + column] = a[row] + b[column] - (column == hidden[row] ? 0 : 0.001 + random.NextDouble());
            }
        }

        Assert.Equal(hidden, Assignment.Maximize(scores, Size, Size));
    }

    [Fact]
    public void Nothing_is_assigned_where_there_is_nothing()
    {
        Assert.Empty(Assignment.Maximize([], 0, 3));
        Assert.Equal([-1, -1], Assignment.Maximize([], 2, 0));
    }

    [Fact]
    public void Scores_must_be_finite() => Assert.Throws<ArgumentException>(() => Assignment.Maximize([1, double.NaN], 1, 2));

    private static double BestSum(double[] scores, int rows, int columns, int row, int wanted, HashSet<int> used)
    {
        if (row == rows)
        {
            return used.Count == wanted ? 0 : double.NegativeInfinity;
        }

        double best = BestSum(scores, rows, columns, row + 1, wanted, used);
        for (int column = 0; column < columns; column++)
        {
            if (used.Add(column))
            {
                best = Math.Max(best, scores[(row * columns) + column] + BestSum(scores, rows, columns, row + 1, wanted, used));
                used.Remove(column);
            }
        }

        return best;
    }
}
