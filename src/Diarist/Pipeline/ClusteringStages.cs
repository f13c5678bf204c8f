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
    /// <param name="cancellationToken">Stops the work.</param>
    public Diarization Run(Activity activity, Embeddings embeddings, double? duration, CancellationToken cancellationToken)
    {
        ClusteringRecipe recipe = RecipeFor(options);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        long start = clock.Start();
        ClusteringResult clustering = SpeakerClustering.Run(activity, embeddings, recipe, plda, Bounds(options), options.Window, parallel);
        clock.Stop(StageClock.Stage.Clustering, start);

        start = clock.Start();
        double seconds = duration ?? (activity.Windows == 0 ? 0 : ((activity.Windows - 1) * options.Window.Step) + (SlidingWindow.WindowSamples / (double)SlidingWindow.SampleRate));
        ReconstructedTurns turns = TurnReconstruction.Reconstruct(activity, clustering.Assignment, options.Window, new ReconstructionOptions
        {
            MinimumDurationOn = options.MinDurationOn,
            MinimumDurationOff = options.MinDurationOff,
            Duration = seconds,
            MinimumSpeakers = Bounds(options).Minimum ?? 0,
            MaximumSpeakers = options.Speakers ?? options.MaxSpeakers ?? byte.MaxValue,
        }, cancellationToken);
        SpeakerCountReport count = clustering.CountIn(turns, seconds, recipe);
        clock.Stop(StageClock.Stage.Reconstruction, start);
        return new Diarization
        {
            Turns = turns.Turns,
            ExclusiveTurns = turns.ExclusiveTurns,
            Speakers = [.. turns.Clusters.Select((cluster, index) => Summarize(TurnReconstruction.Label(index), turns.Turns, clustering.IsGhost(cluster)))],
            Count = count,
            Duration = seconds,
            Recipe = options.Recipe!,
            Embedder = options.Embedder,
            Options = options with { Threshold = recipe.Threshold, Step = options.Window.Step },
            Warnings = count.Problem is { } problem ? [problem] : [],
            SpeakerEmbeddings = options.KeepEmbeddings ? KeepEmbeddings(turns.Clusters, clustering.Centroids) : null,
        };
    }

    /// <summary>A speaker's share of the turns.</summary>
    internal static SpeakerSummary Summarize(string label, IReadOnlyList<Turn> turns, bool ghost)
    {
        Turn[] own = [.. turns.Where(turn => turn.Speaker == label)];
        return new SpeakerSummary(label, own.Sum(turn => turn.Duration), own.Length, own.Select(turn => turn.Duration).DefaultIfEmpty().Max(), ghost);
    }

    /// <summary>The bounds that options state.</summary>
    internal static SpeakerBounds Bounds(DiarizerOptions options) =>
        options.Speakers is int exact ? SpeakerBounds.Exactly(exact) : new SpeakerBounds(options.MinSpeakers, options.MaxSpeakers);

    private static ClusteringRecipe RecipeFor(DiarizerOptions options)
    {
        ClusteringRecipe recipe = options.Recipe switch
        {
            Recipes.Community1 => ClusteringRecipe.Community1,
            Recipes.Ahc31 => ClusteringRecipe.Ahc31,
            Recipes.SmallEmbedder => ClusteringRecipe.SmallEmbedder,
            Recipes.Ahc => ClusteringRecipe.Plain,
            _ => throw new ArgumentException($"The recipe {options.Recipe} needs audio."),
        };
        return options.Threshold is double threshold ? recipe with { Threshold = threshold } : recipe;
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
