using Diarist.Scoring;
using Diarist.Tests.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Scoring;

public class DiarizationErrorRatePropertyTests
{
    private const double Millisecond = 0.001;

    private static readonly Gen<Turn> AnyTurn =
        from start in Gen.Choose(0, 3000)
        from length in Gen.Choose(0, 800)
        from speaker in Gen.Elements("A", "B", "C", "D")
        select new Turn(start * Millisecond, (start + length) * Millisecond, speaker);

    private static readonly Gen<Turn[]> AnyTurns = Gen.Choose(0, 12).SelectMany(count => AnyTurn.ArrayOf(count));

    private static readonly Gen<DiarizationScoringOptions> AnyOptions =
        from collar in Gen.Elements(0, 0.01, 0.1, 0.25)
        from convention in Gen.Elements(CollarConvention.EachSide, CollarConvention.Total)
        from skip in Gen.Elements(false, true)
        from regions in Gen.Elements<TimeRange[]?>(null, [new(0.5, 2), new(1.8, 2.5)], [])
        select new DiarizationScoringOptions { Collar = collar, CollarConvention = convention, SkipOverlap = skip, Regions = regions };

    private static readonly Arbitrary<(Turn[] Reference, Turn[] Hypothesis, DiarizationScoringOptions Options)> AnyCase = (
        from reference in AnyTurns
        from hypothesis in AnyTurns
        from options in AnyOptions
        select (reference, hypothesis, options)).ToArbitrary();

    [Fact]
    public void The_sweep_agrees_with_counting_milliseconds_under_every_mapping() => Prop.ForAll(AnyCase, it =>
    {
        DiarizationErrors expected = FrameDiarizationError.Compute(it.Reference, it.Hypothesis, it.Options, Millisecond);
        DiarizationErrors actual = DiarizationErrorRate.Compute(it.Reference, it.Hypothesis, it.Options).Errors;
        double difference = new[]
        {
            expected.Total - actual.Total, expected.Missed - actual.Missed, expected.FalseAlarm - actual.FalseAlarm, expected.Confusion - actual.Confusion,
        }.Max(Math.Abs);
        return (difference < 1e-6).Label($"{expected} {actual}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Identical_sides_have_no_error() => Prop.ForAll(AnyCase, it =>
    {
        DiarizationErrors errors = DiarizationErrorRate.Compute(it.Reference, it.Reference, it.Options).Errors;
        return errors.Errors == 0 && errors.Rate == 0;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_of_speakers_do_not_matter() => Prop.ForAll(AnyCase, it =>
    {
        Turn[] renamed = [.. it.Hypothesis.Select(turn => turn with { Speaker = $"{(char)('Z' - (turn.Speaker[0] - 'A'))}" })];
        return Score(it.Reference, it.Hypothesis, it.Options) == Score(it.Reference, renamed, it.Options);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_and_splitting_of_turns_do_not_matter_without_a_collar() => Prop.ForAll(AnyCase, it =>
    {
        DiarizationScoringOptions options = it.Options with { Collar = 0 };
        return Score(it.Reference, it.Hypothesis, options) == Score(Split(it.Reference), Split(it.Hypothesis), options);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Splitting_the_hypothesis_never_matters() => Prop.ForAll(AnyCase, it =>
        Score(it.Reference, it.Hypothesis, it.Options) == Score([.. it.Reference.Reverse()], Split(it.Hypothesis), it.Options)).QuickCheckThrowOnFailure();

    [Fact]
    public void Components_are_bounded() => Prop.ForAll(AnyCase, it =>
    {
        DiarizationErrors errors = Score(it.Reference, it.Hypothesis, it.Options);
        DiarizationErrors exchanged = DiarizationErrorRate.Compute(it.Hypothesis, it.Reference, new() { Regions = it.Options.Regions }).Errors;
        DiarizationErrors plain = DiarizationErrorRate.Compute(it.Reference, it.Hypothesis, new() { Regions = it.Options.Regions }).Errors;
        bool bounded = errors.Missed >= 0 && errors.FalseAlarm >= 0 && errors.Confusion >= 0 && errors.Missed + errors.Confusion <= errors.Total + 1e-9;
        bool symmetric = plain.Missed == exchanged.FalseAlarm && plain.Confusion == exchanged.Confusion;
        bool collarOnlyTakesAway = errors.Errors <= plain.Errors + 1e-9 && errors.Total <= plain.Total + 1e-9;
        return bounded.Label("bounded").And(symmetric.Label("symmetric")).And(collarOnlyTakesAway.Label("less"));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_jaccard_error_is_a_share_and_nothing_for_identical_sides() => Prop.ForAll(AnyCase, it =>
    {
        double same = JaccardErrorRate.Compute(it.Reference, it.Reference, it.Options.Regions).Rate;
        double rate = JaccardErrorRate.Compute(it.Reference, it.Hypothesis, it.Options.Regions).Rate;
        double split = JaccardErrorRate.Compute(Split(it.Reference), Split(it.Hypothesis), it.Options.Regions).Rate;
        return same == 0 && rate is >= 0 and <= 1 && split == rate;
    }).QuickCheckThrowOnFailure();

    private static DiarizationErrors Score(Turn[] reference, Turn[] hypothesis, DiarizationScoringOptions options) =>
        DiarizationErrorRate.Compute(reference, hypothesis, options).Errors;

    private static Turn[] Split(Turn[] turns) =>
    [
        .. turns.Reverse().SelectMany(turn => new[]
        {
            turn with { Range = new TimeRange(turn.Range.Middle, turn.End) },
            turn with { Range = new TimeRange(turn.Start, turn.Range.Middle) },
        }),
    ];
}
