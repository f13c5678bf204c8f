using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>How the ResNet34 is run.</summary>
internal sealed record WeSpeakerOptions
{
    /// <summary>How 3×3 convolutions of stride 1 are computed.</summary>
    public ConvolutionAlgorithm Algorithm { get; init; } = ConvolutionAlgorithm.Winograd;

    /// <summary>The arithmetic of the trunk.</summary>
    public Precision Precision { get; init; } = Precision.FloatingPoint;

    /// <summary>What activations of 8 bits are held at; those of the published weights when null.</summary>
    public ActivationRanges? Ranges { get; init; }

    /// <summary>The instructions of 8-bit arithmetic; the fastest of the processor when null.</summary>
    public IntegerInstructions? Instructions { get; init; }

    /// <summary>The lane width of the kernels; the widest of the processor when null.</summary>
    public LaneWidth? Width { get; init; }

    /// <summary>Threads that share the packing of the weights, 1 or more.</summary>
    public int Threads { get; init; } = 1;
}
