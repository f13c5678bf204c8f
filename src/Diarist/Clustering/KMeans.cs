using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>
/// k-means (Lloyd) that gives the same clusters on every run: several starts, the first by farthest points, the others by
/// k-means++ (Arthur and Vassilvitskii 2007) with a generator of fixed seed; the start with the least inertia wins, the
/// earlier one when equal. Distances are Euclidean; on unit vectors that orders as cosine does.
/// </summary>
internal static class KMeans
{
    private const int Starts = 5;
    private const int MaximumIterations = 300;
    private const ulong Seed = 0x9E3779B97F4A7C15;

    /// <summary>Clusters points into exactly <paramref name="clusters"/> non-empty groups, as far as there are that many different points.</summary>
    /// <param name="points">The points with their weights.</param>
    /// <param name="clusters">k, at least 1.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    /// <returns>The cluster of every point, numbered from 0 by first appearance; fewer than k numbers appear only when fewer points differ.</returns>
    public static int[] Cluster(PointSet points, int clusters, ParallelOptions parallel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        int[] best = new int[points.Count];
        double leastInertia = double.PositiveInfinity;
        ulong state = Seed;
        for (int start = 0; start < Starts && points.Count > 0; start++)
        {
            int[] seeds = start == 0 ? FarthestPoints(points, clusters) : PlusPlus(points, clusters, ref state);
            (int[] labels, double inertia) = Lloyd(points, seeds, parallel);
            if (inertia < leastInertia)
            {
                (best, leastInertia) = (labels, inertia);
            }
        }

        return ClusterLabels.ByFirstAppearance(best);
    }

    private static (int[] Labels, double Inertia) Lloyd(PointSet points, int[] seeds, ParallelOptions parallel)
    {
        int[] groups = new int[points.Count];
        groups.AsSpan().Fill(-1);
        for (int seed = 0; seed < seeds.Length; seed++)
        {
            groups[seeds[seed]] = seed;
        }

        PointSet centres = points.GroupMeans(groups, seeds.Length);
        var distances = new double[points.Count];
        for (int iteration = 0; iteration < MaximumIterations; iteration++)
        {
            int[] previous = [.. groups];
            Parallel.For(0, points.Count, parallel, index => (groups[index], distances[index]) = Nearest(points[index], centres));
            FillEmptyGroups(groups, distances, seeds.Length);
            if (groups.AsSpan().SequenceEqual(previous))
            {
                break;
            }

            centres = points.GroupMeans(groups, seeds.Length);
        }

        double inertia = 0;
        for (int index = 0; index < points.Count; index++)
        {
            inertia += points.Weights[index] * distances[index];
        }

        return (groups, inertia);
    }

    private static (int Group, double Distance) Nearest(ReadOnlySpan<double> point, PointSet centres)
    {
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int centre = 0; centre < centres.Count; centre++)
        {
            double distance = VectorMath.SquaredDistance(point, centres[centre]);
            if (distance < least)
            {
                (nearest, least) = (centre, distance);
            }
        }

        return (nearest, least);
    }

    /// <summary>A group that lost all its points takes the point that is worst served, from a group that can spare it.</summary>
    private static void FillEmptyGroups(int[] groups, double[] distances, int groupCount)
    {
        var sizes = new int[groupCount];
        foreach (int group in groups)
        {
            sizes[group]++;
        }

        for (int empty = 0; empty < groupCount; empty++)
        {
            if (sizes[empty] > 0)
            {
                continue;
            }

            int worst = -1;
            for (int index = 0; index < groups.Length; index++)
            {
                if (sizes[groups[index]] > 1 && distances[index] > (worst < 0 ? 0 : distances[worst]))
                {
                    worst = index;
                }
            }

            if (worst >= 0)
            {
                sizes[groups[worst]]--;
                sizes[empty]++;
                groups[worst] = empty;
                distances[worst] = 0;
            }
        }
    }

    /// <summary>The point nearest to the mean, then always the one farthest from those chosen; stops early when all others coincide with one chosen.</summary>
    private static int[] FarthestPoints(PointSet points, int clusters)
    {
        PointSet mean = points.GroupMeans(new int[points.Count], 1);
        int first = 0;
        for (int index = 1; index < points.Count; index++)
        {
            if (VectorMath.SquaredDistance(points[index], mean[0]) < VectorMath.SquaredDistance(points[first], mean[0]))
            {
                first = index;
            }
        }

        return Seeds(points, clusters, first, distances => VectorMath.IndexOfMax(distances));
    }

    /// <summary>Each next point is drawn with a probability in proportion to its squared distance to those chosen.</summary>
    private static int[] PlusPlus(PointSet points, int clusters, ref ulong state)
    {
        ulong local = state;
        int first = (int)(Next(ref local) * points.Count);
        int[] seeds = Seeds(points, clusters, first, distances =>
        {
            double total = 0;
            for (int index = 0; index < distances.Length; index++)
            {
                total += points.Weights[index] * distances[index];
            }

            double target = Next(ref local) * total;
            int last = 0;
            for (int index = 0; index < distances.Length; index++)
            {
                double part = points.Weights[index] * distances[index];
                last = part > 0 ? index : last;
                if (part > 0 && (target -= part) < 0)
                {
                    break;
                }
            }

            return last;
        });
        state = local;
        return seeds;
    }

    private static int[] Seeds(PointSet points, int clusters, int first, Func<double[], int> choose)
    {
        var seeds = new List<int> { first };
        var distances = new double[points.Count];
        distances.AsSpan().Fill(double.PositiveInfinity);
        while (true)
        {
            for (int index = 0; index < points.Count; index++)
            {
                distances[index] = Math.Min(distances[index], VectorMath.SquaredDistance(points[index], points[seeds[^1]]));
            }

            if (seeds.Count == clusters || distances.Max() <= 0)
            {
                return [.. seeds];
            }

            seeds.Add(choose(distances));
        }
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014), as a fraction in [0, 1).</summary>
    private static double Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
