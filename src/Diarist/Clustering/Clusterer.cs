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

/// <summary>The clustering of one recording's training embeddings, condensed where they are too many.</summary>
internal abstract class Clusterer
{
    // A recording is condensed to at most so many groups; their distances take 0.15 GB, so that a day needs less than its first hours would.
    private const int CondensedTo = 6_000;

    /// <summary>Condenses the embeddings if they are more than the recipe clusters exactly.</summary>
    /// <param name="training">The training embeddings in order of time, at least two.</param>
    /// <param name="recipe">How they will be clustered.</param>
    /// <param name="transform">What leads to the space where they are clustered further, if it is another.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    protected Clusterer(TrainingSet training, ClusteringRecipe recipe, Func<PointSet, PointSet>? transform, ParallelOptions parallel)
    {
        (Recipe, Parallel) = (recipe, parallel);
        Condensed = training.Pairs.Count > recipe.ExactLimit;
        Points = Condensed
            ? Condensation.Of(training, transform, recipe.Linkage, Math.Min(CondensedTo, recipe.ExactLimit / 2), parallel)
            : new Condensation(training.Points, training.Points.Normalized(), transform?.Invoke(training.Points));
    }

    /// <summary>Whether embeddings were merged into groups first (<see cref="Condensation"/>).</summary>
    public bool Condensed { get; }

    /// <summary>The most clusters that these embeddings can form.</summary>
    public int MaximumCount => Points.Raw.Count;

    /// <summary>What is clustered.</summary>
    protected Condensation Points { get; }

    /// <summary>How it is clustered.</summary>
    protected ClusteringRecipe Recipe { get; }

    /// <summary>Threads, and cancellation.</summary>
    protected ParallelOptions Parallel { get; }

    /// <summary>The clusters that the recipe finds by itself.</summary>
    /// <param name="measureCertainty">Whether to work out how certain their number is; 0 otherwise.</param>
    public abstract Partition FindClusters(bool measureCertainty);

    /// <summary>A given number of clusters; fewer when fewer embeddings differ. Called after <see cref="FindClusters(bool)"/>.</summary>
    public abstract Partition FindClusters(int count);
}
