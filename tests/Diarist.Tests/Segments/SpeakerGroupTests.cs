using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>Groups as sums: joining and likeness against the pairs that they stand for, constraints, bytes.</summary>
public class SpeakerGroupTests
{
    private static readonly LikenessModel Model = LikenessModel.Default;

    [Fact]
    public void Likeness_of_groups_is_that_of_the_weighted_average_of_their_pairs()
    {
        var random = new Random(5);
        (float[] Vector, double Seconds)[] left = [.. Enumerable.Range(0, 7).Select(_ => Piece(random, 0))], right = [.. Enumerable.Range(0, 4).Select(_ => Piece(random, 1))];
        double dots = 0, expected = 0, weights = 0;
        foreach ((float[] x, double dx) in left)
        {
            foreach ((float[] y, double dy) in right)
            {
                (double rx, double ry) = (Model.Expected(dx), Model.Expected(dy));
                double weight = Model.Weight(rx) * Model.Weight(ry);
                dots += weight * x.Zip(y, (a, b) => (double)a * b).Sum();
                expected += weight * rx * ry;
                weights += weight;
            }
        }

        Assert.Equal((dots - (Model.Strangers * weights)) / (expected - (Model.Strangers * weights)), Sum(left).Likeness(Sum(right), Model), 1e-12);
    }

    [Fact]
    public void A_group_of_groups_is_the_group_of_all_pieces()
    {
        var random = new Random(6);
        (float[], double)[] pieces = [.. Enumerable.Range(0, 9).Select(_ => Piece(random, 0))];
        SpeakerGroup whole = Sum(pieces), first = Sum(pieces[..4]);
        first.Add(Sum(pieces[4..]));
        Assert.Equal(whole.Seconds, first.Seconds, 1e-9);
        Assert.Equal(1, whole.Likeness(first, Model) / whole.Likeness(whole, Model), 1e-9);
    }

    [Fact]
    public void A_group_survives_its_bytes()
    {
        SpeakerGroup group = Sum([Piece(new Random(7), 0), Piece(new Random(8), 0)]);
        byte[] bytes = new byte[group.ByteCount];
        group.Write(bytes);
        Assert.Equal(1048, bytes.Length);
        SpeakerGroup read = SpeakerGroup.Read(bytes);
        Assert.Equal(group.Seconds, read.Seconds);
        Assert.Equal(group.Likeness(group, Model), read.Likeness(group, Model), 1e-6);
    }

    [Fact]
    public void What_is_known_of_pieces_holds_against_their_voices()
    {
        var random = new Random(9);
        PieceVectors vectors = Vectors(random, people: 2, pieces: 12);
        PieceGroups free = SpeakerGrouping.Run(vectors, PieceLinks.None(12), SegmentsParameters.Default);
        Assert.Equal(2, free.Groups.Count);
        Assert.All(Enumerable.Range(0, 12), piece => Assert.Equal(free.Labels[piece % 2], free.Labels[piece]));

        PieceGroups apart = SpeakerGrouping.Run(vectors, PieceLinks.None(12), SegmentsParameters.Default, constraints: new GroupingConstraints { CannotLink = [(0, 2)] });
        Assert.NotEqual(apart.Labels[0], apart.Labels[2]);
        PieceGroups together = SpeakerGrouping.Run(vectors, PieceLinks.None(12), SegmentsParameters.Default, constraints: new GroupingConstraints { MustLink = [(0, 1)] });
        Assert.Equal(together.Labels[0], together.Labels[1]);
        PieceGroups named = SpeakerGrouping.Run(
            vectors, PieceLinks.None(12), SegmentsParameters.Default, constraints: new GroupingConstraints { FixedLabels = new SortedDictionary<int, int> { [0] = 0, [2] = 1, [1] = 1 } });
        Assert.Equal(named.Labels[1], named.Labels[2]);
        Assert.NotEqual(named.Labels[0], named.Labels[2]);
        Assert.Throws<ArgumentException>(() => SpeakerGrouping.Run(
            vectors, PieceLinks.None(12), SegmentsParameters.Default, constraints: new GroupingConstraints { MustLink = [(0, 2)], CannotLink = [(0, 2)] }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    public void A_number_given_is_met(int number)
    {
        PieceVectors vectors = Vectors(new Random(10), people: 3, pieces: 60);
        PieceGroups groups = SpeakerGrouping.Run(vectors, PieceLinks.None(60), SegmentsParameters.Default, number, number);
        Assert.Equal(number, groups.Groups.Count);
    }

    [Fact]
    public void Blocks_give_the_groups_of_one_block()
    {
        PieceVectors vectors = Vectors(new Random(11), people: 4, pieces: 800);
        PieceGroups one = SpeakerGrouping.Run(vectors, PieceLinks.None(800), SegmentsParameters.Default);
        PieceGroups many = SpeakerGrouping.Run(vectors, PieceLinks.None(800), SegmentsParameters.Default with { BlockPieces = 150 });
        Assert.Equal(4, one.Groups.Count);
        Assert.Equal(one.Labels, many.Labels);
    }

    [Theory]
    [InlineData(1, int.MaxValue)]
    [InlineData(2, 2)]
    [InlineData(7, 7)]
    public void What_is_remembered_of_blocks_changes_no_grouping(int least, int most)
    {
        const int count = 800;
        PieceVectors vectors = Vectors(new Random(12), people: 4, pieces: count);
        SegmentsParameters parameters = SegmentsParameters.Default with { BlockPieces = 150 };
        GroupingMemory memory = GroupingMemory.Of(vectors, PieceLinks.None(count), parameters);
        foreach (GroupingConstraints known in (GroupingConstraints[])[
            GroupingConstraints.None,
            new GroupingConstraints { CannotLink = [(0, 4)] },
            new GroupingConstraints { MustLink = [(160, 161), (161, 700)], FixedLabels = new SortedDictionary<int, int> { [3] = 0, [300] = 1 } },
            GroupingConstraints.None,
        ])
        {
            PieceGroups expected = SpeakerGrouping.Run(vectors, PieceLinks.None(count), parameters, least, most, known);
            PieceGroups remembered = SpeakerGrouping.Run(vectors, PieceLinks.None(count), parameters, least, most, known, memory: memory);
            Assert.Equal(expected.Labels, remembered.Labels);
            Assert.Equal(expected.WeakestJoin, remembered.WeakestJoin);
        }
    }

    [Fact]
    public void A_table_makes_the_joins_of_comparing_all_pairs_each_time()
    {
        const int count = 150;
        var random = new Random(13);
        PieceVectors vectors = Vectors(random, people: 3, pieces: count);
        var matrix = new double[count * count];
        for (int pair = 0; pair < 200; pair++)
        {
            (int left, int right) = (random.Next(count), random.Next(count));
            matrix[(left * count) + right] = matrix[(right * count) + left] = (random.NextDouble() * 2) - 1;
        }

        SpeakerGroups Create() => SpeakerGrouping.Create(
            vectors, [.. Enumerable.Range(0, count)], PieceLinks.From(matrix, count), new GroupingConstraints { CannotLink = [(0, 3), (5, 8)], MustLink = [(1, 4)] }, Model, 0.2);
        var expected = new List<(int, int)>();
        SpeakerGroups groups = Create();
        for (bool joined = true; joined;)
        {
            (double best, int one, int other) = (SpeakerGroups.Never, -1, -1);
            List<int> alive = groups.Alive();
            foreach (int left in alive)
            {
                foreach (int right in alive.Where(right => right > left))
                {
                    (best, one, other) = groups.Likeness(left, right) is var likeness && likeness > best ? (likeness, left, right) : (best, one, other);
                }
            }

            joined = best >= 0.48;
            if (joined)
            {
                expected.Add((one, other));
                groups.Join(one, other);
            }
        }

        SpeakerGroups fresh = Create();
        foreach (int threads in (int[])[1, 3])
        {
            using var table = new LikenessTable(fresh, fresh.Alive(), veto: null, new ParallelOptions { MaxDegreeOfParallelism = threads });
            GroupMerging.Merge(table, 0.9, TestContext.Current.CancellationToken);
            using LikenessTable copy = table.Copy();
            GroupMerging.Merge(table, 0.48, TestContext.Current.CancellationToken);
            GroupMerging.Merge(copy, 0.48, TestContext.Current.CancellationToken);
            Assert.Equal(expected, table.Joins);
            Assert.Equal(expected, copy.Joins);
        }
    }

    [Fact]
    public void Windows_keep_alike_voices_apart_that_they_always_hear_as_two()
    {
        const int count = 60;
        PieceVectors vectors = Vectors(new Random(12), people: 2, pieces: count);
        for (int piece = 1; piece < count; piece += 2)
        {
            // The second voice becomes alike to the first: a likeness between the threshold and 0.6.
            Span<float> vector = vectors[piece];
            (vector[0], vector[1]) = (vector[0] + (0.6f * vector[1]), 0.8f * vector[1]);
        }

        var links = new double[count * count];
        for (int left = 0; left < count; left++)
        {
            for (int right = Math.Max(0, left - 4); right < Math.Min(count, left + 5); right++)
            {
                links[(left * count) + right] = left % 2 == right % 2 ? 1 : -1;
            }
        }

        SegmentsParameters parameters = SegmentsParameters.Default with { LinkWeight = 0 };
        Assert.Single(SpeakerGrouping.Run(vectors, PieceLinks.From(links, count), parameters with { Veto = null }).Groups);
        Assert.InRange(SpeakerGrouping.Run(vectors, PieceLinks.From(links, count), parameters with { Veto = null }).WeakestJoin, parameters.MergeThreshold, 0.6);
        PieceGroups apart = SpeakerGrouping.Run(vectors, PieceLinks.From(links, count), parameters);
        Assert.Equal(2, apart.Groups.Count);
        Assert.True(apart.WeakestJoin > 0.6);
        Assert.All(Enumerable.Range(0, count), piece => Assert.Equal(apart.Labels[piece % 2], apart.Labels[piece]));

        // A number that is given counts for more.
        Assert.Single(SpeakerGrouping.Run(vectors, PieceLinks.From(links, count), parameters, most: 1).Groups);
    }

    [Theory]
    [InlineData(0.55, -0.77, 145, 100, true)]
    [InlineData(0.55, -0.77, 145, 1000, true)]
    [InlineData(0.55, -0.77, 60, 30, true)]
    [InlineData(0.65, -0.77, 145, 100, false)]
    [InlineData(0.55, -0.5, 145, 100, false)]
    [InlineData(0.55, -0.9, 86, 99, false)]
    [InlineData(0.55, -1, 29, 0, false)]
    [InlineData(0.44, -1, 5.3, 1.3, true)]
    [InlineData(0.65, -1, 5.3, 1.3, false)]
    [InlineData(0.44, -0.8, 9, 1.3, false)]
    [InlineData(0.44, -1, 3.9, 1.3, false)]
    [InlineData(0.44, -1, 10, 0.9, false)]
    [InlineData(0.44, -1, 14.7, 3.05, false)]
    public void Windows_need_many_links_for_their_veto(double likeness, double agreement, double absolute, double seconds, bool refused) =>
        Assert.Equal(refused, new WindowsVeto().Refuses(likeness, new LinkSums(0, agreement * absolute, absolute), seconds));

    [Theory]
    [InlineData(3, 1000, 0.12)]
    [InlineData(3, 100, 0.2)]
    [InlineData(9, 1000, 0.2)]
    [InlineData(15, 1000, 0.34)]
    [InlineData(15, 100, null)]
    [InlineData(25, 1000, null)]
    public void How_alike_a_group_must_be_to_be_placed_depends_on_its_speech(double seconds, double total, double? threshold) =>
        Assert.Equal(threshold, SegmentsParameters.Default.PlaceThreshold(seconds, total));

    private static PieceVectors Vectors(Random random, int people, int pieces)
    {
        var vectors = new PieceVectors([.. Enumerable.Range(0, pieces).Select(piece => new Piece(90 * piece, (90 * piece) + 88))], 256);
        for (int piece = 0; piece < pieces; piece++)
        {
            (float[] vector, vectors.Seconds[piece]) = Piece(random, piece % people);
            vector.CopyTo(vectors[piece]);
            vectors.Voiced[piece] = true;
        }

        return vectors;
    }

    /// <summary>A voice of a person, with as much noise as a piece of its length has.</summary>
    private static (float[] Vector, double Seconds) Piece(Random random, int person)
    {
        double seconds = 0.9 + (0.6 * random.NextDouble());
        double voice = Model.Expected(seconds);
        double[] noise = [.. Enumerable.Range(0, 256).Select(_ => random.NextDouble() - 0.5)];
        double norm = Math.Sqrt(noise.Sum(value => value * value));
        float[] vector = [.. noise.Select(value => (float)(value / norm * Math.Sqrt(1 - (voice * voice))))];
        vector[person] += (float)voice;
        double length = Math.Sqrt(vector.Sum(value => (double)value * value));
        return ([.. vector.Select(value => (float)(value / length))], seconds);
    }

    private static SpeakerGroup Sum((float[] Vector, double Seconds)[] pieces)
    {
        var sum = SpeakerGroup.Of(pieces[0].Vector, pieces[0].Seconds, Model);
        foreach ((float[] vector, double seconds) in pieces[1..])
        {
            sum.Add(SpeakerGroup.Of(vector, seconds, Model));
        }

        return sum;
    }
}
