using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>What clustering found.</summary>
/// <param name="Assignment">The cluster of every local speaker; local speakers who are never active are unassigned.</param>
/// <param name="Centroids">The mean raw embedding of every cluster, shape (clusters, dimension).</param>
/// <param name="Count">How many speakers, and how certain that is.</param>
/// <param name="Clusters">What is known of every cluster.</param>
/// <param name="Condensed">Whether the recording was so long that it was condensed first.</param>
internal sealed record ClusteringResult(
    ClusterAssignment Assignment,
    PointSet Centroids,
    SpeakerCountReport Count,
    IReadOnlyList<ClusterSummary> Clusters,
    bool Condensed)
{
    /// <summary>Whether a cluster may not be a real speaker; so is every silent column and every missing speaker that reconstruction adds.</summary>
    public bool IsGhost(int cluster) => cluster >= Clusters.Count || Clusters[cluster].Ghost;
}

/// <summary>What speaks for a cluster.</summary>
/// <param name="Embeddings">Embeddings that shaped it and were assigned to it.</param>
/// <param name="SoloSeconds">Seconds in which its local speakers are alone, each instant counted once.</param>
/// <param name="Share">Its share of the embeddings: the posterior mass where the recipe gives one.</param>
/// <param name="Ghost">Whether that is so little that it may not be a real speaker.</param>
internal sealed record ClusterSummary(int Embeddings, double SoloSeconds, double Share, bool Ghost);
