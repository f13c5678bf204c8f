using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>What is heard of a conversation in which one piece of 1.5 s follows another, each of one person.</summary>
internal static class MadeConversation
{
    /// <summary>Frames of a piece.</summary>
    public const int PieceFrames = 89;

    /// <summary>Makes it.</summary>
    /// <param name="windows">Windows, one a second.</param>
    /// <param name="framesApart">Frames from the start of a piece to the start of the next; what is more than a piece is a pause.</param>
    /// <param name="localSpeaker">The local speaker, as a mask, that every window hears in a piece.</param>
    /// <param name="voice">The unit vector of a piece, of four values.</param>
    public static HeardSpeech Heard(int windows, int framesApart, Func<int, byte> localSpeaker, Func<int, float[]> voice)
    {
        var grid = new SlidingWindow();
        var activity = new Activity(windows);
        Piece[] pieces = [.. Enumerable.Range(0, grid.OutputFrames(windows) / framesApart).Select(piece => new Piece(piece * framesApart, (piece * framesApart) + PieceFrames))];
        for (int window = 0; window < windows; window++)
        {
            for (int frame = 0; frame < activity.Frames; frame++)
            {
                (int piece, int within) = Math.DivRem(grid.FirstFrame(window) + frame, framesApart);
                activity.Window(window)[frame] = within < PieceFrames ? localSpeaker(piece) : (byte)0;
            }
        }

        HeardSpeech heard = OverlapVotesTests.Heard(activity, pieces);
        foreach (PieceVectors vectors in (PieceVectors[])[heard.Pieces, heard.FinePieces])
        {
            for (int piece = 0; piece < vectors.Count; piece++)
            {
                (vectors.Seconds[piece], vectors.Voiced[piece]) = (PieceFrames * SlidingWindow.FrameStep, true);
                voice(piece).CopyTo(vectors[piece]);
            }
        }

        return heard;
    }
}
