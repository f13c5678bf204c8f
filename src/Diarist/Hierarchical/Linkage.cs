using Diarist.Numerics;

namespace Diarist.Hierarchical;

/// <summary>How the distance between two clusters follows from their members.</summary>
internal enum LinkageMethod
{
    /// <summary>Euclidean distance between the means; not monotone.</summary>
    CentroidEuclidean,

    /// <summary>Mean cosine distance over all pairs of members.</summary>
    AverageCosine,
}

/// <summary>
/// Agglomerative clustering in O(n²) memory (<see cref="DistanceMatrix"/>) and, on real data, O(n²) time.
/// Method names and algorithms: D. Müllner, "Modern hierarchical, agglomerative clustering algorithms", arXiv:1109.2378.
/// Ties go to the lower index.
/// </summary>
internal static class Linkage
{
    private const int CancellationInterval = 64;

    /// <summary>A formula of Lance and Williams: the distance of a cluster to the union of two others.</summary>
    private interface IUpdate
    {
        /// <param name="toFirst">Distance to the first part.</param>
        /// <param name="toSecond">Distance to the second part.</param>
        /// <param name="between">Distance between the parts.</param>
        /// <param name="first">Weight of the first part.</param>
        /// <param name="second">Weight of the second part.</param>
        static abstract double Distance(double toFirst, double toSecond, double between, double first, double second);
    }

    /// <summary>Clusters unit vectors.</summary>
    /// <param name="points">The vectors, at least one; means of unit vectors where one stands for several.</param>
    /// <param name="method">The distance between clusters.</param>
    /// <param name="options">Threads for the distances, and cancellation.</param>
    public static Dendrogram Cluster(PointSet points, LinkageMethod method, ParallelOptions options) => method switch
    {
        LinkageMethod.CentroidEuclidean => Centroid(points, options),
        LinkageMethod.AverageCosine => AverageCosine(points, options),
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    /// <summary>Centroid linkage of the Euclidean distance, by the generic algorithm (Müllner, figure 3): it needs no reducibility.</summary>
    public static Dendrogram Centroid(PointSet points, ParallelOptions options)
    {
        DistanceMatrix squared = DistanceMatrix.Of<SquaredEuclideanDistance>(points, options);
        Merge[] merges = GenericAlgorithm<CentroidUpdate>(squared, points.Weights, options.CancellationToken);
        for (int index = 0; index < merges.Length; index++)
        {
            merges[index] = merges[index] with { Height = Math.Sqrt(merges[index].Height) };
        }

        return new Dendrogram(points.Count, merges);
    }

    /// <summary>Average linkage of the cosine distance of unit vectors, by the nearest-neighbour chain (Müllner, figure 4).</summary>
    public static Dendrogram AverageCosine(PointSet points, ParallelOptions options)
    {
        DistanceMatrix distances = DistanceMatrix.Of<CosineDistance>(points, options);
        Merge[] merges = NearestNeighbourChain<AverageUpdate>(distances, points.Weights, options.CancellationToken);
        return new Dendrogram(points.Count, merges);
    }

    /// <summary>
    /// Every cluster keeps a candidate for its nearest neighbour among the clusters of higher index and a lower bound of that
    /// distance; a bound is made exact only when it is the least of all. A merged cluster lives on under the higher index.
    /// </summary>
    private static Merge[] GenericAlgorithm<TUpdate>(DistanceMatrix distances, ReadOnlySpan<double> leafWeights, CancellationToken cancellationToken)
        where TUpdate : struct, IUpdate
    {
        int count = distances.Count;
        var merges = new Merge[count - 1];
        var alive = new AliveList(count);
        double[] weights = leafWeights.ToArray();
        int[] node = Enumerable.Range(0, count).ToArray();
        var nearest = new int[count];
        var bound = new double[count];
        for (int low = 0; low < count; low++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FindNearest(low);
        }

        for (int step = 0; step < merges.Length; step++)
        {
            if (step % CancellationInterval == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int first = LeastBound();
            while (distances[first, nearest[first]] != bound[first])
            {
                FindNearest(first);
                first = LeastBound();
            }

            int second = nearest[first];
            double height = bound[first];
            double firstWeight = weights[first], secondWeight = weights[second];
            alive.Remove(first);
            bound[first] = double.PositiveInfinity;
            bound[second] = double.PositiveInfinity;
            foreach (int other in alive.Items)
            {
                if (other == second)
                {
                    continue;
                }

                ref double distance = ref distances.Between(other, second);
                distance = TUpdate.Distance(distances.Between(other, first), distance, height, firstWeight, secondWeight);
                int low = Math.Min(other, second);
                if (nearest[other] == first && other < first)
                {
                    nearest[other] = second;
                }

                if (distance < bound[low])
                {
                    bound[low] = distance;
                    nearest[low] = Math.Max(other, second);
                }
            }

            merges[step] = new Merge(Math.Min(node[first], node[second]), Math.Max(node[first], node[second]), height, firstWeight + secondWeight);
            node[second] = count + step;
            weights[second] = firstWeight + secondWeight;
        }

        return merges;

        int LeastBound()
        {
            int least = alive.Items[0];
            foreach (int item in alive.Items)
            {
                if (bound[item] < bound[least])
                {
                    least = item;
                }
            }

            return least;
        }

        void FindNearest(int low)
        {
            bound[low] = double.PositiveInfinity;
            ReadOnlySpan<double> row = distances.Row(low);
            foreach (int high in alive.After(low))
            {
                double distance = row[high - low - 1];
                if (distance < bound[low])
                {
                    bound[low] = distance;
                    nearest[low] = high;
                }
            }
        }
    }

    /// <summary>Follows nearest neighbours until two clusters are each other's nearest; right for reducible distances only.</summary>
    private static Merge[] NearestNeighbourChain<TUpdate>(DistanceMatrix distances, ReadOnlySpan<double> leafWeights, CancellationToken cancellationToken)
        where TUpdate : struct, IUpdate
    {
        int count = distances.Count;
        var unordered = new Merge[count - 1];
        var alive = new AliveList(count);
        double[] weights = leafWeights.ToArray();
        var chain = new List<int>();
        for (int step = 0; step < unordered.Length; step++)
        {
            if (step % CancellationInterval == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (chain.Count == 0)
            {
                chain.Add(alive.Items[0]);
            }

            double height;
            while (true)
            {
                int top = chain[^1];
                int previous = chain.Count > 1 ? chain[^2] : -1;
                int next = previous;
                height = previous >= 0 ? distances.Between(top, previous) : double.PositiveInfinity;
                foreach (int other in alive.Items)
                {
                    if (other != top && distances.Between(top, other) < height)
                    {
                        height = distances.Between(top, other);
                        next = other;
                    }
                }

                if (next == previous)
                {
                    break;
                }

                chain.Add(next);
            }

            int first = Math.Min(chain[^1], chain[^2]);
            int second = Math.Max(chain[^1], chain[^2]);
            chain.RemoveRange(chain.Count - 2, 2);
            alive.Remove(first);
            foreach (int other in alive.Items)
            {
                if (other != second)
                {
                    ref double distance = ref distances.Between(other, second);
                    distance = TUpdate.Distance(distances.Between(other, first), distance, height, weights[first], weights[second]);
                }
            }

            unordered[step] = new Merge(first, second, height, weights[first] + weights[second]);
            weights[second] += weights[first];
        }

        return Ordered(count, unordered);
    }

    /// <summary>Puts merges of leaf indices in order of height and names the clusters by the merge that made them.</summary>
    private static Merge[] Ordered(int count, Merge[] unordered)
    {
        Merge[] sorted = [.. unordered.OrderBy(merge => merge.Height)];
        int[] parent = Enumerable.Range(0, count).ToArray();
        int[] node = Enumerable.Range(0, count).ToArray();
        for (int step = 0; step < sorted.Length; step++)
        {
            int first = Root(sorted[step].First);
            int second = Root(sorted[step].Second);
            sorted[step] = sorted[step] with { First = Math.Min(node[first], node[second]), Second = Math.Max(node[first], node[second]) };
            parent[first] = second;
            node[second] = count + step;
        }

        return sorted;

        int Root(int leaf)
        {
            while (parent[leaf] != leaf)
            {
                leaf = parent[leaf] = parent[parent[leaf]];
            }

            return leaf;
        }
    }

    private readonly struct CentroidUpdate : IUpdate
    {
        // Of squared distances. Rounding may take the distance of equal points below zero.
        public static double Distance(double toFirst, double toSecond, double between, double first, double second)
        {
            double weight = first + second;
            return Math.Max(0, ((first * toFirst) + (second * toSecond) - (first * second * between / weight)) / weight);
        }
    }

    private readonly struct AverageUpdate : IUpdate
    {
        public static double Distance(double toFirst, double toSecond, double between, double first, double second) =>
            ((first * toFirst) + (second * toSecond)) / (first + second);
    }
}
