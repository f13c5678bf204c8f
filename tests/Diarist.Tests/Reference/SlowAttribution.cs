using Diarist.Transcripts;

namespace Diarist.Tests.Reference;

/// <summary>
/// The obvious attribution: every word against every turn, in whole microseconds. One speaker's turns must not overlap
/// each other and every word must have a length.
/// </summary>
internal static class SlowAttribution
{
    public static string? Assign(Word word, IEnumerable<Turn> turns)
    {
        var held = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (Turn turn in turns)
        {
            long overlap = Math.Min(Microseconds(word.Range!.Value.End), Microseconds(turn.End))
                - Math.Max(Microseconds(word.Range!.Value.Start), Microseconds(turn.Start));
            if (overlap > 0)
            {
                held[turn.Speaker] = held.GetValueOrDefault(turn.Speaker) + overlap;
            }
        }

        string? winner = null;
        foreach (var (speaker, time) in held)
        {
            if (winner is null || time > held[winner])
            {
                winner = speaker;
            }
        }

        return winner;
    }

    private static long Microseconds(double seconds) => (long)Math.Round(seconds * 1e6);
}
