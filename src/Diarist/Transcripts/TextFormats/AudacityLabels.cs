using System.Globalization;
using System.Text.RegularExpressions;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Audacity's label track: start, tab, end, tab, text; lines that start with a backslash are frequency ranges.</summary>
internal static partial class AudacityLabels
{
    public static bool Is(string line) => Label().IsMatch(line);

    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        foreach (TextLine line in source.Lines.Where(line => !line.IsBlank && !line.Text.StartsWith('\\')))
        {
            Match match = Label().Match(line.Text);
            if (!match.Success)
            {
                throw source.Error(line, "start, tab, end, tab, text was expected");
            }

            var range = new TimeRange(Time(match.Groups["start"]), Time(match.Groups["end"]));
            if (range.End < range.Start)
            {
                throw source.Error(line, "the label ends before it starts");
            }

            if (match.Groups["text"].Value.Trim() is { Length: > 0 } text)
            {
                segments.Add(new TranscriptSegment(text, range, []));
            }
        }

        return new Transcript(segments) { Dialect = "audacity" };
    }

    private static double Time(Group group) => double.Parse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<start>-?\d{1,9}(\.\d+)?)\t(?<end>-?\d{1,9}(\.\d+)?)(\t(?<text>.*))?$")]
    private static partial Regex Label();
}
