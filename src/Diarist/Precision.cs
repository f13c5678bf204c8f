namespace Diarist;

/// <summary>The arithmetic of the speaker embedder, which is most of the work.</summary>
public enum Precision
{
    /// <summary>
    /// <see cref="EightBit"/> where the processor has instructions for it and the weights are the published ones, <see cref="FloatingPoint"/> elsewhere.
    /// The recipes that stand for other systems take <see cref="FloatingPoint"/>.
    /// </summary>
    Auto,

    /// <summary>Single-precision floating point.</summary>
    FloatingPoint,

    /// <summary>Activations of 8 bits with exact integer sums: the same bytes on every processor that has them, and embeddings within a cosine of about 0.999 of single precision's.</summary>
    EightBit,
}
