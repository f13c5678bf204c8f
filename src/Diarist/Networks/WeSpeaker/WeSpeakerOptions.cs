using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>What an embedder's trunk sees at once.</summary>
public enum EmbeddingWindows
{
    /// <summary>Each 10 s window by itself, as pyannote.audio does.</summary>
    Exact,

    /// <summary>
    /// The whole stretch in one pass, whatever windows cut out of it: several times less work, nearly the same vectors.
    /// Features lose the mean of the 10 s around them instead of the window's, and frames see across window borders.
    /// </summary>
    Shared,
}

/// <summary>How the ResNet34 is run.</summary>
internal sealed record WeSpeakerOptions
{
    /// <summary>What the trunk sees at once.</summary>
    public EmbeddingWindows Windows { get; init; } = EmbeddingWindows.Exact;

    /// <summary>How 3×3 convolutions of stride 1 are computed.</summary>
    public ConvolutionAlgorithm Algorithm { get; init; } = ConvolutionAlgorithm.Winograd;

    /// <summary>The lane width of the kernels; the widest of the processor when null.</summary>
    public LaneWidth? Width { get; init; }

    /// <summary>
    /// Feature frames of a shared pass that are computed together, rounded up to the trunk's step of 8. It bounds memory
    /// (21 kB a frame) and costs 224 frames of halo each time; it does not change results beyond rounding.
    /// </summary>
    public int ChunkFrames { get; init; } = 2_000;
}
