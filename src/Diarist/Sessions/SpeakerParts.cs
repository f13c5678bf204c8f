using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>The two halves into which a speaker's stretches of speech fall first, whatever the speaker is made of.</summary>
/// <param name="Larger">The voice of the half with more speech.</param>
/// <param name="Smaller">That of the other half.</param>
/// <param name="Pieces">The pieces of the smaller half, rising.</param>
/// <param name="Likeness">How alike the halves are.</param>
internal sealed record SpeakerParts(SpeakerGroup Larger, SpeakerGroup Smaller, int[] Pieces, double Likeness)
{
    // More stretches are more than one table compares at once; what is left out is short.
    private const int MostStretches = 1000;

    /// <summary>Divides a speaker.</summary>
    /// <param name="stretches">All that the speaker says, in stretches.</param>
    /// <param name="model">How alike voices are.</param>
    /// <param name="parameters">What a join costs.</param>
    /// <returns>The halves; <see langword="null"/> where there are fewer than two stretches.</returns>
    public static SpeakerParts? Of(IReadOnlyList<(int[] Pieces, SpeakerGroup Voice)> stretches, LikenessModel model, SegmentsParameters parameters)
    {
        if (stretches.Count < 2)
        {
            return null;
        }

        (int[] Pieces, SpeakerGroup Voice)[] taken = [.. stretches.OrderByDescending(stretch => stretch.Voice.Seconds).ThenBy(stretch => stretch.Pieces[0]).Take(MostStretches)];
        var groups = new SpeakerGroups(model, linkWeight: 0);
        foreach ((_, SpeakerGroup voice) in taken)
        {
            groups.Add(voice.Copy());
        }

        using var table = new LikenessTable(groups, groups.Alive(), veto: null, new ParallelOptions { MaxDegreeOfParallelism = 1 });
        GroupMerging.ReduceTo(table, 2, parameters.MergeThreshold, CancellationToken.None);
        groups.Join(table.Joins);
        int[] halves = [.. groups.Alive().OrderByDescending(group => groups[group].Seconds)];
        (SpeakerGroup larger, SpeakerGroup smaller) = (groups[halves[0]], groups[halves[1]]);
        int[] pieces = [.. Enumerable.Range(0, taken.Length).Where(item => groups.GroupOf(item) == halves[1]).SelectMany(item => taken[item].Pieces).Order()];
        return new SpeakerParts(larger, smaller, pieces, larger.Likeness(smaller, model));
    }
}
