namespace Diarist.Scoring;

/// <summary>
/// The diarization error rate (NIST RT-09; pyannote.metrics): missed, falsely detected and confused speaker time as a share of
/// the reference's speaker time, under the one-to-one mapping of speakers that makes it least.
/// </summary>
/// <remarks>
/// Times are exact (to the nanosecond), not frames. A speaker's overlapping or touching turns count once, as their union, so
/// splitting a turn changes nothing; only a collar lies around both ends of every turn of the reference as it is written, as in
/// md-eval and pyannote.metrics. Turns without duration count nothing.
/// </remarks>
public static class DiarizationErrorRate
{
    /// <summary>Scores one recording.</summary>
    /// <param name="reference">Who really spoke when, in any order.</param>
    /// <param name="hypothesis">Who is said to have spoken when, in any order, with labels of its own.</param>
    /// <param name="options">What to leave out; by default nothing.</param>
    /// <returns>The errors and the mapping.</returns>
    /// <exception cref="ArgumentException">A time is NaN, infinite or beyond 10⁸ s, or the collar is negative.</exception>
    public static DiarizationScore Compute(IReadOnlyList<Turn> reference, IReadOnlyList<Turn> hypothesis, DiarizationScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        options ??= DiarizationScoringOptions.Default;
        SpeakerTimeline truth = SpeakerTimeline.Of(reference, SpeakerTimeline.Nanoseconds);
        SpeakerTimeline claim = SpeakerTimeline.Of(hypothesis, SpeakerTimeline.Nanoseconds);
        SpeakerOverlap overlap = SpeakerOverlap.Measure(truth, claim, ScoredRegions(reference, truth, options));

        int[] mapping = SpeakerMapping.Best(
            overlap.Shared.Select(pair => (pair.Key.Row, pair.Key.Column, (double)pair.Value)), truth.Labels.Length, claim.Labels.Length);
        long correct = 0;
        for (int row = 0; row < mapping.Length; row++)
        {
            correct += mapping[row] < 0 ? 0 : overlap.Shared[(row, mapping[row])];
        }

        var errors = new DiarizationErrors(
            SpeakerTimeline.Seconds(overlap.ReferenceTime.Sum()),
            SpeakerTimeline.Seconds(overlap.Missed),
            SpeakerTimeline.Seconds(overlap.FalseAlarm),
            SpeakerTimeline.Seconds(overlap.Common - correct));
        return new DiarizationScore(errors, SpeakerMapping.Name(mapping, truth.Labels, claim.Labels));
    }

    private static List<Interval> ScoredRegions(IReadOnlyList<Turn> turns, SpeakerTimeline reference, DiarizationScoringOptions options)
    {
        List<Interval> scored = options.Regions is null
            ? SpeakerTimeline.Everything
            : SpeakerTimeline.RegionsOf(options.Regions, SpeakerTimeline.Nanoseconds);
        if (!(options.Collar >= 0))
        {
            throw new ArgumentException($"The collar is {options.Collar}, and 0 seconds or more were expected.", nameof(options));
        }

        long half = SpeakerTimeline.Nanoseconds(options.CollarConvention == CollarConvention.EachSide ? options.Collar : options.Collar / 2);
        if (half > 0)
        {
            scored = Interval.Subtract(scored, Interval.Union(turns
                .Where(turn => !turn.Range.IsEmpty)
                .SelectMany(turn => new[] { turn.Start, turn.End })
                .Select(SpeakerTimeline.Nanoseconds)
                .Select(boundary => new Interval(boundary - half, boundary + half))));
        }

        return options.SkipOverlap ? Interval.Subtract(scored, Interval.Overlaps(reference.Intervals)) : scored;
    }
}
