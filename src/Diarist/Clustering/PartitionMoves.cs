using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>The best way from a partition to one with a cluster more or less, by evidence.</summary>
internal sealed class PartitionMoves(PartitionEvidence evidence, Dendrogram tree)
{
    /// <summary>Fewer vectors are not split off: a voice that really speaks is heard in several overlapping windows.</summary>
    private const int FewestVectors = 3;

    /// <summary>
    /// Splits the subtree off its cluster that leaves the most evidence; only subtrees that lie within one cluster can be.
    /// <see langword="null"/> when none is large enough.
    /// </summary>
    public int[]? Split(int[] labels)
    {
        (double[] observations, PointSet sums) = evidence.Clusters(labels);
        int[] sizes = new int[observations.Length];
        foreach (int label in labels)
        {
            sizes[label]++;
        }

        Subtree[] subtrees = Subtrees(labels);
        double[] rest = new double[sums.Dimension];
        (int best, double highest) = (-1, double.NegativeInfinity);
        for (int node = 0; node < subtrees.Length; node++)
        {
            Subtree part = subtrees[node];
            if (part.Cluster < 0 || part.Leaves < FewestVectors || sizes[part.Cluster] - part.Leaves < FewestVectors)
            {
                continue;
            }

            for (int axis = 0; axis < rest.Length; axis++)
            {
                rest[axis] = sums[part.Cluster][axis] - part.Sum[axis];
            }

            double gain = evidence.OfCluster(part.Observations, part.Sum)
                + evidence.OfCluster(observations[part.Cluster] - part.Observations, rest)
                - evidence.OfCluster(observations[part.Cluster], sums[part.Cluster]);
            (best, highest) = gain > highest ? (node, gain) : (best, highest);
        }

        return best < 0 ? null : SplitOff(labels, best, observations.Length);
    }

    /// <summary>Merges the two clusters that keep the most evidence.</summary>
    public int[] Merge(int[] labels)
    {
        (double[] observations, PointSet sums) = evidence.Clusters(labels);
        double[] alone = [.. observations.Select((n, cluster) => evidence.OfCluster(n, sums[cluster]))];
        double[] both = new double[sums.Dimension];
        (int kept, int gone, double highest) = (0, 0, double.NegativeInfinity);
        for (int first = 0; first < alone.Length; first++)
        {
            for (int second = first + 1; second < alone.Length; second++)
            {
                for (int axis = 0; axis < both.Length; axis++)
                {
                    both[axis] = sums[first][axis] + sums[second][axis];
                }

                double gain = evidence.OfCluster(observations[first] + observations[second], both) - alone[first] - alone[second];
                (kept, gone, highest) = gain > highest ? (first, second, gain) : (kept, gone, highest);
            }
        }

        return ClusterLabels.ByFirstAppearance([.. labels.Select(label => label == gone ? kept : label)]);
    }

    /// <summary>For every node of the tree: the cluster that holds all of it, or −1, and its sums.</summary>
    private Subtree[] Subtrees(int[] labels)
    {
        var result = new Subtree[tree.Leaves + tree.Merges.Length];
        for (int leaf = 0; leaf < tree.Leaves; leaf++)
        {
            result[leaf] = new Subtree(labels[leaf], 1, evidence.Observations[leaf], evidence.Sums[leaf].ToArray());
        }

        for (int index = 0; index < tree.Merges.Length; index++)
        {
            Subtree first = result[tree.Merges[index].First], second = result[tree.Merges[index].Second];
            bool pure = first.Cluster >= 0 && first.Cluster == second.Cluster;
            result[tree.Leaves + index] = pure
                ? new Subtree(first.Cluster, first.Leaves + second.Leaves, first.Observations + second.Observations, [.. first.Sum.Zip(second.Sum, (a, b) => a + b)])
                : new Subtree(-1, 0, 0, []);
        }

        return result;
    }

    private int[] SplitOff(int[] labels, int node, int cluster)
    {
        int[] result = [.. labels];
        var pending = new Stack<int>([node]);
        while (pending.TryPop(out int next))
        {
            if (next < tree.Leaves)
            {
                result[next] = cluster;
            }
            else
            {
                pending.Push(tree.Merges[next - tree.Leaves].First);
                pending.Push(tree.Merges[next - tree.Leaves].Second);
            }
        }

        return ClusterLabels.ByFirstAppearance(result);
    }

    private readonly record struct Subtree(int Cluster, int Leaves, double Observations, double[] Sum);
}
