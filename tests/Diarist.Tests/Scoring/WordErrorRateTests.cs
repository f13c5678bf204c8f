using System.Diagnostics;
using Diarist.Formats;
using Diarist.Scoring;
using Diarist.Tests.Support;

namespace Diarist.Tests.Scoring;

public class WordErrorRateTests
{
    [Theory]
    [InlineData("The quick brown fox|jumps over the lazy dog", "The kwick brown fox|jump over lazy", 9, 0, 2, 2, 0, 0)]
    [InlineData("a b|c d", "a b|c d|e f", 4, 2, 0, 0, 0, 1)]
    [InlineData("a|b|c d", "a|b", 4, 0, 2, 0, 1, 0)]
    [InlineData("a|b|c", "b|c|d|a", 3, 1, 0, 0, 0, 1)]
    [InlineData("a b", "z|a e f", 2, 2, 0, 1, 0, 1)]
    [InlineData("a b|k", " |a e f", 3, 1, 1, 1, 0, 0)]
    public void The_cases_of_meeteval(
        string reference, string hypothesis, int words, int insertions, int deletions, int substitutions, int missed, int falseAlarm)
    {
        SpeakerWordScore score = WordErrorRate.ComputeConcatenated(Speakers("r", reference), Speakers("h", hypothesis));
        Assert.Equal(new WordErrors(words, insertions, deletions, substitutions), score.Errors);
        Assert.Equal((missed, falseAlarm), (score.MissedSpeakers, score.FalseAlarmSpeakers));
    }

    [Fact]
    public void The_assignment_is_reported()
    {
        SpeakerWordScore score = WordErrorRate.ComputeConcatenated(Speakers("r", "a|b|c"), Speakers("h", "b|c|d|a"));
        Assert.Equal([new("r0", "h3"), new("r1", "h0"), new("r2", "h1"), new(null, "h2")], score.Mapping);
    }

    [Fact]
    public void Recordings_pool_by_addition() =>
        Assert.Equal(0.25, (new WordErrors(10, 0, 0, 0) + new WordErrors(10, 1, 2, 2)).Rate);

    [Fact]
    public void The_plain_error_of_two_texts() => Assert.Equal(
        new WordErrors(9, 0, 2, 2),
        WordErrorRate.Compute("The quick brown fox jumps over the lazy dog", "The kwick brown fox jump over lazy"));

    [Fact]
    public void Empty_sides_have_defined_rates()
    {
        Assert.Equal(0, WordErrorRate.Compute("", "").Rate);
        Assert.Equal(1, WordErrorRate.Compute("", "a b").Rate);
        Assert.Equal(1, WordErrorRate.Compute("a b", "").Rate);
        Assert.Equal(new SpeakerWordScore(default, 0, 0, []).Errors, WordErrorRate.ComputeConcatenated([], []).Errors);
    }

    [Theory]
    [InlineData(5, 1, 1)]
    [InlineData(10, 0, 0)]
    public void Words_too_far_apart_in_time_are_not_the_same_word(double collar, int insertions, int deletions)
    {
        var options = new WordScoringOptions { Collar = collar };
        SpeakerWordScore score = WordErrorRate.ComputeTimeConstrained(
            [new(0, 1, "A", "a"), new(10, 11, "A", "b")], [new(0, 1, "x", "a"), new(20, 21, "x", "b")], options);
        Assert.Equal(new WordErrors(2, insertions, deletions, 0), score.Errors);
    }

    [Fact]
    public void Utterances_without_times_have_no_time_constrained_error() =>
        Assert.Throws<ArgumentException>(() => WordErrorRate.ComputeTimeConstrained(Speakers("r", "a"), Speakers("h", "a")));

    [Fact]
    public void The_sample_meeting_of_meeteval_scores_the_same_from_every_format()
    {
        (IReadOnlyList<Utterance> Reference, IReadOnlyList<Utterance> Hypothesis)[] meeting = [.. Meeting()];
        IReadOnlyList<RecordingUtterances> segLst = AnnotationReader.ReadUtterances(Shared.Require("metrics/meeteval/hyp.seglst.json"));
        IReadOnlyList<RecordingUtterances> words = AnnotationReader.ReadUtterances(
            Shared.Require("metrics/meeteval/hyp1.ctm"), Shared.Require("metrics/meeteval/hyp2.ctm"));
        for (int i = 0; i < meeting.Length; i++)
        {
            WordErrors stm = WordErrorRate.ComputeConcatenated(meeting[i].Reference, meeting[i].Hypothesis).Errors;
            TestContext.Current.TestOutputHelper?.WriteLine($"{segLst[i].Recording}: {stm}");
            Assert.Equal(stm, WordErrorRate.ComputeConcatenated(meeting[i].Reference, segLst[i].Utterances).Errors);
            Assert.Equal(stm, WordErrorRate.ComputeConcatenated(meeting[i].Reference, words[i].Utterances).Errors);

            // A collar that spans everything gives the plain concatenated error.
            Assert.Equal(stm, WordErrorRate.ComputeTimeConstrained(meeting[i].Reference, meeting[i].Hypothesis, new WordScoringOptions { Collar = 1e6 }).Errors);
        }
    }

    [Theory]
    [InlineData(TextNormalization.None, 5)]
    [InlineData(TextNormalization.Lowercase, 4)]
    [InlineData(TextNormalization.StripPunctuation, 2)]
    [InlineData(TextNormalization.Lowercase | TextNormalization.StripPunctuation, 0)]
    public void Spelling_counts_unless_it_is_asked_not_to(TextNormalization normalization, int errors) => Assert.Equal(
        errors,
        WordErrorRate.Compute("It’s An all-hands — today", "it's an all-hands, today!", new WordScoringOptions { Normalization = normalization }).Errors);

    [Fact]
    public void Words_share_the_time_of_their_utterance()
    {
        var segment = new TimeRange(0, 4);
        string[] words = ["abc", "b"];
        Assert.Equal([new(0, 3), new(3, 4)], WordTimes.Estimate(segment, words, WordTiming.CharacterIntervals));
        Assert.Equal([new(1.5, 1.5), new(3.5, 3.5)], WordTimes.Estimate(segment, words, WordTiming.CharacterPoints));
        Assert.Equal([new(0, 2), new(2, 4)], WordTimes.Estimate(segment, words, WordTiming.EquidistantIntervals));
        Assert.Equal([new(1, 1), new(3, 3)], WordTimes.Estimate(segment, words, WordTiming.EquidistantPoints));
        Assert.Equal([segment, segment], WordTimes.Estimate(segment, words, WordTiming.WholeUtterance));
        Assert.Empty(WordTimes.Estimate(segment, [], WordTiming.CharacterIntervals));
    }

    [Fact]
    public void An_hour_of_eight_speakers_is_scored_in_moments()
    {
        var random = new Random(2);
        Utterance[] reference = [.. Enumerable.Range(0, 1000).Select(i => new Utterance(
            3.6 * i, (3.6 * i) + 4, $"r{random.Next(8)}", string.Join(' ', Enumerable.Range(0, 10).Select(_ => $"w{random.Next(2000)}"))))];
        Utterance[] hypothesis = [.. reference.Select(utterance => utterance with { Speaker = random.Next(10) == 0 ? "h0" : $"h{utterance.Speaker![1..]}" })];
        var watch = Stopwatch.StartNew();
        double cp = WordErrorRate.ComputeConcatenated(reference, hypothesis).Errors.Rate;
        double tcp = WordErrorRate.ComputeTimeConstrained(reference, hypothesis).Errors.Rate;
        double wder = WordDiarizationErrorRate.Compute(reference, hypothesis).Errors.Rate;
        TestContext.Current.TestOutputHelper?.WriteLine($"cpWER {cp:0.0000}, tcpWER {tcp:0.0000}, WDER {wder:0.0000}: {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.InRange(cp, 0.12, 0.22);
        Assert.InRange(tcp, cp, 0.22);
        Assert.InRange(wder, 0.06, 0.12);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    private static Utterance[] Speakers(string prefix, string texts) =>
        [.. texts.Split('|').Select((text, i) => new Utterance(Utterance.Untimed, $"{prefix}{i}", text))];

    private static IEnumerable<(IReadOnlyList<Utterance> Reference, IReadOnlyList<Utterance> Hypothesis)> Meeting()
    {
        IReadOnlyList<RecordingUtterances> reference = AnnotationReader.ReadUtterances(Shared.Require("metrics/meeteval/ref.stm"));
        IReadOnlyList<RecordingUtterances> hypothesis = AnnotationReader.ReadUtterances(Shared.Require("metrics/meeteval/hyp.stm"));
        return reference.Zip(hypothesis, (a, b) => (a.Utterances, b.Utterances));
    }
}
