using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>People who say a second or two in a conversation of others.</summary>
public class BriefVoiceTests
{
    private const int PieceFrames = 89;
    private const int BriefPiece = 70;

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void A_brief_voice_stays_where_the_windows_tell_it_from_all_others(bool isAlone, int speakers)
    {
        HeardSpeech heard = Conversation(isAlone);
        Assert.Equal(speakers, Count(heard, SegmentsParameters.Default));
        Assert.Equal(2, Count(heard, SegmentsParameters.Default with { Veto = null }));
        Assert.Equal(2, Count(heard, SegmentsParameters.Default, most: 2));
    }

    private static int Count(HeardSpeech heard, SegmentsParameters parameters, int? most = null) =>
        SegmentsClustering.Run(heard, parameters, most is int number ? SpeakerBounds.Exactly(number) : SpeakerBounds.None, cancellationToken: TestContext.Current.CancellationToken).Kept.Length;

    /// <summary>Two people take turns of 1.5 s for more than three minutes; a third speaks once, with a voice that is somewhat like the first one's.</summary>
    /// <param name="isAlone">Whether the windows give the third a local speaker of their own, or that of the first.</param>
    private static HeardSpeech Conversation(bool isAlone)
    {
        var grid = new SlidingWindow();
        var activity = new Activity(200);
        Piece[] pieces = [.. Enumerable.Range(0, grid.OutputFrames(activity.Windows) / PieceFrames).Select(piece => new Piece(piece * PieceFrames, (piece + 1) * PieceFrames))];
        for (int window = 0; window < activity.Windows; window++)
        {
            for (int frame = 0; frame < activity.Frames; frame++)
            {
                int piece = (grid.FirstFrame(window) + frame) / PieceFrames;
                activity.Window(window)[frame] = piece == BriefPiece ? (byte)(isAlone ? 4 : 1) : (byte)(1 + (piece % 2));
            }
        }

        HeardSpeech heard = OverlapVotesTests.Heard(activity, pieces);
        foreach (PieceVectors vectors in (PieceVectors[])[heard.Pieces, heard.FinePieces])
        {
            for (int piece = 0; piece < vectors.Count; piece++)
            {
                (vectors.Seconds[piece], vectors.Voiced[piece]) = (PieceFrames * SlidingWindow.FrameStep, true);
                Span<float> vector = vectors[piece];
                if (piece == BriefPiece)
                {
                    (vector[0], vector[2]) = (0.3f, 0.954f);
                }
                else
                {
                    vector[piece % 2] = 1;
                }
            }
        }

        return heard;
    }
}
