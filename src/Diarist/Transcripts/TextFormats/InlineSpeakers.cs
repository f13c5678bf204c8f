using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Texts in which the recognizer itself writes who speaks: <c>&lt;|spltoken0|&gt;&lt;|t:0.0|&gt; text &lt;|t:1.5|&gt;</c>
/// (Cohere, NeMo multi-talker models, these often without times) and those of <see cref="MossText"/>.
/// </summary>
internal static partial class InlineSpeakers
{
    private const int LongestToken = 44;

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
            int spoken = ClosingTokens(body, out double? closing);
            double? end = closing ?? (i + 1 < tokens.Count ? TimeOf(tokens[i + 1]) : start);
            string said = string.Join(' ', (lead + body[..spoken]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            said = OtherToken().Replace(said, "").Trim();
            if (said.Length > 0)
            {
                TimeRange? range = start is { } first ? new TimeRange(first, Math.Max(first, end ?? first)) : null;
                segments.Add(new TranscriptSegment(said, range, []) { Speaker = Label(tokens[i].Groups["speaker"].Value) });
            }
        }

        return segments;
    }

    /// <summary>Where the tokens begin that end a text, from the first time among them on; the whole length when there is none.</summary>
    private static int ClosingTokens(string body, out double? time)
    {
        time = null;
        int spoken = body.Length;
        for (int end = body.AsSpan().TrimEnd().Length; body.AsSpan(0, end).EndsWith("|>");)
        {
            int from = Math.Max(0, end - LongestToken);
            int open = body.AsSpan(from, end - from).LastIndexOf("<|");
            if (open < 0 || end - from - open < 4 || body.AsSpan(from + open + 2, end - from - open - 4).IndexOfAny('|', '<', '>') >= 0)
            {
                break;
            }

            ReadOnlySpan<char> token = body.AsSpan(from + open + 2, end - from - open - 4);
            if (token.StartsWith("t:") && double.TryParse(token[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
            {
                (time, spoken) = (seconds, from + open);
            }

            end = body.AsSpan(0, from + open).TrimEnd().Length;
        }

        return spoken;
    }

    private static string Label(string number) =>
        string.Create(CultureInfo.InvariantCulture, $"SPEAKER_{int.Parse(number, CultureInfo.InvariantCulture):00}");

    private static double? TimeOf(Match match) => match.Groups["time"] is { Success: true } time
        ? double.Parse(time.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"<\|spltoken(?<speaker>[0-9]{1,4})\|>(\s*<\|t:(?<time>[0-9]{1,9}(\.[0-9]{1,9})?)\|>)?")]
    private static partial Regex SpeakerToken();

    [GeneratedRegex(@"<\|[^|<>]{1,40}\|>")]
    private static partial Regex OtherToken();
}
