using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// FunASR: <c>text</c> with <c>timestamp</c>, a pair of milliseconds for each word or character, and <c>sentence_info</c>
/// with sentences, their times and speakers.
/// </summary>
internal sealed class FunAsrJson : JsonDialect
{
    private const double Milliseconds = 1000;

    public override bool Recognizes(JsonValue value) => value.HasObjects("sentence_info") || (value.HasText("text") && HasPairs(value));

    public override string Read(JsonValue value, JsonTranscriptBuilder into)
    {
        string? whole = value.TextOf("text");
        if (!value.HasObjects("sentence_info"))
        {
            ReadUnits(value, whole ?? "", into, value, null);
            return "funasr";
        }

        foreach (JsonValue sentence in value.ItemsOf("sentence_info"))
        {
            string text = JsonItem.RequireText(sentence, "a sentence");
            ReadUnits(sentence, text, into, sentence, sentence.RangeOf("start", "end", Milliseconds));
        }

        if (whole is not null)
        {
            into.Whole(whole, value);
        }

        return "funasr";
    }

    /// <summary>The text with a time for each of its units: words, and characters of scripts without spaces; punctuation has none.</summary>
    private static void ReadUnits(JsonValue holder, string text, JsonTranscriptBuilder into, JsonValue slot, TimeRange? range)
    {
        (TimeRange? Range, JsonValue Pair)[] pairs = HasPairs(holder) ? [.. holder.ItemsOf("timestamp").Select(pair => (JsonItem.PairOf(holder, pair, Milliseconds), pair))] : [];
        string[] units = [.. UnitsOf(SpecialTokens.Without(text))];
        if (units.Length != pairs.Length && holder.TryGet("words", out JsonValue spoken) && spoken.IsArray && spoken.Children.All(word => word.IsString) && spoken.Children.Count() == pairs.Length)
        {
            units = [.. spoken.Children.Select(word => word.Text())];
        }

        into.Segment(text, range ?? (units.Length == pairs.Length || pairs.Length == 0 ? null : Span(pairs)), slot, JsonItem.SpeakerOf(holder));
        if (units.Length == pairs.Length)
        {
            for (int i = 0; i < units.Length; i++)
            {
                into.Word(units[i], pairs[i].Range, null);
            }
        }
        else if (pairs.Length > 0 && units.Length > 0)
        {
            pairs[0].Pair.Note(ReadingNote.UnpairedTimes, string.Create(CultureInfo.InvariantCulture, $"{pairs.Length} times for {units.Length} words"));
        }
    }

    private static TimeRange? Span((TimeRange? Range, JsonValue Pair)[] pairs)
    {
        TimeRange[] known = [.. pairs.Where(pair => pair.Range is not null).Select(pair => pair.Range!.Value)];
        return known.Length == 0 ? null : new TimeRange(known.Min(range => range.Start), known.Max(range => range.End));
    }

    private static bool HasPairs(JsonValue value) =>
        value.TryGet("timestamp", out JsonValue times) && times.IsArray && times.Children.Any() && times.Children.First().IsArray;

    private static IEnumerable<string> UnitsOf(string text)
    {
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            bool letter = i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '\'' or '’' or '-' || char.IsSurrogate(text[i]));
            bool alone = letter && !char.IsSurrogate(text[i]) && TimedTokens.StandsAlone(text[i].ToString());
            if (start >= 0 && (!letter || alone))
            {
                yield return text[start..i];
                start = -1;
            }

            if (alone)
            {
                yield return text[i].ToString();
            }
            else if (letter && start < 0)
            {
                start = i;
            }
        }
    }
}
