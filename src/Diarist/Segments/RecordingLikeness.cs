using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// The likeness model of one recording. Noise and rooms make pieces of one person less alike, which pieces show that the
/// windows always give to one local speaker: where the 75th percentile of their likeness is low, C shrinks by as much.
/// </summary>
internal static class RecordingLikeness
{
    private const double SureLink = 0.9;
    private const double UsualLikeness = 1.2;
    private const double LeastFactor = 0.8;
    private const int FewestPairs = 10;

    /// <summary>The model for some pieces.</summary>
    /// <param name="model">The model of all recordings.</param>
    /// <param name="vectors">The pieces.</param>
    /// <param name="used">The pieces that are grouped, rising.</param>
    /// <param name="links">Their links, numbered as in <paramref name="used"/>.</param>
    public static LikenessModel Of(LikenessModel model, PieceVectors vectors, IReadOnlyList<int> used, PieceLinks links)
    {
        var likenesses = new List<double>();
        var left = new double[vectors.Dimension];
        var right = new double[vectors.Dimension];
        for (int i = 0; i < used.Count; i++)
        {
            Widen(vectors[used[i]], left);
            foreach ((int j, double link) in links.Of(i))
            {
                if (j > i && link > SureLink)
                {
                    Widen(vectors[used[j]], right);
                    double expected = model.Expected(vectors.Seconds[used[i]]) * model.Expected(vectors.Seconds[used[j]]);
                    likenesses.Add((VectorMath.Dot(left, right) - model.Strangers) / Math.Max(expected - model.Strangers, 0.02));
                }
            }
        }

        return likenesses.Count < FewestPairs
            ? model
            : model with { Ceiling = model.Ceiling * Math.Clamp(UpperQuartile(likenesses) / UsualLikeness, LeastFactor, 1) };
    }

    /// <summary>The 75th percentile, with linear interpolation between order statistics.</summary>
    private static double UpperQuartile(List<double> values)
    {
        values.Sort();
        double place = 0.75 * (values.Count - 1);
        int below = (int)place;
        return below + 1 < values.Count ? values[below] + ((place - below) * (values[below + 1] - values[below])) : values[below];
    }

    private static void Widen(ReadOnlySpan<float> source, Span<double> target)
    {
        for (int axis = 0; axis < source.Length; axis++)
        {
            target[axis] = source[axis];
        }
    }
}
