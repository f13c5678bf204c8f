using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// The karaoke tags of SubStation Alpha: <c>{\k20}</c> (<c>\K</c>, <c>\kf</c>, <c>\ko</c>) says how long the syllable behind it lasts, in hundredths of a
/// second from the line's start on; <c>\kt</c> sets the time from that start.
/// </summary>
internal static partial class Karaoke
{
    private const double Hundredths = 100;

    /// <summary>The text with a time such as <c>&lt;00:00:01.500&gt;</c> in front of each word with a tag; without such tags, or without times of the line, the text as it is.</summary>
    public static string WithTimes(string text, double? start, double? end)
    {
        if (start is not { } from || end is not { } to || to < from || !Tag().IsMatch(text))
        {
            return text;
        }

        var timed = new StringBuilder();
        double elapsed = 0;
        int at = 0;
        char before = ' ';
        while (at < text.Length)
        {
            int open = text.IndexOf('{', at);
            int close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            timed.Append(text, at, open - at);
            before = open > at ? text[open - 1] : before;
            at = close + 1;
            string block = text[open..at];
            double lasts = 0;
            bool tagged = false;
            foreach (Match tag in Tag().Matches(block))
            {
                double value = double.Parse(tag.Groups["value"].ValueSpan, CultureInfo.InvariantCulture) / Hundredths;
                elapsed = tag.Groups["kind"].ValueSpan is "t" ? value : elapsed + lasts;
                (lasts, tagged) = tag.Groups["kind"].ValueSpan is "t" ? (0, tagged) : (value, true);
            }

            // A syllable inside a word has no time of its own.
            if (tagged && (char.IsWhiteSpace(before) || at == text.Length || text[at] is ' ' or '\\' or '{'))
            {
                timed.Append('<').Append(ClockTime.Format(Math.Min(from + elapsed, to), '.')).Append('>');
            }

            timed.Append(block);
            elapsed += lasts;
        }

        return timed.Append(text, at, text.Length - at).ToString();
    }

    [GeneratedRegex(@"\\[kK](?<kind>[fot]?)(?<value>[0-9]{1,7})(?![0-9])", RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
