using Diarist.Hierarchical;

namespace Diarist.Clustering;

/// <summary>A way from embeddings of local speakers to clusters, with every number in it. See <see cref="SpeakerClustering"/>.</summary>
internal sealed record ClusteringRecipe
{
    /// <summary>The recipe's name, as options and outputs have it.</summary>
    public required string Name { get; init; }

    /// <summary>The distance at which the dendrogram is cut.</summary>
    public required double Threshold { get; init; }

    /// <summary>What <see cref="Threshold"/> is measured in.</summary>
    public required LinkageMethod Linkage { get; init; }

    /// <summary>Only local speakers who are alone in at least this share of their window's frames shape the clusters; the others are assigned to them afterwards.</summary>
    public double MinimumSoloShare { get; init; } = 0.2;

    /// <summary>Above so many embeddings (four to six hours of talk) the recording is condensed before it is clustered (<see cref="Condensation"/>): the distances between 20 000 take 1.6 GB.</summary>
    public int ExactLimit { get; init; } = 20_000;

    /// <summary>Whether VBx refines the clusters in the space of a PLDA.</summary>
    public bool UsesVbx { get; init; }

    /// <summary>pyannote.audio 4's community-1: centroid linkage, then VBx in the space of a PLDA.</summary>
    public static ClusteringRecipe Community1 { get; } = new() { Name = "community-1", Threshold = 0.6, Linkage = LinkageMethod.CentroidEuclidean, UsesVbx = true };

    /// <summary>Average linkage of the cosine distance, cut at a threshold.</summary>
    public static ClusteringRecipe Ahc { get; } = new() { Name = "ahc", Threshold = 0.35, Linkage = LinkageMethod.AverageCosine };
}
