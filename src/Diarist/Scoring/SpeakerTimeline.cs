namespace Diarist.Scoring;

/// <summary>When every speaker of one side speaks: per speaker the union of its turns, in whole units of time.</summary>
internal sealed class SpeakerTimeline
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>dscore's frame of 10 ms.</summary>
    private const long NanosecondsPerFrame = 10_000_000;

    private SpeakerTimeline(string[] labels, List<Interval>[] intervals)
    {
        Labels = labels;
        Intervals = intervals;
    }

    /// <summary>The speakers that have time, in ordinal order.</summary>
    public string[] Labels { get; }

    /// <summary>The intervals of each, sorted and disjoint.</summary>
    public List<Interval>[] Intervals { get; }

    /// <summary>The timeline of some turns. Turns that end where they start or before hold no time.</summary>
    /// <param name="turns">The turns, in any order.</param>
    /// <param name="unit">From seconds to units: <see cref="Nanoseconds"/> or <see cref="Frames"/>.</param>
    public static SpeakerTimeline Of(IEnumerable<Turn> turns, Func<double, long> unit)
    {
        var speakers = turns
            .GroupBy(turn => turn.Speaker, turn => new Interval(unit(turn.Start), unit(turn.End)), StringComparer.Ordinal)
            .Select(group => (Label: group.Key, Intervals: Interval.Union(group)))
            .Where(speaker => speaker.Intervals.Count > 0)
            .OrderBy(speaker => speaker.Label, StringComparer.Ordinal)
            .ToList();
        return new SpeakerTimeline([.. speakers.Select(speaker => speaker.Label)], [.. speakers.Select(speaker => speaker.Intervals)]);
    }

    /// <summary>The regions in whole units, sorted and disjoint.</summary>
    public static List<Interval> RegionsOf(IEnumerable<TimeRange> regions, Func<double, long> unit) =>
        Interval.Union(regions.Select(region => new Interval(unit(region.Start), unit(region.End))));

    /// <summary>Everything that either timeline may hold.</summary>
    public static List<Interval> Everything { get; } = [new Interval(long.MinValue, long.MaxValue)];

    /// <summary>Seconds in whole nanoseconds.</summary>
    public static long Nanoseconds(double seconds) =>
        Math.Abs(seconds) <= Formats.AnnotationField.MaximumSeconds
            ? (long)Math.Round(seconds * NanosecondsPerSecond)
            : throw new ArgumentException($"The time {seconds} is not a number of seconds that can be scored.");

    /// <summary>Nanoseconds in seconds.</summary>
    public static double Seconds(long nanoseconds) => nanoseconds / NanosecondsPerSecond;

    /// <summary>The first 10 ms frame that begins at this time or later; frame i stands for the instant i · 10 ms.</summary>
    public static long Frames(double seconds)
    {
        long nanoseconds = Nanoseconds(seconds);
        (long frames, long rest) = Math.DivRem(nanoseconds, NanosecondsPerFrame);
        return rest > 0 ? frames + 1 : frames;
    }
}
