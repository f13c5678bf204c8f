using System.Globalization;
using Diarist.Clustering;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>The recipe <see cref="Recipes.Segments"/> from samples to turns.</summary>
internal sealed class SegmentsRecipe(DiarizerOptions options, StageClock clock)
{
    private readonly SegmentsParameters _parameters = options.Threshold is double threshold
        ? SegmentsParameters.Default with { MergeThreshold = threshold }
        : SegmentsParameters.Default;

    /// <summary>Listens to a recording and finds its speakers.</summary>
    public Diarization Run(PyanNet segmentation, WeSpeakerResNet34 embedder, SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var listener = new SegmentsListener(segmentation, embedder, _parameters, options.Step, options.Threads, clock);
        HeardSpeech heard = listener.Run(read, done => report(DiarizationStage.Listening, done), cancellationToken);
        report(DiarizationStage.Clustering, heard.Duration);
        Diarization result = Cluster(heard, null, cancellationToken);
        report(DiarizationStage.Reconstruction, heard.Duration);
        return result with { Timing = clock.Seconds() };
    }

    /// <summary>Finds the speakers of what was heard.</summary>
    public Diarization Cluster(HeardSpeech heard, GroupingConstraints? constraints, CancellationToken cancellationToken)
    {
        SpeakerBounds bounds = ClusteringStages.Bounds(options);
        long start = clock.Start();
        SegmentsResult found = SegmentsClustering.Run(heard, _parameters, bounds, constraints, cancellationToken);
        int automatic = bounds == SpeakerBounds.None
            ? found.Kept.Length
            : SegmentsClustering.Run(heard, _parameters, SpeakerBounds.None, constraints, cancellationToken).Kept.Length;
        clock.Stop(StageClock.Stage.Clustering, start);

        start = clock.Start();
        ReconstructedTurns turns = TurnReconstruction.FromFrames(found.Frames.All, found.Frames.Single, new ReconstructionOptions
        {
            MinimumDurationOn = options.MinDurationOn,
            MinimumDurationOff = options.MinDurationOff,
            Duration = heard.Duration,
            MinimumSpeakers = bounds.Minimum ?? 0,
        });
        clock.Stop(StageClock.Stage.Reconstruction, start);
        SpeakerCountReport count = Count(turns, bounds, automatic);
        return new Diarization
        {
            Turns = turns.Turns,
            ExclusiveTurns = turns.ExclusiveTurns,
            Speakers = [.. turns.Clusters.Select((cluster, index) => ClusteringStages.Summarize(TurnReconstruction.Label(index), turns.Turns, ghost: cluster >= found.Kept.Length))],
            Count = count,
            Duration = heard.Duration,
            Recipe = Recipes.Segments,
            Embedder = options.Embedder,
            Options = options with { Threshold = _parameters.MergeThreshold, Step = heard.Grid.Step },
            Warnings = count.Problem is { } problem ? [problem] : [],
            SpeakerEmbeddings = options.KeepEmbeddings ? Embeddings(turns.Clusters, found.Centres) : null,
        };
    }

    private static SpeakerCountReport Count(ReconstructedTurns turns, SpeakerBounds bounds, int automatic)
    {
        int speakers = turns.Clusters.Count;
        string? problem = null;
        if (turns.Made > 0)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{bounds} speakers were asked for, but only {speakers - turns.Made} voices could be told apart; the briefest turns stand for the others.");
        }
        else if (bounds.Clamp(speakers) != speakers)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{bounds} speakers were asked for, but there is speech for {speakers} only.");
        }

        double certainty = bounds.Exact is null ? 0.5 : 1;
        return new SpeakerCountReport(speakers, automatic, bounds, certainty, certainty < 0.6, problem);
    }

    private static Dictionary<string, float[]> Embeddings(IReadOnlyList<int> clusters, IReadOnlyList<double[]> centres)
    {
        var kept = new Dictionary<string, float[]>();
        for (int index = 0; index < clusters.Count; index++)
        {
            if (clusters[index] < centres.Count)
            {
                kept.Add(TurnReconstruction.Label(index), [.. centres[clusters[index]].Select(value => (float)value)]);
            }
        }

        return kept;
    }
}
