using System.Diagnostics;
using Diarist.Attribution;
using Diarist.Tests.Reference;
using Diarist.Transcripts;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Attribution;

public class SpeakerAttributionPropertyTests
{
    [Fact]
    public void The_sweep_agrees_with_every_word_against_every_turn() =>
        Holds(talk => Assigned(talk.Words, talk.Turns).SequenceEqual(talk.Words.Select(word => SlowAttribution.Assign(word, talk.Turns))));

    [Fact]
    public void The_order_of_the_turns_never_matters() =>
        Holds(talk =>
        {
            Turn[] shuffled = [.. talk.Turns];
            new Random(talk.Turns.Length).Shuffle(shuffled);
            return Enumerable.SequenceEqual(
                SpeakerAttribution.Assign(talk.Words, talk.Turns).Select(Evidence),
                SpeakerAttribution.Assign(talk.Words, shuffled).Select(Evidence));
        });

    [Fact]
    public void The_order_of_the_words_never_matters_to_the_bare_rule() =>
        Holds(talk => Assigned([.. talk.Words.Reverse()], talk.Turns).Reverse().SequenceEqual(Assigned(talk.Words, talk.Turns)));

    [Fact]
    public void Shifting_all_times_by_whole_milliseconds_changes_no_assignment() =>
        Holds(talk => new[] { 1, 7, 999, 3_600_123, 86_400_001 }.All(milliseconds =>
            Moved(talk, time => (Math.Round(time * 1000) + milliseconds) / 1000).SequenceEqual(Assigned(talk.Words, talk.Turns))
            && Moved(talk, time => time + (milliseconds / 1000.0)).SequenceEqual(Assigned(talk.Words, talk.Turns))));

    [Fact]
    public void Scaling_all_times_by_a_power_of_two_changes_no_assignment() =>
        Holds(talk => Enumerable.Range(-10, 24).All(power =>
            Moved(talk, time => Math.ScaleB(time, power)).SequenceEqual(Assigned(talk.Words, talk.Turns))));

    [Fact]
    public void Renaming_speakers_in_their_order_renames_the_answer() =>
        Holds(talk => Assigned(talk.Words, [.. talk.Turns.Select(turn => turn with { Speaker = "x" + turn.Speaker })])
            .SequenceEqual(Assigned(talk.Words, talk.Turns).Select(speaker => speaker is null ? null : "x" + speaker)));

    [Fact]
    public void Cutting_a_turn_in_two_changes_no_assignment() =>
        Holds(talk =>
        {
            Turn[] cut = [.. talk.Turns.SelectMany(turn =>
                new[] { turn with { Range = new(turn.Start, turn.Range.Middle) }, turn with { Range = new(turn.Range.Middle, turn.End) } })];
            return Assigned(talk.Words, cut).SequenceEqual(Assigned(talk.Words, talk.Turns));
        });

    [Fact]
    public void Confidence_is_a_share_and_the_runner_up_is_somebody_else() =>
        Holds(talk => SpeakerAttribution.Assign(talk.Words, talk.Turns).All(choice =>
            choice.Confidence is >= 0 and <= 1 && (choice.Speaker is null
                ? choice.RunnerUp is null
                : choice.RunnerUp != choice.Speaker && !choice.Overlapping.Contains(choice.Speaker))));

    [Fact]
    public void A_hundred_thousand_words_against_ten_thousand_turns_take_a_moment_and_grow_with_their_sum()
    {
        // The bound in docs/transcripts.md is 100 ms on a quiet machine; this one only has to catch a quadratic sweep,
        // which would take minutes, on a machine where other things run.
        TimeSpan small = Measure(words: 25_000, turns: 2_500);
        TimeSpan large = Measure(words: 100_000, turns: 10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"25 000 × 2 500: {small.TotalMilliseconds:0.0} ms, 100 000 × 10 000: {large.TotalMilliseconds:0.0} ms");
        Assert.True(large < TimeSpan.FromSeconds(1), $"took {large}");
    }

    private static TimeSpan Measure(int words, int turns)
    {
        var random = new Random(4);
        double seconds = words * 0.3;
        Word[] list = [.. Enumerable.Range(0, words).Select(i => new Word("w", new TimeRange(i * 0.3, (i * 0.3) + 0.25)))];
        Turn[] talk = [.. Enumerable.Range(0, turns).Select(i =>
            new Turn(i * seconds / turns, ((i + 1) * seconds / turns) + random.NextDouble(), $"SPEAKER_{random.Next(6):00}"))];
        random.Shuffle(talk);
        var best = TimeSpan.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            long before = Stopwatch.GetTimestamp();
            SpeakerAttribution.Assign(list, talk);
            TimeSpan took = Stopwatch.GetElapsedTime(before);
            best = took < best ? took : best;
        }

        return best;
    }

    private static void Holds(Func<Conversation, bool> property) =>
        Prop.ForAll(Conversations.Arbitrary, property).QuickCheckThrowOnFailure();

    private static string?[] Assigned(Word[] words, Turn[] turns) =>
        [.. SpeakerAttribution.Assign(words, turns, AttributionPolicy.None).Select(choice => choice.Speaker)];

    private static string?[] Moved(Conversation talk, Func<double, double> time) => Assigned(
        [.. talk.Words.Select(word => word with { Range = new TimeRange(time(word.Range!.Value.Start), time(word.Range!.Value.End)) })],
        [.. talk.Turns.Select(turn => turn with { Range = new TimeRange(time(turn.Start), time(turn.End)) })]);

    private static (string?, double, string?, string) Evidence(SpeakerChoice choice) =>
        (choice.Speaker, choice.Confidence, choice.RunnerUp, string.Join(',', choice.Overlapping));
}
