using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Networks.Pyannote;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Scoring;
using Diarist.Segmentation;

namespace Diarist.Accuracy;

/// <summary>A recording after the networks: what every recipe starts from.</summary>
internal sealed record HeardRecording(Recording Recording, Activity Activity, Embeddings Embeddings);

/// <summary>Scores pooled over a set.</summary>
internal sealed class PooledScore
{
    private readonly List<JaccardScore> _jaccard = [];

    public DiarizationErrors Strict { get; private set; }

    public DiarizationErrors Forgiving { get; private set; }

    public double Jaccard => JaccardErrorRate.Pool(_jaccard);

    public int Recordings => _jaccard.Count;

    public int RightCounts { get; private set; }

    public int CountBias { get; private set; }

    public int Uncertain { get; private set; }

    public int WrongWhenUncertain { get; private set; }

    public int WrongWhenCertain { get; private set; }

    /// <summary>Adds a recording's score: collar 0 and 0.25 s on each side, overlap scored.</summary>
    public void Add(Recording recording, IReadOnlyList<Turn> turns, int found, bool uncertain)
    {
        Strict += DiarizationErrorRate.Compute(recording.Truth, turns, new DiarizationScoringOptions { Regions = recording.Regions }).Errors;
        Forgiving += DiarizationErrorRate.Compute(recording.Truth, turns, new DiarizationScoringOptions { Regions = recording.Regions, Collar = 0.25 }).Errors;
        _jaccard.Add(JaccardErrorRate.Compute(recording.Truth, turns, recording.Regions));
        bool right = found == recording.Speakers;
        RightCounts += right ? 1 : 0;
        CountBias += found - recording.Speakers;
        Uncertain += uncertain ? 1 : 0;
        WrongWhenUncertain += uncertain && !right ? 1 : 0;
        WrongWhenCertain += !uncertain && !right ? 1 : 0;
    }
}

/// <summary>Listens once to every recording and runs recipes on what was heard.</summary>
internal sealed class Evaluation(PyanNet segmentation, ISpeakerEmbedder embedder, Plda plda, int threads)
{
    private static readonly SlidingWindow Grid = new();

    public IReadOnlyList<HeardRecording> Listen(RecordingSet set)
    {
        var pipeline = new WindowPipeline(segmentation, embedder, Grid, threads);
        return [.. set.Recordings.Select(recording =>
        {
            int position = 0;
            WindowPipeline.Result heard = pipeline.Run(
                samples =>
                {
                    int count = Math.Min(samples.Length, recording.Samples.Length - position);
                    recording.Samples.AsSpan(position, count).CopyTo(samples);
                    position += count;
                    return count;
                },
                new StageClock(null),
                listenedTo: null,
                CancellationToken.None);
            return new HeardRecording(recording, heard.Activity, heard.Embeddings);
        })];
    }

    /// <summary>Scores a set under options.</summary>
    /// <param name="set">What was heard.</param>
    /// <param name="options">Recipe and threshold.</param>
    /// <param name="giveCount">Whether to tell the recipe the true number of speakers.</param>
    public PooledScore Score(IReadOnlyList<HeardRecording> set, DiarizerOptions options, bool giveCount = false)
    {
        var score = new PooledScore();
        foreach (HeardRecording heard in set)
        {
            Diarization result = Diarize(heard, options with { Speakers = giveCount ? heard.Recording.Speakers : null });
            score.Add(heard.Recording, result.Turns, result.Speakers.Count, result.Count.Uncertain);
        }

        return score;
    }

    /// <summary>The turns of a recording under options.</summary>
    public IReadOnlyList<Turn> Turns(HeardRecording heard, DiarizerOptions options) => Diarize(heard, options).Turns;

    private Diarization Diarize(HeardRecording heard, DiarizerOptions options) =>
        new ClusteringStages(options with { Threads = threads }, plda, new StageClock(null)).Run(heard.Activity, heard.Embeddings, heard.Recording.Seconds, report: null, CancellationToken.None);

    /// <summary>The floor: the best clustering of the same segmentation.</summary>
    public static PooledScore Floor(IReadOnlyList<HeardRecording> set)
    {
        var score = new PooledScore();
        foreach (HeardRecording heard in set)
        {
            ClusterAssignment oracle = OracleClustering.Assign(heard.Activity, heard.Recording.Truth, Grid);
            ReconstructedTurns turns = TurnReconstruction.Reconstruct(heard.Activity, oracle, Grid, new ReconstructionOptions { Duration = heard.Recording.Seconds });
            score.Add(heard.Recording, turns.Turns, turns.Clusters.Count, uncertain: false);
        }

        return score;
    }
}
