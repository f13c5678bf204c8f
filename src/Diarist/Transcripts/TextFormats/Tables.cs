using System.Globalization;
using System.Text;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Tables with a header of <c>start</c>, <c>end</c>, <c>text</c> and perhaps <c>speaker</c>: whisper's TSV, whose times are whole
/// milliseconds, and comma-separated values, whose times are seconds.
/// </summary>
internal static class Tables
{
    private const double Milliseconds = 1000;

    /// <summary>Whether a first line is such a header.</summary>
    public static bool Is(string line) => Columns(line, SeparatorOf(line)) is not null;

    public static Transcript Read(TextSource source)
    {
        int header = source.Lines.TakeWhile(line => !Is(line.Text)).Count();
        char separator = SeparatorOf(source.Lines[header].Text);
        var (start, end, text, speaker) = Columns(source.Lines[header].Text, separator)!.Value;
        double unit = separator == '\t' ? Milliseconds : 1;
        var segments = new List<TranscriptSegment>();
        foreach (var (line, cells) in Rows(source, header + 1, separator))
        {
            double? from = Time(cells, start, unit);
            double? to = Time(cells, end, unit);
            if (cells.Count <= text)
            {
                KeepUnplaced(source, line, cells, source.Range(line, from, to), segments);
                continue;
            }

            // A separator in the text of an unquoted table: what is too much belongs to the last column.
            string said = PlainText.OneLine(text == Math.Max(Math.Max(start, end), Math.Max(text, speaker)) ? string.Join(separator, cells.Skip(text)) : cells[text]);
            if (said.Length == 0)
            {
                continue;
            }

            if (from is null || to is null)
            {
                source.Note(ReadingNote.NotANumber, line, "a time cannot be read");
            }
            else if (to < from)
            {
                source.Note(ReadingNote.BackwardTime, line, "the row ends before it starts");
            }

            string? who = speaker >= 0 && speaker < cells.Count && !string.IsNullOrWhiteSpace(cells[speaker]) ? cells[speaker].Trim() : null;
            segments.Add(new TranscriptSegment(said, source.Range(line, from, to), []) { Speaker = who });
        }

        return new Transcript(segments) { Dialect = separator == '\t' ? "tsv" : "csv", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>A row without the column of the text: what it holds beside times is kept, as it may be the rest of a text.</summary>
    private static void KeepUnplaced(TextSource source, TextLine line, List<string> cells, TimeRange? range, List<TranscriptSegment> segments)
    {
        string rest = PlainText.OneLine(string.Join(' ', cells.Where(cell => !ClockTime.TryParseAny(cell, out _))));
        if (rest.Length > 0)
        {
            source.Note(ReadingNote.UnplacedText, line, "a row with start, end and text was expected");
            segments.Add(new TranscriptSegment(rest, range, []));
        }
    }

    private static double? Time(List<string> cells, int column, double unit) =>
        column < cells.Count && ClockTime.TryParseAny(cells[column], out double time) && double.IsFinite(time) ? time / unit : null;

    private static char SeparatorOf(string header) => header.Contains('\t', StringComparison.Ordinal) ? '\t' : header.Contains(';', StringComparison.Ordinal) ? ';' : ',';

    private static (int Start, int End, int Text, int Speaker)? Columns(string header, char separator)
    {
        string[] names = [.. header.Split(separator).Select(name => name.Trim().Trim('"').ToLowerInvariant())];
        int start = Array.IndexOf(names, "start");
        int end = Array.IndexOf(names, "end");
        int text = Array.IndexOf(names, "text");
        return start >= 0 && end >= 0 && text >= 0 && !names.Any(name => ClockTime.TryParseAny(name, out _)) ? (start, end, text, Array.IndexOf(names, "speaker")) : null;
    }

    /// <summary>Rows of cells; outside TSV a cell in quotes may hold separators, doubled quotes and line breaks.</summary>
    private static IEnumerable<(TextLine Line, List<string> Cells)> Rows(TextSource source, int first, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        TextLine begin = default;
        bool quoted = false;
        for (int i = first; i < source.Lines.Count; i++)
        {
            string line = source.Lines[i].Text;
            if (!quoted)
            {
                begin = source.Lines[i];
            }

            for (int at = 0; at < line.Length; at++)
            {
                bool quote = separator != '\t' && line[at] == '"' && (quoted || cell.Length == 0);
                if (quote && quoted && at + 1 < line.Length && line[at + 1] == '"')
                {
                    cell.Append(line[at++]);
                }
                else if (quote)
                {
                    quoted = !quoted;
                }
                else if (line[at] == separator && !quoted)
                {
                    cells.Add(cell.ToString());
                    cell.Clear();
                }
                else
                {
                    cell.Append(line[at]);
                }
            }

            if (quoted && i + 1 < source.Lines.Count)
            {
                cell.Append('\n');
                continue;
            }

            cells.Add(cell.ToString());
            cell.Clear();
            quoted = false;
            if (cells.Any(content => content.Length > 0))
            {
                yield return (begin, cells);
            }

            cells = [];
        }
    }
}
