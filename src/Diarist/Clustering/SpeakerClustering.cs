using System.Globalization;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>What clustering found.</summary>
/// <param name="Assignment">The cluster of every local speaker; local speakers who are never active are unassigned.</param>
/// <param name="Centroids">The mean raw embedding of every cluster, shape (clusters, dimension).</param>
/// <param name="Count">How many speakers, and how certain that is.</param>
/// <param name="Ghosts">Whether each cluster may not be a real speaker.</param>
/// <param name="Condensed">Whether the recording was so long that it was condensed first.</param>
internal sealed record ClusteringResult(ClusterAssignment Assignment, PointSet Centroids, SpeakerCountReport Count, bool[] Ghosts, bool Condensed)
{
    /// <summary>Whether a cluster may not be a real speaker; so is every silent column and every missing speaker that reconstruction adds.</summary>
    public bool IsGhost(int cluster) => cluster >= Ghosts.Length || Ghosts[cluster];
}

/// <summary>
/// From embeddings to speakers: chooses the embeddings that count, clusters them by a recipe, keeps to the bounds on the number
/// of speakers, and assigns every local speaker. Needs arrays only; the networks that made them do not matter.
/// </summary>
internal static class SpeakerClustering
{
    /// <summary>A count whose certainty is less than this is flagged as uncertain.</summary>
    private const double UncertainBelow = 0.5;

    /// <summary>Clusters a recording.</summary>
    /// <param name="activity">Who is active in every window, shape (windows, frames, speakers).</param>
    /// <param name="embeddings">A vector for every local speaker, shape (windows, speakers, dimension); NaN where there is none.</param>
    /// <param name="recipe">How.</param>
    /// <param name="plda">The transform that VBx needs.</param>
    /// <param name="bounds">What is known about the number of speakers.</param>
    /// <param name="grid">Where the windows lie; 10 s every second unless told otherwise.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    /// <exception cref="ArgumentException">The arrays are not of the same recording, or the recipe needs a PLDA of another dimension.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ClusteringResult Run(
        Activity activity,
        Embeddings embeddings,
        ClusteringRecipe recipe,
        Plda? plda = null,
        SpeakerBounds? bounds = null,
        SlidingWindow? grid = null,
        ParallelOptions? parallel = null)
    {
        if (activity.Windows != embeddings.Windows || activity.Speakers != embeddings.Speakers)
        {
            throw new ArgumentException("Activity and embeddings are not of the same recording.", nameof(embeddings));
        }

        bounds ??= SpeakerBounds.None;
        grid ??= new SlidingWindow();
        parallel ??= new ParallelOptions();
        TrainingSet training = TrainingSet.Select(activity, embeddings, recipe, bounds, parallel.CancellationToken);
        if (training.Pairs.Count < 2)
        {
            return WithoutClustering(activity, training, bounds, grid);
        }

        Clusterer clusterer = recipe.UsesVbx
            ? new VbxClusterer(training, recipe, plda ?? throw new ArgumentException($"The recipe {recipe.Name} needs a PLDA.", nameof(plda)), parallel)
            : new LinkageClusterer(training, recipe, parallel);
        Partition automatic = clusterer.FindClusters(measureCertainty: bounds.Exact is null);
        int wanted = bounds.Clamp(automatic.Count);
        int possible = Math.Min(wanted, clusterer.MaximumCount);
        bool forced = possible != automatic.Count;
        Partition partition = forced ? clusterer.FindClusters(possible) : automatic;

        // pyannote.audio does not constrain the assignment when the number of speakers was forced.
        bool constrained = !forced;
        var scores = new CentroidAssignment(activity, embeddings, partition.Centroids, parallel);
        ClusterAssignment assignment = constrained ? scores.Constrained(parallel.CancellationToken) : scores.Unconstrained();
        if (forced)
        {
            scores.FillEmptyClusters(assignment);
        }

        NeighbourAssignment.Assign(activity, embeddings, assignment, grid, constrained, parallel.CancellationToken);
        double certainty = bounds.Exact is not null ? 1 : forced ? (1 - automatic.Certainty) / 2 : automatic.Certainty;
        string? problem = partition.Count == wanted
            ? null
            : Text($"{wanted} speakers were asked for ({bounds}), but only {partition.Count} different voices could be told apart in {training.Pairs.Count} embeddings.");
        return new ClusteringResult(
            assignment,
            partition.Centroids,
            Report(partition.Count, automatic.Count, bounds, problem is null ? certainty : 0, problem),
            Ghosts.Find(activity, assignment, partition.Shares, grid),
            clusterer.Condensed);
    }

    /// <summary>Fewer than two embeddings: everybody who speaks is one speaker, as in pyannote.audio.</summary>
    private static ClusteringResult WithoutClustering(Activity activity, TrainingSet training, SpeakerBounds bounds, SlidingWindow grid)
    {
        bool anybody = activity.Range(0, activity.Windows).ContainsAnyExcept((byte)0);
        int found = anybody ? 1 : 0;
        var assignment = new ClusterAssignment(activity.Windows, found, activity.Speakers);
        for (int window = 0; window < activity.Windows; window++)
        {
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                if (activity.ActiveFrames(window, speaker) > 0)
                {
                    assignment[window, speaker] = 0;
                }
            }
        }

        string? problem = found >= (bounds.Minimum ?? 0)
            ? null
            : !anybody
                ? Text($"{bounds} speakers were asked for, but nobody speaks.")
                : Text($"{bounds} speakers were asked for, but speech suffices for {training.Pairs.Count} embeddings only.");
        double certainty = problem is null && (bounds.Exact is not null || !anybody) ? 1 : 0;
        PointSet centroids = training.Points.GroupMeans(new int[training.Pairs.Count], found);
        return new ClusteringResult(
            assignment,
            centroids,
            Report(found, found, bounds, certainty, problem),
            Ghosts.Find(activity, assignment, anybody ? [1] : [], grid),
            Condensed: false);
    }

    private static SpeakerCountReport Report(int found, int automatic, SpeakerBounds bounds, double certainty, string? problem) =>
        new(found, automatic, bounds, certainty, certainty < UncertainBelow, problem);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
