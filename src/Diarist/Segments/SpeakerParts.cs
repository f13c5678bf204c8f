using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>Two parts into which a speaker's stretches of speech fall, whatever the speaker is made of.</summary>
/// <param name="Larger">The voice of the part with more speech.</param>
/// <param name="Smaller">That of the other part.</param>
/// <param name="LargerPieces">The pieces of the larger part, rising.</param>
/// <param name="SmallerPieces">Those of the other part.</param>
/// <param name="Likeness">How alike the parts are.</param>
internal sealed record SpeakerParts(SpeakerGroup Larger, SpeakerGroup Smaller, int[] LargerPieces, int[] SmallerPieces, double Likeness)
{
    // More stretches are more than one table compares at once; what is left out is short.
    private const int MostStretches = 1000;
    private const int AxisRounds = 20;
    private const int MostRounds = 10;

    /// <summary>Takes away what joins last: often little speech that is unlike all the rest.</summary>
    /// <param name="stretches">All that the speaker says, in stretches.</param>
    /// <param name="model">How alike voices are.</param>
    /// <param name="parameters">What a join costs.</param>
    /// <returns>The parts; <see langword="null"/> where there are fewer than two stretches.</returns>
    public static SpeakerParts? LastJoin(IReadOnlyList<(int[] Pieces, SpeakerGroup Voice)> stretches, LikenessModel model, SegmentsParameters parameters)
    {
        if (stretches.Count < 2)
        {
            return null;
        }

        (int[] Pieces, SpeakerGroup Voice)[] taken = Longest(stretches);
        var groups = new SpeakerGroups(model, linkWeight: 0);
        foreach ((_, SpeakerGroup voice) in taken)
        {
            groups.Add(voice.Copy());
        }

        using var table = new LikenessTable(groups, groups.Alive(), veto: null, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        GroupMerging.ReduceTo(table, 2, parameters.MergeThreshold, CancellationToken.None);
        groups.Join(table.Joins);
        int first = groups.GroupOf(0);
        return Of(taken, [.. Enumerable.Range(0, taken.Length).Select(item => groups.GroupOf(item) == first)], model);
    }

    /// <summary>Cuts the speech in two across the direction in which its voices differ most, then moves each stretch to the part that it is more like.</summary>
    /// <param name="stretches">All that the speaker says, in stretches.</param>
    /// <param name="model">How alike voices are.</param>
    /// <returns>The parts; <see langword="null"/> where all stretches end in one.</returns>
    public static SpeakerParts? Halves(IReadOnlyList<(int[] Pieces, SpeakerGroup Voice)> stretches, LikenessModel model)
    {
        if (stretches.Count < 2)
        {
            return null;
        }

        (int[] Pieces, SpeakerGroup Voice)[] taken = Longest(stretches);
        double[] axis = Axis(taken, out double[] centre);
        bool[] isFirst = [.. taken.Select(stretch => VectorMath.Dot(stretch.Voice.Sum, axis) > stretch.Voice.Weight * VectorMath.Dot(centre, axis))];
        for (int round = 0; round < MostRounds; round++)
        {
            if (Sum(taken, isFirst, true) is not { } first || Sum(taken, isFirst, false) is not { } second)
            {
                return null;
            }

            bool[] next = [.. taken.Select((stretch, item) => IsFirst(stretch.Voice, isFirst[item], first, second, model))];
            if (next.AsSpan().SequenceEqual(isFirst))
            {
                break;
            }

            isFirst = next;
        }

        return Of(taken, isFirst, model);
    }

    private static (int[] Pieces, SpeakerGroup Voice)[] Longest(IReadOnlyList<(int[] Pieces, SpeakerGroup Voice)> stretches) =>
        [.. stretches.OrderByDescending(stretch => stretch.Voice.Seconds).ThenBy(stretch => stretch.Pieces[0]).Take(MostStretches)];

    // The first principal axis of the stretches' voices around their mean, by power iteration from the voice that is farthest from it.
    private static double[] Axis((int[] Pieces, SpeakerGroup Voice)[] stretches, out double[] centre)
    {
        double[] mean = new double[stretches[0].Voice.Dimension];
        double weight = 0;
        foreach ((_, SpeakerGroup voice) in stretches)
        {
            voice.AddSumTo(mean);
            weight += voice.Weight;
        }

        VectorMath.Scale(mean, 1 / weight);
        double[][] rest = [.. stretches.Select(stretch => Rest(stretch.Voice, mean))];
        double[] axis = [.. rest.MaxBy(vector => VectorMath.Dot(vector, vector))!];
        for (int round = 0; round < AxisRounds; round++)
        {
            VectorMath.ScaleToNorm(axis, 1);
            double[] next = new double[axis.Length];
            for (int item = 0; item < rest.Length; item++)
            {
                VectorMath.AddScaled(next, VectorMath.Dot(rest[item], axis) / stretches[item].Voice.Weight, rest[item]);
            }

            axis = next;
        }

        centre = mean;
        return axis;
    }

    private static double[] Rest(SpeakerGroup voice, double[] mean)
    {
        double[] rest = [.. voice.Sum];
        VectorMath.AddScaled(rest, -voice.Weight, mean);
        return rest;
    }

    private static bool IsFirst(SpeakerGroup voice, bool was, SpeakerGroup first, SpeakerGroup second, LikenessModel model)
    {
        (SpeakerGroup here, SpeakerGroup there) = was ? (first, second) : (second, first);
        SpeakerGroup others = here.Without(voice);
        bool stays = others.Weight < 1e-9 || others.Likeness(voice, model) >= there.Likeness(voice, model);
        return was == stays;
    }

    private static SpeakerGroup? Sum((int[] Pieces, SpeakerGroup Voice)[] stretches, bool[] isFirst, bool which)
    {
        SpeakerGroup? sum = null;
        for (int item = 0; item < stretches.Length; item++)
        {
            if (isFirst[item] != which)
            {
                continue;
            }

            if (sum is null)
            {
                sum = stretches[item].Voice.Copy();
            }
            else
            {
                sum.Add(stretches[item].Voice);
            }
        }

        return sum;
    }

    private static SpeakerParts? Of((int[] Pieces, SpeakerGroup Voice)[] stretches, bool[] isFirst, LikenessModel model)
    {
        if (Sum(stretches, isFirst, true) is not { } first || Sum(stretches, isFirst, false) is not { } second)
        {
            return null;
        }

        int[] Pieces(bool which) => [.. Enumerable.Range(0, stretches.Length).Where(item => isFirst[item] == which).SelectMany(item => stretches[item].Pieces).Order()];
        bool isLarger = first.Seconds >= second.Seconds;
        (SpeakerGroup larger, SpeakerGroup smaller) = isLarger ? (first, second) : (second, first);
        return new SpeakerParts(larger, smaller, Pieces(isLarger), Pieces(!isLarger), larger.Likeness(smaller, model));
    }
}
