using System.Globalization;
using Diarist.Clustering;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Reconstruction;
using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>The second half of a diarization: from activity and embeddings to turns, without audio or networks.</summary>
internal sealed class ClusteringStages(DiarizerOptions options, Plda? plda, StageClock clock)
{
    /// <summary>Clusters, reconstructs and sums up.</summary>
    /// <param name="activity">Which local speakers are active.</param>
    /// <param name="embeddings">Their vectors.</param>
    /// <param name="duration">The length of the recording in seconds; that of all windows when <see langword="null"/>.</param>
    /// <param name="report">Told when turns begin to be made.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public Diarization Run(Activity activity, Embeddings embeddings, double? duration, Action<DiarizationStage, double>? report, CancellationToken cancellationToken)
    {
        ClusteringRecipe recipe = options.Recipe.Clustering ?? throw new ArgumentException($"The recipe {options.Recipe} needs audio.");
        recipe = options.Threshold is double threshold ? recipe with { Threshold = threshold } : recipe;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        long start = clock.Start();
        ClusteringResult clustering = SpeakerClustering.Run(activity, embeddings, recipe, plda, options.Bounds, options.Window, parallel);
        clock.Stop(StageClock.Stage.Clustering, start);

        start = clock.Start();
        report?.Invoke(DiarizationStage.Reconstruction, duration ?? 0);
        double seconds = duration ?? (activity.Windows == 0 ? 0 : ((activity.Windows - 1) * options.Window.Step) + (SlidingWindow.WindowSamples / (double)SlidingWindow.SampleRate));
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(activity, clustering.Assignment, options.Window, new ReconstructionOptions
        {
            MinimumDurationOn = options.MinimumDurationOn,
            MinimumDurationOff = options.MinimumDurationOff,
            Duration = seconds,
            MinimumSpeakers = options.Bounds.Minimum ?? 0,
            MaximumSpeakers = options.Speakers ?? options.MaximumSpeakers ?? byte.MaxValue,
        }, cancellationToken);
        SpeakerCountReport count = CountIn(clustering.Count, turns);
        clock.Stop(StageClock.Stage.Reconstruction, start);
        return new Diarization
        {
            Turns = turns.Turns,
            ExclusiveTurns = turns.ExclusiveTurns,
            Speakers = [.. turns.Clusters.Select((cluster, index) => SpeakerSummary.Of(TurnReconstruction.Label(index), turns.Turns, clustering.IsGhost(cluster)))],
            Count = count,
            Duration = seconds,
            Recipe = options.Recipe,
            Options = options with { Threshold = recipe.Threshold, Step = options.Window.Step },
            Warnings = count.Problem is { } problem ? [problem] : [],
            SpeakerEmbeddings = options.KeepEmbeddings ? KeepEmbeddings(turns.Clusters, clustering.Centroids) : null,
        };
    }

    /// <summary>The count as the turns have it: a cluster may never win a frame, and a silent column may add a speaker.</summary>
    internal static SpeakerCountReport CountIn(SpeakerCountReport count, ReconstructedTurns turns)
    {
        int speakers = turns.Clusters.Count;
        bool holds = count.Requested.Clamp(speakers) == speakers;
        string problem = string.Create(
            CultureInfo.InvariantCulture,
            $"{count.Requested} speakers were asked for, but {speakers} of the {count.Found} clusters speak on the timeline: the others never are among as many speakers as are counted at one time, or their turns are too short.");
        string? made = turns.Made == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{count.Requested} speakers were asked for, but only {speakers - turns.Made} voices could be told apart; the briefest turns stand for the others.");
        return count with { Found = speakers, Problem = holds ? made : count.Problem ?? problem };
    }

    private static Dictionary<string, float[]> KeepEmbeddings(IReadOnlyList<int> clusters, PointSet centroids)
    {
        var kept = new Dictionary<string, float[]>();
        for (int index = 0; index < clusters.Count; index++)
        {
            if (clusters[index] < centroids.Count)
            {
                ReadOnlySpan<double> centroid = centroids[clusters[index]];
                double squares = 0;
                foreach (double value in centroid)
                {
                    squares += value * value;
                }

                float[] unit = new float[centroid.Length];
                for (int i = 0; i < unit.Length; i++)
                {
                    unit[i] = (float)(centroid[i] / Math.Sqrt(squares));
                }

                kept.Add(TurnReconstruction.Label(index), unit);
            }
        }

        return kept;
    }
}
