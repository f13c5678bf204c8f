using Diarist.Community1;
using Diarist.Hierarchical;

namespace Diarist.Clustering;

/// <summary>A way from embeddings of local speakers to clusters, with every number in it. See <see cref="SpeakerClustering"/>.</summary>
internal abstract record ClusteringRecipe
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

    /// <summary>A recording is condensed to at most so many groups; their distances take 0.15 GB, so that a day needs less than its first hours would.</summary>
    public int CondensedTo { get; init; } = 6_000;

    /// <summary>A cluster with less speech of its own than this, in seconds, is reported as a possible ghost.</summary>
    public double GhostSoloSeconds { get; init; } = 1;

    /// <summary>A cluster with less than this share of the embeddings is reported as a possible ghost.</summary>
    public double GhostShare { get; init; } = 0.01;

    /// <summary>A count whose certainty is less than this is flagged as uncertain.</summary>
    public double UncertainBelow { get; init; } = 0.5;

    /// <summary>pyannote.audio 4's community-1: centroid linkage, then VBx in the space of a PLDA.</summary>
    public static VbxRecipe Community1 { get; } = new() { Name = "community-1", Threshold = 0.6, Linkage = LinkageMethod.CentroidEuclidean };

    /// <summary>Average linkage of the cosine distance, cut at a threshold.</summary>
    public static LinkageRecipe Ahc { get; } = new() { Name = "ahc", Threshold = 0.35, Linkage = LinkageMethod.AverageCosine };

    /// <summary>Prepares the clustering of one recording.</summary>
    /// <param name="training">The embeddings that shape the clusters, at least two, in order of time.</param>
    /// <param name="plda">The PLDA, for recipes that need one.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    /// <exception cref="ArgumentException">The recipe needs a PLDA and there is none.</exception>
    public abstract Clusterer CreateClusterer(TrainingSet training, Plda? plda, ParallelOptions parallel);
}

/// <summary>A cut through the dendrogram, followed by VBx; needs a <see cref="Plda"/>.</summary>
internal sealed record VbxRecipe : ClusteringRecipe
{
    /// <summary>What steers VBx.</summary>
    public VbxOptions Vbx { get; init; } = new();

    /// <summary>How far F_B must be from a value that gives another number for a certainty of 63 %, in octaves (factors of two).</summary>
    public double CertaintyScale { get; init; } = 0.5;

    public override Clusterer CreateClusterer(TrainingSet training, Plda? plda, ParallelOptions parallel) =>
        new VbxClusterer(training, this, plda ?? throw new ArgumentException($"The recipe {Name} needs a PLDA.", nameof(plda)), parallel);
}

/// <summary>A cut through the dendrogram and nothing else.</summary>
internal sealed record LinkageRecipe : ClusteringRecipe
{
    /// <summary>How far the threshold must be from one that gives another number for a certainty of 63 %, in units of the threshold.</summary>
    public double CertaintyScale { get; init; } = 0.05;

    public override Clusterer CreateClusterer(TrainingSet training, Plda? plda, ParallelOptions parallel) => new LinkageClusterer(training, this, parallel);
}
