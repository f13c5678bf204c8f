namespace Diarist.Hierarchical;

/// <summary>Two clusters becoming one. Leaves are numbered 0 … n − 1, the cluster that merge k makes is n + k.</summary>
/// <param name="First">The child with the lower number.</param>
/// <param name="Second">The child with the higher number.</param>
/// <param name="Height">The distance at which they merged.</param>
/// <param name="Weight">The summed weight of the leaves below.</param>
internal readonly record struct Merge(int First, int Second, double Height, double Weight);

/// <summary>
/// The tree of an agglomerative clustering, laid out as SciPy's linkage matrix. Heights of centroid linkage may go down
/// towards the root (inversions), so every cut looks at the maximal height within a subtree, as SciPy's <c>fcluster</c> does.
/// </summary>
internal sealed class Dendrogram
{
    private readonly Merge[] _merges;

    // For every merge, the maximal height in its subtree; never less than its children's.
    private readonly double[] _maximumHeights;

    /// <summary>Creates the tree.</summary>
    /// <param name="leaves">The number of leaves, at least 1.</param>
    /// <param name="merges">The <paramref name="leaves"/> − 1 merges; children come before their parent.</param>
    public Dendrogram(int leaves, Merge[] merges)
    {
        Leaves = leaves;
        _merges = merges;
        _maximumHeights = new double[merges.Length];
        for (int index = 0; index < merges.Length; index++)
        {
            Merge merge = merges[index];
            _maximumHeights[index] = Math.Max(merge.Height, Math.Max(MaximumHeightOf(merge.First), MaximumHeightOf(merge.Second)));
        }
    }

    /// <summary>The number of leaves.</summary>
    public int Leaves { get; }

    /// <summary>The merges in order.</summary>
    public ReadOnlySpan<Merge> Merges => _merges;

    /// <summary>The flat clusters whose subtrees nowhere exceed a height.</summary>
    /// <param name="threshold">The height; a merge exactly at it is kept.</param>
    /// <returns>The cluster of every leaf, numbered from 0 in SciPy's order.</returns>
    public int[] CutAt(double threshold) => Label(merge => _maximumHeights[merge] <= threshold);

    /// <summary>
    /// Exactly <paramref name="count"/> flat clusters: starting with all leaves in one, the cluster of the highest subtree
    /// is split until there are enough. Wherever <see cref="CutAt"/> can give that number, it gives the same clusters.
    /// </summary>
    /// <param name="count">The number of clusters, 1 to <see cref="Leaves"/>.</param>
    /// <returns>The cluster of every leaf, numbered from 0 in SciPy's order.</returns>
    public int[] CutInto(int count)
    {
        var split = new bool[_merges.Length];
        var open = new PriorityQueue<int, (double Height, int Merge)>();
        if (_merges.Length > 0)
        {
            Open(_merges.Length - 1);
        }

        for (int clusters = 1; clusters < count; clusters++)
        {
            int highest = open.Dequeue();
            split[highest] = true;
            Open(_merges[highest].First - Leaves);
            Open(_merges[highest].Second - Leaves);
        }

        return Label(merge => !split[merge]);

        void Open(int merge)
        {
            if (merge >= 0)
            {
                open.Enqueue(merge, (-_maximumHeights[merge], -merge));
            }
        }
    }

    private double MaximumHeightOf(int node) => node < Leaves ? double.NegativeInfinity : _maximumHeights[node - Leaves];

    /// <summary>Numbers the clusters in the order of SciPy's walk: subtrees before leaves, the first child before the second.</summary>
    private int[] Label(Func<int, bool> isWhole)
    {
        var labels = new int[Leaves];
        int next = 0;
        if (_merges.Length == 0)
        {
            return labels;
        }

        // A node's subtrees are walked when it is first met, its leaves labelled when it is met again.
        var pending = new Stack<(int Merge, int Cluster, bool Again)>();
        pending.Push((_merges.Length - 1, -1, false));
        while (pending.TryPop(out (int Merge, int Cluster, bool Again) visit))
        {
            Merge merge = _merges[visit.Merge];
            if (visit.Again)
            {
                LabelLeaf(merge.First, visit.Cluster);
                LabelLeaf(merge.Second, visit.Cluster);
                continue;
            }

            int cluster = visit.Cluster < 0 && isWhole(visit.Merge) ? next++ : visit.Cluster;
            pending.Push((visit.Merge, cluster, true));
            PushSubtree(merge.Second, cluster);
            PushSubtree(merge.First, cluster);
        }

        return labels;

        void PushSubtree(int node, int cluster)
        {
            if (node >= Leaves)
            {
                pending.Push((node - Leaves, cluster, false));
            }
        }

        void LabelLeaf(int node, int cluster)
        {
            if (node < Leaves)
            {
                labels[node] = cluster < 0 ? next++ : cluster;
            }
        }
    }
}
