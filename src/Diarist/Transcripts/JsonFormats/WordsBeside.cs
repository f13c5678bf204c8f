using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>
/// The words of verbose_json, which stand beside the segments. Where both spell the same letters each word goes to the
/// segment whose letters it has; otherwise to the one that it begins in, if the times of both agree at all.
/// </summary>
internal static class WordsBeside
{
    public static void Read(JsonValue value, string? whole, JsonTranscriptBuilder into, int first)
    {
        if (into.Count == first)
        {
            into.Segment(whole, null);
        }

        JsonValue[] words = [.. value.ItemsOf("words")];
        double unit = JsonTimeUnit.Of(words);
        string[] texts = [.. words.Select(word => word.RequireObject().TextOf("word") ?? JsonItem.RequireText(word, "a word"))];
        TimeRange?[] ranges = [.. words.Select(word => JsonItem.TimesOf(word, unit))];
        int[] owners = ByLetters(texts, into, first) ?? ByTime(ranges, into, first);
        bool fits = owners.Select((owner, i) => into.At(owner).Range is not { } own || ranges[i] is not { } said || (said.Start <= own.End && said.End >= own.Start)).Any(agrees => agrees);
        if (!fits && ByLetters(texts, into, first) is null)
        {
            value.Index.Notes.Add(ReadingNote.ContradictedTimes, () => words[0].Error("no word lies in a segment"));
            return;
        }

        for (int i = 0; i < words.Length; i++)
        {
            into.WordIn(owners[i], texts[i], ranges[i], words[i], JsonItem.ConfidenceOf(words[i], "probability", "score", "confidence"), JsonItem.SpeakerOf(words[i]));
        }
    }

    private static int[] ByTime(TimeRange?[] ranges, JsonTranscriptBuilder into, int first)
    {
        var owners = new int[ranges.Length];
        int segment = first;
        for (int i = 0; i < owners.Length; i++)
        {
            segment = into.SegmentAt(segment, ranges[i]);
            owners[i] = segment;
        }

        return owners;
    }

    /// <summary>The segments by the letters of the words; null when words and segments do not spell the same.</summary>
    private static int[]? ByLetters(string[] texts, JsonTranscriptBuilder into, int first)
    {
        var owners = new int[texts.Length];
        int segment = first;
        string letters = Letters(into.At(segment).Text);
        int at = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            while (at == letters.Length && segment + 1 < into.Count)
            {
                letters = Letters(into.At(++segment).Text);
                at = 0;
            }

            string word = Letters(texts[i]);
            if (string.CompareOrdinal(letters, at, word, 0, word.Length) != 0 || at + word.Length > letters.Length)
            {
                return null;
            }

            owners[i] = segment;
            at += word.Length;
        }

        return at == letters.Length ? owners : null;
    }

    private static string Letters(string? text) => string.Concat((text ?? "").Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
