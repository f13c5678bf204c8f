using Diarist.Clustering;
using Diarist.Numerics;
using Diarist.Tests.Support;

namespace Diarist.Tests.Clustering;

public class KMeansTests
{
    private static readonly ParallelOptions Parallel = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(8)]
    public void Clear_voices_are_found(int voices)
    {
        (PointSet points, int[] labels) = RandomPoints.Voices(seed: voices, count: 200, dimension: 32, voices, noise: 0.2);
        Assert.Equal(ClusterLabels.ByFirstAppearance(labels), KMeans.Cluster(points.Normalized(), voices, Parallel));
    }

    [Fact]
    public void As_many_clusters_come_out_as_were_asked_for()
    {
        PointSet points = RandomPoints.Unit(4, 30, 8);
        for (int clusters = 1; clusters <= 30; clusters++)
        {
            Assert.Equal(clusters, KMeans.Cluster(points, clusters, Parallel).Distinct().Count());
        }
    }

    [Fact]
    public void Only_different_points_make_clusters()
    {
        PointSet points = RandomPoints.Unit(4, 6, 8);
        for (int index = 2; index < 6; index++)
        {
            points[index % 2].CopyTo(points[index]);
        }

        Assert.Equal([0, 1, 0, 1, 0, 1], KMeans.Cluster(points, 4, Parallel));
        Assert.Equal([0], KMeans.Cluster(RandomPoints.Unit(1, 1, 3), 3, Parallel));
    }

    [Fact]
    public void No_single_move_of_a_point_to_a_nearer_mean_is_left()
    {
        PointSet points = RandomPoints.Unit(6, 100, 6);
        int[] labels = KMeans.Cluster(points, 5, Parallel);
        PointSet means = points.GroupMeans(labels, 5);
        for (int index = 0; index < points.Count; index++)
        {
            double own = VectorMath.SquaredDistance(points[index], means[labels[index]]);
            Assert.All(Enumerable.Range(0, 5), other => Assert.True(own <= VectorMath.SquaredDistance(points[index], means[other]) + 1e-12));
        }
    }

    [Fact]
    public void Runs_and_threads_do_not_change_the_clusters()
    {
        PointSet points = RandomPoints.Unit(8, 500, 16);
        int[] one = KMeans.Cluster(points, 7, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        Assert.Equal(one, KMeans.Cluster(points, 7, new ParallelOptions { MaxDegreeOfParallelism = 4 }));
    }
}
