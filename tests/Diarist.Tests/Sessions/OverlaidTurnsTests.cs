using Diarist.Sessions;

namespace Diarist.Tests.Sessions;

public sealed class OverlaidTurnsTests
{
    // Ada speaks, Ben comes in over her and goes on; Cara is heard over Ben only, and alone long after.
    private static readonly Turn Ada = new(new TimeRange(0, 5), "Ada");
    private static readonly Turn Ben = new(new TimeRange(4, 10), "Ben");
    private static readonly Turn Cara = new(new TimeRange(7, 8), "Cara");
    private static readonly Turn Later = new(new TimeRange(20, 22), "Cara");
    private static readonly OverlaidTurns Turns = new([Ada, Ben, Cara, Later]);

    [Fact]
    public void A_turn_is_overlaid_where_its_speaker_is_never_alone_in_it() =>
        Assert.Equal([false, false, true, false], ((Turn[])[Ada, Ben, Cara, Later]).Select(Turns.IsOverlaid));

    [Fact]
    public void Distance_is_that_to_the_nearest_moment_alone()
    {
        Assert.Equal(12, Turns.Distance(Cara), 9);
        Assert.Equal(0, Turns.Distance(Ben), 9);
        Assert.Equal(double.PositiveInfinity, Turns.Distance(new Turn(new TimeRange(1, 2), "Dan")));
    }

    [Fact]
    public void The_nearest_voice_is_one_that_is_not_heard_in_the_turn_itself()
    {
        Assert.Equal("Ada", Turns.Nearest(Cara, new HashSet<string> { "Cara", "Ben" }));
        Assert.Null(Turns.Nearest(Cara, new HashSet<string> { "Ada", "Ben", "Cara" }));
    }

    [Fact]
    public void A_frame_alone_at_the_end_does_not_make_a_turn_one_that_is_heard_alone()
    {
        var late = new Turn(new TimeRange(4, 5.02), "Ben");
        Assert.True(new OverlaidTurns([Ada, late]).IsOverlaid(late));
    }

    [Fact]
    public void To_say_whose_a_voice_over_another_one_is_changes_nothing_else()
    {
        DiarizationSession session = HeardConversation.Session();
        var overlaid = new OverlaidTurns(session.Diarization.Turns);
        Turn over = session.Diarization.Turns.First(overlaid.IsOverlaid);
        Turn[] others = [.. session.Diarization.Turns.Where(turn => turn != over)], exclusive = [.. session.Diarization.ExclusiveTurns];
        session.Assign(over, "somebody else");
        Assert.Equal(others, session.Diarization.Turns.Where(turn => turn.Speaker != "somebody else"));
        Assert.Equal(over.Range, Assert.Single(session.Diarization.Turns, turn => turn.Speaker == "somebody else").Range);
        Assert.Equal(exclusive, session.Diarization.ExclusiveTurns);
    }
}
