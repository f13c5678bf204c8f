using System.Runtime.Intrinsics;
using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// How alike two pieces of speech are, whatever their lengths. The cosine of two pieces of one person averages
/// r(d)·r(d') with r(d)² = C·d/(d + A), d the seconds in which one person speaks alone; that of two people averages M at every
/// length. So (cos − M) / (r·r' − M) is 1 for one person and 0 for two.
/// </summary>
/// <param name="HalfSeconds">A: the seconds at which half of the voice is heard.</param>
/// <param name="Ceiling">C: r² of endless speech in this recording; noise and rooms lower it.</param>
/// <param name="Strangers">M: the mean cosine of two people.</param>
internal readonly record struct LikenessModel(double HalfSeconds, double Ceiling, double Strangers)
{
    private const double FewestSeconds = 0.15;
    private const double LeastWeight = 0.01;
    private const double SureLink = 0.9;
    private const double UsualLikeness = 1.2;
    private const double LeastFactor = 0.8;
    private const int FewestPairs = 10;

    /// <summary>Measured on 137 development recordings with WeSpeaker's ResNet34-LM.</summary>
    public static LikenessModel Default { get; } = new(1.15, 0.93, 0.12);

    /// <summary>
    /// The model of one recording. Noise and rooms make pieces of one person less alike, which pieces show that the
    /// windows always give to one local speaker: where the 75th percentile of their likeness is low, C shrinks by as much.
    /// </summary>
    /// <param name="vectors">The pieces.</param>
    /// <param name="used">The pieces that are grouped, rising.</param>
    /// <param name="links">Their links, numbered as in <paramref name="used"/>.</param>
    public LikenessModel For(PieceVectors vectors, IReadOnlyList<int> used, PieceLinks links)
    {
        var likenesses = new List<double>();
        var left = new double[vectors.Dimension];
        var right = new double[vectors.Dimension];
        for (int i = 0; i < used.Count; i++)
        {
            VectorMath.Widen(vectors[used[i]], left);
            foreach ((int j, double link) in links.Of(i))
            {
                if (j > i && link > SureLink)
                {
                    VectorMath.Widen(vectors[used[j]], right);
                    likenesses.Add(Of(VectorMath.Dot(left, right), Expected(vectors.Seconds[used[i]]) * Expected(vectors.Seconds[used[j]]), 1));
                }
            }
        }

        return likenesses.Count < FewestPairs ? this : this with { Ceiling = Ceiling * Math.Clamp(UpperQuartile(likenesses) / UsualLikeness, LeastFactor, 1) };
    }

    /// <summary>r: the square root of the expected cosine of two pieces of so many seconds of one person.</summary>
    public double Expected(double seconds)
    {
        double d = Math.Max(seconds, FewestSeconds);
        return Math.Sqrt(Ceiling * d / (d + HalfSeconds));
    }

    /// <summary>The weight w = r² − M of a piece in its group: what its length lets it tell.</summary>
    public double Weight(double expected) => Math.Max((expected * expected) - Strangers, LeastWeight);

    /// <summary>Likeness of two groups from their sums: (S·S' − M·W·W') / (R·R' − M·W·W').</summary>
    /// <param name="dot">S·S'.</param>
    /// <param name="expected">R·R'.</param>
    /// <param name="weights">W·W'.</param>
    public double Of(double dot, double expected, double weights) =>
        (dot - (Strangers * weights)) / Math.Max(expected - (Strangers * weights), 0.02 * weights);

    /// <summary>The same for several pairs at once, to the same bits.</summary>
    public static Vector256<double> Of(Vector256<double> dot, Vector256<double> expected, Vector256<double> weights, Vector256<double> strangers) =>
        (dot - (strangers * weights)) / Vector256.Max(expected - (strangers * weights), Vector256.Create(0.02) * weights);

    /// <summary>The 75th percentile, with linear interpolation between order statistics.</summary>
    private static double UpperQuartile(List<double> values)
    {
        values.Sort();
        double place = 0.75 * (values.Count - 1);
        int below = (int)place;
        return below + 1 < values.Count ? values[below] + ((place - below) * (values[below + 1] - values[below])) : values[below];
    }
}
