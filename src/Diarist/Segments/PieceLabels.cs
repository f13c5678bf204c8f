using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>The most likely sequence of speakers of fine pieces: cosine over expected cosine, and a small cost for a change, less after a pause (Viterbi).</summary>
internal static class PieceLabels
{
    private const double FewestSeconds = 0.1;
    private const double LeastExpected = 0.3;
    private const double MostSeconds = 1.5;

    /// <summary>Labels every piece.</summary>
    /// <param name="vectors">The pieces.</param>
    /// <param name="centres">A unit vector for each speaker.</param>
    /// <param name="parameters">The likeness model and the cost of a change.</param>
    /// <param name="fixedLabels">The speaker of pieces for which it is known, −1 for the others; none is known when empty.</param>
    /// <returns>A speaker for each piece.</returns>
    public static int[] Find(PieceVectors vectors, IReadOnlyList<double[]> centres, SegmentsParameters parameters, ReadOnlySpan<int> fixedLabels = default)
    {
        int speakers = centres.Count;
        var labels = new int[vectors.Count];
        if (vectors.Count == 0)
        {
            return labels;
        }

        var best = new double[speakers];
        var score = new double[speakers];
        var vector = new double[vectors.Dimension];

        // The speaker before each piece: the same where staying is no worse than the change from the best.
        var stays = new bool[checked(vectors.Count * speakers)];
        var tops = new int[vectors.Count];
        for (int piece = 0; piece < vectors.Count; piece++)
        {
            Score(piece, fixedLabels);
            if (piece == 0)
            {
                score.CopyTo(best, 0);
                continue;
            }

            int pause = vectors.Pieces[piece].Start - vectors.Pieces[piece - 1].End;
            double cost = parameters.SwitchCost * Math.Exp(-pause * SlidingWindow.FrameStep);
            int top = tops[piece] = VectorMath.IndexOfMax(best);
            double changed = best[top] - cost;
            for (int speaker = 0; speaker < speakers; speaker++)
            {
                bool stay = stays[(piece * speakers) + speaker] = best[speaker] >= changed;
                best[speaker] = (stay ? best[speaker] : changed) + score[speaker];
            }
        }

        labels[^1] = VectorMath.IndexOfMax(best);
        for (int piece = vectors.Count - 1; piece > 0; piece--)
        {
            labels[piece - 1] = stays[(piece * speakers) + labels[piece]] ? labels[piece] : tops[piece];
        }

        return labels;

        void Score(int piece, ReadOnlySpan<int> known)
        {
            if (!known.IsEmpty && known[piece] >= 0)
            {
                score.AsSpan().Fill(-1e6);
                score[known[piece]] = 0;
                return;
            }

            if (!vectors.Voiced[piece])
            {
                score.AsSpan().Clear();
                return;
            }

            VectorMath.Widen(vectors[piece], vector);
            double seconds = vectors.Seconds[piece];
            double d = Math.Max(seconds, FewestSeconds);
            LikenessModel model = parameters.Likeness;
            double scale = 2 / Math.Max(Math.Sqrt(model.Ceiling * d / (d + model.HalfSeconds)), LeastExpected) * Math.Min(seconds, MostSeconds);
            for (int speaker = 0; speaker < speakers; speaker++)
            {
                score[speaker] = scale * VectorMath.Dot(vector, centres[speaker]);
            }
        }
    }
}
