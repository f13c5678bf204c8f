using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Times of day-like form, as subtitles and timed lines write them: [hours:]minutes:seconds with a comma or a point.</summary>
internal static partial class CueTime
{
    /// <summary>Reads a time in seconds; false when the text is none.</summary>
    public static bool TryParse(string text, out double seconds)
    {
        Match match = Time().Match(text);
        seconds = 0;
        if (!match.Success)
        {
            return false;
        }

        double hours = match.Groups["hours"].Success ? double.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture) : 0;
        double minutes = double.Parse(match.Groups["minutes"].Value, CultureInfo.InvariantCulture);
        double rest = double.Parse(match.Groups["seconds"].Value.Replace(',', '.'), CultureInfo.InvariantCulture);

        // Whole milliseconds, so that the sum is the double nearest to what is written.
        seconds = Math.Round(((((hours * 60) + minutes) * 60) + rest) * 1000) / 1000;
        return true;
    }

    /// <summary>Reads a cue's two times from the line with its arrow.</summary>
    public static TimeRange Range(TextSource source, TextLine line)
    {
        Match arrow = Arrow().Match(line.Text);
        string[] rest = line.Text[(arrow.Index + arrow.Length)..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        if (!TryParse(line.Text[..arrow.Index].Trim(), out double start) || rest.Length == 0 || !TryParse(rest[0], out double end))
        {
            throw source.Error(line, "two times were expected, such as 00:00:01,000 --> 00:00:02,500");
        }

        return end >= start ? new TimeRange(start, end) : throw source.Error(line, "the cue ends before it starts");
    }

    /// <summary>hours:minutes:seconds with milliseconds.</summary>
    public static string Format(double seconds, char separator)
    {
        long milliseconds = (long)Math.Round(Math.Max(0, seconds) * 1000);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{milliseconds / 3_600_000:00}:{milliseconds / 60_000 % 60:00}:{milliseconds / 1000 % 60:00}{separator}{milliseconds % 1000:000}");
    }

    [GeneratedRegex(@"^((?<hours>\d{1,6}):)?(?<minutes>\d{1,6}):(?<seconds>\d{1,2}([.,]\d{1,6})?)$")]
    private static partial Regex Time();

    [GeneratedRegex(@"\s*-->\s*")]
    public static partial Regex Arrow();
}
