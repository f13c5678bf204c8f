using Diarist.Community1;
using Diarist.Hierarchical;

namespace Diarist.Clustering;

/// <summary>A way from embeddings to speakers, with every number in it. Recipes are entered with arrays: see <see cref="SpeakerClustering"/>.</summary>
internal abstract record ClusteringRecipe
{
    /// <summary>The recipe's name, as options and outputs have it.</summary>
    public required string Name { get; init; }

    /// <summary>The distance at which the tree of clusters is cut.</summary>
    public required double Threshold { get; init; }

    /// <summary>What <see cref="Threshold"/> is measured in.</summary>
    public LinkageMethod Linkage { get; init; } = LinkageMethod.CentroidEuclidean;

    /// <summary>Only local speakers who are alone in at least this share of their window's frames shape the clusters; the others are assigned to them afterwards.</summary>
    public double MinimumSoloShare { get; init; } = 0.2;

    /// <summary>
    /// Used instead of <see cref="MinimumSoloShare"/> where that leaves fewer embeddings than two or than the speakers asked for.
    /// <see langword="null"/>: only for the speakers asked for, and then any embedding will do.
    /// </summary>
    public double? RelaxedSoloShare { get; init; }

    /// <summary>Whether two local speakers of a window may never share a cluster.</summary>
    public bool ConstrainedAssignment { get; init; } = true;

    /// <summary>Whether that also holds when another number of speakers than the recipe found had to be made; pyannote.audio says no.</summary>
    public bool ConstrainWhenForced { get; init; }

    /// <summary>Above so many embeddings (four to six hours of talk) the recording is condensed before it is clustered (<see cref="Condensation"/>): the distances between 20 000 take 1.6 GB.</summary>
    public int ExactLimit { get; init; } = 20_000;

    /// <summary>A recording is condensed to at most so many groups; their distances take 0.15 GB, so that a day needs less than its first hours would.</summary>
    public int CondensedTo { get; init; } = 6_000;

    /// <summary>A cluster with less speech of its own than this, in seconds, is reported as a possible ghost.</summary>
    public double GhostSoloSeconds { get; init; } = 1;

    /// <summary>A cluster with less than this share of the embeddings is reported as a possible ghost.</summary>
    public double GhostShare { get; init; } = 0.01;

    /// <summary>A count whose certainty is less than this is reported as unsure.</summary>
    public double UnsureBelow { get; init; } = 0.5;

    /// <summary>pyannote.audio 4's community-1: centroid linkage, then VBx in the space of a PLDA.</summary>
    public static VbxRecipe Community1 { get; } = new() { Name = "community-1", Threshold = 0.6 };

    /// <summary>pyannote.audio 3.1's agglomerative clustering.</summary>
    public static AgglomerativeRecipe Ahc31 { get; } = new()
    {
        Name = "ahc-3.1",
        Threshold = 0.7045654963945799,
        MinimumClusterSize = 12,
        ConstrainedAssignment = false,
        Forcing = CountForcing.TreeCut,
    };

    /// <summary>For embedders without a PLDA.</summary>
    public static AgglomerativeRecipe Plain { get; } = new()
    {
        Name = "ahc",
        Threshold = 0.55,
        MinimumClusterSize = 12,
        RelaxedSoloShare = 0.05,
        LocalSpeakerPercentile = 0.75,
        Forcing = CountForcing.KMeans,
        ConstrainWhenForced = true,
    };

    /// <summary>For voxsv: the number of speakers by evidence; tuned on the development audio (docs/accuracy.md).</summary>
    public static EvidenceRecipe SmallEmbedder { get; } = new() { Name = "small-embedder", Threshold = 3, ExactLimit = 5_000, MinimumSoloShare = 0.1, RelaxedSoloShare = 0.05, ConstrainWhenForced = true, UnsureBelow = 0.65 };

    /// <summary>All recipes that can be named.</summary>
    public static IReadOnlyList<ClusteringRecipe> All { get; } = [Community1, Ahc31, Plain, SmallEmbedder];

    /// <summary>The recipe of a name; <see langword="null"/> when there is none.</summary>
    public static ClusteringRecipe? Find(string name) => All.FirstOrDefault(recipe => string.Equals(recipe.Name, name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>How an agglomerative clustering is made to give another number of clusters than its threshold does.</summary>
internal enum CountForcing
{
    /// <summary>k-means with the number asked for.</summary>
    KMeans,

    /// <summary>Another cut of the tree, the one nearest to the threshold that gives the number; k-means where none does.</summary>
    TreeCut,
}

/// <summary>A cut through the tree, followed by VBx; needs a <see cref="Plda"/>.</summary>
internal sealed record VbxRecipe : ClusteringRecipe
{
    /// <summary>What steers VBx.</summary>
    public VbxOptions Vbx { get; init; } = new();

    /// <summary>How far F_B must be from a value that gives another number for a certainty of 63 %, in octaves (factors of two).</summary>
    public double CertaintyScale { get; init; } = 0.5;
}

/// <summary>A cut through the tree; clusters that are too small go to the nearest large one.</summary>
internal sealed record AgglomerativeRecipe : ClusteringRecipe
{
    /// <summary>Clusters of fewer embeddings are small.</summary>
    public int MinimumClusterSize { get; init; } = 1;

    /// <summary>… but in short recordings only those of less than this share of all embeddings: the lower of both rules holds.</summary>
    public double MinimumClusterShare { get; init; } = 0.1;

    /// <summary>A small cluster farther than this (cosine distance) from every large one is kept as a speaker. <see langword="null"/>: none is.</summary>
    public double? DistinctDistance { get; init; }

    /// <summary>
    /// There are at least as many speakers as this quantile (0 to 1) of the local speakers seen in one window, over all windows with
    /// speech. <see langword="null"/>: no such bound.
    /// </summary>
    public double? LocalSpeakerPercentile { get; init; }

    /// <summary>A local speaker is seen when active in at least so many frames of the window.</summary>
    public int LocalSpeakerMinimumFrames { get; init; } = 1;

    /// <summary>How another number of speakers is reached.</summary>
    public CountForcing Forcing { get; init; } = CountForcing.KMeans;

    /// <summary>How far the threshold must be from one that gives another number for a certainty of 63 %, in units of the threshold.</summary>
    public double CertaintyScale { get; init; } = 0.05;
}

/// <summary>k-means for every number of speakers; the number with the greatest evidence wins (<see cref="EvidenceClustering"/>).</summary>
internal sealed record EvidenceRecipe : ClusteringRecipe
{
    /// <summary>What is known of the embedder's vectors.</summary>
    public SpeakerDiscriminant Discriminant { get; init; } = SpeakerDiscriminant.Voxsv;

    /// <summary>
    /// Observations that a second of speech in one window counts for, when windows come every second. Far less than the two
    /// vectors that voxsv makes of it: they share audio, and ten windows hear it.
    /// </summary>
    public double EvidencePerSecond { get; init; } = 0.11;

    /// <summary>The evidence (natural logarithm) that another speaker must bring.</summary>
    public double SpeakerCost => Threshold;

    /// <summary>A local speaker whose vectors scatter so many times more than the recording's is taken for two voices and founds no cluster.</summary>
    public double ImpureAbove { get; init; } = 1.4;

    /// <summary>Larger numbers of speakers are found only when asked for.</summary>
    public int MaximumSpeakers { get; init; } = 20;

    /// <summary>What a speaker who was asked for may cost in evidence; 5 and 10 did equally well on the tuning sets, 0 and no limit worse.</summary>
    public double LargestLoss { get; init; } = 5;

    /// <summary>How probable it is that the number is right.</summary>
    public CountCertainty Certainty { get; init; } = CountCertainty.SmallEmbedder;
}
