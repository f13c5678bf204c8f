using Diarist.Segments;

namespace Diarist.Tests.Segments;

/// <summary>People who say a second or two in a conversation of others.</summary>
public class BriefVoiceTests
{
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
    private static HeardSpeech Conversation(bool isAlone) => MadeConversation.Heard(
        windows: 200,
        framesApart: MadeConversation.PieceFrames,
        piece => piece == BriefPiece ? (byte)(isAlone ? 4 : 1) : (byte)(1 + (piece % 2)),
        piece => piece == BriefPiece ? [0.3f, 0, 0.954f, 0] : piece % 2 == 0 ? [1, 0, 0, 0] : [0, 1, 0, 0]);
}
