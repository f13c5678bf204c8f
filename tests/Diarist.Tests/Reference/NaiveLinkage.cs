using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Tests.Reference;

/// <summary>Agglomerative clustering as one would explain it: O(n³), every distance from the members themselves.</summary>
internal static class NaiveLinkage
{
    public static List<(HashSet<int> Members, double Height)> Cluster(PointSet points, LinkageMethod method)
    {
        var clusters = Enumerable.Range(0, points.Count).Select(index => new HashSet<int> { index }).ToList();
        var merges = new List<(HashSet<int>, double)>();
        while (clusters.Count > 1)
        {
            (int First, int Second, double Height) best = (0, 0, double.PositiveInfinity);
            for (int first = 0; first < clusters.Count; first++)
            {
                for (int second = first + 1; second < clusters.Count; second++)
                {
                    double distance = Distance(points, clusters[first], clusters[second], method);
                    best = distance < best.Height ? (first, second, distance) : best;
                }
            }

            clusters[best.First] = [.. clusters[best.First], .. clusters[best.Second]];
            clusters.RemoveAt(best.Second);
            merges.Add((clusters[best.First], best.Height));
        }

        return merges;
    }

    /// <summary>Flat clusters by fcluster's rule: the largest subtrees in which no height exceeds the threshold.</summary>
    public static int[] Cut(int count, List<(HashSet<int> Members, double Height)> merges, double threshold)
    {
        int[] labels = Enumerable.Range(0, count).ToArray();
        for (int index = 0; index < merges.Count; index++)
        {
            HashSet<int> members = merges[index].Members;
            bool whole = merges.Take(index + 1).Where(merge => merge.Members.IsSubsetOf(members)).All(merge => merge.Height <= threshold);
            foreach (int member in whole ? [.. members] : Array.Empty<int>())
            {
                labels[member] = members.Min();
            }
        }

        return labels;
    }

    private static double Distance(PointSet points, HashSet<int> left, HashSet<int> right, LinkageMethod method)
    {
        if (method == LinkageMethod.CentroidEuclidean)
        {
            double sum = 0;
            for (int axis = 0; axis < points.Dimension; axis++)
            {
                double difference = left.Average(index => points[index][axis]) - right.Average(index => points[index][axis]);
                sum += difference * difference;
            }

            return Math.Sqrt(sum);
        }

        return left.SelectMany(l => right.Select(r =>
        {
            double product = 0;
            for (int axis = 0; axis < points.Dimension; axis++)
            {
                product += points[l][axis] * points[r][axis];
            }

            return 1 - product;
        })).Average();
    }
}
