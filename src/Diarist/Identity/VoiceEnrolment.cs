using System.Globalization;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>Requires that a recording holds one voice, and sums it up.</summary>
internal static class VoiceEnrolment
{
    /// <summary>Less speech than this tells a voice too badly.</summary>
    public const double MinimumDuration = 5;

    /// <summary>Another group with less speech than this is left out without a word: a cough, a word across the room.</summary>
    private const double IgnoredSeconds = 1.5;

    /// <summary>A group as alike to the voice as this is taken for the same person, as small groups are in the recipe.</summary>
    private const double SamePerson = 0.35;

    /// <summary>So many seconds in which two people speak at once are too many.</summary>
    private const double MostOverlap = 1.5;

    // Groups by likeness alone: small ones must not vanish in the largest.
    private static readonly SegmentsParameters Fine = SegmentsParameters.Default with { SmallSeconds = 0, SmallShare = 0 };

    /// <summary>The exemplar that a recording gives.</summary>
    /// <param name="heard">What was heard of it, with its bands.</param>
    /// <param name="source">What errors call the recording.</param>
    /// <param name="minimumDuration">The least speech that is taken, in seconds.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="EnrolmentException">There is too little speech, or somebody else speaks too.</exception>
    public static VoiceExemplar Exemplar(HeardSpeech heard, string source, double minimumDuration, CancellationToken cancellationToken)
    {
        PieceGroups groups = SpeakerGrouping.Run(heard, Fine, cancellationToken: cancellationToken);
        if (groups.Groups.Count == 0)
        {
            throw TooLittle(source, 0, minimumDuration);
        }

        int main = 0;
        for (int group = 1; group < groups.Groups.Count; group++)
        {
            main = groups.Groups[group].Seconds > groups.Groups[main].Seconds ? group : main;
        }

        HashSet<int> own = [main];
        for (int group = 0; group < groups.Groups.Count; group++)
        {
            double likeness = group == main ? 1 : groups.Groups[group].Likeness(groups.Groups[main], groups.Model);
            if (likeness >= SamePerson)
            {
                own.Add(group);
            }
            else if (groups.Groups[group].Seconds >= IgnoredSeconds)
            {
                throw Other(source, RangeOf(heard, groups, group));
            }
        }

        RequireNoOverlap(heard, source);
        int[] pieces = [.. Enumerable.Range(0, groups.Used.Length).Where(item => own.Contains(groups.Labels[item])).Select(item => groups.Used[item])];
        SpeakerVoice voice = SpeakerVoice.Of(source, heard, pieces);
        return voice.Group is { } sum && sum.Seconds >= minimumDuration ? new VoiceExemplar(sum, voice.Channel) : throw TooLittle(source, voice.Group?.Seconds ?? 0, minimumDuration);
    }

    /// <summary>Where a group's longest run of neighbouring pieces lies.</summary>
    private static TimeRange RangeOf(HeardSpeech heard, PieceGroups groups, int group)
    {
        (int start, int end) = (0, 0);
        (int from, int to) = (-1, -1);
        for (int item = 0; item < groups.Used.Length; item++)
        {
            Piece piece = heard.Pieces.Pieces[groups.Used[item]];
            if (groups.Labels[item] != group)
            {
                from = -1;
                continue;
            }

            (from, to) = (from < 0 ? piece.Start : from, piece.End);
            if (to - from > end - start)
            {
                (start, end) = (from, to);
            }
        }

        return new TimeRange(TurnReconstruction.Boundary(start), Math.Min(TurnReconstruction.Boundary(end), heard.Duration));
    }

    private static void RequireNoOverlap(HeardSpeech heard, string source)
    {
        byte[] counts = heard.Counts;
        int first = Array.FindIndex(counts, count => count > 1);
        if (counts.Count(count => count > 1) * SlidingWindow.FrameStep <= MostOverlap)
        {
            return;
        }

        int end = Array.FindIndex(counts, first, count => count <= 1);
        throw Other(source, new TimeRange(TurnReconstruction.Boundary(first), TurnReconstruction.Boundary(end < 0 ? counts.Length : end)));
    }

    private static EnrolmentException Other(string source, TimeRange range) => new(
        source, string.Create(CultureInfo.InvariantCulture, $"another person speaks in it, from {Clock(range.Start)} to {Clock(range.End)}; a voice is enrolled from a recording of one person alone."))
    {
        OtherPerson = range,
    };

    private static EnrolmentException TooLittle(string source, double seconds, double minimumDuration) =>
        new(source, string.Create(CultureInfo.InvariantCulture, $"it holds {seconds:0.0} s of speech of one person; {minimumDuration:0.#} s or more are needed."));

    private static string Clock(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)}:{seconds % 60:00.0}");
}
