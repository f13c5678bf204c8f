using Diarist.Attribution;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Attribution;

public class SpeakerProbabilitiesTests
{
    // One second: A alone, then A and B, then B alone with half the certainty.
    private static readonly SpeakerProbabilities Heard = Probabilities();

    [Fact]
    public void Alone_the_probability_is_the_networks_own()
    {
        Assert.Equal(1, Heard.Of(new TimeRange(0.1, 0.3), "A"));
        Assert.Equal(0.5, Heard.Of(new TimeRange(0.7, 0.9), "B")!.Value, 1e-5);
    }

    [Fact]
    public void Two_who_talk_at_once_share_it()
    {
        Assert.Equal(0.5, Heard.Of(new TimeRange(0.4, 0.6), "A"));
        Assert.Equal(0.5, Heard.Of(new TimeRange(0.4, 0.6), "B"));
        Assert.Equal(0.75, Heard.Of(new TimeRange(0.3, 0.5), "A")!.Value, 1e-12);
    }

    [Fact]
    public void An_instant_has_the_row_that_it_lies_in() => Assert.Equal(0.5, Heard.Of(new TimeRange(0.45, 0.45), "B"));

    [Fact]
    public void Nothing_is_said_of_the_unknown()
    {
        Assert.Null(Heard.Of(new TimeRange(0, 1), "C"));
        Assert.Null(Heard.Of(new TimeRange(2, 1e12), "A"));
    }

    [Fact]
    public void Labels_that_get_one_name_are_one_speaker()
    {
        SpeakerProbabilities one = Heard.WithNames(_ => "Ada");
        Assert.Equal(1, one.Of(new TimeRange(0.4, 0.6), "Ada"));
        Assert.Null(one.Of(new TimeRange(0.4, 0.6), "A"));
    }

    [Fact]
    public void The_confidence_of_a_word_is_that_of_the_speaker_who_got_it()
    {
        var meter = new OverlapMeter(new TurnTimeline([new Turn(0, 0.6, "A"), new Turn(0.4, 1, "B")]), AttributionPolicy.Nearest, evidence: null, Heard);
        (long start, long end) = (Ticks.From(0.3), Ticks.From(0.5));
        Assert.Equal(0.75, meter.Describe(start, end, 0).Confidence, 1e-12);
        Assert.Equal(0.25, meter.Describe(start, end, 1).Confidence, 1e-12);
    }

    private static SpeakerProbabilities Probabilities()
    {
        var rows = new ProbabilityRows();
        Add(1, 0, 40);
        Add(1, 1, 20);
        Add(0, 0.5f, 40);
        return new SpeakerProbabilities(rows, new Dictionary<string, int[]> { ["A"] = [0], ["B"] = [3] });

        void Add(float one, float other, int count)
        {
            for (int i = 0; i < count; i++)
            {
                // Nobody has the label of the last column.
                rows.Add([one, 0, 0, other, 0, 0, 0, 1]);
            }
        }
    }
}
