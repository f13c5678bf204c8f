using System.Globalization;
using System.Text;
using Diarist.Formats;

namespace Diarist.Transcripts;

/// <summary>
/// Whisper's and SenseVoice's tokens that are no words, such as <c>&lt;|en|&gt;</c>, and the times among them
/// (<c>&lt;|0.50|&gt; text&lt;|3.50|&gt;</c>). Tokens of speakers (<c>&lt;|spltoken0|&gt;</c>, <c>&lt;|t:0.0|&gt;</c>) are not theirs.
/// </summary>
internal static class SpecialTokens
{
    private const string Open = "<|";
    private const string Close = "|>";
    private const int LongestToken = 40;

    /// <summary>The text without such tokens; texts without any come back as they are.</summary>
    public static string Without(string text)
    {
        if (!text.Contains(Open, StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        foreach (var (piece, isToken) in Pieces(text))
        {
            plain.Append(isToken ? "" : piece);
        }

        return plain.ToString();
    }

    /// <summary>The texts between tokens of time; none when the text has no pairs of them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="startsOver">Whether the times jump back: they count from the start of a window, and from which is not said.</param>
    public static List<TranscriptSegment> Timed(string text, out bool startsOver)
    {
        var segments = new List<TranscriptSegment>();
        startsOver = false;
        double? start = null;
        var said = new StringBuilder();
        int times = 0;
        foreach (var (piece, isToken) in Pieces(text))
        {
            if (!isToken)
            {
                said.Append(piece);
                continue;
            }

            if (!double.TryParse(piece.AsSpan(Open.Length, piece.Length - Open.Length - Close.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double time) || time >= AnnotationField.MaximumSeconds)
            {
                continue;
            }

            times++;
            startsOver |= time < start;
            Add(segments, said, start is { } from ? new TimeRange(from, Math.Max(from, time)) : null);
            start = time;
        }

        Add(segments, said, start is { } last ? new TimeRange(last, last) : null);
        return times >= 2 ? segments : [];
    }

    private static void Add(List<TranscriptSegment> segments, StringBuilder said, TimeRange? range)
    {
        if (PlainText.OneLine(said.ToString()) is { Length: > 0 } text)
        {
            segments.Add(new TranscriptSegment(text, range, []));
        }

        said.Clear();
    }

    private static IEnumerable<(string Piece, bool IsToken)> Pieces(string text)
    {
        int from = 0;
        for (int at = text.IndexOf(Open, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Open, at, StringComparison.Ordinal))
        {
            int within = text.AsSpan(at + Open.Length, Math.Min(LongestToken, text.Length - at - Open.Length)).IndexOf(Close, StringComparison.Ordinal);
            int end = at + Open.Length + within + Close.Length;
            if (within < 0 || !IsToken(text.AsSpan(at + Open.Length, within)))
            {
                at += Open.Length;
                continue;
            }

            if (at > from)
            {
                yield return (text[from..at], false);
            }

            yield return (text[at..end], true);
            from = at = end;
        }

        if (from < text.Length)
        {
            yield return (text[from..], false);
        }
    }

    private static bool IsToken(ReadOnlySpan<char> name) =>
        name.Length > 0 && !name.StartsWith("spltoken") && !name.StartsWith("t:") && name.IndexOfAny("<>| ") < 0;
}
