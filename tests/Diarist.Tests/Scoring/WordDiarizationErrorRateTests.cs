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
    public void Nothing_aligned_is_no_error() => Assert.Equal(0, WordDiarizationErrorRate.Compute(Reference, []).Errors.Rate);

    private static Utterance[] Words(string text) =>
        [.. text.Split(' ').Select(word => new Utterance(Utterance.Untimed, word[..1], word[2..]))];
}
