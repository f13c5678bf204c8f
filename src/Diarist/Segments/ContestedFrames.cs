using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>How contested each frame is: what the windows say of a second speaker, and how near the voice is to somebody else.</summary>
internal static class ContestedFrames
{
    /// <summary>The evidence of a recording.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="result">Who speaks when.</param>
    /// <param name="model">How alike pieces are, by their lengths.</param>
    /// <param name="pinned">Pieces whose speaker somebody said: nothing is contested in them.</param>
    public static SpeakerEvidence Of(HeardSpeech heard, SegmentsResult result, LikenessModel model, IReadOnlySet<int>? pinned)
    {
        var evidence = new SpeakerEvidence(heard.Counts.Length);
        byte[] rivals = result.Frames.Rivals;
        var vector = new double[heard.FinePieces.Dimension];
        for (int number = 0; number < heard.FinePieces.Count; number++)
        {
            Piece piece = heard.FinePieces.Pieces[number];
            double margin = Margin(heard.FinePieces, number, result.Centres, result.FineLabels[number], model, vector);
            for (int frame = piece.Start; frame < piece.End; frame++)
            {
                evidence.Set(frame, rivals[frame] / (double)byte.MaxValue, margin);
            }
        }

        return pinned is { Count: > 0 } ? evidence.Settle(pinned.Select(piece => heard.Pieces.Pieces[piece].Range)) : evidence;
    }

    /// <summary>Cosine over expected cosine, to the speaker less to the nearest other one; 1 where there is no other, 0 where no voice is heard.</summary>
    private static double Margin(PieceVectors vectors, int piece, IReadOnlyList<double[]> centres, int speaker, LikenessModel model, double[] vector)
    {
        if (centres.Count < 2)
        {
            return 1;
        }

        if (!vectors.Voiced[piece])
        {
            return 0;
        }

        ReadOnlySpan<float> source = vectors[piece];
        for (int axis = 0; axis < vector.Length; axis++)
        {
            vector[axis] = source[axis];
        }

        double other = double.NegativeInfinity;
        for (int candidate = 0; candidate < centres.Count; candidate++)
        {
            other = candidate == speaker ? other : Math.Max(other, VectorMath.Dot(vector, centres[candidate]));
        }

        return (VectorMath.Dot(vector, centres[speaker]) - other) / model.Expected(vectors.Seconds[piece]);
    }
}
