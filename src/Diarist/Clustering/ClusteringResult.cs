using System.Globalization;
using Diarist.Numerics;
using Diarist.Reconstruction;

namespace Diarist.Clustering;

/// <summary>What clustering found.</summary>
/// <param name="Assignment">The cluster of every local speaker; local speakers who are never active are unassigned.</param>
/// <param name="Centroids">The mean raw embedding of every cluster, shape (clusters, dimension).</param>
/// <param name="Count">How many speakers, and how sure that is.</param>
/// <param name="Clusters">What is known of every cluster.</param>
/// <param name="Condensed">Whether the recording was so long that it was condensed first.</param>
internal sealed record ClusteringResult(
    ClusterAssignment Assignment,
    PointSet Centroids,
    SpeakerCountReport Count,
    IReadOnlyList<ClusterSummary> Clusters,
    bool Condensed)
{
    /// <summary>The signs that the certainty of an <see cref="EvidenceRecipe"/> rests on, but for what only the turns tell; <see langword="null"/> with other recipes, and when the number was given.</summary>
    public CountSigns? Signs { get; init; }

    /// <summary>Whether a cluster may not be a real speaker; so is every silent column and every missing speaker that reconstruction adds.</summary>
    public bool IsGhost(int cluster) => cluster >= Clusters.Count || Clusters[cluster].Ghost;

    /// <summary>The count as the turns have it: a cluster may never win a frame, and a silent column may add a speaker.</summary>
    /// <param name="turns">The turns.</param>
    /// <param name="seconds">The length of the recording.</param>
    /// <param name="recipe">The recipe that found the clusters.</param>
    public SpeakerCountReport CountIn(ReconstructedTurns turns, double seconds, ClusteringRecipe recipe)
    {
        int speakers = turns.Clusters.Count;
        bool holds = Count.Requested.Clamp(speakers) == speakers;
        string problem = string.Create(
            CultureInfo.InvariantCulture,
            $"{Count.Requested} speakers were asked for, but {speakers} of the {Count.Found} clusters speak on the timeline: the others never are among as many speakers as are counted at one time, or their turns are too short.");
        string? made = turns.Made == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{Count.Requested} speakers were asked for, but only {speakers - turns.Made} voices could be told apart; the briefest turns stand for the others.");
        double certainty = Count.Certainty;
        if (Signs is { } signs && recipe is EvidenceRecipe evidence && speakers > 0)
        {
            double right = evidence.Certainty.Of(signs with { Briefest = turns.Turns.GroupBy(turn => turn.Speaker).Min(own => own.Sum(turn => turn.Duration)) / seconds });
            bool forced = Count.Requested.Clamp(Count.Automatic) != Count.Automatic;
            certainty = forced ? (1 - right) / 2 : right; // a number that a bound forced is wrong wherever the recipe's own is right
        }

        return Count with { Found = speakers, Certainty = certainty, Unsure = certainty < recipe.UnsureBelow, Problem = holds ? made : Count.Problem ?? problem };
    }
}

/// <summary>How many speakers were found, and how that came about.</summary>
/// <param name="Found">The number of clusters.</param>
/// <param name="Automatic">The number that the recipe found by itself, before any bound.</param>
/// <param name="Requested">What was asked for.</param>
/// <param name="Certainty">
/// 0 to 1: how far the next number's score is; with the recipe <c>small-embedder</c> the probability that the number is right; 1
/// when the number was given.
/// </param>
/// <param name="Unsure">Whether the certainty is so low that the number should not be relied on.</param>
/// <param name="Problem">Why what was asked for could not be met, or only in number; <see langword="null"/> when it was.</param>
public sealed record SpeakerCountReport(int Found, int Automatic, SpeakerBounds Requested, double Certainty, bool Unsure, string? Problem);

/// <summary>What speaks for a cluster.</summary>
/// <param name="Embeddings">Embeddings that shaped it and were assigned to it.</param>
/// <param name="SoloSeconds">Seconds in which its local speakers are alone, each instant counted once.</param>
/// <param name="Share">Its share of the embeddings: the posterior mass where the recipe gives one.</param>
/// <param name="Ghost">Whether that is so little that it may not be a real speaker.</param>
internal sealed record ClusterSummary(int Embeddings, double SoloSeconds, double Share, bool Ghost);
