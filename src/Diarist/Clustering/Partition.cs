using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>The clusters that the training embeddings of a recording form.</summary>
/// <param name="Centroids">The mean raw embedding of every cluster.</param>
/// <param name="Shares">Every cluster's share of the embeddings, summing to 1.</param>
/// <param name="Certainty">0 to 1: how certain the number of clusters is.</param>
internal sealed record Partition(PointSet Centroids, double[] Shares, double Certainty)
{
    /// <summary>The number of clusters.</summary>
    public int Count => Centroids.Count;

    /// <summary>A partition by flat labels, numbered from 0 without gaps.</summary>
    public static Partition Of(PointSet raw, int[] labels, double certainty)
    {
        PointSet centroids = raw.GroupMeans(labels, ClusterLabels.Count(labels));
        double total = raw.Weights.Sum();
        return new Partition(centroids, [.. centroids.Weights.Select(weight => weight / total)], certainty);
    }

    /// <summary>A certainty of 0 where a neighbouring number is as good, 63 % at a margin of one <paramref name="scale"/>, towards 1 beyond.</summary>
    public static double CertaintyOf(double margin, double scale) => 1 - Math.Exp(-margin / scale);
}
