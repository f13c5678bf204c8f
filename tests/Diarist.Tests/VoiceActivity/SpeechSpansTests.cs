using Diarist.VoiceActivity;

namespace Diarist.Tests.VoiceActivity;

public sealed class SpeechSpansTests
{
    private const double Step = 0.032;

    [Fact]
    public void Silence_and_nothing_have_no_spans()
    {
        Assert.Empty(SpeechSpans.Find([], 0));
        Assert.Empty(SpeechSpans.Find(Steps((100, 0.1f)), 100 * 512));
    }

    [Fact]
    public void A_span_begins_at_the_threshold_and_ends_below_the_lower_one_with_padding()
    {
        // Steps 10–29 speech, 30–39 between the thresholds (still speech), then silence.
        IReadOnlyList<TimeRange> spans = SpeechSpans.Find(Steps((10, 0.4f), (20, 0.5f), (10, 0.4f), (20, 0.3f)), 60 * 512);
        TimeRange span = Assert.Single(spans);
        Assert.Equal((10 * Step) - 0.03, span.Start, 1e-9);
        Assert.Equal((40 * Step) + 0.03, span.End, 1e-9);
    }

    [Fact]
    public void A_short_silence_does_not_end_a_span_and_a_longer_one_does()
    {
        // The silence is long enough once 100 ms have passed since its first step: at its fifth.
        Assert.Single(SpeechSpans.Find(Steps((20, 0.9f), (4, 0.1f), (20, 0.9f)), 44 * 512));
        Assert.Equal(2, SpeechSpans.Find(Steps((20, 0.9f), (5, 0.1f), (20, 0.9f)), 45 * 512).Count);
    }

    [Fact]
    public void A_silence_ends_only_at_the_upper_threshold()
    {
        // 0.4 neither begins nor ends anything: the silence that began before it goes on.
        Assert.Equal(2, SpeechSpans.Find(Steps((20, 0.9f), (1, 0.1f), (3, 0.4f), (1, 0.1f), (20, 0.9f)), 45 * 512).Count);
    }

    [Fact]
    public void Speech_of_the_minimal_length_or_less_is_dropped()
    {
        SpeechSpanOptions options = new() { MinimumSpeech = 10 * Step };
        Assert.Empty(SpeechSpans.Find(Steps((5, 0.1f), (10, 0.9f), (20, 0.1f)), 35 * 512, options));
        Assert.Single(SpeechSpans.Find(Steps((5, 0.1f), (11, 0.9f), (20, 0.1f)), 36 * 512, options));
    }

    [Fact]
    public void Spans_end_with_the_recording_and_share_a_silence_that_has_no_room_for_both_pads()
    {
        SpeechSpanOptions options = new() { Pad = 0.5 };
        IReadOnlyList<TimeRange> spans = SpeechSpans.Find(Steps((20, 0.9f), (10, 0.1f), (20, 0.9f)), (50 * 512) - 100, options);
        Assert.Equal(2, spans.Count);
        Assert.Equal(0, spans[0].Start);
        Assert.Equal(25 * Step, spans[0].End, 1e-9);
        Assert.Equal(25 * Step, spans[1].Start, 1e-9);
        Assert.Equal(((50 * 512) - 100) / 16000.0, spans[1].End, 1e-9);
    }

    [Fact]
    public void Spans_of_any_probabilities_are_in_order_apart_and_inside()
    {
        Random random = new(1);
        for (int trial = 0; trial < 300; trial++)
        {
            float[] probabilities = [.. Enumerable.Range(0, random.Next(200)).Select(_ => random.NextSingle())];
            long samples = Math.Max(0, (probabilities.Length * 512L) - random.Next(512));
            SpeechSpanOptions options = new() { MinimumSpeech = random.NextDouble() * 0.2, MinimumSilence = random.NextDouble() * 0.1, Pad = random.NextDouble() * 0.3 };
            double last = 0;
            foreach (TimeRange span in SpeechSpans.Find(probabilities, samples, options))
            {
                Assert.True(span.Start >= last && span.End > span.Start && span.End <= samples / 16000.0);
                last = span.End;
            }
        }
    }

    private static float[] Steps(params (int Count, float Probability)[] runs) => [.. runs.SelectMany(run => Enumerable.Repeat(run.Probability, run.Count))];
}
