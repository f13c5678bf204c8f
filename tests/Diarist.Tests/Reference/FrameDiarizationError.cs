using Diarist.Scoring;

namespace Diarist.Tests.Reference;

/// <summary>The diarization error as one would count it by hand: frame by frame, trying every mapping of speakers.</summary>
internal static class FrameDiarizationError
{
    /// <summary>Scores with frames of <paramref name="frame"/> seconds; exact when all times are multiples of it.</summary>
    public static DiarizationErrors Compute(IReadOnlyList<Turn> reference, IReadOnlyList<Turn> hypothesis, DiarizationScoringOptions options, double frame)
    {
        string[] truth = [.. reference.Select(turn => turn.Speaker).Distinct()];
        string[] claim = [.. hypothesis.Select(turn => turn.Speaker).Distinct()];
        double end = reference.Concat(hypothesis).Select(turn => turn.End).DefaultIfEmpty(0).Max();
        int frames = (int)Math.Round(end / frame);
        int missed = 0, falseAlarm = 0, common = 0, total = 0;
        var shared = new int[truth.Length, claim.Length];
        double half = options.CollarConvention == CollarConvention.EachSide ? options.Collar : options.Collar / 2;
        double[] boundaries = [.. reference.Where(turn => turn.Duration > 0).SelectMany(turn => new[] { turn.Start, turn.End })];
        for (int i = 0; i < frames; i++)
        {
            double middle = (i + 0.5) * frame;
            bool[] here = [.. truth.Select(speaker => reference.Any(turn => turn.Speaker == speaker && turn.Range.Contains(middle)))];
            bool[] claimed = [.. claim.Select(speaker => hypothesis.Any(turn => turn.Speaker == speaker && turn.Range.Contains(middle)))];
            int speaking = here.Count(active => active);
            bool scored = (options.Regions is null || options.Regions.Any(region => region.Contains(middle)))
                && !boundaries.Any(boundary => Math.Abs(boundary - middle) < half)
                && !(options.SkipOverlap && speaking > 1);
            if (!scored)
            {
                continue;
            }

            int said = claimed.Count(active => active);
            total += speaking;
            missed += Math.Max(0, speaking - said);
            falseAlarm += Math.Max(0, said - speaking);
            common += Math.Min(speaking, said);
            for (int row = 0; row < truth.Length; row++)
            {
                for (int column = 0; column < claim.Length; column++)
                {
                    shared[row, column] += here[row] && claimed[column] ? 1 : 0;
                }
            }
        }

        int correct = BestOf(shared, 0, new bool[claim.Length]);
        return new DiarizationErrors(total * frame, missed * frame, falseAlarm * frame, (common - correct) * frame);
    }

    private static int BestOf(int[,] shared, int row, bool[] taken)
    {
        if (row == shared.GetLength(0))
        {
            return 0;
        }

        int best = BestOf(shared, row + 1, taken);
        for (int column = 0; column < taken.Length; column++)
        {
            if (!taken[column])
            {
                taken[column] = true;
                best = Math.Max(best, shared[row, column] + BestOf(shared, row + 1, taken));
                taken[column] = false;
            }
        }

        return best;
    }
}
