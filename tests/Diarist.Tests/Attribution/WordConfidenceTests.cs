using Diarist.Attribution;
using Diarist.Transcripts;

namespace Diarist.Tests.Attribution;

public class WordConfidenceTests
{
    private static readonly Turn[] Conversation = [new(0, 10, "A"), new(10, 20, "B"), new(18, 24, "A")];

    [Fact]
    public void A_word_far_from_everybody_else_is_certain()
    {
        SpeakerChoice choice = Choose(4, 4.3);
        Assert.InRange(choice.Confidence, 0.95, 1);
        Assert.False(choice.Uncertain);
    }

    [Fact]
    public void A_word_that_two_speakers_hold_may_be_either_ones()
    {
        SpeakerChoice choice = Choose(19, 19.3);
        Assert.InRange(choice.Confidence, 0.4, 0.65);
        Assert.True(choice.Uncertain);
    }

    [Fact]
    public void The_nearer_the_next_speaker_the_less_certain_a_word_is()
    {
        double[] confidences = [.. ((double[])[0.2, 0.6, 1, 1.5, 2.5]).Select(before => Choose(10 - before, 10 - before + 0.2).Confidence)];
        Assert.Equal(confidences.Order(), confidences);
        Assert.True(confidences[0] < confidences[^1] - 0.1);
    }

    [Fact]
    public void The_confidence_of_a_turn_counts()
    {
        double doubtful = Choose(4, 4.3, [Conversation[0] with { Confidence = 0.3 }, .. Conversation[1..]]).Confidence;
        Assert.True(doubtful < Choose(4, 4.3).Confidence);
    }

    [Fact]
    public void A_second_voice_that_the_windows_hear_makes_a_word_less_certain()
    {
        double Confidence(double rival, double margin)
        {
            var evidence = new SpeakerEvidence(1400);
            for (int frame = 0; frame < evidence.Frames; frame++)
            {
                evidence.Set(frame, rival, margin);
            }

            return Of(evidence).Confidence;
        }

        Assert.True(Confidence(0, 0.8) > 0.97);
        Assert.True(Confidence(0.4, 0.8) < Confidence(0, 0.8));
        Assert.True(Confidence(0, 0.05) < Confidence(0, 0.8));
        Assert.True(Confidence(0.8, 0.05) < Confidence(0.4, 0.4));
    }

    [Fact]
    public void What_somebody_said_is_not_contested()
    {
        var contested = new SpeakerEvidence(1400);
        for (int frame = 0; frame < contested.Frames; frame++)
        {
            contested.Set(frame, 0.5, 0);
        }

        SpeakerEvidence settled = contested.Settle([new TimeRange(3.9, 4.4)]);
        Assert.True(Of(settled).Confidence > Of(contested).Confidence);
        Assert.Equal(contested.Mean(new TimeRange(8, 9)), settled.Mean(new TimeRange(8, 9)));
    }

    [Fact]
    public void Ranges_beyond_the_recording_have_no_evidence() => Assert.Equal((0, 0), new SpeakerEvidence(10).Mean(new TimeRange(100, 1e12)));

    [Fact]
    public void Countless_turns_within_a_second_do_not_slow_words_down()
    {
        Turn[] turns = [.. Enumerable.Range(0, 100_000).Select(i => new Turn(i * 1e-5, (i + 1) * 1e-5, i % 2 == 0 ? "A" : "B"))];
        Word[] words = [.. Enumerable.Range(0, 20_000).Select(i => new Word("w", new TimeRange(i * 5e-5, (i + 0.5) * 5e-5)))];
        Assert.All(SpeakerAttribution.Assign(words, turns), choice => Assert.InRange(choice.Confidence, 0, 0.8));
    }

    private static SpeakerChoice Choose(double start, double end, IReadOnlyList<Turn>? turns = null) =>
        SpeakerAttribution.Assign([new Word("w", new TimeRange(start, end))], turns ?? Conversation)[0];

    private static SpeakerChoice Of(SpeakerEvidence evidence)
    {
        var meter = new OverlapMeter(new TurnTimeline(Conversation), AttributionPolicy.Nearest, evidence);
        (long start, long end) = (Ticks.From(4), Ticks.From(4.3));
        return meter.Describe(start, end, meter.Decide(start, end));
    }
}
