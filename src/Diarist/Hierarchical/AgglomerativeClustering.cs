using Diarist.Clustering;
using Diarist.Numerics;

namespace Diarist.Hierarchical;

/// <summary>
/// The tree of a recording's embeddings with the rules that make speakers of its clusters: those that are too small join
/// the nearest large one (pyannote.audio 3.1).
/// </summary>
internal sealed class AgglomerativeClustering
{
    private readonly PointSet _unit;
    private readonly AgglomerativeRecipe _recipe;
    private readonly Dendrogram _tree;
    private readonly double _minimumSize;

    /// <summary>Builds the tree.</summary>
    /// <param name="unit">Unit vectors (or means of them), at least one.</param>
    /// <param name="recipe">Linkage, threshold and cluster sizes.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    public AgglomerativeClustering(PointSet unit, AgglomerativeRecipe recipe, ParallelOptions parallel)
    {
        _unit = unit;
        _recipe = recipe;
        _tree = Linkage.Cluster(unit, recipe.Linkage, parallel);
        _minimumSize = Math.Min(recipe.MinimumClusterSize, Math.Max(1, Math.Round(recipe.MinimumClusterShare * unit.Weights.Sum(), MidpointRounding.ToEven)));
    }

    /// <summary>The clusters at the recipe's threshold.</summary>
    /// <returns>The cluster of every vector, numbered from 0 by first appearance.</returns>
    public int[] Cluster() => JoinSmall(_tree.CutAt(_recipe.Threshold));

    /// <summary>The clusters of the cut nearest to the threshold that leaves exactly <paramref name="count"/> of them; <see langword="null"/> where none does.</summary>
    public int[]? ClusterInto(int count, CancellationToken cancellationToken)
    {
        Merge[] merges = [.. _tree.Merges];
        IEnumerable<int> byDistance = Enumerable.Range(0, merges.Length)
            .Where(index => merges[index].Weight >= _minimumSize)
            .OrderBy(index => Math.Abs(merges[index].Height - _recipe.Threshold));
        foreach (int last in byDistance)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] labels = _tree.CutAfter(last);
            if (KeptClusters(labels).Count(kept => kept) == count)
            {
                return JoinSmall(labels);
            }
        }

        return null;
    }

    /// <summary>How far the threshold can move before another number of clusters comes out, up to <paramref name="reach"/>; in units of the threshold.</summary>
    public double Margin(double reach)
    {
        const int Steps = 20;
        int present = CountAt(_recipe.Threshold);
        for (int step = 1; step <= Steps; step++)
        {
            double moved = reach * step / Steps;
            if (CountAt(_recipe.Threshold - moved) != present || CountAt(_recipe.Threshold + moved) != present)
            {
                return reach * (step - 1) / Steps;
            }
        }

        return reach;
    }

    private int CountAt(double threshold) => Math.Max(1, KeptClusters(_tree.CutAt(threshold)).Count(kept => kept));

    /// <summary>For every cluster, whether it is large enough, or far enough from all that are, to be a speaker.</summary>
    private bool[] KeptClusters(int[] labels)
    {
        double[] sizes = ClusterLabels.Sizes(labels, _unit.Weights);
        bool[] kept = [.. sizes.Select(size => size >= _minimumSize)];
        if (_recipe.DistinctDistance is not { } distinct || !kept.Contains(true) || !kept.Contains(false))
        {
            return kept;
        }

        PointSet means = _unit.GroupMeans(labels, sizes.Length);
        int[] bySize = [.. Enumerable.Range(0, sizes.Length).Where(cluster => !kept[cluster]).OrderByDescending(cluster => sizes[cluster])];
        foreach (int cluster in bySize)
        {
            int nearest = Nearest(means, cluster, kept);
            kept[cluster] = 1 - VectorMath.Cosine(means[cluster], means[nearest]) > distinct;
        }

        return kept;
    }

    private int[] JoinSmall(int[] labels)
    {
        bool[] kept = KeptClusters(labels);
        if (!kept.Contains(true))
        {
            return new int[labels.Length];
        }

        PointSet means = _unit.GroupMeans(labels, kept.Length);
        int[] target = [.. kept.Select((isKept, cluster) => isKept ? cluster : Nearest(means, cluster, kept))];
        return ClusterLabels.ByFirstAppearance([.. labels.Select(label => target[label])]);
    }

    /// <summary>The kept cluster whose mean has the highest cosine with that of another.</summary>
    private static int Nearest(PointSet means, int cluster, bool[] kept)
    {
        int nearest = -1;
        double highest = double.NegativeInfinity;
        for (int other = 0; other < kept.Length; other++)
        {
            double cosine = kept[other] && other != cluster ? VectorMath.Cosine(means[cluster], means[other]) : double.NegativeInfinity;
            if (cosine > highest)
            {
                (nearest, highest) = (other, cosine);
            }
        }

        return nearest;
    }
}
