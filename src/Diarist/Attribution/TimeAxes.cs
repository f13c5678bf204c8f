using System.Globalization;

namespace Diarist.Attribution;

/// <summary>
/// Notices when a transcript and turns cannot be of one time axis: of different recordings, with another start, or in
/// another unit. Then many words lie where nobody speaks, or all fit better some seconds earlier or later.
/// </summary>
internal static class TimeAxes
{
    // Recognizers write a few words where no speech is found; more than one in ten is no longer that.
    private const int OneIn = 10;

    /// <summary>The sentences that say so; none when the axes agree, or when one of the two is empty.</summary>
    public static IReadOnlyList<string> Compare(IReadOnlyList<AttributedSegment> segments, TurnTimeline turns)
    {
        if (turns.IsEmpty)
        {
            return [];
        }

        int timed = 0;
        int nobody = 0;
        double start = double.PositiveInfinity;
        double end = 0;
        foreach (var (range, choice) in segments.SelectMany(Units))
        {
            if (Ticks.TryFrom(range, out _, out _) && range is { } said)
            {
                timed++;
                nobody += choice.Speaker is null ? 1 : 0;
                start = Math.Min(start, said.Start);
                end = Math.Max(end, said.End);
            }
        }

        string? shifted = Shifted(segments, turns);
        string? silent = nobody * (long)OneIn <= timed ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{nobody} of {timed} texts with times have no speaker, because nobody speaks there: the transcript goes from {start:0.###} to {end:0.###} s and the turns from {Ticks.ToSeconds(turns.Start):0.###} to {Ticks.ToSeconds(turns.End):0.###} s; they may be of different recordings, count from different starts, or be in different units");
        string? other = silent is null && shifted is null ? OfOther(segments, turns) : null;
        return [.. new[] { silent, shifted, other }.OfType<string>()];
    }

    private static IEnumerable<TimeRange> Texts(IReadOnlyList<AttributedSegment> segments) =>
        segments.SelectMany(Units).Where(unit => Ticks.TryFrom(unit.Range, out _, out _)).Select(unit => unit.Range!.Value);

    private static string? OfOther(IReadOnlyList<AttributedSegment> segments, TurnTimeline turns) =>
        OtherRecording.Find(Texts(segments), turns) is not { } other ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"texts and turns seem to be of different recordings, so that many speakers are wrong: they share {other.Shared:0.0} s of speech, and {other.Chance:0.0} s by chance alone; was the transcript made of the same file?");

    private static string? Shifted(IReadOnlyList<AttributedSegment> segments, TurnTimeline turns)
    {
        IEnumerable<TimeRange> texts = Texts(segments);
        return TimeShift.Find(texts, turns) is not { } shift ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the texts seem to be {Math.Abs(shift.Late):0.0} s too {(shift.Late > 0 ? "late" : "early")}, so that many speakers are wrong: as they stand, {shift.Before:0.0} s are text without speech or speech without text, and moved by so much {shift.After:0.0} s; was the transcript made of the same file, from its start?");
    }

    private static IEnumerable<(TimeRange? Range, SpeakerChoice Choice)> Units(AttributedSegment segment) => segment.Words.Count > 0
        ? segment.Words.Select(word => (word.Word.Range, word.Choice))
        : [(segment.Segment.Range, segment.Choice)];
}
