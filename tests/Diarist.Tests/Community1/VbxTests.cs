using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Numerics;
using Diarist.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Community1;

public class VbxTests
{
    private static readonly ParallelOptions Parallel = new();

    [Fact]
    public void Voices_are_told_apart_and_surplus_speakers_die_out()
    {
        (PointSet points, int[] voices, double[] phi) = Conversation(seed: 1, count: 300, voices: 3);
        int[] start = [.. Enumerable.Range(0, points.Count).Select(index => (voices[index] * 4) + (index % 4))];
        VbxPosterior posterior = Vbx.Run(points, phi, start, 12, new VbxOptions { MaximumIterations = 100 }, Parallel);
        int[] survivors = posterior.Surviving(1e-7);
        Assert.Equal(3, survivors.Length);
        for (int index = 0; index < points.Count; index++)
        {
            double[] row = posterior.Responsibilities[(index * 12)..((index + 1) * 12)];
            Assert.Equal(1, row.Sum(), 1e-12);
        }

        Assert.Equal(1, posterior.Priors.Sum(), 1e-12);
        Assert.Equal(
            ClusterLabels.ByFirstAppearance(voices),
            ClusterLabels.ByFirstAppearance([.. Enumerable.Range(0, points.Count).Select(t => survivors.MaxBy(s => posterior.Responsibilities[(t * 12) + s]))]));
    }

    [Fact]
    public void The_lower_bound_never_falls() =>
        Prop.ForAll<int>(seed =>
        {
            (PointSet points, _, double[] phi) = Conversation(seed, count: 60, voices: 4);
            var random = new Random(seed);
            int[] start = [.. Enumerable.Range(0, points.Count).Select(_ => random.Next(5))];
            VbxPosterior posterior = Vbx.Run(points, phi, start, 5, new VbxOptions { Fa = 1, Fb = 1, MinimumGain = double.NegativeInfinity }, Parallel);
            return Enumerable.Range(1, posterior.LowerBounds.Count - 1)
                .All(index => posterior.LowerBounds[index] >= posterior.LowerBounds[index - 1] - (1e-6 * Math.Abs(posterior.LowerBounds[index])));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_the_embeddings_does_not_matter()
    {
        (PointSet points, int[] voices, double[] phi) = Conversation(seed: 2, count: 80, voices: 3);
        int[] order = [.. Enumerable.Range(0, points.Count)];
        new Random(2).Shuffle(order);
        var shuffled = new PointSet(points.Count, points.Dimension);
        for (int index = 0; index < order.Length; index++)
        {
            points[order[index]].CopyTo(shuffled[index]);
        }

        VbxPosterior first = Vbx.Run(points, phi, voices, 3, new VbxOptions(), Parallel);
        VbxPosterior second = Vbx.Run(shuffled, phi, [.. order.Select(index => voices[index])], 3, new VbxOptions(), Parallel);
        Assert.Equal(first.LowerBounds[^1], second.LowerBounds[^1], 1e-9 * Math.Abs(first.LowerBounds[^1]));
        for (int index = 0; index < order.Length; index++)
        {
            Assert.Equal(first.Responsibilities[order[index] * 3], second.Responsibilities[index * 3], 1e-9);
        }
    }

    [Fact]
    public void A_point_of_weight_n_stands_for_n_equal_points()
    {
        (PointSet few, int[] voices, double[] phi) = Conversation(seed: 3, count: 30, voices: 3);
        for (int index = 0; index < few.Count; index++)
        {
            few.Weights[index] = 1 + (index % 4);
        }

        int[] origin = [.. Enumerable.Range(0, few.Count).SelectMany(index => Enumerable.Repeat(index, (int)few.Weights[index]))];
        var many = new PointSet(origin.Length, few.Dimension);
        for (int index = 0; index < origin.Length; index++)
        {
            few[origin[index]].CopyTo(many[index]);
        }

        VbxPosterior ofFew = Vbx.Run(few, phi, voices, 3, new VbxOptions(), Parallel);
        VbxPosterior ofMany = Vbx.Run(many, phi, [.. origin.Select(index => voices[index])], 3, new VbxOptions(), Parallel);
        Assert.Equal(ofMany.LowerBounds[^1], ofFew.LowerBounds[^1], 1e-9 * Math.Abs(ofFew.LowerBounds[^1]));
        Assert.Equal(ofMany.Priors[0], ofFew.Priors[0], 1e-12);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        (PointSet points, int[] voices, double[] phi) = Conversation(seed: 4, count: 200, voices: 4);
        VbxPosterior one = Vbx.Run(points, phi, voices, 4, new VbxOptions(), new ParallelOptions { MaxDegreeOfParallelism = 1 });
        VbxPosterior four = Vbx.Run(points, phi, voices, 4, new VbxOptions(), new ParallelOptions { MaxDegreeOfParallelism = 4 });
        Assert.Equal(one.Responsibilities, four.Responsibilities);
        Assert.Equal(one.LowerBounds, four.LowerBounds);
    }

    /// <summary>Embeddings drawn from the model itself: unit variance around speaker means of variance Φ.</summary>
    private static (PointSet Points, int[] Voices, double[] Phi) Conversation(int seed, int count, int voices)
    {
        const int Dimension = 20;
        (PointSet points, int[] labels) = RandomPoints.Voices(seed, count, Dimension, voices, noise: 0.25);
        double[] phi = new double[Dimension];
        phi.AsSpan().Fill(16);
        for (int index = 0; index < count; index++)
        {
            VectorMath.Scale(points[index], 4);
        }

        return (points, labels, phi);
    }
}
