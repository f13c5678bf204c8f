namespace Diarist;

/// <summary>The named ways from a recording to its speakers.</summary>
public static class Recipes
{
    /// <summary>pyannote.audio 4's community-1: centroid linkage, PLDA and VBx, constrained assignment. Needs WeSpeaker embeddings and the PLDA pack.</summary>
    public const string Community1 = "community-1";

    /// <summary>pyannote.audio 3.1: centroid linkage cut at 0.7046, small clusters given to the nearest large one.</summary>
    public const string Ahc31 = "ahc-3.1";

    /// <summary>For voxsv: a discriminant projection, and the number of speakers by evidence; tuned on the development audio (docs/accuracy.md).</summary>
    public const string SmallEmbedder = "small-embedder";

    /// <summary>For any embedder: centroid linkage at a threshold, at least as many speakers as windows show at once.</summary>
    public const string Ahc = "ahc";

    /// <summary>The simplest: one speaker for each span of speech, cosine average linkage at a threshold. For comparison.</summary>
    public const string VadAhc = "vad-ahc";

    /// <summary>Short pieces of speech, grouped by a likeness that knows how long they are (docs/recipe.md). The default.</summary>
    public const string Segments = "segments";

    /// <summary>Every recipe, the default ones first.</summary>
    public static IReadOnlyList<string> All { get; } = [Segments, Community1, SmallEmbedder, Ahc31, Ahc, VadAhc];
}
