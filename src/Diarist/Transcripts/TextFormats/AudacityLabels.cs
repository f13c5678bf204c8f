using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Audacity's label track: start, tab, end, tab, text; lines that start with a backslash are frequency ranges.</summary>
internal static partial class AudacityLabels
{
    public static bool Is(string line) => Label().IsMatch(line);

    public static Transcript Read(TextSource source)
    {
        var segments = new List<TranscriptSegment>();
        TextLine[] lines = [.. source.Lines.Where(line => !line.IsBlank && !Frequencies().IsMatch(line.Text))];
        double unit = UnitOf(lines);
        foreach (TextLine line in lines)
        {
            Match match = Label().Match(line.Text);
            if (!match.Success)
            {
                source.Note(ReadingNote.UnplacedText, line, "start, tab, end, tab, text was expected");
                segments.Add(new TranscriptSegment(PlainText.OneLine(line.Text), null, []));
                continue;
            }

            double start = Time(match.Groups["start"]) / unit;
            double end = Time(match.Groups["end"]) / unit;
            if (end < start)
            {
                source.Note(ReadingNote.BackwardTime, line, "the label ends before it starts");
            }

            // WhisperX writes its speakers in double brackets into the labels.
            Match named = Named().Match(match.Groups["text"].Value);
            string text = named.Success ? named.Groups["text"].Value : match.Groups["text"].Value;
            segments.AddRange(CueText.Read([text], source.Range(line, start, end), entities: false, speaker: named.Success ? named.Groups["name"].Value : null));
        }

        return new Transcript(segments) { Dialect = "audacity", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>Audacity writes fractions of seconds; tables without a header look the same and may have milliseconds.</summary>
    private static double UnitOf(TextLine[] lines) => TimeUnit.Of(
        [.. lines.Select(line => Label().Match(line.Text)).Where(match => match.Success && match.Groups["text"].Success)
            .Select(match => (Time(match.Groups["end"]) - Time(match.Groups["start"]), !match.Groups["start"].Value.Contains('.', StringComparison.Ordinal) && !match.Groups["end"].Value.Contains('.', StringComparison.Ordinal), match.Groups["text"].Value.Count(char.IsLetterOrDigit)))]);

    private static double Time(Group group) => double.Parse(group.Value, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[\[(?<name>[^\[\]]{1,60})\]\](?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\\(\t-?[0-9]+(\.[0-9]+)?){2}\s*$")]
    private static partial Regex Frequencies();

    [GeneratedRegex(@"^(?<start>-?[0-9]{1,9}(\.[0-9]+)?)\t(?<end>-?[0-9]{1,9}(\.[0-9]+)?)(\t(?<text>.*))?$")]
    private static partial Regex Label();
}
