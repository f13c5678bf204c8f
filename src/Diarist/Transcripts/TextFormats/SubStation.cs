using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>SubStation Alpha (ASS, SSA): <c>Dialogue:</c> lines whose columns the <c>Format:</c> line of <c>[Events]</c> names. A name in the column <c>Name</c> is the speaker.</summary>
internal static class SubStation
{
    private const string Dialogue = "Dialogue:";
    private const string Format = "Format:";
    private static readonly string[] Usual = ["Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect", "Text"];

    public static bool Is(string line) => line is "[Script Info]" or "[Events]" || line.StartsWith(Dialogue, StringComparison.Ordinal);

    public static Transcript Read(TextSource source)
    {
        string[] columns = Usual;
        var segments = new List<TranscriptSegment>();
        bool events = false;
        foreach (TextLine line in source.Lines)
        {
            events = line.Text.StartsWith('[') ? line.Text.StartsWith("[Events", StringComparison.Ordinal) : events || line.Text.StartsWith(Dialogue, StringComparison.Ordinal);
            if (line.Text.StartsWith(Format, StringComparison.Ordinal))
            {
                string[] named = [.. line.Text[Format.Length..].Split(',').Select(name => name.Trim())];
                columns = named.Contains("Text") ? named : columns;
            }
            else if (line.Text.StartsWith(Dialogue, StringComparison.Ordinal))
            {
                string[] cells = line.Text[Dialogue.Length..].Split(',', columns.Length);
                if (cells.Length < columns.Length)
                {
                    source.Note(ReadingNote.UnplacedText, line, "a Dialogue line with fewer columns than its Format");
                    segments.Add(new TranscriptSegment(PlainText.OneLine(cells[^1]), null, []));
                    continue;
                }

                segments.AddRange(ReadLine(source, line, columns, cells));
            }
            else if (events && !line.IsBlank && line.Text[0] is not (';' or '!' or '[') && !line.Text.StartsWith("Comment:", StringComparison.Ordinal))
            {
                // The head of the line is damaged; its columns may all be there.
                source.Note(ReadingNote.UnplacedText, line, "a Dialogue line was expected");
                string[] cells = line.Text.Split(',', columns.Length);
                segments.AddRange(cells.Length == columns.Length ? ReadLine(source, line, columns, cells) : [new TranscriptSegment(PlainText.OneLine(line.Text), null, [])]);
            }
        }

        return new Transcript(segments) { Dialect = "ass", Turns = SpeakerTurns.From(segments) };
    }

    private static IEnumerable<TranscriptSegment> ReadLine(TextSource source, TextLine line, string[] columns, string[] cells)
    {
        string Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var at ? cells[at].Trim() : "";
        double? start = ClockTime.TryParse(Cell("Start"), out double from) ? from : null;
        double? end = ClockTime.TryParse(Cell("End"), out double to) ? to : null;
        if (start is null || end is null)
        {
            source.Note(ReadingNote.NotANumber, line, "a time cannot be read");
        }
        else if (end < start)
        {
            source.Note(ReadingNote.BackwardTime, line, "the line ends before it starts");
        }

        string text = Karaoke.WithTimes(Cell("Text"), start, end).Replace("\\N", " ", StringComparison.Ordinal).Replace("\\n", " ", StringComparison.Ordinal).Replace("\\h", " ", StringComparison.Ordinal);
        return CueText.Read([text], source.Range(line, start, end), entities: false, speaker: Cell("Name") is { Length: > 0 } name && name != "NTP" ? name : null);
    }
}
