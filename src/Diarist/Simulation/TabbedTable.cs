namespace Diarist.Simulation;

/// <summary>A text of columns separated by tabs, the first line naming them.</summary>
internal sealed class TabbedTable
{
    private readonly string _name;
    private readonly string[] _columns;

    private TabbedTable(string name, string[] columns, IReadOnlyList<Row> rows)
    {
        _name = name;
        _columns = columns;
        Rows = rows;
        foreach (Row row in rows)
        {
            row.Table = this;
        }
    }

    /// <summary>The lines after the first, without empty ones.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Reads a file and checks that it has certain columns.</summary>
    /// <exception cref="InputException">There is no such file.</exception>
    /// <exception cref="AnnotationFormatException">A column is missing, or a line has another number of fields.</exception>
    public static TabbedTable Read(string path, params ReadOnlySpan<string> required)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read: {error.Message}", error);
        }

        string[] columns = lines.Length == 0 ? [] : lines[0].Split('\t');
        foreach (string column in required)
        {
            if (!columns.Contains(column))
            {
                throw new AnnotationFormatException(path, 1, $"there is no column '{column}' among the tab-separated ones ({string.Join(", ", columns)})");
            }
        }

        var rows = new List<Row>();
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0)
            {
                continue;
            }

            string[] fields = lines[i].Split('\t');
            rows.Add(fields.Length == columns.Length
                ? new Row(i + 1, fields)
                : throw new AnnotationFormatException(path, i + 1, $"{fields.Length} fields instead of {columns.Length}"));
        }

        return new TabbedTable(path, columns, rows);
    }

    /// <summary>One line.</summary>
    internal sealed class Row(int line, string[] fields)
    {
        /// <summary>Its table.</summary>
        public TabbedTable Table { get; set; } = null!;

        /// <summary>Its field in a column; empty when there is no such column.</summary>
        public string this[string column]
        {
            get
            {
                int index = Array.IndexOf(Table._columns, column);
                return index < 0 ? "" : fields[index];
            }
        }

        /// <summary>Its field in a column as a finite number.</summary>
        /// <exception cref="AnnotationFormatException">It is none.</exception>
        public double Number(string column) =>
            double.TryParse(this[column], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : throw Error($"'{this[column]}' in column '{column}' is not a number");

        /// <summary>The error that names this line.</summary>
        public AnnotationFormatException Error(string problem) => new(Table._name, line, problem);
    }
}
