using Diarist.Clustering;
using Diarist.Hierarchical;
using Diarist.Numerics;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Hierarchical;

public class LinkageTests(ITestOutputHelper output)
{
    private static readonly ParallelOptions Parallel = new();

    /// <summary>Merges whose height is less than that of a merge below them.</summary>
    private static int Inversions(Dendrogram tree) => MaximumHeights(tree).Index().Count(height => height.Item > tree.Merges[height.Index].Height);

    /// <summary>For every merge, the greatest height of it and the merges below it.</summary>
    private static double[] MaximumHeights(Dendrogram tree)
    {
        var heights = new double[tree.Merges.Length];
        for (int index = 0; index < heights.Length; index++)
        {
            Merge merge = tree.Merges[index];
            heights[index] = Math.Max(merge.Height, Math.Max(Below(merge.First), Below(merge.Second)));
        }

        return heights;

        double Below(int node) => node < tree.Leaves ? double.NegativeInfinity : heights[node - tree.Leaves];
    }

    public static TheoryData<object> Methods => [LinkageMethod.CentroidEuclidean, LinkageMethod.AverageCosine];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Trees_equal_those_of_the_naive_algorithm(object method)
    {
        int inversions = 0;
        double difference = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            PointSet points = RandomPoints.Unit(seed, 2 + (seed % 23), 1 + (seed % 7) + 2);
            Dendrogram tree = Linkage.Cluster(points, (LinkageMethod)method, Parallel);
            List<(HashSet<int> Members, double Height)> expected = NaiveLinkage.Cluster(points, (LinkageMethod)method);
            inversions += Inversions(tree);
            for (int index = 0; index < expected.Count; index++)
            {
                difference = Math.Max(difference, Math.Abs(expected[index].Height - tree.Merges[index].Height));
                Assert.Equal(expected[index].Members.Count, tree.Merges[index].Weight);
                double between = expected[index].Height * (1 + 1e-9);
                Assert.Equal(
                    ClusterLabels.ByFirstAppearance(NaiveLinkage.Cut(points.Count, expected, between)),
                    ClusterLabels.ByFirstAppearance(tree.CutAt(between)));
            }
        }

        output.WriteLine($"{inversions} inversions; heights differ by at most {difference:g3}");
        Assert.True(difference < 1e-12);
        Assert.Equal((LinkageMethod)method == LinkageMethod.CentroidEuclidean, inversions > 0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_order_of_the_points_does_not_matter(object method) =>
        Prop.ForAll<int>(seed =>
        {
            PointSet points = RandomPoints.Unit(seed, 30, 8);
            int[] order = [.. Enumerable.Range(0, points.Count)];
            new Random(seed).Shuffle(order);
            var shuffled = new PointSet(points.Count, points.Dimension);
            for (int index = 0; index < order.Length; index++)
            {
                points[order[index]].CopyTo(shuffled[index]);
            }

            int[] labels = Linkage.Cluster(points, (LinkageMethod)method, Parallel).CutAt(0.7);
            int[] ofShuffled = Linkage.Cluster(shuffled, (LinkageMethod)method, Parallel).CutAt(0.7);
            int[] restored = new int[labels.Length];
            for (int index = 0; index < order.Length; index++)
            {
                restored[order[index]] = ofShuffled[index];
            }

            return ClusterLabels.ByFirstAppearance(labels).SequenceEqual(ClusterLabels.ByFirstAppearance(restored));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_point_of_weight_n_stands_for_n_equal_points(object method)
    {
        PointSet few = RandomPoints.Unit(5, 12, 6);
        var many = new PointSet(24, 6);
        for (int index = 0; index < 12; index++)
        {
            few.Weights[index] = 1 + (index % 3);
        }

        int next = 0;
        var origin = new List<int>();
        for (int index = 0; index < 12; index++)
        {
            for (int copy = 0; copy < few.Weights[index]; copy++)
            {
                few[index].CopyTo(many[next++]);
                origin.Add(index);
            }
        }

        Assert.Equal(24, next);
        for (double threshold = 0.3; threshold < 1.5; threshold += 0.1)
        {
            int[] ofFew = Linkage.Cluster(few, (LinkageMethod)method, Parallel).CutAt(threshold);
            int[] ofMany = Linkage.Cluster(many, (LinkageMethod)method, Parallel).CutAt(threshold);
            Assert.Equal(ClusterLabels.ByFirstAppearance([.. origin.Select(index => ofFew[index])]), ClusterLabels.ByFirstAppearance(ofMany));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_tree_is_cut_into_every_number_of_clusters(object method)
    {
        Dendrogram tree = Linkage.Cluster(RandomPoints.Unit(3, 40, 10), (LinkageMethod)method, Parallel);
        Assert.True((LinkageMethod)method != LinkageMethod.CentroidEuclidean || Inversions(tree) > 0);
        for (int count = 1; count <= 40; count++)
        {
            Assert.Equal(count, tree.CutInto(count).Distinct().Count());
        }

        foreach (double height in MaximumHeights(tree))
        {
            int[] labels = tree.CutAt(height);
            Assert.Equal(labels, tree.CutInto(ClusterLabels.Count(labels)));
        }
    }

    [Fact]
    public void Equal_points_merge_at_height_zero()
    {
        PointSet points = RandomPoints.Unit(1, 4, 5);
        points[0].CopyTo(points[2]);
        points[1].CopyTo(points[3]);
        Assert.Equal([0, 1, 0, 1], ClusterLabels.ByFirstAppearance(Linkage.Centroid(points, Parallel).CutAt(0)));
        Assert.Equal([0, 1, 0, 1], ClusterLabels.ByFirstAppearance(Linkage.AverageCosine(points, Parallel).CutAt(1e-12)));
    }

    [Fact]
    public void One_point_is_one_cluster()
    {
        Dendrogram tree = Linkage.Centroid(RandomPoints.Unit(1, 1, 3), Parallel);
        Assert.Equal([0], tree.CutAt(0));
        Assert.Equal([0], tree.CutInto(1));
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        PointSet points = RandomPoints.Unit(9, 300, 64);
        foreach (LinkageMethod method in Enum.GetValues<LinkageMethod>())
        {
            Merge[] one = [.. Linkage.Cluster(points, method, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Merges];
            Merge[] four = [.. Linkage.Cluster(points, method, new ParallelOptions { MaxDegreeOfParallelism = 4 }).Merges];
            Assert.Equal(one, four);
        }
    }

    [Fact]
    public void Cancellation_stops_the_work()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var cancelled = new ParallelOptions { CancellationToken = source.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => Linkage.Centroid(RandomPoints.Unit(1, 50, 4), cancelled));
    }
}
