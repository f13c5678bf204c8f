using Diarist.Attribution;
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
            ? [.. line.Words.SelectMany((word, i) => Written(word, line.Pieces[i]))]
            : [.. line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => (text, (TimeRange?)null, (double?)null, line.Speaker))];
        words = [.. words.Where(word => !string.IsNullOrWhiteSpace(word.Text))];
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

    /// <summary>A word, and the words of the text that follow it and have no times of their own.</summary>
    private static IEnumerable<(string Text, TimeRange? Range, double? Confidence, string? Speaker)> Written(AttributedWord word, string piece)
    {
        string[] spoken = [.. piece.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(part => !WordText.IsPunctuation(part))];
        int own = Math.Max(1, word.Word.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Count(part => !WordText.IsPunctuation(part)));
        yield return (spoken.Length > own ? string.Join(' ', spoken[..own]) : word.Word.Text, Usable(word.Word.Range), word.Word.Confidence, word.Choice.Speaker);
        foreach (string part in spoken.Skip(own))
        {
            yield return (part, null, null, word.Choice.Speaker);
        }
    }

    private static TimeRange? Usable(TimeRange? range) =>
        range is { } known && known.Start <= AnnotationField.MaximumSeconds && known.End <= AnnotationField.MaximumSeconds && !double.IsNaN(known.Start + known.End) ? range : null;

    private static Utterance Make(string text, double start, double end, double? confidence, string? speaker) =>
        new(start, end, speaker, PlainText.OneLine(text).Replace(' ', '_')) { Confidence = confidence };
}
