using Diarist.Audio;
using Diarist.Pipeline;
using Diarist.Segments;
using Diarist.Sessions;
using Diarist.Tests.Support;

namespace Diarist.Tests.Sessions;

/// <summary>How far corrections go, and that no clustering violates them.</summary>
public sealed class SessionSpreadTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    [InlineData(6)]
    public void No_grouping_violates_what_is_known(int? number)
    {
        HeardSpeech heard = HeardConversation.Value;
        int[] voiced = [.. Enumerable.Range(0, heard.Pieces.Count).Where(piece => heard.Pieces.Voiced[piece])];
        for (int seed = 0; seed < 20; seed++)
        {
            // Whoever is meant by a piece is drawn by lot, so that nothing that is said contradicts itself.
            var random = new Random(seed);
            int[] person = [.. Enumerable.Range(0, heard.Pieces.Count).Select(_ => random.Next(3))];
            (int Left, int Right)[] pairs = [.. Enumerable.Range(0, 8).Select(_ => (voiced[random.Next(voiced.Length)], voiced[random.Next(voiced.Length)]))];
            var constraints = new GroupingConstraints
            {
                MustLink = [.. pairs.Where(pair => person[pair.Left] == person[pair.Right])],
                CannotLink = [.. pairs.Where(pair => person[pair.Left] != person[pair.Right])],
                FixedLabels = new SortedDictionary<int, int>(voiced.Where(_ => random.Next(10) == 0).ToDictionary(piece => piece, piece => person[piece])),
            };
            PieceGroups groups = SpeakerGrouping.Run(heard, SegmentsParameters.Default, number ?? 1, number ?? int.MaxValue, constraints, cancellationToken: TestContext.Current.CancellationToken);
            int GroupOf(int piece) => groups.Labels[Array.BinarySearch(groups.Used, piece)];
            Assert.All(constraints.MustLink, pair => Assert.Equal(GroupOf(pair.Left), GroupOf(pair.Right)));
            Assert.All(constraints.CannotLink, pair => Assert.NotEqual(GroupOf(pair.Left), GroupOf(pair.Right)));
            foreach ((int one, int label) in constraints.FixedLabels)
            {
                Assert.All(constraints.FixedLabels, other => Assert.Equal(label == other.Value, GroupOf(one) == GroupOf(other.Key)));
            }
        }
    }

    [Fact]
    public void A_correction_of_one_turn_only_leaves_all_other_time_as_it_was()
    {
        DiarizationSession session = HeardConversation.Session();
        Turn turn = session.Diarization.Turns.Where(turn => turn.Speaker == "SPEAKER_00").MaxBy(turn => turn.Duration);
        Turn[] before = [.. session.Diarization.Turns];
        session.Assign(turn, "SPEAKER_01", onlyThisTurn: true);
        Assert.Equal("SPEAKER_01", At(session, turn.Range, "SPEAKER_01"));
        Assert.Equal(Outside(before, turn.Range), Outside(session.Diarization.Turns, turn.Range));
    }

    [Fact]
    public void A_turn_that_is_said_to_be_another_persons_takes_along_those_of_the_same_voice()
    {
        DiarizationSession session = HeardConversation.Session();
        Turn[] right = [.. session.Diarization.Turns];
        session.Merge("SPEAKER_00", "SPEAKER_01");
        Turn[] hers = [.. right.Where(turn => turn.Speaker == "SPEAKER_01")];
        Turn[] his = [.. right.Where(turn => turn.Speaker == "SPEAKER_00")];
        Turn asked = session.Diarization.Turns.Where(turn => turn.Speaker == "SPEAKER_00").MaxBy(turn => hers.Sum(own => own.Range.Overlap(turn.Range)) - his.Sum(own => own.Range.Overlap(turn.Range)));
        session.Assign(asked, "Cara");
        Turn[] cara = [.. session.Diarization.Turns.Where(turn => turn.Speaker == "Cara")];
        double back = hers.Sum(own => cara.Sum(turn => turn.Range.Overlap(own.Range))), all = hers.Sum(turn => turn.Duration);
        output.WriteLine($"{back:0.0} of {all:0.0} s, the turn itself {asked.Duration:0.0} s");
        Assert.True(back > 0.8 * all);
        Assert.True(cara.Sum(turn => turn.Duration) < 1.2 * all);
        session.Undo();
        session.Undo();
        Assert.Equal(right, session.Diarization.Turns);
    }

    [Fact]
    public void To_say_of_every_turn_that_it_is_right_changes_no_speaker()
    {
        DiarizationSession session = HeardConversation.Session();
        Turn[] right = [.. session.Diarization.Turns];
        foreach (Turn turn in right.Where(turn => turn.Duration > 2).Take(6))
        {
            Turn now = session.Diarization.Turns.Where(own => own.Speaker == turn.Speaker).MaxBy(own => own.Range.Overlap(turn.Range));
            session.Assign(now, now.Speaker);
        }

        double same = right.Sum(turn => session.Diarization.Turns.Where(own => own.Speaker == turn.Speaker).Sum(own => own.Range.Overlap(turn.Range)));
        Assert.True(same > 0.99 * right.Sum(turn => turn.Duration));
    }

    private static string? At(DiarizationSession session, TimeRange range, string speaker) =>
        session.Diarization.Turns.Where(turn => turn.Speaker == speaker && turn.Range.Overlap(range) >= range.Duration - 1e-6).Select(turn => turn.Speaker).FirstOrDefault();

    // Who speaks in each tenth of a second outside a range.
    private static string[] Outside(IReadOnlyList<Turn> turns, TimeRange range) =>
    [
        .. Enumerable.Range(0, (int)(turns.Max(turn => turn.End) * 10)).Select(tenth => (tenth + 0.5) / 10).Where(time => time < range.Start || time > range.End)
            .Select(time => string.Join(',', turns.Where(turn => turn.Start <= time && time < turn.End).Select(turn => turn.Speaker).Order())),
    ];
}
