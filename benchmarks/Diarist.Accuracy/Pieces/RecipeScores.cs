using System.Globalization;
using Diarist.Reconstruction;
using Diarist.Scoring;
using Diarist.Segments;

namespace Diarist.Accuracy.Pieces;

/// <summary>The errors of a set of recordings, pooled.</summary>
internal sealed class SetScore(string name)
{
    public string Name => name;

    public DiarizationErrors Errors { get; private set; }

    public int Recordings { get; private set; }

    public int Right { get; private set; }

    public int Bias { get; private set; }

    public void Add(DiarizationErrors errors, int found, int truth)
    {
        Errors += errors;
        Recordings++;
        Right += found == truth ? 1 : 0;
        Bias += found - truth;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name,-8} DER {100 * Errors.Rate,5:0.00} (missed {100 * Errors.Share(Errors.Missed):0.0} false {100 * Errors.Share(Errors.FalseAlarm):0.0} confused {100 * Errors.Share(Errors.Confusion):0.00}) right {Right}/{Recordings} bias {Bias / (double)Math.Max(1, Recordings):+0.00;-0.00}");
}

/// <summary>Groups what was heard, and scores it.</summary>
internal static class RecipeScores
{
    /// <summary>What was heard, with its truth; only recordings that were listened to.</summary>
    /// <exception cref="InvalidOperationException">There is none: a score of nothing would look like a perfect one.</exception>
    public static List<(FolderRecording Recording, HeardSpeech Heard)> Load(string folder, string cache, IReadOnlyList<string> prefixes)
    {
        List<(FolderRecording, HeardSpeech)> loaded =
        [
            .. DevelopmentFolder.Read(folder, prefixes)
                .Where(recording => File.Exists(Path.Combine(cache, recording.Name + ".heard")))
                .Select(recording => (recording, HeardFile.Read(Path.Combine(cache, recording.Name + ".heard")))),
        ];
        return loaded.Count > 0 ? loaded : throw new InvalidOperationException($"{folder} has no recording {string.Join(", ", prefixes)} that {cache} has heard; run listen first.");
    }

    /// <summary>The turns of a recording.</summary>
    public static ReconstructedTurns Turns(HeardSpeech heard, SegmentsParameters parameters, SpeakerBounds bounds)
    {
        SegmentsResult result = SegmentsClustering.Run(heard, parameters, bounds);
        return TurnReconstruction.FromFrames(result.Frames.All, result.Frames.Single, new ReconstructionOptions { Duration = heard.Duration, MinimumSpeakers = bounds.Minimum ?? 0 });
    }

    /// <summary>Scores recordings under parameters, pooled by prefix.</summary>
    public static SetScore Score(
        string name, IEnumerable<(FolderRecording Recording, HeardSpeech Heard)> recordings, SegmentsParameters parameters, bool given, Action<FolderRecording, DiarizationErrors, int>? each = null)
    {
        var score = new SetScore(name);
        var list = recordings.ToList();
        var results = new (DiarizationErrors Errors, int Found)[list.Count];
        Parallel.For(0, list.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            (FolderRecording recording, HeardSpeech heard) = list[i];
            ReconstructedTurns turns = Turns(heard, parameters, given ? SpeakerBounds.Exactly(recording.Speakers) : SpeakerBounds.None);
            results[i] = (DiarizationErrorRate.Compute(recording.Truth, turns.Turns, new DiarizationScoringOptions { Regions = recording.Regions }).Errors, turns.Clusters.Count);
        });
        for (int i = 0; i < list.Count; i++)
        {
            score.Add(results[i].Errors, results[i].Found, list[i].Recording.Speakers);
            each?.Invoke(list[i].Recording, results[i].Errors, results[i].Found);
        }

        return score;
    }
}
