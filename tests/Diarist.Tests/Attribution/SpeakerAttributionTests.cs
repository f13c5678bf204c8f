using Diarist.Attribution;
using Diarist.Transcripts;

namespace Diarist.Tests.Attribution;

public class SpeakerAttributionTests
{
    private static readonly Turn[] TwoTurns = [new(0, 2, "A"), new(2, 4, "B")];

    [Fact]
    public void The_longest_summed_overlap_wins_even_when_another_speaker_has_the_longest_single_one()
    {
        Turn[] turns = [new(0, 0.3, "B"), new(0.3, 0.7, "A"), new(0.7, 1.0, "B")];
        SpeakerChoice choice = Choose(new TimeRange(0, 1), turns);
        Assert.Equal("B", choice.Speaker);
        Assert.Equal("A", choice.RunnerUp);
        Assert.Empty(choice.Overlapping);
    }

    [Fact]
    public void Ties_go_to_the_lower_label() => Assert.Equal("A", Choose(new TimeRange(1.9, 2.1), [new(2, 4, "B"), new(0, 2, "A")]).Speaker);

    [Fact]
    public void One_speakers_overlapping_turns_count_once()
    {
        Turn[] turns = [new(0, 0.4, "A"), new(0, 0.4, "A"), new(0.4, 1, "B")];
        SpeakerChoice choice = Choose(new TimeRange(0, 1), turns);
        Assert.Equal("B", choice.Speaker);
        Assert.Equal(Choose(new TimeRange(0, 1), turns[1..]).Confidence, choice.Confidence);
    }

    [Fact]
    public void Speakers_who_talk_at_the_same_time_are_listed()
    {
        SpeakerChoice choice = Choose(new TimeRange(0, 1), [new(0, 1, "B"), new(0.5, 2, "A"), new(0.9, 1, "C")]);
        Assert.Equal("B", choice.Speaker);
        Assert.Equal("A", choice.RunnerUp);
        Assert.Equal(["A"], choice.Overlapping);
    }

    [Theory]
    [InlineData(1.0, 1.0, "A")]
    [InlineData(2.0, 2.0, "B")]
    [InlineData(4.0, 4.0, null)]
    [InlineData(-1.0, -1.0, null)]
    [InlineData(2.5, 1.0, "B")]
    [InlineData(-0.5, 0.2, "A")]
    [InlineData(double.NegativeInfinity, 1.0, null)]
    [InlineData(double.NaN, 1.0, null)]
    [InlineData(1.0, double.NaN, null)]
    public void Zero_length_backward_negative_and_NaN_times_are_defined(double start, double end, string? speaker) =>
        Assert.Equal(speaker, SpeakerAttribution.Assign([new Word("w", new TimeRange(start, end))], TwoTurns, AttributionPolicy.None)[0].Speaker);

    [Fact]
    public void Empty_backward_and_NaN_turns_hold_nothing()
    {
        Turn[] turns = [new(1, 1, "A"), new(3, 0, "B"), new(double.NaN, 9, "C"), new(0, double.PositiveInfinity, "D")];
        Assert.Null(SpeakerAttribution.Assign([new Word("w", new TimeRange(0, 5))], turns)[0].Speaker);
    }

    [Fact]
    public void A_word_without_times_takes_the_speaker_of_the_word_before_it_in_its_segment()
    {
        var transcript = new Transcript(
        [
            TranscriptSegment.FromWords([new("42"), new("is", new TimeRange(1, 1.5)), new("2nd")]),
            TranscriptSegment.FromWords([new("then"), new("me", new TimeRange(3, 3.5))]),
        ]);
        AttributedTranscript result = SpeakerAttribution.Assign(transcript, TwoTurns);
        Assert.Equal(["A", "A", "A", "B", "B"], result.Segments.SelectMany(s => s.Words).Select(w => w.Choice.Speaker));
        Assert.Equal([true, false, true, true, false], result.Segments.SelectMany(s => s.Words).Select(w => w.Choice.Approximate));
    }

    [Fact]
    public void A_segment_without_word_times_gets_the_dominant_speaker_and_an_approximate_mark()
    {
        var transcript = new Transcript([new("all in one", new TimeRange(1, 3.5), [new("all"), new("in"), new("one")])]);
        AttributedSegment segment = SpeakerAttribution.Assign(transcript, TwoTurns).Segments[0];
        Assert.Equal(("B", true, "A"), (segment.Choice.Speaker, segment.Choice.Approximate, segment.Choice.RunnerUp));
        Assert.All(segment.Words, word => Assert.Equal(("B", true), (word.Choice.Speaker, word.Choice.Approximate)));
    }

    [Fact]
    public void A_segment_without_any_times_gets_the_speaker_who_talks_most()
    {
        var transcript = new Transcript([new("no times at all", null, [])]);
        SpeakerChoice choice = SpeakerAttribution.Assign(transcript, [new(0, 1, "A"), new(1, 9, "B")]).Segments[0].Choice;
        Assert.Equal(("B", true), (choice.Speaker, choice.Approximate));
    }

    [Fact]
    public void A_segment_belongs_to_the_speaker_of_most_of_its_word_time()
    {
        var transcript = new Transcript(
            [TranscriptSegment.FromWords([new("a", new TimeRange(1.0, 1.2)), new("b", new TimeRange(1.4, 1.6)), new("longer", new TimeRange(2.0, 2.9))])]);
        AttributedSegment segment = SpeakerAttribution.Assign(transcript, TwoTurns).Segments[0];
        Assert.Equal(("B", "A", false), (segment.Choice.Speaker, segment.Choice.RunnerUp, segment.Choice.Approximate));
        double sure = segment.Words[2].Choice.Confidence;
        Assert.Equal(sure * 0.9 / 1.3, segment.Choice.Confidence, 6);
    }

    [Theory]
    [InlineData(4.4, 4.5, "B")]
    [InlineData(4.5, 4.9, "B")]
    [InlineData(4.6, 4.9, null)]
    [InlineData(9.5, 9.6, "C")]
    public void The_nearest_turn_within_the_gap_takes_an_uncovered_word(double start, double end, string? speaker)
    {
        Turn[] turns = [.. TwoTurns, new(10, 11, "C")];
        SpeakerChoice choice = Choose(new TimeRange(start, end), turns);
        Assert.Equal(speaker, choice.Speaker);
        Assert.Equal(0, choice.Confidence);
        Assert.Equal(speaker is not null, choice.Uncertain);
        Assert.Null(SpeakerAttribution.Assign([new Word("w", new TimeRange(start, end))], turns, AttributionPolicy.None)[0].Speaker);
    }

    [Fact]
    public void Equally_near_turns_go_to_the_lower_label() =>
        Assert.Equal("A", Choose(new TimeRange(1.2, 1.3), [new(0, 1, "B"), new(1.5, 2, "A")]).Speaker);

    [Fact]
    public void By_midpoint_the_speaker_at_the_middle_of_the_word_wins_over_a_longer_overlap()
    {
        Turn[] turns = [new(0, 0.4, "A"), new(0.45, 0.55, "B"), new(0.6, 1, "A")];
        Assert.Equal("A", Choose(new TimeRange(0, 1), turns).Speaker);
        Assert.Equal("B", Choose(new TimeRange(0, 1), turns, new() { Edges = EdgeRule.Midpoint }).Speaker);
        Assert.Equal("A", Choose(new TimeRange(0, 0.85), turns, new() { Edges = EdgeRule.Midpoint }).Speaker);
    }

    [Fact]
    public void Punctuation_follows_its_word_and_opening_marks_go_with_the_next()
    {
        Word[] words = [new("yes", new(1.5, 1.9)), new(".", new(2.1, 2.1)), new("«", new(1.95, 1.95)), new("no", new(2.2, 2.5))];
        Assert.Equal(["A", "A", "B", "B"], SpeakerAttribution.Assign(words, TwoTurns).Select(choice => choice.Speaker));
        Assert.Equal(["A", "B", "A", "B"], SpeakerAttribution.Assign(words, TwoTurns, AttributionPolicy.None).Select(choice => choice.Speaker));
    }

    [Fact]
    public void Whole_sentences_go_to_the_speaker_of_most_of_their_words()
    {
        Word[] words = [.. "so it is . well then no .".Split(' ').Select((text, i) => new Word(text, new TimeRange(1.2 + (0.3 * i), 1.4 + (0.3 * i))))];
        Assert.Equal("AAABBBBB", Letters(words, new() { WholeSentences = false, GluePunctuation = false }));
        Assert.Equal("AAAABBBB", Letters(words, new() { GluePunctuation = false }));
        Assert.Equal("AAABBB", Letters([.. words.Where(word => word.Text != ".")], new()));
        Assert.Equal("AAABBBBB", Letters(words, new() { WholeSentences = true, LongestSentence = 3, GluePunctuation = false }));
    }

    [Fact]
    public void Bare_words_take_the_sentences_of_the_text_they_stand_in()
    {
        Word[] words = [.. "so it is well then no".Split(' ').Select((text, i) => new Word(text, new TimeRange(1.2 + (0.3 * i), 1.4 + (0.3 * i))))];
        string Letters(string text)
        {
            AttributedTranscript attributed = SpeakerAttribution.Assign(new Transcript([new TranscriptSegment(text, new TimeRange(1.2, 2.9), words)]), TwoTurns);
            Assert.Equal(words, attributed.Segments[0].Words.Select(word => word.Word));
            return string.Concat(attributed.Segments[0].Words.Select(word => word.Choice.Speaker));
        }

        Assert.Equal("AAABBB", Letters("So it is well then no"));
        Assert.Equal("AAAABB", Letters("So it is well. Then no."));
        Assert.Equal("AABBBB", Letters("So it. Is well then? No."));
    }

    [Fact]
    public void A_sentence_ends_at_the_border_of_its_segment()
    {
        TranscriptSegment question = TranscriptSegment.FromWords([new("how", new(0.1, 1)), new("many", new(1, 2)), new("bags", new(2, 3.6))]);
        TranscriptSegment answer = TranscriptSegment.FromWords([new("Three.", new(3.7, 4.4))]);
        var attributed = SpeakerAttribution.Assign(new Transcript([question, answer]), [new(0, 3.65, "A"), new(3.65, 7, "B")]);
        Assert.Equal(["A", "B"], attributed.Segments.Select(segment => segment.Choice.Speaker));
    }

    [Theory]
    [InlineData(0.3, "AAAA")]
    [InlineData(0.5, "AAAB")]
    public void A_sentence_ends_at_a_long_pause(double pause, string expected)
    {
        Word[] words = [new("how", new(0, 1)), new("many", new(1, 2)), new("bags", new(2, 3)), new("Three.", new(3 + pause, 3.4 + pause))];
        Assert.Equal(expected, string.Concat(SpeakerAttribution.Assign(words, [new(0, 3.2, "A"), new(3.2, 7, "B")]).Select(choice => choice.Speaker)));
    }

    [Fact]
    public void A_sentence_ends_where_turns_change_with_certainty()
    {
        Word[] words = [.. Enumerable.Range(0, 10).Select(i => new Word(i == 9 ? "end." : $"w{i}", new TimeRange(i * 0.4, (i * 0.4) + 0.4)))];
        Assert.Equal("AAAAAABBBB", string.Concat(SpeakerAttribution.Assign(words, [new(0, 2.4, "A"), new(2.4, 7, "B")]).Select(choice => choice.Speaker)));
        Assert.Equal("AAAAAAAAAA", string.Concat(SpeakerAttribution.Assign(words, [new(0, 3.6, "A"), new(3.6, 7, "B")]).Select(choice => choice.Speaker)));
    }

    [Fact]
    public void Short_runs_between_two_runs_of_one_speaker_dissolve()
    {
        Turn[] turns = [new(0, 3, "A"), new(3, 4, "B"), new(4, 6, "A"), new(6, 8, "B")];
        Word[] words = [.. Enumerable.Range(0, 8).Select(i => new Word("w", new TimeRange(i, i + 1)))];
        Assert.Equal("AAABAABB", Letters(words, new() { MinimumRun = 1 }, turns));
        Assert.Equal("AAAAAABB", Letters(words, new() { MinimumRun = 2 }, turns));
    }

    [Fact]
    public void A_word_moved_by_a_rule_is_as_likely_right_as_the_one_who_holds_it_is_wrong()
    {
        Turn[] turns = [new(0, 3, "A"), new(3, 4, "B"), new(4, 6, "A")];
        Word[] words = [.. Enumerable.Range(0, 6).Select(i => new Word("w", new TimeRange(i, i + 1)))];
        SpeakerChoice held = SpeakerAttribution.Assign(words, turns)[3], moved = SpeakerAttribution.Assign(words, turns, new() { MinimumRun = 2 })[3];
        Assert.Equal(("A", "B", true), (moved.Speaker, moved.RunnerUp, moved.Uncertain));
        Assert.Equal(1 - held.Confidence, moved.Confidence, 9);
    }

    [Fact]
    public void Without_turns_nobody_speaks()
    {
        var transcript = new Transcript([TranscriptSegment.FromWords([new("a", new TimeRange(0, 1))]), new("b", null, [])]);
        Assert.Empty(SpeakerAttribution.Assign(transcript, []).Speakers);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SpeakerAttribution.Assign([], TwoTurns, new() { MaximumGap = double.NaN }));
        Assert.Throws<ArgumentException>(() => SpeakerAttribution.Assign([], TwoTurns, new() { UncertainBelow = 1.5 }));
        Assert.Throws<ArgumentException>(() => SpeakerAttribution.Assign([], TwoTurns, new() { MinimumRun = -1 }));
    }

    private static SpeakerChoice Choose(TimeRange range, Turn[] turns, AttributionPolicy? policy = null) =>
        SpeakerAttribution.Assign([new Word("w", range)], turns, policy)[0];

    private static string Letters(Word[] words, AttributionPolicy policy, Turn[]? turns = null) =>
        string.Concat(SpeakerAttribution.Assign(words, turns ?? TwoTurns, policy).Select(choice => choice.Speaker));
}
