using Diarist.Formats;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Formats;

/// <summary>Random recordings for property tests: times in whole milliseconds, names and texts with everything that could break a line.</summary>
internal static class AnnotationGenerators
{
    private static readonly Gen<string> Name =
        Gen.Elements("a", "B", "0", " ", "\t", "%", "%20", "%3B", ";", "é", "話", "\u00A0", "<NA>", "\"", "\\", "\n", "2")
            .NonEmptyListOf().Select(string.Concat);

    private static readonly Gen<string> Word =
        Gen.Elements("a", "it's", "<x>", "<o,f>", "<NA>", ";;", "%20", "話", "\"", "{", "0.5", "\u00A0b").NonEmptyListOf().Select(string.Concat);

    private static readonly Gen<TimeRange> Range =
        from start in Gen.Choose(0, 100_000_000)
        from length in Gen.Frequency((1, Gen.Constant(0)), (9, Gen.Choose(0, 30_000)))
        select new TimeRange(start / 1000d, (start + length) / 1000d);

    private static readonly Gen<double?> Confidence =
        Gen.OneOf(Gen.Constant<double?>(null), Gen.Choose(0, 1000).Select(thousandths => (double?)(thousandths / 1000d)));

    public static Arbitrary<RecordingTurns> Turns { get; } = (
        from recording in Name
        from turns in (
            from range in Range
            from speaker in Name
            from confidence in Confidence
            select new Turn(range, speaker) { Confidence = confidence }).NonEmptyListOf()
        select new RecordingTurns(recording, turns)).ToArbitrary();

    public static Arbitrary<RecordingRegions> Regions { get; } = (
        from recording in Name
        from regions in Range.NonEmptyListOf()
        select new RecordingRegions(recording, regions)).ToArbitrary();

    public static Arbitrary<RecordingUtterances> Words { get; } = Utterances(
        from range in Range
        from speaker in Gen.OneOf(Gen.Constant<string?>(null), Name.Where(name => name != "<NA>").Select(name => (string?)name))
        from word in Gen.Elements("a", "it's", "<x>", "話", "0.5", ";;", "%20")
        from channel in Name
        from confidence in Confidence
        select new Utterance(range, speaker, word) { Channel = channel, Confidence = confidence });

    public static Arbitrary<RecordingUtterances> SpokenTexts { get; } = Utterances(
        from range in Range
        from speaker in Name
        from channel in Name
        from words in Word.ListOf()
        select new Utterance(range, speaker, string.Join(' ', words).Trim()) { Channel = channel });

    public static Arbitrary<RecordingUtterances> Segments { get; } = Utterances(
        from range in Gen.OneOf(Range, Gen.Constant(Utterance.Untimed))
        from speaker in Gen.OneOf(Gen.Constant<string?>(null), Name.Select(name => (string?)name))
        from words in Word.ListOf()
        select new Utterance(range, speaker, string.Join('\n', words)));

    private static Arbitrary<RecordingUtterances> Utterances(Gen<Utterance> utterance) => (
        from recording in Name
        from utterances in utterance.NonEmptyListOf()
        select new RecordingUtterances(recording, utterances)).ToArbitrary();
}
