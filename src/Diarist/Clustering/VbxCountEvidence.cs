namespace Diarist.Clustering;

/// <summary>
/// How much better the number of speakers that VBx found explains the embeddings than one speaker fewer and one more: VBx is run again
/// with the two nearest speakers made one, and with the most scattered speaker made two.
/// </summary>
internal static class VbxCountEvidence
{
    /// <summary>The evidence between the number found and the better of its neighbours, in units of the evidence lower bound; 0 where a neighbour is as good.</summary>
    /// <param name="x">Embeddings in the PLDA space.</param>
    /// <param name="phi">Φ.</param>
    /// <param name="posterior">What VBx found.</param>
    /// <param name="options">What steered it.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public static double Margin(PointSet x, double[] phi, VbxPosterior posterior, VbxOptions options, ParallelOptions parallel)
    {
        int[] survivors = posterior.Surviving(options.MinimumPrior);
        int[] labels = Hard(posterior, survivors, x.Count);
        PointSet means = x.GroupMeans(labels, survivors.Length);
        double found = Bound(labels, survivors.Length, out _);
        double margin = double.PositiveInfinity;
        if (survivors.Length > 1)
        {
            (int kept, int joined) = NearestPair(means);
            int[] fewer = ClusterLabels.ByFirstAppearance([.. labels.Select(label => label == joined ? kept : label)]);
            margin = Math.Min(margin, found - Bound(fewer, ClusterLabels.Count(fewer), out _));
        }

        if (Split(x, labels, survivors.Length, parallel) is { } more)
        {
            double bound = Bound(more, survivors.Length + 1, out int left);
            margin = left > survivors.Length ? Math.Min(margin, found - bound) : margin;
        }

        return Math.Max(0, margin);

        double Bound(int[] first, int speakers, out int left)
        {
            VbxPosterior result = Vbx.Run(x, phi, first, speakers, options, parallel);
            left = result.Surviving(options.MinimumPrior).Length;
            return result.LowerBound;
        }
    }

    /// <summary>The surviving speaker with the greatest responsibility for every embedding.</summary>
    private static int[] Hard(VbxPosterior posterior, int[] survivors, int count)
    {
        var labels = new int[count];
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<double> row = posterior.Responsibilities.AsSpan(t * posterior.Speakers, posterior.Speakers);
            for (int s = 1; s < survivors.Length; s++)
            {
                labels[t] = row[survivors[s]] > row[survivors[labels[t]]] ? s : labels[t];
            }
        }

        return labels;
    }

    private static (int First, int Second) NearestPair(PointSet means)
    {
        (int First, int Second) pair = (0, 1);
        double least = double.PositiveInfinity;
        for (int first = 0; first < means.Count; first++)
        {
            for (int second = first + 1; second < means.Count; second++)
            {
                double distance = VectorMath.SquaredDistance(means[first], means[second]);
                if (distance < least)
                {
                    (pair, least) = ((first, second), distance);
                }
            }
        }

        return pair;
    }

    /// <summary>Splits the speaker whose scatter falls most by it.</summary>
    /// <returns>The labels with one more speaker; <see langword="null"/> where nobody can be split.</returns>
    private static int[]? Split(PointSet x, int[] labels, int speakers, ParallelOptions parallel)
    {
        int[]? best = null;
        double greatest = 0;
        for (int speaker = 0; speaker < speakers; speaker++)
        {
            int[] members = [.. Enumerable.Range(0, labels.Length).Where(t => labels[t] == speaker)];
            if (members.Length < 2)
            {
                continue;
            }

            var points = new PointSet(members.Length, x.Dimension);
            for (int index = 0; index < members.Length; index++)
            {
                x[members[index]].CopyTo(points[index]);
                points.Weights[index] = x.Weights[members[index]];
            }

            int[] halves = KMeans.Cluster(points, 2, parallel);
            PointSet means = points.GroupMeans(halves, 2);
            double gain = means.Weights[0] * means.Weights[1] / means.Weights.Sum() * VectorMath.SquaredDistance(means[0], means[1]);
            if (ClusterLabels.Count(halves) == 2 && gain > greatest)
            {
                greatest = gain;
                best = [.. labels];
                for (int index = 0; index < members.Length; index++)
                {
                    best[members[index]] = halves[index] == 0 ? speaker : speakers;
                }
            }
        }

        return best;
    }
}
