using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>
/// Chooses the number of speakers by the evidence for it (<see cref="PartitionEvidence"/>). For every number, the best of three
/// partitions counts: by k-means, by k-means from the clusters of the tree, and the best partition into one cluster less with a
/// subtree split off (<see cref="PartitionMoves"/>), which finds people who say little.
/// </summary>
internal sealed class EvidenceClustering
{
    // k-means is given up on after so many numbers in a row that scored less than the best.
    private const int Patience = 4;

    private readonly EvidenceRecipe _recipe;
    private readonly PointSet _unit;
    private readonly ParallelOptions _parallel;
    private readonly PartitionEvidence _evidence;
    private readonly Lazy<(Dendrogram Tree, PartitionMoves Moves)?> _tree;

    /// <summary>Prepares the vectors of a recording.</summary>
    /// <param name="training">Projected vectors and the speech behind them.</param>
    /// <param name="step">Seconds between windows.</param>
    /// <param name="scatter">The recording's scatter (<see cref="VectorScatter"/>); <see langword="null"/> when it cannot be measured.</param>
    /// <param name="recipe">Weights and limits.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    public EvidenceClustering(TrainingSet training, double step, double? scatter, EvidenceRecipe recipe, ParallelOptions parallel)
    {
        (_recipe, _parallel) = (recipe, parallel);
        _unit = training.Points.Normalized();
        _evidence = new PartitionEvidence(training, step, scatter, recipe);

        // The tree needs quadratic memory; where that is too much, k-means finds its own starts alone.
        _tree = new(() => _unit.Count <= recipe.ExactLimit && Linkage.AverageCosine(_unit, parallel) is var tree ? (tree, new PartitionMoves(_evidence, tree)) : null);
    }

    /// <summary>The clusters of the most probable number of speakers.</summary>
    /// <returns>The cluster of every vector, and by how much (in natural logarithms) one more speaker was less probable.</returns>
    public (int[] Labels, double Gap) Run()
    {
        int most = Math.Min(_recipe.MaximumSpeakers, _unit.Count);
        int[] best = [];
        int[]? labels = null;
        double highest = double.NegativeInfinity;
        double next = double.NegativeInfinity;
        for (int count = 1, since = 0; count <= most && since < Patience; count++, since++)
        {
            labels = Best(Into(count), labels is null ? null : Split(labels));
            double evidence = _evidence.Of(labels) - (_recipe.SpeakerCost * count);
            if (evidence > highest)
            {
                (best, highest, next, since) = (labels, evidence, double.NegativeInfinity, 0);
            }
            else if (since == 1)
            {
                next = evidence;
            }
        }

        return (best, highest - next);
    }

    /// <summary>
    /// Near a partition one with another number of clusters: step by step, each time the best of the known ways. Where even that
    /// loses more evidence than <see cref="EvidenceRecipe.LargestLoss"/>, nothing speaks for another voice, and fewer come back.
    /// </summary>
    public int[] Towards(int count, int[] labels)
    {
        for (int present = ClusterLabels.Count(labels); present < count; present++)
        {
            int[] more = Best(Into(present + 1), Split(labels));
            if (ClusterLabels.Count(more) <= present || _evidence.Of(more) < _evidence.Of(labels) - _recipe.LargestLoss)
            {
                break;
            }

            labels = more;
        }

        for (int present = ClusterLabels.Count(labels); present > count; present--)
        {
            labels = Best(Into(present - 1), _tree.Value?.Moves.Merge(labels));
        }

        return labels;
    }

    /// <summary>A given number of clusters: k-means from its own starts and from the tree's clusters, whichever has more evidence.</summary>
    private int[] Into(int count)
    {
        int[] labels = KMeans.Cluster(_unit, count, _parallel);
        return _tree.Value is var (tree, _) ? Best(labels, KMeans.ClusterFrom(_unit, Seeds(tree.CutInto(count)), _parallel)) : labels;
    }

    private int[]? Split(int[] labels) => _tree.Value?.Moves.Split(labels);

    private int[] Best(int[] labels, int[]? other) => other is not null && _evidence.Of(other) > _evidence.Of(labels) ? other : labels;

    /// <summary>For every cluster the vector nearest to its mean.</summary>
    private int[] Seeds(int[] labels)
    {
        PointSet means = _unit.GroupMeans(labels, ClusterLabels.Count(labels));
        int[] seeds = new int[means.Count];
        double[] nearest = new double[means.Count];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        for (int index = 0; index < labels.Length; index++)
        {
            double distance = VectorMath.SquaredDistance(_unit[index], means[labels[index]]);
            if (distance < nearest[labels[index]])
            {
                (seeds[labels[index]], nearest[labels[index]]) = (index, distance);
            }
        }

        return seeds;
    }
}
