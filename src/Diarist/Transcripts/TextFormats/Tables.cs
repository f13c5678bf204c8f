using System.Globalization;
using System.Text;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Tables with a header of start, end, text and perhaps speaker (<see cref="TableColumns"/>), separated by tabs, commas or
/// semicolons: whisper's TSV and whisper.cpp's CSV, whose times are whole milliseconds, and others, whose times are seconds.
/// </summary>
internal static class Tables
{
    /// <summary>Whether a first line is such a header.</summary>
    public static bool Is(string line) => TableColumns.Of(Cells(line, SeparatorOf(line))) is not null;

    public static Transcript Read(TextSource source)
    {
        int header = source.Lines.TakeWhile(line => !Is(line.Text)).Count();
        char separator = SeparatorOf(source.Lines[header].Text);
        TableColumns columns = TableColumns.Of(Cells(source.Lines[header].Text, separator))!;
        (TextLine Line, List<string> Cells)[] rows = [.. Rows(source, header + 1, separator)];
        double unit = columns.Unit ?? UnitOf(rows, columns);
        var segments = new List<TranscriptSegment>();
        foreach (var (line, cells) in rows)
        {
            double? from = Time(cells, columns.Start, unit);
            double? to = Time(cells, columns.End, unit);
            if (cells.Count <= columns.Text)
            {
                KeepUnplaced(source, line, cells, source.Range(line, from, to), segments);
                continue;
            }

            // A separator in the text of an unquoted table: what is too much belongs to the last column.
            string said = PlainText.OneLine(columns.TextIsLast ? string.Join(separator, cells.Skip(columns.Text)) : cells[columns.Text]);
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

            string? who = columns.Speaker >= 0 && columns.Speaker < cells.Count && !string.IsNullOrWhiteSpace(cells[columns.Speaker]) ? cells[columns.Speaker].Trim() : null;
            segments.Add(new TranscriptSegment(said, source.Range(line, from, to), []) { Speaker = who });
        }

        if (rows.Length > 0 && segments.Count > 0 && segments.All(segment => segment.Range is null))
        {
            throw source.Error(rows[0].Line, "no row has times that can be read; they look like 1.5 or 00:00:01.500 (frames and time codes are not read)");
        }

        return new Transcript(segments) { Dialect = separator == '\t' ? "tsv" : "csv", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>The units in a second, where the header does not say: decided on all rows, clock times being seconds.</summary>
    private static double UnitOf((TextLine Line, List<string> Cells)[] rows, TableColumns columns)
    {
        var lengths = new List<(double Length, bool Whole, int Letters)>();
        foreach (var (_, cells) in rows)
        {
            if (Time(cells, columns.Start, 1) is { } from && Time(cells, columns.End, 1) is { } to && cells.Count > columns.Text)
            {
                bool clock = IsClock(cells[columns.Start]);
                lengths.Add((clock ? 0 : Math.Abs(to - from), !clock && from == Math.Floor(from) && to == Math.Floor(to), cells[columns.Text].Count(char.IsLetterOrDigit)));
            }
        }

        return TimeUnit.Of(lengths);
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
        column < cells.Count && ClockTime.TryParseAny(cells[column], out double time) && double.IsFinite(time) ? (IsClock(cells[column]) ? time : time / unit) : null;

    private static bool IsClock(string cell) => cell.Contains(':', StringComparison.Ordinal);

    private static char SeparatorOf(string header) => header.Contains('\t', StringComparison.Ordinal) ? '\t' : header.Contains(';', StringComparison.Ordinal) ? ';' : ',';

    private static string[] Cells(string header, char separator) => [.. header.Split(separator).Select(name => name.Trim().Trim('"'))];

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
