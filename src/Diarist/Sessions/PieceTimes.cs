using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>Finds the pieces that lie in a stretch of time.</summary>
internal sealed class PieceTimes(PieceVectors pieces)
{
    private readonly double[] _middles = [.. pieces.Pieces.Select(piece => TurnReconstruction.Boundary(0) + (piece.Middle * SlidingWindow.FrameStep))];

    /// <summary>The pieces with a voice whose middle lies in a range, rising.</summary>
    public IEnumerable<int> In(TimeRange range)
    {
        int first = Array.BinarySearch(_middles, range.Start);
        for (int piece = first < 0 ? ~first : first; piece < _middles.Length && _middles[piece] < range.End; piece++)
        {
            if (pieces.Voiced[piece])
            {
                yield return piece;
            }
        }
    }
}
