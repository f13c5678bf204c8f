using System.Globalization;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// The line with a caption's two times, such as <c>00:00:01,000 --&gt; 00:00:02,500</c>. A time that is missing or broken is
/// NaN; what stands in front of the times, or behind them and is no setting of the cue, is text.
/// </summary>
internal readonly record struct CueTime(double Start, double End, string Before, string After)
{
    private const int LongestLine = 100;
    private const string Wide = "：，．";
    private const string Narrow = ":,.";
    private static readonly string[] Arrows = ["-->", "--&gt;", "-- >", "- ->", "->", "—>", "–>", "→"];
    private static readonly char[] Dashes = ['-', '–', '—', '='];
    private static readonly string[] Settings = ["vertical:", "line:", "position:", "size:", "align:", "region:", "X1:", "X2:", "Y1:", "Y2:"];

    /// <summary>Whether both times are there and no text is in front of them.</summary>
    public bool IsWhole => !double.IsNaN(Start + End) && Before.Length == 0;

    /// <summary>
    /// Whether a line begins a cue: an arrow with a time on at least one side. A short arrow needs a whole line, because texts
    /// have it too.
    /// </summary>
    public static bool TryRead(string line, out CueTime cue)
    {
        cue = default;
        line = WithoutSpacesInTimes(Plain(line));
        foreach (string arrow in Arrows)
        {
            int at = line.IndexOf(arrow, StringComparison.Ordinal);
            if (at >= 0)
            {
                bool starts = TryLast(line[..at].Trim().TrimEnd(Dashes).TrimEnd(), out double start, out string before);
                bool ends = TryFirst(line[(at + arrow.Length)..].TrimStart('>').Trim(), out double end, out string after);
                cue = new CueTime(start, end, before, after);
                return arrow == "-->" ? starts || ends || LooksLikeTimes(line) : cue.IsWhole;
            }
        }

        return TryReadComma(line.Trim(), out cue);
    }

    /// <summary>YouTube's SBV and SubViewer: nothing but two times with hours and a comma between them.</summary>
    private static bool TryReadComma(string line, out CueTime cue)
    {
        cue = default;
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || line.Count(character => character == ':') != 4 || !ClockTime.TryParse(line.AsSpan(0, comma), out double start) || !ClockTime.TryParse(line.AsSpan(comma + 1), out double end))
        {
            return false;
        }

        cue = new CueTime(start, end, "", "");
        return true;
    }

    /// <summary>The range of the cue; what is broken or backward is noted.</summary>
    public TimeRange? Range(TextSource source, TextLine line)
    {
        if (double.IsNaN(Start + End))
        {
            source.Note(ReadingNote.NotANumber, line, "two times were expected, such as 00:00:01,000 --> 00:00:02,500");
        }
        else if (End < Start)
        {
            source.Note(ReadingNote.BackwardTime, line, "the cue ends before it starts");
        }

        return source.Range(line, double.IsNaN(Start) ? null : Start, double.IsNaN(End) ? null : End);
    }

    private static bool TryLast(string left, out double time, out string text)
    {
        int from = left.Length;
        while (from > 0 && IsOfTime(left[from - 1]))
        {
            from--;
        }

        while (from < left.Length && !char.IsAsciiDigit(left[from]))
        {
            from++;
        }

        text = left[..from].Trim();
        if (ClockTime.TryParse(left.AsSpan(from), out time))
        {
            (time, text) = text is "-" or "−" ? (-time, "") : (time, text);
            return true;
        }

        time = double.NaN;
        text = IsBroken(left) ? "" : text;
        return false;
    }

    private static bool TryFirst(string right, out double time, out string text)
    {
        int to = 0;
        while (to < right.Length && IsOfTime(right[to]))
        {
            to++;
        }

        while (to > 0 && !char.IsAsciiDigit(right[to - 1]))
        {
            to--;
        }

        // A letter directly behind is that of a text only where the time has its milliseconds.
        bool whole = to == right.Length || !char.IsLetterOrDigit(right[to]) || (to > 4 && right[to - 4] is '.' or ',');
        if (whole && ClockTime.TryParse(right.AsSpan(0, to), out time))
        {
            text = WithoutSettings(right[to..].TrimStart(':').Trim());
            return true;
        }

        int space = right.AsSpan().IndexOfAny(' ', '\t');
        time = double.NaN;
        text = WithoutSettings(IsBroken(space < 0 ? right : right[..space]) ? (space < 0 ? "" : right[space..].Trim()) : right);
        return false;
    }

    /// <summary>
    /// Without the marks of writing direction and the marks of no width that editors put around times, and with the wide marks of
    /// East Asian programs (<c>00：00：01，000</c>) as plain ones. Only where the line has nothing but times.
    /// </summary>
    private static string Plain(string line)
    {
        if (line.Length > LongestLine || !line.Any(character => IsInvisible(character) || Wide.Contains(character)))
        {
            return line;
        }

        string plain = string.Concat(line.Where(character => !IsInvisible(character)).Select(character => Wide.IndexOf(character) is >= 0 and var at ? Narrow[at] : character));
        return IsTimesAlone(plain) ? plain : line;
    }

    private static bool IsInvisible(char character) => char.GetUnicodeCategory(character) == UnicodeCategory.Format;

    private static bool IsTimesAlone(string line) =>
        line.All(character => IsOfTime(character) || char.IsWhiteSpace(character) || character is '-' or '>' or '–' or '—' or '→');

    /// <summary>What programs that translate make of times: <c>00: 00: 01, 000</c>. Only where the line has nothing but times.</summary>
    private static string WithoutSpacesInTimes(string line)
    {
        if (line.Length > LongestLine || (!line.Contains(": ", StringComparison.Ordinal) && !line.Contains(", ", StringComparison.Ordinal) && !line.Contains(" :", StringComparison.Ordinal) && !line.Contains(" ,", StringComparison.Ordinal)))
        {
            return line;
        }

        return IsTimesAlone(line)
            ? string.Concat(line.Where((character, i) => !char.IsWhiteSpace(character) || !IsBesideMark(line, i)))
            : line;
    }

    private static bool IsBesideMark(string line, int at)
    {
        string before = line[..at].TrimEnd();
        string after = line[at..].TrimStart();
        return before is [.., ':' or ',' or '.'] || after is [':' or ',' or '.', ..];
    }

    private static string WithoutSettings(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).All(part => Settings.Any(name => part.StartsWith(name, StringComparison.Ordinal))) ? "" : text;

    private static bool IsOfTime(char character) => char.IsAsciiDigit(character) || character is ':' or '.' or ',';

    /// <summary>One word of mostly digits: a damaged time, and no text.</summary>
    private static bool IsBroken(string text) => !text.Any(char.IsWhiteSpace) && text.Count(IsOfTime) > 2 && text.Length - text.Count(IsOfTime) <= 2;

    /// <summary>Digits and no words: both times are damaged.</summary>
    private static bool LooksLikeTimes(string line) => line.Count(char.IsAsciiDigit) > 2 && !line.Any(character => char.IsLetter(character) || character == '[');
}
