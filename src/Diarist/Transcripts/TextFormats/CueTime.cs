using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>The line with a caption's two times, such as <c>00:00:01,000 --&gt; 00:00:02,500</c>, settings behind it aside.</summary>
internal static class CueTime
{
    private static readonly string[] Arrows = ["-->", "->", "—>", "–>", "→"];

    /// <summary>
    /// Whether a line begins a cue: an arrow with a time on at least one side. A short arrow needs both, because texts have
    /// it too; with a long one and one time the other is missing or broken (NaN).
    /// </summary>
    public static bool TryRead(string line, out double start, out double end)
    {
        start = end = double.NaN;
        foreach (string arrow in Arrows)
        {
            int at = line.IndexOf(arrow, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            ReadOnlySpan<char> rest = line.AsSpan(at + arrow.Length).TrimStart();
            int space = rest.IndexOfAny(' ', '\t');
            bool starts = ClockTime.TryParse(line.AsSpan(0, at), out start);
            bool ends = ClockTime.TryParse(space < 0 ? rest : rest[..space], out end);
            start = starts ? start : double.NaN;
            end = ends ? end : double.NaN;
            return arrow == "-->" ? starts || ends || LooksLikeTimes(line) : starts && ends;
        }

        return false;
    }

    /// <summary>The range of a cue; what is broken or backward is noted.</summary>
    public static TimeRange? Range(TextSource source, TextLine line, double start, double end)
    {
        if (double.IsNaN(start) || double.IsNaN(end))
        {
            source.Note(ReadingNote.NotANumber, line, "two times were expected, such as 00:00:01,000 --> 00:00:02,500");
        }
        else if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, line, "the cue ends before it starts");
        }

        return source.Range(line, double.IsNaN(start) ? null : start, double.IsNaN(end) ? null : end);
    }

    /// <summary>Digits and no words: both times are damaged.</summary>
    private static bool LooksLikeTimes(string line) => line.Count(char.IsAsciiDigit) > 2 && !line.Any(character => char.IsLetter(character) || character == '[');
}
