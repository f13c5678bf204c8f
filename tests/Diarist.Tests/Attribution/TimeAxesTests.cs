using Diarist.Attribution;
using Diarist.Transcripts;

namespace Diarist.Tests.Attribution;

/// <summary>Transcripts whose times lie some seconds beside those of the turns are told from those that fit.</summary>
public class TimeAxesTests
{
    [Theory]
    [InlineData(3.0, "the texts seem to be 3.0 s too late")]
    [InlineData(-2.5, "the texts seem to be 2.5 s too early")]
    [InlineData(17.2, "the texts seem to be 17.2 s too late")]
    public void Words_some_seconds_beside_the_turns_are_told(double late, string expected) =>
        Assert.Contains(Warnings(Moved(Words(), late)), warning => warning.StartsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(-0.4)]
    public void Words_that_fit_as_well_as_recognizers_place_them_are_not(double late) => Assert.Empty(Warnings(Moved(Words(), late)));

    [Fact]
    public void Words_with_untidy_times_are_not()
    {
        var random = new Random(5);
        Assert.Empty(Warnings(Words().Select(word => new TimeRange(Math.Max(0, word.Start - (0.3 * random.NextDouble())), word.End + (0.3 * random.NextDouble())))));
    }

    [Fact]
    public void Captions_without_pauses_say_nothing() =>
        Assert.Empty(Warnings(Enumerable.Range(0, 40).Select(index => new TimeRange((3 * index) + 3, (3 * index) + 6))));

    [Fact]
    public void A_few_words_say_nothing() => Assert.Empty(Warnings(Moved(Words().Take(12), 1.2)));

    [Fact]
    public void Half_of_a_recording_fits_where_it_is() => Assert.Empty(Warnings(Words().SkipWhile(word => word.Start < 70)));

    [Fact]
    public void Texts_of_another_recording_are_told_and_placed_badly_they_are_not()
    {
        // Many fit a little by chance.
        int told = Enumerable.Range(100, 40).Count(seed => Warnings(Turns(seed, 600).Select(turn => turn.Range), Turns(3, 600)) is [var warning] && warning.StartsWith("texts and turns seem to be of different recordings", StringComparison.Ordinal));
        Assert.InRange(told, 8, 40);

        var random = new Random(5);
        Assert.All(Enumerable.Range(100, 40), seed => Assert.Empty(Warnings(Turns(seed, 600).Select(turn => new TimeRange(Math.Max(0, turn.Start + random.NextDouble() - 0.5), turn.End + random.NextDouble() - 0.5)), Turns(seed, 600))));

        // Without pauses, or too short, nothing can be said.
        Assert.Empty(Warnings(Turns(97, 50).Select(turn => turn.Range), Turns(3, 50)));
        Assert.Empty(Warnings(Turns(97, 600).Zip(Turns(97, 600).Skip(1), (turn, next) => new TimeRange(turn.Start, next.Start)), Turns(3, 600)));
    }

    private static IEnumerable<TimeRange> Moved(IEnumerable<TimeRange> words, double late) =>
        words.Select(word => new TimeRange(word.Start + late, word.End + late)).Where(word => word.Start >= 0);

    // Two people by turns, with pauses of lengths that do not come again.
    private static List<Turn> Turns(int seed = 3, double seconds = 150)
    {
        var random = new Random(seed);
        var turns = new List<Turn>();
        for (double start = 1; start < seconds; start = turns[^1].End + 0.4 + (2.5 * random.NextDouble()))
        {
            turns.Add(new Turn(start, start + 1 + (6 * random.NextDouble()), turns.Count % 2 == 0 ? "A" : "B"));
        }

        return turns;
    }

    private static IEnumerable<TimeRange> Words()
    {
        foreach (Turn turn in Turns())
        {
            for (double start = turn.Start; start < turn.End - 0.1; start += 0.4)
            {
                yield return new TimeRange(start, Math.Min(turn.End, start + 0.35));
            }
        }
    }

    private static IReadOnlyList<string> Warnings(IEnumerable<TimeRange> words, List<Turn>? turns = null)
    {
        TranscriptSegment[] segments = [.. words.Select(word => new TranscriptSegment("word", word, []))];
        return SpeakerAttribution.Assign(new Transcript(segments), turns ?? Turns()).Warnings;
    }
}
