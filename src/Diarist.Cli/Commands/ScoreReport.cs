using System.Globalization;
using System.Text.Json;
using Diarist.Scoring;

namespace Diarist.Cli.Commands;

/// <summary>What a number of a score is: a rate (0.05 is 5 %), seconds, or a count.</summary>
internal enum ScoreUnit
{
    Rate,
    Seconds,
    Count,
}

/// <summary>One number of a score.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Heading">Its heading in the table.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">What it is.</param>
internal sealed record ScoreCell(string Key, string Heading, double Value, ScoreUnit Unit)
{
    /// <summary>How the table shows it: rates in percent with two decimals, seconds with three.</summary>
    public string Text => Unit switch
    {
        ScoreUnit.Rate => (100 * Value).ToString("0.00", CultureInfo.InvariantCulture),
        ScoreUnit.Seconds => Value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => Value.ToString("0", CultureInfo.InvariantCulture),
    };
}

/// <summary>The score of one recording.</summary>
internal sealed record ScoreRow(string Recording, IReadOnlyList<ScoreCell> Cells, IReadOnlyList<SpeakerMatch> Mapping);

/// <summary>The scores of all recordings, and pooled.</summary>
/// <param name="Metric">The metric's name on the command line.</param>
/// <param name="Settings">The conventions in force, by their names in JSON: strings, numbers or booleans.</param>
/// <param name="Summary">The same in words.</param>
/// <param name="Rows">The recordings.</param>
/// <param name="Pooled">All recordings together.</param>
internal sealed record ScoreReport(
    string Metric, IReadOnlyList<(string Key, object Value)> Settings, string Summary, IReadOnlyList<ScoreRow> Rows, IReadOnlyList<ScoreCell> Pooled)
{
    private const string PooledName = "all";

    /// <summary>Writes a table for people: a line a recording, one for all, then who was matched with whom.</summary>
    public void WriteText(TextWriter writer)
    {
        string[][] lines =
        [
            ["recording", .. Pooled.Select(cell => cell.Heading)],
            .. Rows.Select(row => (string[])[row.Recording, .. row.Cells.Select(cell => cell.Text)]),
            [PooledName, .. Pooled.Select(cell => cell.Text)],
        ];
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            writer.WriteLine(string.Join("  ", line.Select((text, column) => column == 0 ? text.PadRight(widths[0]) : text.PadLeft(widths[column]))).TrimEnd());
        }

        writer.WriteLine();
        foreach (ScoreRow row in Rows.Where(row => row.Mapping.Count > 0))
        {
            writer.WriteLine($"{row.Recording}: {string.Join(", ", row.Mapping.Select(match => $"{match.Reference ?? "(nobody)"} = {match.Hypothesis ?? "(nobody)"}"))}");
        }

        writer.WriteLine(Summary);
    }

    /// <summary>Writes JSON: rates are shares (0.05 is 5 %), times are seconds.</summary>
    public void WriteJson(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("schema", "diarist-score/1");
        json.WriteString("metric", Metric);
        foreach ((string key, object value) in Settings)
        {
            WriteSetting(json, key, value);
        }

        json.WriteStartArray("recordings");
        foreach (ScoreRow row in Rows)
        {
            json.WriteStartObject();
            json.WriteString("recording", row.Recording);
            WriteCells(json, row.Cells);
            json.WriteStartArray("mapping");
            foreach (SpeakerMatch match in row.Mapping)
            {
                json.WriteStartObject();
                json.WriteString("reference", match.Reference);
                json.WriteString("hypothesis", match.Hypothesis);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("pooled");
        WriteCells(json, Pooled);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void WriteSetting(Utf8JsonWriter json, string key, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBoolean(key, flag);
                break;
            case double number:
                json.WriteNumber(key, number);
                break;
            case string text:
                json.WriteString(key, text);
                break;
            default:
                throw new ArgumentException($"A setting is a string, a number or a boolean, not {value.GetType()}.", nameof(value));
        }
    }

    private static void WriteCells(Utf8JsonWriter json, IReadOnlyList<ScoreCell> cells)
    {
        foreach (ScoreCell cell in cells)
        {
            json.WriteNumber(cell.Key, cell.Value);
        }
    }
}
