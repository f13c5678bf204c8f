using Diarist.Clustering;
using Diarist.Networks;
using Diarist.Pipeline;
using Diarist.Segments;

namespace Diarist;

/// <summary>A named way from a recording to its speakers: the networks that it needs, and the stages that it runs.</summary>
public sealed class Recipe
{
    private Recipe(string name, IReadOnlyList<Network> networks, double? threshold, Func<LoadedNetworks, DiarizerOptions, IRecipePipeline> createPipeline) =>
        (Name, Networks, Threshold, CreatePipeline) = (name, networks, threshold, createPipeline);

    /// <summary>Short pieces of speech, grouped by a likeness that knows how long they are (docs/recipe.md). The default.</summary>
    public static Recipe Segments { get; } =
        new("segments", [Network.Segmentation, Network.Embedder], SegmentsParameters.Default.MergeThreshold, (networks, options) => new SegmentsPipeline(networks, options));

    /// <summary>pyannote.audio 4's community-1: 10 s windows, centroid linkage, PLDA and VBx, constrained assignment.</summary>
    public static Recipe Community1 { get; } = Windows(ClusteringRecipe.Community1, Network.Segmentation, Network.Embedder, Network.Plda);

    /// <summary>10 s windows, average linkage of the cosine distance cut at a threshold.</summary>
    public static Recipe Ahc { get; } = Windows(ClusteringRecipe.Ahc, Network.Segmentation, Network.Embedder);

    /// <summary>The pieces and groups of <see cref="Segments"/> over the speech that Silero finds. No overlap, no cut where the speaker changes. For comparison.</summary>
    public static Recipe VadAhc { get; } = new("vad-ahc", [Network.VoiceActivity, Network.Embedder], SegmentsParameters.Default.MergeThreshold, (networks, options) => new VadAhcPipeline(networks, options));

    /// <summary>Nobody is told apart: where somebody speaks, all of it one speaker's. For channels that hold one person each.</summary>
    public static Recipe VoiceActivity { get; } = new("one-voice", [Network.VoiceActivity], null, (networks, options) => new OneVoicePipeline(networks, options));

    /// <summary>NVIDIA's Nemotron 3 Diarization, a network that labels up to eight speakers by itself (docs/nemotron3.md). Its pack is fetched only when it is named.</summary>
    public static Recipe Nemotron3 { get; } = new("nemotron3", [Network.Nemotron3], null, (networks, options) => new Nemotron3Pipeline(networks, options));

    /// <summary>Every recipe, the default one first.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [Segments, Community1, Ahc, VadAhc, VoiceActivity, Nemotron3];

    /// <summary>The name, as options and outputs have it.</summary>
    public string Name { get; }

    /// <summary>Where the recipe stops joining, in its own unit: a distance, or a likeness for <see cref="Segments"/>; <see langword="null"/> when it has no such place.</summary>
    public double? Threshold { get; }

    /// <summary>The networks that must be loaded.</summary>
    internal IReadOnlyList<Network> Networks { get; }

    /// <summary>Makes the stages.</summary>
    internal Func<LoadedNetworks, DiarizerOptions, IRecipePipeline> CreatePipeline { get; }

    /// <summary>How the recipe clusters local speakers of windows; <see langword="null"/> when it does not.</summary>
    internal ClusteringRecipe? Clustering { get; private init; }

    /// <summary>The recipe of a name; <see langword="null"/> when there is none.</summary>
    public static Recipe? Find(string name) => All.FirstOrDefault(recipe => recipe.Name == name);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    private static Recipe Windows(ClusteringRecipe clustering, params IReadOnlyList<Network> networks) =>
        new(clustering.Name, networks, clustering.Threshold, (loaded, options) => new WindowRecipePipeline(loaded, options)) { Clustering = clustering };
}
