using Diarist.Transcripts;
using FsCheck;
using FsCheck.Fluent;

namespace Diarist.Tests.Attribution;

/// <summary>Words and turns on the millisecond grid, for property tests.</summary>
public sealed record Conversation(Word[] Words, Turn[] Turns)
{
    public override string ToString() =>
        $"words {string.Join(' ', Words.Select(w => w.Range))} turns {string.Join(' ', Turns.Select(t => $"{t.Speaker}{t.Range}"))}";
}

internal static class Conversations
{
    /// <summary>Short, crowded conversations: up to five speakers, overlaps, gaps, shared edges.</summary>
    public static Arbitrary<Conversation> Arbitrary { get; } =
        (from words in Gen.Choose(0, 2000).SelectMany(_ => Span(400)).ListOf()
         from turns in (from span in Span(1500) from speaker in Gen.Choose(0, 4) select (span, speaker)).ListOf()
         select new Conversation(
             [.. words.Select((span, i) => new Word($"w{i}", span))],
             WithoutSelfOverlap(turns))).ToArbitrary();

    private static Gen<TimeRange> Span(int longest) =>
        from start in Gen.Choose(0, 4000)
        from length in Gen.Choose(1, longest)
        select new TimeRange(start / 1000.0, (start + length) / 1000.0);

    private static Turn[] WithoutSelfOverlap(IEnumerable<(TimeRange Span, int Speaker)> turns)
    {
        var kept = new List<Turn>();
        foreach (var (span, speaker) in turns)
        {
            string label = $"SPEAKER_{speaker:00}";
            if (!kept.Any(turn => turn.Speaker == label && turn.Range.Overlap(span) > 0))
            {
                kept.Add(new Turn(span, label));
            }
        }

        return [.. kept];
    }
}
