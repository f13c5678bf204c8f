using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>How the ResNet34 is run.</summary>
internal sealed record WeSpeakerOptions
{
    /// <summary>How 3×3 convolutions of stride 1 are computed.</summary>
    public ConvolutionAlgorithm Algorithm { get; init; } = ConvolutionAlgorithm.Winograd;

    /// <summary>The lane width of the kernels; the widest of the processor when null.</summary>
    public LaneWidth? Width { get; init; }
}
