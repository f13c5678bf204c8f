using System.Globalization;
using System.Text;
using Diarist.Attribution;

namespace Diarist.Transcripts;

/// <summary>Decides over a whole list whether its items are words or segments; a single item proves neither.</summary>
internal static class ItemKind
{
    // People speak two to four words a second: a list whose middle item lasts this long holds more than words.
    private const double LongItem = 1.5;
    private const double SlowWord = 0.9;
    private const double ShortSentence = 0.6;

    // Words of scripts without spaces have one to three characters on average.
    private const double LongestSpacelessWord = 4;

    /// <summary>Whether the items are segments, and the sentence that says why.</summary>
    public static bool AreSegments(IReadOnlyList<(string Text, TimeRange? Range)> items, TranscriptItems asked, out string reason)
    {
        if (asked != TranscriptItems.Automatic)
        {
            reason = "as asked";
            return asked == TranscriptItems.Segments;
        }

        double several = Share(items, text => LetteredParts(text) > 1);
        double ended = Share(items, WordText.EndsSentence);
        double inside = Share(items, HasMarkInside);
        double? seconds = MiddleDuration(items);
        bool spaceless = Share(items, text => FirstLetter(text) is { } letter && TimedTokens.StandsAlone(letter)) > 0.5;
        double letters = items.Count == 0 ? 0 : items.Average(item => (double)item.Text.Count(char.IsLetterOrDigit));
        bool segments = items.Count <= 1
            || several >= 0.3
            || inside >= 0.2
            || seconds >= LongItem
            || (spaceless && letters > LongestSpacelessWord)
            || (spaceless && letters > 2 && seconds >= SlowWord)
            || (several >= 0.05 && (seconds is null || seconds >= SlowWord || ended >= 0.4))
            || (ended >= 0.7 && items.Count > 2 && seconds >= ShortSentence);
        reason = string.Create(CultureInfo.InvariantCulture,
            $"{100 * several:0} % have several words, {100 * ended:0} % end a sentence, the middle one lasts {(seconds is { } known ? $"{known:0.##} s" : "an unknown time")}");
        return segments;
    }

    private static double Share(IReadOnlyList<(string Text, TimeRange? Range)> items, Func<string, bool> holds) =>
        items.Count == 0 ? 0 : (double)items.Count(item => holds(item.Text)) / items.Count;

    private static int LetteredParts(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(part => !WordText.IsPunctuation(part));

    /// <summary>A sentence mark with a letter somewhere behind it; the points of numbers and initials are none.</summary>
    private static bool HasMarkInside(string text)
    {
        for (int i = 0; i + 1 < text.Length; i++)
        {
            bool wide = "。？！؟।".Contains(text[i], StringComparison.Ordinal);
            if (wide || (text[i] is '.' or '?' or '!' && char.IsWhiteSpace(text[i + 1])))
            {
                return text.AsSpan(i + 1).ToString().Any(char.IsLetter);
            }
        }

        return false;
    }

    private static Rune? FirstLetter(string text) => text.EnumerateRunes().Cast<Rune?>().FirstOrDefault(rune => Rune.IsLetter(rune!.Value));

    /// <summary>The median duration; where ends are missing, that of the distances between starts.</summary>
    private static double? MiddleDuration(IReadOnlyList<(string Text, TimeRange? Range)> items)
    {
        double[] lengths = [.. items.Where(item => item.Range is { IsEmpty: false }).Select(item => item.Range!.Value.Duration)];
        if (lengths.Length * 2 < items.Count)
        {
            double[] starts = [.. items.Where(item => item.Range is not null).Select(item => item.Range!.Value.Start)];
            lengths = [.. starts.Skip(1).Zip(starts, (next, start) => next - start).Where(length => length > 0)];
        }

        Array.Sort(lengths);
        return lengths.Length == 0 ? null : lengths[lengths.Length / 2];
    }
}
