using Diarist.Inference.Kernels;

namespace Diarist;

public sealed partial class Diarizer
{
    /// <summary>The arithmetic of the embedder that options mean on this machine: what <see cref="Precision.Auto"/> becomes.</summary>
    /// <param name="options">How to diarize.</param>
    public static Precision PrecisionFor(DiarizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Precision != Precision.Auto ? options.Precision
            : options.Recipe.Clustering is null && IntegerInstructionSets.Fastest >= IntegerInstructions.Avx2 ? Precision.EightBit
            : Precision.FloatingPoint;
    }
}
