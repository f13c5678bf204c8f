using Diarist.Clustering;
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

    public int Unsure { get; private set; }

    public int WrongWhenUnsure { get; private set; }

    public int WrongWhenSure { get; private set; }

    /// <summary>Adds a recording's score: collar 0 and 0.25 s on each side, overlap scored.</summary>
    public void Add(Recording recording, IReadOnlyList<Turn> turns, int found, bool unsure)
    {
        Strict += DiarizationErrorRate.Compute(recording.Truth, turns, new DiarizationScoringOptions { Regions = recording.Regions }).Errors;
        Forgiving += DiarizationErrorRate.Compute(recording.Truth, turns, new DiarizationScoringOptions { Regions = recording.Regions, Collar = 0.25 }).Errors;
        _jaccard.Add(JaccardErrorRate.Compute(recording.Truth, turns, recording.Regions));
        bool right = found == recording.Speakers;
        RightCounts += right ? 1 : 0;
        CountBias += found - recording.Speakers;
        Unsure += unsure ? 1 : 0;
        WrongWhenUnsure += unsure && !right ? 1 : 0;
        WrongWhenSure += !unsure && !right ? 1 : 0;
    }
}

/// <summary>Listens once to every recording and runs recipes on what was heard.</summary>
internal sealed class Evaluation(PyanNet segmentation, ISpeakerEmbedder embedder, int threads)
{
    private static readonly SlidingWindow Grid = new();

    public IReadOnlyList<HeardRecording> Listen(RecordingSet set)
    {
        var pipeline = new WindowPipeline(segmentation, embedder, Grid, threads, new StageClock(null));
        return [.. set.Recordings.Select(recording =>
        {
            int position = 0;
            WindowPipeline.Heard heard = pipeline.Run(
                samples =>
                {
                    int count = Math.Min(samples.Length, recording.Samples.Length - position);
                    recording.Samples.AsSpan(position, count).CopyTo(samples);
                    position += count;
                    return count;
                },
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
            score.Add(heard.Recording, result.Turns, result.Speakers.Count, result.Count.Unsure);
        }

        return score;
    }

    /// <summary>Fits how probable it is that an automatic number of speakers is right.</summary>
    public CountCertainty FitCertainty(IEnumerable<RecordingSet> sets)
    {
        var options = new DiarizerOptions { Recipe = Recipes.SmallEmbedder };
        var samples = new List<(CountSigns, bool)>();
        foreach (HeardRecording heard in sets.SelectMany(Listen))
        {
            ClusteringResult clusters = SpeakerClustering.Run(heard.Activity, heard.Embeddings, ClusteringRecipe.SmallEmbedder);
            Diarization result = Diarize(heard, options);
            if (clusters.Signs is { } signs)
            {
                double briefest = result.Speakers.Min(speaker => speaker.Seconds) / heard.Recording.Seconds;
                samples.Add((signs with { Briefest = briefest }, result.Speakers.Count != heard.Recording.Speakers));
            }
        }

        return CertaintyFit.Fit(samples);
    }

    /// <summary>The turns of a recording under options.</summary>
    public IReadOnlyList<Turn> Turns(HeardRecording heard, DiarizerOptions options) => Diarize(heard, options).Turns;

    private Diarization Diarize(HeardRecording heard, DiarizerOptions options) =>
        new ClusteringStages(options with { Threads = threads }, plda: null, new StageClock(null)).Run(heard.Activity, heard.Embeddings, heard.Recording.Seconds, CancellationToken.None);

    /// <summary>The floor: the best clustering of the same segmentation.</summary>
    public static PooledScore Floor(IReadOnlyList<HeardRecording> set)
    {
        var score = new PooledScore();
        foreach (HeardRecording heard in set)
        {
            ClusterAssignment oracle = OracleClustering.Assign(heard.Activity, heard.Recording.Truth, Grid);
            ReconstructedTurns turns = TurnReconstruction.Reconstruct(heard.Activity, oracle, Grid, new ReconstructionOptions { Duration = heard.Recording.Seconds });
            score.Add(heard.Recording, turns.Turns, turns.Clusters.Count, unsure: false);
        }

        return score;
    }
}
