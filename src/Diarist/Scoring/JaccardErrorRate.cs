namespace Diarist.Scoring;

/// <summary>The Jaccard error of one speaker of the reference.</summary>
/// <param name="Reference">The reference's label.</param>
/// <param name="Hypothesis">The speaker of the hypothesis that it is matched with; <see langword="null"/> for none.</param>
/// <param name="Rate">1 − shared time / time of either, 0 to 1; 1 without a match.</param>
public sealed record SpeakerJaccardError(string Reference, string? Hypothesis, double Rate);

/// <summary>The Jaccard error of one recording.</summary>
/// <param name="Speakers">The speakers of the reference that have scored time.</param>
/// <param name="HypothesisSpeakers">How many speakers of the hypothesis have scored time.</param>
public sealed record JaccardScore(IReadOnlyList<SpeakerJaccardError> Speakers, int HypothesisSpeakers)
{
    /// <summary>The mean over the reference's speakers, 0 to 1; without any, 0 when the hypothesis has none either, else 1.</summary>
    public double Rate => JaccardErrorRate.Pool([this]);
}

/// <summary>
/// The Jaccard error rate of the second DIHARD challenge (Ryant et al. 2019), as dscore computes it: frames of 10 ms, no collar,
/// overlapped speech scored; under the one-to-one mapping that makes it least, the mean over the reference's speakers of
/// 1 − |both| / |either|. Unlike the diarization error rate it weighs every speaker the same.
/// </summary>
public static class JaccardErrorRate
{
    /// <summary>Scores one recording.</summary>
    /// <param name="reference">Who really spoke when, in any order.</param>
    /// <param name="hypothesis">Who is said to have spoken when, in any order.</param>
    /// <param name="regions">The regions to score, in seconds; everything by default.</param>
    /// <exception cref="ArgumentException">A time is NaN, infinite or beyond 10⁸ s.</exception>
    public static JaccardScore Compute(IReadOnlyList<Turn> reference, IReadOnlyList<Turn> hypothesis, IReadOnlyList<TimeRange>? regions = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        SpeakerTimeline truth = SpeakerTimeline.Of(reference, SpeakerTimeline.Frames);
        SpeakerTimeline claim = SpeakerTimeline.Of(hypothesis, SpeakerTimeline.Frames);
        List<Interval> scored = regions is null ? SpeakerTimeline.Everything : SpeakerTimeline.RegionsOf(regions, SpeakerTimeline.Frames);
        SpeakerOverlap overlap = SpeakerOverlap.Measure(truth, claim, scored);

        double Similarity(int row, int column)
        {
            long both = overlap.Shared[(row, column)];
            return (double)both / (overlap.ReferenceTime[row] + overlap.HypothesisTime[column] - both);
        }

        int[] mapping = SpeakerMapping.Best(
            overlap.Shared.Keys.Select(pair => (pair.Row, pair.Column, Similarity(pair.Row, pair.Column))), truth.Labels.Length, claim.Labels.Length);
        var speakers = new List<SpeakerJaccardError>();
        for (int row = 0; row < mapping.Length; row++)
        {
            if (overlap.ReferenceTime[row] > 0)
            {
                int column = mapping[row];
                speakers.Add(new SpeakerJaccardError(
                    truth.Labels[row],
                    column < 0 ? null : claim.Labels[column],
                    column < 0 ? 1 : 1 - Similarity(row, column)));
            }
        }

        return new JaccardScore(speakers, overlap.HypothesisTime.Count(time => time > 0));
    }

    /// <summary>
    /// The rate of several recordings: the mean over all their reference speakers. Recordings without reference speech add
    /// nothing to it; when none has any, the rate is 1 if a hypothesis has speech and 0 otherwise.
    /// </summary>
    public static double Pool(IReadOnlyList<JaccardScore> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        int speakers = recordings.Sum(recording => recording.Speakers.Count);
        return speakers > 0
            ? recordings.Sum(recording => recording.Speakers.Sum(speaker => speaker.Rate)) / speakers
            : recordings.Any(recording => recording.HypothesisSpeakers > 0) ? 1 : 0;
    }
}
