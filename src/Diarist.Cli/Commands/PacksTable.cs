namespace Diarist.Cli.Commands;

/// <summary>Rows of text in aligned columns, two spaces apart.</summary>
internal sealed class PacksTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    /// <summary>Adds a row.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes all rows.</summary>
    public void Write(TextWriter writer)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
