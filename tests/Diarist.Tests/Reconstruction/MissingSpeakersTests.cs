using Diarist.Reconstruction;

namespace Diarist.Tests.Reconstruction;

public class MissingSpeakersTests
{
    [Fact]
    public void The_briefest_turns_go_to_the_missing_speakers_and_nobody_loses_their_last_turn()
    {
        List<Stretch> turns = [Turn(0, 0, 5), Turn(1, 5, 5.6), Turn(0, 6, 7), Turn(0, 8, 8.1), Turn(0, 9, 11)];
        List<Stretch> exclusive = [.. turns];
        Assert.Equal(2, MissingSpeakers.Fill(turns, exclusive, missing: 2, first: 7));
        Assert.Equal([0, 1, 7, 0, 8], turns.Select(turn => turn.Cluster));
        Assert.Equal(turns, exclusive);
    }

    [Fact]
    public void Very_short_turns_are_taken_last()
    {
        List<Stretch> turns = [Turn(0, 0, 5), Turn(0, 6, 6.1)];
        Assert.Equal(1, MissingSpeakers.Fill(turns, [], missing: 1, first: 3));
        Assert.Equal([3, 0], turns.Select(turn => turn.Cluster));
    }

    [Fact]
    public void There_are_no_more_speakers_than_turns()
    {
        List<Stretch> turns = [Turn(0, 0, 5), Turn(0, 6, 7), Turn(1, 8, 9)];
        Assert.Equal(1, MissingSpeakers.Fill(turns, [], missing: 4, first: 2));
        Assert.Equal(3, turns.Select(turn => turn.Cluster).Distinct().Count());
        Assert.Equal(0, MissingSpeakers.Fill(turns, [], missing: -2, first: 9));
    }

    private static Stretch Turn(int cluster, double start, double end) => new(cluster, start, end, 0, 1);
}
