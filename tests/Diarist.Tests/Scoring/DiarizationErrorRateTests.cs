using System.Diagnostics;
using Diarist.Formats;
using Diarist.Scoring;
using Diarist.Tests.Support;

namespace Diarist.Tests.Scoring;

public class DiarizationErrorRateTests
{
    private static readonly Turn[] Reference =
        [new(0, 10, "A"), new(12, 20, "B"), new(24, 27, "A"), new(30, 40, "C")];

    private static readonly Turn[] Hypothesis =
        [new(2, 13, "a"), new(13, 14, "d"), new(14, 20, "b"), new(22, 38, "c"), new(38, 40, "d")];

    [Fact]
    public void The_toy_case_of_pyannote_metrics()
    {
        DiarizationScore score = DiarizationErrorRate.Compute(Reference, Hypothesis);
        Assert.Equal(new DiarizationErrors(Total: 31, Missed: 2, FalseAlarm: 7, Confusion: 7), score.Errors);
        Assert.Equal(22, score.Errors.Correct);
        Assert.Equal(0.516129, score.Errors.Rate, 6);
        Assert.Equal([new("A", "a"), new("B", "b"), new("C", "c"), new(null, "d")], score.Mapping);
    }

    [Theory]
    [InlineData(0, CollarConvention.Total, 10)]
    [InlineData(1, CollarConvention.Total, 9)]
    [InlineData(0.5, CollarConvention.EachSide, 9)]
    [InlineData(1, CollarConvention.EachSide, 8)]
    [InlineData(20, CollarConvention.EachSide, 0)]
    public void A_collar_says_how_it_counts(double collar, CollarConvention convention, double total)
    {
        DiarizationErrors errors = DiarizationErrorRate.Compute(
            [new Turn(0, 10, "A")], [], new DiarizationScoringOptions { Collar = collar, CollarConvention = convention }).Errors;
        Assert.Equal(total, errors.Total);
        Assert.Equal(total, errors.Missed);
    }

    public static TheoryData<string> Published => Shared.Cases("metrics/dscore", "dscore", "pyannote");

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_rates_are_met(string source)
    {
        Action check = source == "dscore" ? RealDataOfDscoreWithItsUem : OutputOfPyannoteAgainstPeople;
        check();
    }

    private static void RealDataOfDscoreWithItsUem()
    {
        IReadOnlyList<Turn> reference = AnnotationReader.ReadTurns(Shared.Require("metrics/dscore/ref.rttm"))[0].Turns;
        IReadOnlyList<Turn> hypothesis = AnnotationReader.ReadTurns(Shared.Require("metrics/dscore/sys.rttm"))[0].Turns;
        TimeRange[] regions = [new(0, 43)];
        double der = 100 * DiarizationErrorRate.Compute(reference, hypothesis, new DiarizationScoringOptions { Regions = regions }).Errors.Rate;
        double jer = 100 * JaccardErrorRate.Compute(reference, hypothesis, regions).Rate;
        TestContext.Current.TestOutputHelper?.WriteLine($"DER {der:0.000000} %, off by {Math.Abs(der - 26.39309):e1}; JER {jer:0.000000} %, off by {Math.Abs(jer - 33.24631):e1}");
        Assert.Equal(26.39309, der, 5);
        Assert.Equal(33.24631, jer, 5);
    }

    private static void OutputOfPyannoteAgainstPeople()
    {
        IReadOnlyList<Turn> reference = AnnotationReader.ReadTurns(Shared.Require("parity/rec02/human.rttm"))[0].Turns;
        IReadOnlyList<Turn> hypothesis = AnnotationReader.ReadTurns(Shared.Require("parity/rec02/reference.rttm"))[0].Turns;
        DiarizationErrors errors = DiarizationErrorRate.Compute(reference, hypothesis).Errors;
        TestContext.Current.TestOutputHelper?.WriteLine($"{errors} {errors.Rate:0.0000}");
        Assert.Equal(5.20, 100 * errors.Rate, 2);
        Assert.Equal(2.00, 100 * errors.Share(errors.Missed), 2);
        Assert.Equal(1.94, 100 * errors.Share(errors.FalseAlarm), 2);
        Assert.Equal(1.26, 100 * errors.Share(errors.Confusion), 2);
        var collar = new DiarizationScoringOptions { Collar = 0.25 };
        Assert.Equal(0.00, 100 * DiarizationErrorRate.Compute(reference, hypothesis, collar).Errors.Rate, 2);
    }

    [Fact]
    public void Empty_sides_have_defined_rates()
    {
        Turn[] one = [new(0, 1, "A")];
        Assert.Equal(0, DiarizationErrorRate.Compute([], []).Errors.Rate);
        Assert.Equal(1, DiarizationErrorRate.Compute([], one).Errors.Rate);
        Assert.Equal(1, DiarizationErrorRate.Compute(one, []).Errors.Rate);
        Assert.Equal(0, DiarizationErrorRate.Compute(one, one, new DiarizationScoringOptions { Regions = [] }).Errors.Rate);
    }

    [Fact]
    public void Turns_without_duration_count_nothing_and_own_overlap_counts_once()
    {
        Turn[] reference = [new(0, 5, "A"), new(3, 8, "A"), new(9, 9, "B"), new(12, 11, "C")];
        DiarizationScore score = DiarizationErrorRate.Compute(reference, [new Turn(0, 8, "x")], new DiarizationScoringOptions { SkipOverlap = true });
        Assert.Equal(new DiarizationErrors(8, 0, 0, 0), score.Errors);
    }

    [Theory]
    [InlineData(0, 5, 3, 8, 6.5)]
    [InlineData(0, 5, 5, 10, 9)]
    public void A_collar_lies_around_every_boundary_as_in_md_eval(double start, double end, double nextStart, double nextEnd, double total)
    {
        // The totals are md-eval's own for these turns.
        Turn[] reference = [new(start, end, "A"), new(nextStart, nextEnd, "A")];
        Assert.Equal(total, DiarizationErrorRate.Compute(reference, [], new DiarizationScoringOptions { Collar = 0.25 }).Errors.Total);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e10)]
    public void A_time_that_is_none_is_refused(double time)
    {
        Assert.Throws<ArgumentException>(() => DiarizationErrorRate.Compute([new Turn(0, time, "A")], []));
        Assert.Throws<ArgumentException>(() => JaccardErrorRate.Compute([], [new Turn(time, 1, "A")]));
        Assert.Throws<ArgumentException>(() => DiarizationErrorRate.Compute([], [], new DiarizationScoringOptions { Collar = time }));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(200)]
    public void Three_hours_of_10_000_turns_score_in_a_second(int speakers)
    {
        var random = new Random(1);
        Turn[] turns = [.. Enumerable.Range(0, 10_000).Select(i => Random(random, speakers, 10_800, 4))];
        Turn[] guesses = [.. turns.Select(turn => new Turn(turn.Start + (0.3 * random.NextDouble()), turn.End, $"x{random.Next(speakers)}"))];
        DiarizationErrorRate.Compute(Reference, Hypothesis);
        var watch = Stopwatch.StartNew();
        DiarizationErrorRate.Compute(turns, guesses, new DiarizationScoringOptions { Collar = 0.25 });
        TestContext.Current.TestOutputHelper?.WriteLine($"{speakers} speakers: {watch.Elapsed.TotalMilliseconds:0} ms");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    private static Turn Random(Random random, int speakers, double length, double longest)
    {
        double start = random.NextDouble() * length;
        return new Turn(start, start + (longest * random.NextDouble()), $"s{random.Next(speakers)}");
    }
}
