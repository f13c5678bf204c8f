using System.Globalization;
using System.Text;
using Diarist.Formats;
using Diarist.Transcripts.Writing;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Tables with a header of start, end, text and perhaps speaker (<see cref="TableColumns"/>), separated by tabs, commas or
/// semicolons: whisper's TSV and whisper.cpp's CSV, whose times are whole milliseconds, and others, whose times are seconds.
/// Rows of start, end and text are read without a header too.
/// </summary>
internal static class Tables
{
    /// <summary>Whether a first line is such a header.</summary>
    public static bool Is(string line) => TableColumns.Of(Cells(line, SeparatorOf(line))) is not null;

    /// <summary>Whether a first line is a row of a table without a header.</summary>
    public static bool IsRow(string line) => TableColumns.OfRow(Cells(line, SeparatorOf(line)), SeparatorOf(line)) is not null;

    public static Transcript Read(TextSource source)
    {
        int first = source.Lines.TakeWhile(line => line.IsBlank || line.Text.StartsWith(";;", StringComparison.Ordinal)).Count();
        char separator = SeparatorOf(source.Lines[first].Text);
        string[] head = Cells(source.Lines[first].Text, separator);
        TableColumns? named = TableColumns.Of(head);
        TableColumns columns = named ?? TableColumns.OfRow(head, separator)!;
        (TextLine Line, List<string> Cells)[] rows = [.. Rows(source, named is null ? first : first + 1, separator)];
        if (DividesTimes(rows, head.Length, columns, separator) is { } divided)
        {
            throw source.Error(divided, "commas separate the cells here and divide the numbers too, so that times cannot be told from their fractions; write decimal points, quote the times, or separate the cells by semicolons");
        }

        double unit = columns.Unit ?? UnitOf(rows, columns, separator);
        var segments = new List<TranscriptSegment>();
        foreach (var (line, cells) in rows)
        {
            double? from = Time(cells, columns.Start, separator, unit);
            double? to = End(cells, columns, separator, unit);
            if (cells.Count <= columns.Text)
            {
                KeepUnplaced(source, line, cells, separator, source.Range(line, from, to), segments);
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

        segments = TextOrder.InTime(segments, source);
        return new Transcript(segments) { Dialect = separator == '\t' ? "tsv" : "csv", Turns = SpeakerTurns.From(segments) };
    }

    /// <summary>
    /// What the first line has to be called where it seems to be the header of a table whose columns are not known; null where it is none: the lines below it
    /// have as many cells, two of them times.
    /// </summary>
    public static string? UnknownHeader(IReadOnlyList<TextLine> lines)
    {
        TextLine[] first = [.. lines.Where(line => !line.IsBlank).Take(3)];
        char separator = first.Length > 0 ? SeparatorOf(first[0].Text) : ',';
        string[][] cells = [.. first.Select(line => Cells(line.Text, separator))];
        return cells.Length > 1 && cells[0].Length >= 3 && cells[0].All(cell => cell.Length is > 0 and < 40 && !TableTime.TryParse(cell, separator, out _))
            && cells.Skip(1).All(row => row.Length >= cells[0].Length && row.Count(cell => TableTime.TryParse(cell, separator, out _)) >= 2)
            ? $"this looks like a table, but it is not known which of its columns ({string.Join(", ", cells[0])}) hold start, end and text; call them start, end (or duration), text and speaker" : null;
    }

    // Whole numbers where the text should begin, in every row: decimal commas were taken for separators.
    private static TextLine? DividesTimes((TextLine Line, List<string> Cells)[] rows, int columns, TableColumns named, char separator) =>
        separator == ',' && rows.Length > 0 && rows.All(row => row.Cells.Count >= columns + 2 && row.Cells.Take(4).All(cell => cell.Length > 0 && cell.All(char.IsAsciiDigit)) && named is { Start: 0, End: 1 })
            ? rows[0].Line : null;

    /// <summary>The units in a second, where the header does not say: decided on all rows, clock times being seconds.</summary>
    private static double UnitOf((TextLine Line, List<string> Cells)[] rows, TableColumns columns, char separator)
    {
        var lengths = new List<(double Length, bool Whole, int Letters)>();
        foreach (var (_, cells) in rows)
        {
            if (Time(cells, columns.Start, separator, 1) is { } from && End(cells, columns, separator, 1) is { } to && cells.Count > columns.Text)
            {
                bool clock = TableTime.IsClock(cells[columns.Start]);
                lengths.Add((clock ? 0 : Math.Abs(to - from), !clock && from == Math.Floor(from) && to == Math.Floor(to), cells[columns.Text].Count(char.IsLetterOrDigit)));
            }
        }

        return TimeUnit.Of(lengths);
    }

    /// <summary>A row without the column of the text: what it holds beside times is kept, as it may be the rest of a text.</summary>
    private static void KeepUnplaced(TextSource source, TextLine line, List<string> cells, char separator, TimeRange? range, List<TranscriptSegment> segments)
    {
        string rest = PlainText.OneLine(string.Join(' ', cells.Where(cell => !TableTime.TryParse(cell, separator, out _))));
        if (rest.Length > 0)
        {
            source.Note(ReadingNote.UnplacedText, line, "a row with start, end and text was expected");
            segments.Add(new TranscriptSegment(rest, range, []));
        }
    }

    private static double? End(List<string> cells, TableColumns columns, char separator, double unit) =>
        Time(cells, columns.End, separator, unit) is { } end ? columns.EndIsDuration ? Time(cells, columns.Start, separator, unit) + end : end : null;

    private static double? Time(List<string> cells, int column, char separator, double unit) =>
        column < cells.Count && TableTime.TryParse(cells[column], separator, out double time) ? (TableTime.IsClock(cells[column]) ? time : time / unit) : null;

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
                bool quote = separator != '\t' && line[at] == '"' && (quoted || cell.Length == 0 || (cell.Length == 1 && cell[0] == ' '));
                if (quote && quoted && at + 1 < line.Length && line[at + 1] == '"')
                {
                    cell.Append(line[at++]);
                }
                else if (quote)
                {
                    quoted = !quoted;
                    cell.Length = quoted ? 0 : cell.Length;
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
