using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// Neighbouring words of WhisperX's <c>word_segments</c> that stand in no segment. The list repeats the words of all segments,
/// but in files that were edited or joined it may hold more; those are segments of their own.
/// </summary>
/// <param name="Start">Where the first of them begins.</param>
/// <param name="Words">The words.</param>
internal sealed record StrayWords(double Start, IReadOnlyList<JsonValue> Words)
{
    // People who go on after this are said to begin anew.
    private const double LongestPause = 1;

    /// <summary>The words that overlap no segment, in the order of their times; none where the segments have all letters of the list.</summary>
    public static IEnumerable<StrayWords> Of(JsonValue[] segments, JsonValue[] repeated, double unit)
    {
        if (repeated.Sum(word => Letters(word.RequireObject().TextOf("word") ?? JsonItem.TextOf(word))) <= segments.Sum(LettersOf))
        {
            return [];
        }

        TimeRange[] taken = [.. segments.Select(segment => JsonItem.TimesOf(segment.RequireObject(), unit)).OfType<TimeRange>().OrderBy(range => range.Start)];
        var groups = new List<StrayWords>();
        double lastEnd = double.NegativeInfinity;
        double takenUntil = double.NegativeInfinity;
        int next = 0;
        foreach (var (word, range) in repeated.Select(word => (Word: word, Range: JsonItem.TimesOf(word, unit))).Where(pair => pair.Range is not null).OrderBy(pair => pair.Range!.Value.Start))
        {
            (double start, double end) = (range!.Value.Start, Math.Max(range.Value.End, range.Value.Start + 1e-6));
            for (; next < taken.Length && taken[next].Start < end; next++)
            {
                takenUntil = Math.Max(takenUntil, taken[next].End);
            }

            if (takenUntil > start)
            {
                continue;
            }

            // A segment between two of them parts them too.
            if (groups.Count == 0 || start - lastEnd > LongestPause || takenUntil > lastEnd)
            {
                groups.Add(new StrayWords(start, new List<JsonValue>()));
            }

            ((List<JsonValue>)groups[^1].Words).Add(word);
            lastEnd = end;
        }

        return groups;
    }

    /// <summary>Reads those that begin before a time.</summary>
    public static void ReadBefore(double? time, Queue<StrayWords> strays, JsonTranscriptBuilder into, double unit)
    {
        while (strays.TryPeek(out StrayWords? stray) && stray.Start < time)
        {
            into.Segment(null, null);
            foreach (JsonValue word in strays.Dequeue().Words)
            {
                WhisperJson.ReadWord(word, into, unit);
            }
        }
    }

    private static int LettersOf(JsonValue segment) => segment.HasText("text")
        ? Letters(segment.TextOf("text"))
        : segment.ItemsOf("words").Sum(word => Letters(word.RequireObject().TextOf("word") ?? JsonItem.TextOf(word)));

    private static int Letters(string? text) => text?.Count(char.IsLetterOrDigit) ?? 0;
}
