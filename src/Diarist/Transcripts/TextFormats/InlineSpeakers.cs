using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Texts in which the recogniser itself writes who speaks: <c>&lt;|spltoken0|&gt;&lt;|t:0.0|&gt; text &lt;|t:1.5|&gt;</c>
/// (Cohere, NeMo multi-talker models, these often without times) and those of <see cref="MossText"/>.
/// </summary>
internal static partial class InlineSpeakers
{
    /// <summary>The segments with their speakers; false when the text is not of this kind.</summary>
    public static bool TryRead(string text, out IReadOnlyList<TranscriptSegment> segments, out string dialect)
    {
        (segments, dialect) = SpeakerToken().IsMatch(text) ? (ReadTokens(text), "speaker-tokens") : (MossText.Read(text), "moss");
        return segments.Count > 0;
    }

    /// <summary>
    /// Text before the first speaker belongs to the first speaker; a segment whose end is missing ends where the next
    /// begins, and the last one where it starts.
    /// </summary>
    private static List<TranscriptSegment> ReadTokens(string text)
    {
        var segments = new List<TranscriptSegment>();
        MatchCollection tokens = SpeakerToken().Matches(text);
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
            said = OtherToken().Replace(said, "").Trim();
            if (said.Length > 0)
            {
                TimeRange? range = start is { } first ? new TimeRange(first, Math.Max(first, end ?? first)) : null;
                segments.Add(new TranscriptSegment(said, range, []) { Speaker = Label(tokens[i].Groups["speaker"].Value) });
            }
        }

        return segments;
    }

    private static string Label(string number) =>
        string.Create(CultureInfo.InvariantCulture, $"SPEAKER_{int.Parse(number, CultureInfo.InvariantCulture):00}");

    private static double? TimeOf(Match match) => match.Groups["time"] is { Success: true } time
        ? double.Parse(time.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"<\|spltoken(?<speaker>\d{1,4})\|>(\s*<\|t:(?<time>\d{1,9}(\.\d+)?)\|>)?")]
    private static partial Regex SpeakerToken();

    [GeneratedRegex(@"<\|[^|<>]{1,40}\|>")]
    private static partial Regex OtherToken();

    [GeneratedRegex(@"<\|t:(?<time>\d{1,9}(\.\d+)?)\|>\s*(<\|[^|<>]{1,40}\|>\s*)*$")]
    private static partial Regex ClosingTime();
}
