using Diarist.Formats;
using Diarist.Scoring;

namespace Diarist.Tests.Scoring;

public class WordDiarizationErrorRateTests
{
    private static readonly Utterance[] Reference = Words("A:a A:b A:c B:d B:e");

    [Theory]
    [InlineData("x:a x:b y:c y:d y:e", 5, 0, 1, 0)]
    [InlineData("y:a x:b x:c y:x y:e", 4, 1, 1, 0)]
    [InlineData("x:a x:b x:c x:x y:e", 4, 1, 0, 1)]
    [InlineData("x:a x:b x:c x:q y:d y:e", 5, 0, 0, 0)]
    [InlineData("x:a x:c y:d y:e", 4, 0, 0, 0)]
    public void The_cases_worked_by_hand(string hypothesis, int correct, int substituted, int correctWrong, int substitutedWrong)
    {
        var expected = new WordDiarizationErrors(correct, substituted, correctWrong, substitutedWrong);
        Assert.Equal(expected, WordDiarizationErrorRate.Compute(Reference, Words(hypothesis)).Errors);

        string swapped = hypothesis.Replace("x:", "?:").Replace("y:", "x:").Replace("?:", "y:");
        Assert.Equal(expected, WordDiarizationErrorRate.Compute(Reference, Words(swapped)).Errors);
    }

    [Fact]
    public void One_wrong_speaker_in_five_words_is_a_fifth()
    {
        WordDiarizationScore score = WordDiarizationErrorRate.Compute(Reference, Words("x:a x:b y:c y:d y:e"));
        Assert.Equal(0.2, score.Errors.Rate);
        Assert.Equal([new("A", "x"), new("B", "y")], score.Mapping);
        Assert.Equal(0.2, (score.Errors + score.Errors).Rate);
    }

    [Fact]
    public void Timed_words_are_put_in_order_first()
    {
        Utterance[] reference = [new(2, 4, "B", "c d"), new(0, 2, "A", "a b")];
        Utterance[] hypothesis = [new(0, 1, "x", "a"), new(2, 3, "y", "c"), new(1, 2, "x", "b"), new(3, 4, "y", "d")];
        Assert.Equal(new WordDiarizationErrors(4, 0, 0, 0), WordDiarizationErrorRate.Compute(reference, hypothesis).Errors);
    }

    [Fact]
    public void Of_equally_good_alignments_the_one_nearest_in_time_is_taken_whoever_speaks()
    {
        // "x" may be paired with a, b or c for the same number of errors; it was said when b was.
        Utterance[] reference = [new(0, 1, "A", "a"), new(5, 6, "B", "b"), new(9, 10, "A", "c")];
        foreach (string speaker in new[] { "B", "A" })
        {
            Utterance[] hypothesis = [new(0, 1, "A", "a"), new(5.2, 5.8, speaker, "x")];
            WordDiarizationScore score = WordDiarizationErrorRate.Compute(reference, hypothesis);
            Assert.Equal(new WordDiarizationErrors(1, 1, 0, speaker == "A" ? 1 : 0), score.Errors);
        }
    }

    [Fact]
    public void Times_never_cost_an_error()
    {
        // The words agree, however far away the recognizer puts them.
        Utterance[] reference = [new(0, 1, "A", "a"), new(5, 6, "B", "b"), new(9, 10, "A", "c")];
        Utterance[] hypothesis = [new(100, 101, "A", "a"), new(105, 106, "B", "b"), new(109, 110, "A", "c")];
        Assert.Equal(new WordDiarizationErrors(3, 0, 0, 0), WordDiarizationErrorRate.Compute(reference, hypothesis).Errors);
    }

    [Fact]
    public void Under_a_time_constraint_words_that_lie_apart_are_not_compared()
    {
        Utterance[] reference = [new(0, 1, "A", "a"), new(9, 10, "B", "b")];
        Utterance[] hypothesis = [new(0, 1, "A", "a"), new(2, 3, "A", "x")];
        Assert.Equal(new WordDiarizationErrors(1, 1, 0, 1), WordDiarizationErrorRate.Compute(reference, hypothesis).Errors);
        WordDiarizationErrors Within(double collar) =>
            WordDiarizationErrorRate.ComputeTimeConstrained(reference, hypothesis, new WordScoringOptions { Collar = collar }).Errors;
        Assert.Equal(new WordDiarizationErrors(1, 0, 0, 0), Within(6));
        Assert.Equal(new WordDiarizationErrors(1, 1, 0, 1), Within(7));
        Assert.Throws<ArgumentException>(() => WordDiarizationErrorRate.ComputeTimeConstrained(Reference, hypothesis));
        Assert.Throws<ArgumentException>(() => Within(-1));
    }

    [Fact]
    public void A_constraint_that_allows_everything_changes_nothing()
    {
        var random = new Random(5);
        Utterance[] Talk() => [.. Enumerable.Range(0, 30).Select(i => new Utterance(i, i + 1, $"{random.Next(3)}", $"w{random.Next(6)}"))];
        for (int run = 0; run < 100; run++)
        {
            Utterance[] reference = Talk();
            Utterance[] hypothesis = Talk();
            Assert.Equal(
                WordDiarizationErrorRate.Compute(reference, hypothesis).Errors,
                WordDiarizationErrorRate.ComputeTimeConstrained(reference, hypothesis, new WordScoringOptions { Collar = 1e4 }).Errors);
        }
    }

    [Fact]
    public void Nothing_aligned_is_no_error() => Assert.Equal(0, WordDiarizationErrorRate.Compute(Reference, []).Errors.Rate);

    private static Utterance[] Words(string text) =>
        [.. text.Split(' ').Select(word => new Utterance(Utterance.Untimed, word[..1], word[2..]))];
}
