using System.Globalization;
using Diarist.Formats;
using Diarist.Scoring;

namespace Diarist.Cli.Commands;

/// <summary>Each metric as a report.</summary>
internal static class ScoreMetrics
{
    public static ScoreReport Der(IReadOnlyList<ScoredRecording<Turn>> recordings, DiarizationScoringOptions options)
    {
        DiarizationScore[] scores =
            [.. recordings.Select(it => DiarizationErrorRate.Compute(it.Reference, it.Hypothesis, options with { Regions = it.Regions }))];
        bool eachSide = options.CollarConvention == CollarConvention.EachSide;
        return new ScoreReport(
            "der",
            [("collar", options.Collar), ("collarConvention", eachSide ? "each-side" : "total"), ("skipOverlap", options.SkipOverlap), ("uem", UsesRegions(recordings))],
            Invariant($"Diarization error rate; collar {options.Collar} s {(eachSide ? "on each side" : "in all")}, overlap {(options.SkipOverlap ? "left out" : "scored")}{RegionsText(recordings)}. Times are seconds of speaker time."),
            [.. recordings.Zip(scores, (it, score) => new ScoreRow(it.Recording, Cells(score.Errors), score.Mapping))],
            Cells(scores.Aggregate(default(DiarizationErrors), (sum, score) => sum + score.Errors)));
    }

    public static ScoreReport Jer(IReadOnlyList<ScoredRecording<Turn>> recordings)
    {
        JaccardScore[] scores = [.. recordings.Select(it => JaccardErrorRate.Compute(it.Reference, it.Hypothesis, it.Regions))];
        return new ScoreReport(
            "jer",
            [("frame", 0.01), ("uem", UsesRegions(recordings))],
            $"Jaccard error rate over frames of 10 ms, no collar, overlap scored{RegionsText(recordings)}; the mean over the reference's speakers.",
            [.. recordings.Zip(scores, (it, score) => new ScoreRow(
                it.Recording,
                Cells(score.Rate, score.Speakers.Count, score.HypothesisSpeakers),
                [.. score.Speakers.Select(speaker => new SpeakerMatch(speaker.Reference, speaker.Hypothesis))]))],
            Cells(JaccardErrorRate.Pool(scores), scores.Sum(score => score.Speakers.Count), scores.Sum(score => score.HypothesisSpeakers)));
    }

    public static ScoreReport Wer(IReadOnlyList<ScoredRecording<Utterance>> recordings, WordScoringOptions options)
    {
        WordErrors[] scores = [.. recordings.Select(it => WordErrorRate.Compute(it.Reference, it.Hypothesis, options))];
        return new ScoreReport(
            "wer",
            [("normalize", NameOf(options.Normalization))],
            $"Word error rate, speakers ignored; {Spelling(options)}.",
            [.. recordings.Zip(scores, (it, score) => new ScoreRow(it.Recording, Cells(score, "WER"), []))],
            Cells(scores.Aggregate(default(WordErrors), (sum, score) => sum + score), "WER"));
    }

    public static ScoreReport CpWer(IReadOnlyList<ScoredRecording<Utterance>> recordings, WordScoringOptions options) => BySpeaker(
        "cpwer",
        [("normalize", NameOf(options.Normalization))],
        $"Concatenated minimum-permutation word error rate; {Spelling(options)}.",
        recordings,
        it => WordErrorRate.ComputeConcatenated(it.Reference, it.Hypothesis, options));

    public static ScoreReport TcpWer(IReadOnlyList<ScoredRecording<Utterance>> recordings, WordScoringOptions options)
    {
        RequireTimes("tcpwer", "cpwer does not", recordings);
        return BySpeaker(
            "tcpwer",
            [("collar", options.Collar), ("normalize", NameOf(options.Normalization))],
            Invariant($"Time-constrained minimum-permutation word error rate; collar {options.Collar} s, {Spelling(options)}."),
            recordings,
            it => WordErrorRate.ComputeTimeConstrained(it.Reference, it.Hypothesis, options));
    }

    public static ScoreReport Wder(IReadOnlyList<ScoredRecording<Utterance>> recordings, WordScoringOptions options, double? collar)
    {
        if (collar is { } seconds)
        {
            RequireTimes("wder --collar", "wder alone does not", recordings);
            options = options with { Collar = seconds };
        }

        WordDiarizationScore[] scores = [.. recordings.Select(it => collar is null
            ? WordDiarizationErrorRate.Compute(it.Reference, it.Hypothesis, options)
            : WordDiarizationErrorRate.ComputeTimeConstrained(it.Reference, it.Hypothesis, options))];
        string constraint = collar is null ? "" : Invariant($" whose times agree within {collar} s");
        return new ScoreReport(
            "wder",
            collar is null ? [("normalize", NameOf(options.Normalization))] : [("collar", collar), ("normalize", NameOf(options.Normalization))],
            $"Word diarization error rate: aligned words{constraint} with the wrong speaker; {Spelling(options)}.",
            [.. recordings.Zip(scores, (it, score) => new ScoreRow(it.Recording, Cells(score.Errors), score.Mapping))],
            Cells(scores.Aggregate(default(WordDiarizationErrors), (sum, score) => sum + score.Errors)));
    }

    private static void RequireTimes(string metric, string alternative, IReadOnlyList<ScoredRecording<Utterance>> recordings)
    {
        foreach (ScoredRecording<Utterance> it in recordings)
        {
            if (it.Reference.Concat(it.Hypothesis).Any(utterance => !utterance.HasTimes))
            {
                throw new InputException(it.Recording, $"an utterance has no times, and {metric} needs them; {alternative}");
            }
        }
    }

    private static void RequireFewSpeakers(string metric, IReadOnlyList<ScoredRecording<Utterance>> recordings)
    {
        foreach (ScoredRecording<Utterance> it in recordings)
        {
            (int reference, int hypothesis) = (SpeakersOf(it.Reference), SpeakersOf(it.Hypothesis));
            if ((long)reference * hypothesis > WordErrorRate.MaximumSpeakerPairs)
            {
                throw new InputException(
                    it.Recording,
                    $"{metric} pairs every speaker of the reference ({reference}) with every one of the hypothesis ({hypothesis}), and these are too many; does each utterance name a speaker of its own?");
            }
        }
    }

    private static int SpeakersOf(IEnumerable<Utterance> utterances) => utterances.Select(utterance => utterance.SpeakerOrChannel).Distinct(StringComparer.Ordinal).Count();

    private static ScoreReport BySpeaker(
        string metric,
        IReadOnlyList<(string Key, object Value)> settings,
        string summary,
        IReadOnlyList<ScoredRecording<Utterance>> recordings,
        Func<ScoredRecording<Utterance>, SpeakerWordScore> score)
    {
        RequireFewSpeakers(metric, recordings);
        SpeakerWordScore[] scores = [.. recordings.Select(score)];
        string heading = metric.Replace("wer", "WER", StringComparison.Ordinal);
        return new ScoreReport(
            metric,
            settings,
            summary,
            [.. recordings.Zip(scores, (it, own) => new ScoreRow(
                it.Recording, [.. Cells(own.Errors, heading), .. SpeakerCells(own.MissedSpeakers, own.FalseAlarmSpeakers)], own.Mapping))],
            [
                .. Cells(scores.Aggregate(default(WordErrors), (sum, own) => sum + own.Errors), heading),
                .. SpeakerCells(scores.Sum(own => own.MissedSpeakers), scores.Sum(own => own.FalseAlarmSpeakers)),
            ]);
    }

    private static ScoreCell[] Cells(DiarizationErrors errors) =>
    [
        new("rate", "DER %", errors.Rate, ScoreUnit.Rate),
        new("missedRate", "missed %", errors.Share(errors.Missed), ScoreUnit.Rate),
        new("falseAlarmRate", "false alarm %", errors.Share(errors.FalseAlarm), ScoreUnit.Rate),
        new("confusionRate", "confusion %", errors.Share(errors.Confusion), ScoreUnit.Rate),
        new("total", "total s", errors.Total, ScoreUnit.Seconds),
        new("missed", "missed s", errors.Missed, ScoreUnit.Seconds),
        new("falseAlarm", "false alarm s", errors.FalseAlarm, ScoreUnit.Seconds),
        new("confusion", "confusion s", errors.Confusion, ScoreUnit.Seconds),
    ];

    private static ScoreCell[] Cells(double jaccard, int reference, int hypothesis) =>
    [
        new("rate", "JER %", jaccard, ScoreUnit.Rate),
        new("referenceSpeakers", "speakers", reference, ScoreUnit.Count),
        new("hypothesisSpeakers", "found", hypothesis, ScoreUnit.Count),
    ];

    private static ScoreCell[] Cells(WordErrors errors, string heading) =>
    [
        new("rate", $"{heading} %", errors.Rate, ScoreUnit.Rate),
        new("words", "words", errors.ReferenceWords, ScoreUnit.Count),
        new("errors", "errors", errors.Errors, ScoreUnit.Count),
        new("insertions", "insertions", errors.Insertions, ScoreUnit.Count),
        new("deletions", "deletions", errors.Deletions, ScoreUnit.Count),
        new("substitutions", "substitutions", errors.Substitutions, ScoreUnit.Count),
    ];

    private static ScoreCell[] SpeakerCells(int missed, int falseAlarm) =>
    [
        new("missedSpeakers", "missed speakers", missed, ScoreUnit.Count),
        new("falseAlarmSpeakers", "false alarm speakers", falseAlarm, ScoreUnit.Count),
    ];

    private static ScoreCell[] Cells(WordDiarizationErrors errors) =>
    [
        new("rate", "WDER %", errors.Rate, ScoreUnit.Rate),
        new("correct", "correct", errors.Correct, ScoreUnit.Count),
        new("substituted", "substituted", errors.Substituted, ScoreUnit.Count),
        new("correctWithWrongSpeaker", "correct, wrong speaker", errors.CorrectWithWrongSpeaker, ScoreUnit.Count),
        new("substitutedWithWrongSpeaker", "substituted, wrong speaker", errors.SubstitutedWithWrongSpeaker, ScoreUnit.Count),
    ];

    private static bool UsesRegions<T>(IReadOnlyList<ScoredRecording<T>> recordings) => recordings.Any(it => it.Regions is not null);

    private static string RegionsText<T>(IReadOnlyList<ScoredRecording<T>> recordings) => UsesRegions(recordings) ? ", regions of the UEM" : "";

    private static string Spelling(WordScoringOptions options) => options.Normalization switch
    {
        TextNormalization.None => "words as they are spelled",
        TextNormalization.Lowercase => "lower case",
        TextNormalization.StripPunctuation => "without punctuation",
        _ => "lower case, without punctuation",
    };

    private static string NameOf(TextNormalization normalization) => normalization switch
    {
        TextNormalization.None => "none",
        TextNormalization.Lowercase => "lowercase",
        TextNormalization.StripPunctuation => "punctuation",
        _ => "both",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
