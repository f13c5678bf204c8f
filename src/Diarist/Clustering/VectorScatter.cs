using Diarist.Embedding;

namespace Diarist.Clustering;

/// <summary>How far the vectors of one voice lie apart, which the length of their mean tells without knowing the speakers.</summary>
internal static class VectorScatter
{
    /// <summary>
    /// The mean squared distance of an embedder's unit vectors from their mean within a local speaker, from the lengths of the
    /// means: mean |v − v̄|² = 1 − |v̄|². <see langword="null"/> where all means have length 1, as from an embedder that normalises.
    /// </summary>
    /// <param name="embeddings">Means of unit vectors, before projection.</param>
    /// <param name="training">The local speakers with enough speech of their own, and their seconds.</param>
    public static double? Of(Embeddings embeddings, TrainingSet training)
    {
        double within = 0;
        double freedom = 0;
        for (int index = 0; index < training.Pairs.Count; index++)
        {
            (double own, double ownFreedom) = ScatterOf(embeddings, training, index);
            within += own;
            freedom += ownFreedom;
        }

        double scatter = freedom > 0 ? within / freedom : 0;
        return scatter > 1e-6 ? scatter : null;
    }

    /// <summary>
    /// The local speakers whose vectors scatter much more than the recording's do: segmentation took two voices for one. Their
    /// mean is nobody's voice, and must not found a cluster.
    /// </summary>
    public static bool[] Impure(Embeddings embeddings, TrainingSet training, double scatter, double factor) =>
        [.. Enumerable.Range(0, training.Pairs.Count).Select(index =>
        {
            (double own, double freedom) = ScatterOf(embeddings, training, index);
            return own > factor * scatter * freedom;
        })];

    /// <summary>The summed squared distances within one local speaker and their degrees of freedom, at two vectors a second.</summary>
    private static (double Within, double Freedom) ScatterOf(Embeddings embeddings, TrainingSet training, int index)
    {
        (int window, int speaker) = training.Pairs[index];
        double squares = 0;
        foreach (float value in embeddings[window, speaker])
        {
            squares += (double)value * value;
        }

        double vectors = 2 * EffectiveSeconds(training.Seconds[index]);
        return (vectors * (1 - squares), Math.Max(vectors - 1, 0.3));
    }

    /// <summary>Seconds of a local speaker's speech that count: the first half second only fills the embedder's window.</summary>
    public static double EffectiveSeconds(double seconds) => Math.Max(seconds - 0.5, 0.15);
}
