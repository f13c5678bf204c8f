using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>The clustering of one recording's training embeddings, condensed where they are too many.</summary>
internal abstract class Clusterer
{
    /// <summary>Condenses the embeddings if they are more than the recipe clusters exactly.</summary>
    /// <param name="training">The training embeddings in order of time, at least two.</param>
    /// <param name="recipe">How they will be clustered.</param>
    /// <param name="transform">What leads to the space where they are clustered further, if it is another.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    protected Clusterer(TrainingSet training, ClusteringRecipe recipe, Func<PointSet, PointSet>? transform, ParallelOptions parallel)
    {
        Parallel = parallel;
        Condensed = training.Pairs.Count > recipe.ExactLimit;
        Points = Condensed
            ? Condensation.Of(training, transform, recipe.Linkage, Math.Min(recipe.CondensedTo, recipe.ExactLimit / 2), parallel)
            : new Condensation(training.Points, training.Points.Normalized(), transform?.Invoke(training.Points));
    }

    /// <summary>Whether embeddings were merged into groups first (<see cref="Condensation"/>).</summary>
    public bool Condensed { get; }

    /// <summary>The most clusters that these embeddings can form.</summary>
    public int MaximumCount => Points.Raw.Count;

    /// <summary>What is clustered.</summary>
    protected Condensation Points { get; }

    /// <summary>Threads, and cancellation.</summary>
    protected ParallelOptions Parallel { get; }

    /// <summary>The clusters that the recipe finds by itself.</summary>
    /// <param name="measureCertainty">Whether to work out how certain their number is; 0 otherwise.</param>
    public abstract Partition FindClusters(bool measureCertainty);

    /// <summary>A given number of clusters; fewer when fewer embeddings differ. Called after <see cref="FindClusters(bool)"/>.</summary>
    public abstract Partition FindClusters(int count);
}
