using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// LRC: <c>[mm:ss.xx]text</c>, perhaps with several times for one text, with <c>&lt;mm:ss.xx&gt;</c> in front of words, and with
/// tags such as <c>[by:…]</c>. It has only starts: a text ends where the next begins, the last where it starts.
/// </summary>
internal static partial class Lrc
{
    private const double Milliseconds = 1000;

    /// <summary>Whether a first line is a tag, or a time with the text directly behind it.</summary>
    public static bool Is(string line) => Tag().IsMatch(line) || (Times().Match(line) is { Success: true } times && times.Length < line.Length && line[times.Length] != ' ');

    public static Transcript Read(TextSource source)
    {
        var lines = new List<(double Start, string Text, TextLine Line)>();
        double offset = 0;
        foreach (TextLine line in source.Lines.Where(line => !line.IsBlank))
        {
            Match times = Times().Match(line.Text);
            if (times.Success)
            {
                foreach (Capture time in times.Groups["time"].Captures)
                {
                    lines.Add((ClockTime.TryParse(time.Value, out double start) ? start : double.NaN, line.Text[times.Length..].Trim(), line));
                }
            }
            else if (Tag().Match(line.Text) is { Success: true } tag)
            {
                offset = tag.Groups["name"].Value == "offset" && double.TryParse(tag.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double given) ? given / Milliseconds : offset;
            }
            else
            {
                source.Note(ReadingNote.UnplacedText, line, "a line without a time");
                lines.Add((lines.Count > 0 ? lines[^1].Start : double.NaN, line.Text.Trim(), line));
            }
        }

        // A positive offset shows the texts earlier.
        (double Start, string Text, TextLine Line)[] sorted = [.. lines.Select(line => line with { Start = line.Start - offset }).OrderBy(line => line.Start)];
        var segments = new List<TranscriptSegment>();
        for (int i = 0; i < sorted.Length; i++)
        {
            double end = i + 1 < sorted.Length ? sorted[i + 1].Start : sorted[i].Start;
            segments.AddRange(CueText.Read([sorted[i].Text], double.IsNaN(sorted[i].Start) ? null : source.Range(sorted[i].Line, sorted[i].Start, end), entities: false));
        }

        return new Transcript(segments) { Dialect = "lrc", Turns = SpeakerTurns.From(segments) };
    }

    [GeneratedRegex(@"^(\[(?<time>[0-9]{1,3}:[0-9]{2}\.[0-9]{2,3})\])+", RegexOptions.ExplicitCapture)]
    private static partial Regex Times();

    [GeneratedRegex(@"^\[(?<name>[A-Za-z#]{1,12}):(?<value>[^\]]*)\]\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
