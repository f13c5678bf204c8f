using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// More groups than were found, if the pieces can be told apart so far: groups of every higher threshold, joined down to the number; of
/// these the ones that say most. Σ|S| falls little where one person's pieces are split, and much where two people's are one.
/// </summary>
internal static class FinerGroups
{
    private const double HighestThreshold = 1.2, ThresholdStep = 0.05;

    /// <summary>No group joins its nearest whose likeness is lower than the threshold by more than this.</summary>
    private const double PlaceBelow = 0.2;

    private sealed record Candidate(IReadOnlyList<(int Into, int Group)> Joins, int Count, double Score);

    /// <summary>Finds the groups.</summary>
    /// <param name="groups">Every piece as a group of its own, but for what is known; changed to what is found.</param>
    /// <param name="found">How many groups were found.</param>
    /// <param name="least">How many are asked for.</param>
    /// <param name="parameters">The constants.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    /// <param name="blocks">As for <see cref="BlockMerging.Merge"/>.</param>
    /// <returns>Whether more were found, or as many: otherwise the joins that were made are of no use.</returns>
    public static bool Find(SpeakerGroups groups, int found, int least, SegmentsParameters parameters, ParallelOptions parallel, BlockMemory? blocks = null)
    {
        var thresholds = new List<double>();
        for (double threshold = parameters.MergeThreshold; threshold < HighestThreshold;)
        {
            threshold += ThresholdStep;
            thresholds.Insert(0, threshold);
        }

        double highest = BlockMerging.MergeLeast(groups, parameters, thresholds, parallel, blocks);
        using var table = new LikenessTable(groups, groups.Alive(), parameters.Veto, parallel);
        var candidates = new List<Task<Candidate>>();
        using var running = new SemaphoreSlim(parallel.MaxDegreeOfParallelism);
        foreach (double threshold in thresholds.Where(threshold => threshold <= highest))
        {
            GroupMerging.Merge(table, threshold, parallel.CancellationToken);
            running.Wait(parallel.CancellationToken);
            LikenessTable own = table.Copy();
            candidates.Add(Task.Run(() =>
            {
                try
                {
                    using (own)
                    {
                        return Reduce(groups, own, threshold, least, parameters, parallel.CancellationToken);
                    }
                }
                finally
                {
                    running.Release();
                }
            }));
        }

        Candidate? best = null;
        foreach (Candidate candidate in Task.WhenAll(candidates).GetAwaiter().GetResult().Reverse())
        {
            if (candidate.Count > (best?.Count ?? found) || (candidate.Count == (best?.Count ?? found) && candidate.Score > (best?.Score ?? double.NegativeInfinity)))
            {
                best = candidate;
            }
        }

        groups.Join(best?.Joins ?? []);
        return best is not null;
    }

    private static Candidate Reduce(SpeakerGroups groups, LikenessTable table, double threshold, int least, SegmentsParameters parameters, CancellationToken cancellationToken)
    {
        GroupMerging.PlaceSmall(table, parameters, threshold - PlaceBelow, cancellationToken);
        GroupMerging.ReduceTo(table, least, parameters.MergeThreshold, cancellationToken);
        return new Candidate(table.Joins, table.Count, Score(groups, table.Joins));
    }

    /// <summary>Σ|S| over what joins leave.</summary>
    private static double Score(SpeakerGroups groups, IReadOnlyList<(int Into, int Group)> joins)
    {
        // Most groups join only once: their sums are read where they are.
        var grown = new Dictionary<int, double[]>();
        var gone = new HashSet<int>();
        foreach ((int into, int group) in joins)
        {
            if (!grown.TryGetValue(into, out double[]? sum))
            {
                grown.Add(into, sum = new double[groups[into].Dimension]);
                groups[into].CopySumTo(sum);
            }

            if (grown.Remove(group, out double[]? other))
            {
                VectorMath.AddScaled(sum, 1, other);
            }
            else
            {
                groups[group].AddSumTo(sum);
            }

            gone.Add(group);
        }

        double score = 0;
        foreach (int group in groups.Alive())
        {
            score += gone.Contains(group) ? 0 : VectorMath.Norm(grown.TryGetValue(group, out double[]? sum) ? sum : groups[group].Sum);
        }

        return score;
    }
}
