using System.Text;
using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>What a run of words says and when.</summary>
internal static class WordText
{
    private const string SentenceMarks = ".?!…。？！؟।";

    /// <summary>The words' texts with a space before each that does not join the one before.</summary>
    public static string Join(IEnumerable<Word> words)
    {
        var text = new StringBuilder();
        foreach (Word word in words)
        {
            if (text.Length > 0 && !word.JoinsPrevious)
            {
                text.Append(' ');
            }

            text.Append(word.Text);
        }

        return text.ToString();
    }

    /// <summary>From the earliest start to the latest end of the words that have times; null when none has.</summary>
    public static TimeRange? Span(IEnumerable<Word> words)
    {
        TimeRange? span = null;
        foreach (Word word in words)
        {
            if (word.Range is { } range && double.IsFinite(range.Start) && double.IsFinite(range.End))
            {
                span = span is { } so
                    ? new TimeRange(Math.Min(so.Start, range.Start), Math.Max(so.End, range.End))
                    : range;
            }
        }

        return span;
    }

    /// <summary>Whether the text has no letter and no digit of any script.</summary>
    public static bool IsPunctuation(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    /// <summary>Whether the text has a mark that may end a sentence.</summary>
    public static bool HasSentenceMark(string text) => text.Any(SentenceMarks.Contains);

    /// <summary>Whether the text ends a sentence, closing quotes and brackets aside.</summary>
    public static bool EndsSentence(string text)
    {
        string bare = text.TrimEnd('"', '\'', ')', ']', '»', '”', '’', ' ');
        return bare.Length > 0 && SentenceMarks.Contains(bare[^1], StringComparison.Ordinal);
    }
}
