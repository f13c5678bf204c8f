using Diarist.Attribution;
using Diarist.Pipeline;
using Diarist.Scoring;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>A word of known speaker, and what speaks for the one that it was given.</summary>
/// <param name="Recording">Where it was said.</param>
/// <param name="Speaker">Who said it.</param>
/// <param name="Signs">What the turns say.</param>
/// <param name="Evidence">What was heard.</param>
/// <param name="Right">Whether it was given to the right one.</param>
internal sealed record JudgedWord(string Recording, string Speaker, WordSigns Signs, (double Rival, double Margin) Evidence, bool Right)
{
    /// <summary>The product's confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>The product's confidence where turns are all there is.</summary>
    public required double FromTurns { get; init; }

    /// <summary>What the regression weighs.</summary>
    public double[] Terms(bool turnsOnly) => WordConfidence.Terms(Signs, turnsOnly ? null : Evidence);
}

/// <summary>
/// Words through every person's true speech, 0.3 s each, given to the speakers that the recipe found. Where two people speak at once, there are the words
/// of both, as in a perfect transcript.
/// </summary>
internal static class WordTrials
{
    private const double WordSeconds = 0.3;

    /// <summary>The words of a recording; those whom nobody takes are left out.</summary>
    public static IReadOnlyList<JudgedWord> Of(FolderRecording recording, HeardSpeech heard)
    {
        Diarization found = SegmentsPipeline.Cluster(heard, new DiarizerOptions(), constraints: null, new StageClock(null), CancellationToken.None).Diarization;
        Dictionary<string, string?> truth = People(DiarizationErrorRate.Compute(recording.Truth, found.Turns, new DiarizationScoringOptions { Regions = recording.Regions }));
        var timeline = new TurnTimeline(found.Turns);
        var meter = new OverlapMeter(timeline, AttributionPolicy.Nearest, found.Evidence);
        var withoutEvidence = new OverlapMeter(timeline, AttributionPolicy.Nearest, evidence: null);
        var words = new List<JudgedWord>();
        foreach ((TimeRange range, string speaker) in Spoken(recording))
        {
            (long start, long end) = (Ticks.From(range.Start), Ticks.From(range.End));
            int chosen = meter.Decide(start, end);
            if (chosen != OverlapMeter.Nobody)
            {
                bool right = truth.GetValueOrDefault(timeline.Labels[chosen]) == speaker;
                double confidence = meter.Describe(start, end, chosen).Confidence;
                words.Add(new JudgedWord(recording.Name, speaker, meter.SignsOf(start, end, chosen), found.Evidence!.Mean(range), right)
                {
                    Confidence = confidence,
                    FromTurns = withoutEvidence.Describe(start, end, chosen).Confidence,
                });
            }
        }

        return words;
    }

    /// <summary>How many words turns give to the wrong speaker or to nobody.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="turns">The turns.</param>
    /// <param name="score">Their score, which says who is who.</param>
    public static (int Wrong, int Words) CountWrong(FolderRecording recording, IReadOnlyList<Turn> turns, DiarizationScore score)
    {
        Dictionary<string, string?> truth = People(score);
        var timeline = new TurnTimeline(turns);
        var meter = new OverlapMeter(timeline, AttributionPolicy.Nearest, evidence: null);
        (int wrong, int words) = (0, 0);
        foreach ((TimeRange range, string speaker) in Spoken(recording))
        {
            int chosen = meter.Decide(Ticks.From(range.Start), Ticks.From(range.End));
            wrong += chosen == OverlapMeter.Nobody || truth.GetValueOrDefault(timeline.Labels[chosen]) != speaker ? 1 : 0;
            words++;
        }

        return (wrong, words);
    }

    /// <summary>The words, with who says each.</summary>
    public static IEnumerable<(TimeRange Range, string Speaker)> Spoken(FolderRecording recording)
    {
        foreach (Turn turn in recording.Truth.OrderBy(turn => turn.Start))
        {
            for (int i = 0; i < (int)Math.Round(turn.Duration / WordSeconds); i++)
            {
                var range = new TimeRange(turn.Start + (i * WordSeconds), Math.Min(turn.End, turn.Start + ((i + 1) * WordSeconds)));
                if (recording.Regions is null || recording.Regions.Any(region => region.Contains(range.Middle)))
                {
                    yield return (range, turn.Speaker);
                }
            }
        }
    }

    private static Dictionary<string, string?> People(DiarizationScore score) =>
        score.Mapping.Where(pair => pair.Hypothesis is not null).ToDictionary(pair => pair.Hypothesis!, pair => pair.Reference);
}
