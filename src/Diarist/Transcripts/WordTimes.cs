using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts;

/// <summary>
/// Every word of a line with a time, for the formats that must have one: words without times share the time around them
/// by their characters.
/// </summary>
internal static class WordTimes
{
    public static IEnumerable<Utterance> Of(SpeakerLine line)
    {
        (string Text, TimeRange? Range, double? Confidence, string? Speaker)[] words = line.Words.Count > 0
            ? [.. line.Words.Select(word => (word.Word.Text, word.Word.Range, word.Word.Confidence, word.Choice.Speaker))]
            : [.. line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => (text, (TimeRange?)null, (double?)null, line.Speaker))];
        double at = Math.Max(0, line.Range.Start);
        for (int i = 0; i < words.Length;)
        {
            if (words[i].Range is { } known)
            {
                at = Math.Max(0, known.Start);
                double end = Math.Max(at, known.End);
                yield return Make(words[i].Text, at, end, words[i].Confidence, words[i].Speaker);
                at = end;
                i++;
                continue;
            }

            int next = Array.FindIndex(words, i, word => word.Range is not null);
            double until = Math.Max(at, next < 0 ? line.Range.End : words[next].Range!.Value.Start);
            next = next < 0 ? words.Length : next;
            double each = (until - at) / words[i..next].Sum(word => Math.Max(1, word.Text.Length));
            for (; i < next; i++)
            {
                double end = at + (each * Math.Max(1, words[i].Text.Length));
                yield return Make(words[i].Text, at, end, words[i].Confidence, words[i].Speaker);
                at = end;
            }
        }
    }

    private static Utterance Make(string text, double start, double end, double? confidence, string? speaker) =>
        new(start, end, speaker, string.Join('_', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))) { Confidence = confidence };
}
