using Diarist.Attribution;

namespace Diarist.Tests.Attribution;

public class SpeakerNamesTests
{
    [Fact]
    public void Labels_take_the_names_with_which_they_share_the_most_time_and_each_name_once()
    {
        Turn[] acoustic = [new(0, 4, "S0"), new(4, 6, "S1"), new(6, 7, "S2")];
        Turn[] named = [new(0, 3, "Ann"), new(3.5, 5.5, "Bob")];
        Assert.Equal(["Ann", "Bob", "S2"], SpeakerNames.Transfer(acoustic, named).Select(turn => turn.Speaker));
    }

    [Fact]
    public void Ties_go_to_the_lower_label_and_times_stay() =>
        Assert.Equal([new(0, 1, "Ann"), new(1, 2, "S1")], SpeakerNames.Transfer([new(0, 1, "S0"), new(1, 2, "S1")], [new(0.5, 1.5, "Ann")]));

    [Fact]
    public void Nothing_named_changes_nothing() =>
        Assert.Equal([new(0, 1, "S0"), new(2, 1, "S1")], SpeakerNames.Transfer([new(0, 1, "S0"), new(2, 1, "S1")], []));

    [Fact]
    public void A_name_of_which_only_the_start_is_known_lasts_until_the_next_or_the_end() =>
        Assert.Equal(["Ann", "Bob", "Ann"], SpeakerNames.Transfer([new(0, 4, "S0"), new(4, 7, "S1"), new(7, 12, "S0")], [new(0, 0, "Ann"), new(4, 4, "Bob"), new(7, 7, "Ann")]).Select(turn => turn.Speaker));
}
