using System.Globalization;
using System.Text.RegularExpressions;
using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>MPL2 subtitles: <c>[start][end]text</c> with times in tenths of a second, <c>|</c> between the lines of a text, <c>/</c> before one in italics.</summary>
internal static partial class Mpl2
{
    private const double PerSecond = 10;

    public static bool Is(string line) => Times().IsMatch(line);

    /// <summary>The lines as segments; one without times goes on with the text before it.</summary>
    public static Transcript Read(TextSource source)
    {
        var texts = new List<(List<string> Parts, TimeRange? Range)>();
        foreach (TextLine line in source.Lines.Where(line => !line.IsBlank))
        {
            Match times = Times().Match(line.Text);
            if (times.Success)
            {
                double? end = times.Groups["end"].Length > 0 ? Seconds(times.Groups["end"]) : null;
                double start = Seconds(times.Groups["start"]);
                if (end < start)
                {
                    source.Note(ReadingNote.BackwardTime, line, "it ends before it starts");
                }

                string text = PlainText.OneLine(string.Join(' ', line.Text[times.Length..].Split('|').Select(part => part.Trim().TrimStart('/'))));
                if (text.Length > 0)
                {
                    texts.Add(([text], source.Range(line, start, end)));
                }

                continue;
            }

            source.Note(ReadingNote.UnplacedText, line, "a line without times");
            if (texts.Count == 0)
            {
                texts.Add(([], null));
            }

            texts[^1].Parts.Add(PlainText.OneLine(line.Text));
        }

        return new Transcript([.. texts.Select(text => new TranscriptSegment(string.Join(' ', text.Parts), text.Range, []))]) { Dialect = "mpl2" };
    }

    private static double Seconds(Group time) => double.Parse(time.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) / PerSecond;

    [GeneratedRegex(@"^\s*\[(?<start>[0-9]{1,9})\]\s*\[(?<end>[0-9]{0,9})\]")]
    private static partial Regex Times();
}
