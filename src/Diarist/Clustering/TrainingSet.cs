using Diarist.Embedding;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>The embeddings that shape the clusters, in order of window and local speaker.</summary>
internal sealed class TrainingSet
{
    private readonly Embeddings _embeddings;
    private PointSet? _points;

    private TrainingSet(IReadOnlyList<(int Window, int Speaker)> pairs, Embeddings embeddings) => (Pairs, _embeddings) = (pairs, embeddings);

    /// <summary>Whose embeddings they are.</summary>
    public IReadOnlyList<(int Window, int Speaker)> Pairs { get; }

    /// <summary>The raw embeddings, made when first asked for: a day of them takes as much memory as the recording's embeddings themselves.</summary>
    public PointSet Points => _points ??= Range(0, Pairs.Count);

    /// <summary>
    /// Takes the embeddings of local speakers who are alone in at least <see cref="ClusteringRecipe.MinimumSoloShare"/> of their
    /// window; if those are fewer than the speakers asked for, of all who are active.
    /// </summary>
    public static TrainingSet Select(Activity activity, Embeddings embeddings, ClusteringRecipe recipe, SpeakerBounds bounds, CancellationToken cancellationToken = default)
    {
        TrainingSet set = Select(activity, embeddings, recipe.MinimumSoloShare, cancellationToken);
        return set.Pairs.Count < (bounds.Minimum ?? 0) ? Select(activity, embeddings, 0, cancellationToken) : set;
    }

    /// <summary>Some of the raw embeddings.</summary>
    public PointSet Range(int first, int count)
    {
        var points = new PointSet(count, _embeddings.Dimension);
        for (int index = 0; index < count; index++)
        {
            (int window, int speaker) = Pairs[first + index];
            VectorMath.Widen(_embeddings[window, speaker], points[index]);
        }

        return points;
    }

    /// <summary>Whether a local speaker has an embedding that can be computed with.</summary>
    public static bool IsUsable(ReadOnlySpan<float> embedding)
    {
        foreach (float value in embedding)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static TrainingSet Select(Activity activity, Embeddings embeddings, double soloShare, CancellationToken cancellationToken)
    {
        var pairs = new List<(int, int)>();
        for (int window = 0; window < activity.Windows; window++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                if (activity.ActiveFrames(window, speaker) > 0
                    && activity.SoloFrames(window, speaker) >= soloShare * activity.Frames
                    && IsUsable(embeddings[window, speaker]))
                {
                    pairs.Add((window, speaker));
                }
            }
        }

        return new TrainingSet(pairs, embeddings);
    }
}
