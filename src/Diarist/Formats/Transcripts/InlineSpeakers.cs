using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Attribution;

namespace Diarist.Formats.Transcripts;

/// <summary>
/// Texts in which the recogniser itself writes who speaks: <c>&lt;|spltoken0|&gt;&lt;|t:0.0|&gt; text &lt;|t:1.5|&gt;</c>
/// (Cohere, NeMo multi-talker models, these often without times) and <c>[0.00][S01] text [1.50]</c> (MOSS).
/// </summary>
internal static partial class InlineSpeakers
{
    /// <summary>The segments with their speakers; false when the text has no such token.</summary>
    public static bool TryRead(string text, out IReadOnlyList<TranscriptSegment> segments, out string dialect)
    {
        (segments, dialect) = ([], "");
        if (SpecialToken().IsMatch(text))
        {
            (segments, dialect) = (Read(text, SpecialToken(), OtherToken()), "speaker-tokens");
        }
        else if (MossToken().IsMatch(text))
        {
            (segments, dialect) = (Read(text, MossToken(), null), "moss");
        }

        return segments.Count > 0;
    }

    /// <summary>
    /// Text before the first speaker belongs to the first speaker; a segment whose end is missing ends where the next
    /// begins, and the last one where it starts.
    /// </summary>
    private static List<TranscriptSegment> Read(string text, Regex speakerToken, Regex? dropped)
    {
        var segments = new List<TranscriptSegment>();
        MatchCollection tokens = speakerToken.Matches(text);
        for (int i = 0; i < tokens.Count; i++)
        {
            int from = i == 0 ? 0 : tokens[i].Index;
            int to = i + 1 < tokens.Count ? tokens[i + 1].Index : text.Length;
            string body = text[(tokens[i].Index + tokens[i].Length)..to];
            string lead = text[from..tokens[i].Index];
            double? start = TimeOf(tokens[i]);
            Match closing = ClosingTime().Match(body);
            double? end = closing.Success ? TimeOf(closing) : i + 1 < tokens.Count ? TimeOf(tokens[i + 1]) : start;
            string said = string.Join(' ', (lead + (closing.Success ? body[..closing.Index] : body)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            said = dropped?.Replace(said, "").Trim() ?? said;
            if (said.Length > 0)
            {
                TimeRange? range = start is { } first ? new TimeRange(first, Math.Max(first, end ?? first)) : null;
                segments.Add(new TranscriptSegment(said, range, []) { Speaker = Label(tokens[i].Groups["speaker"].Value) });
            }
        }

        return segments;
    }

    private static string Label(string speaker) =>
        int.TryParse(speaker, CultureInfo.InvariantCulture, out int number) ? string.Create(CultureInfo.InvariantCulture, $"SPEAKER_{number:00}") : speaker;

    private static double? TimeOf(Match match) => match.Groups["time"] is { Success: true } time
        ? double.Parse(time.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"<\|spltoken(?<speaker>\d{1,4})\|>(\s*<\|t:(?<time>\d{1,9}(\.\d+)?)\|>)?")]
    private static partial Regex SpecialToken();

    [GeneratedRegex(@"<\|[^|<>]{1,40}\|>")]
    private static partial Regex OtherToken();

    [GeneratedRegex(@"\[(?<time>\d{1,9}(\.\d+)?)\]\s*\[(?<speaker>S\d{1,4})\]")]
    private static partial Regex MossToken();

    [GeneratedRegex(@"(<\|t:(?<time>\d{1,9}(\.\d+)?)\|>|\[(?<time>\d{1,9}(\.\d+)?)\])\s*(<\|[^|<>]{1,40}\|>\s*)*$")]
    private static partial Regex ClosingTime();
}
