namespace Diarist.Segmentation;

/// <summary>
/// The classes of a powerset segmentation: which of 3 local speakers, at most 2 at once, are active in a frame
/// (Plaquet and Bredin 2023). ∅, {0}, {1}, {2}, {0,1}, {0,2}, {1,2}.
/// </summary>
internal static class Powerset
{
    /// <summary>The number of classes.</summary>
    public const int Classes = 7;

    /// <summary>The local speakers of each class, bit k for speaker k.</summary>
    public static ReadOnlySpan<byte> Masks => [0b000, 0b001, 0b010, 0b100, 0b011, 0b101, 0b110];

    /// <summary>Picks the most probable class of each frame; the earlier one of equals.</summary>
    /// <param name="logProbabilities">(frames, 7).</param>
    /// <param name="masks">The local speakers of each frame, bit k for speaker k.</param>
    /// <exception cref="ArgumentException">The numbers of frames differ.</exception>
    public static void Decode(ReadOnlySpan<float> logProbabilities, Span<byte> masks)
    {
        if (logProbabilities.Length != masks.Length * Classes)
        {
            throw new ArgumentException($"{logProbabilities.Length} log-probabilities are not {Classes} for each of {masks.Length} frames.", nameof(masks));
        }

        for (int frame = 0; frame < masks.Length; frame++)
        {
            ReadOnlySpan<float> scores = logProbabilities.Slice(frame * Classes, Classes);
            int best = 0;
            for (int i = 1; i < Classes; i++)
            {
                best = scores[i] > scores[best] ? i : best;
            }

            masks[frame] = Masks[best];
        }
    }
}
