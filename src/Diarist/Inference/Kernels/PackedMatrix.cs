namespace Diarist.Inference.Kernels;

/// <summary>
/// The right operand of a product, (rows K × columns N) with one bias per column, rearranged once for the tiles of a
/// lane width: columns are cut into panels of two vectors, and a panel holds its columns row after row, so that a
/// tile reads it from the first value to the last. A last panel of at most one vector is one vector wide; missing columns
/// are zeros, which the driver never stores.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    private readonly AlignedBuffer _panels;
    private readonly AlignedBuffer _bias;
    private readonly int _firstRow;
    private readonly int _storedRows;

    /// <summary>Packs a matrix of which each element must be asked for.</summary>
    /// <param name="rows">K, the length of the sums.</param>
    /// <param name="columns">N.</param>
    /// <param name="element">The element in row k and column n.</param>
    /// <param name="bias">What each column starts from; nothing for zeros.</param>
    /// <param name="width">The lane width whose tiles will run; the widest of the processor by default.</param>
    public PackedMatrix(int rows, int columns, Func<int, int, float> element, ReadOnlySpan<float> bias = default, LaneWidth? width = null)
        : this(rows, columns, bias, width)
    {
        Span<float> row = new float[columns];
        for (int k = 0; k < rows; k++)
        {
            for (int n = 0; n < columns; n++)
            {
                row[n] = element(k, n);
            }

            Pack(k, row);
        }
    }

    /// <summary>Packs a matrix whose elements lie in an array in any order that rows and columns decide by themselves.</summary>
    /// <param name="values">The array.</param>
    /// <param name="rowPlaces">For each row k, where it begins in <paramref name="values"/>; a negative place is a row of zeros.</param>
    /// <param name="columnPlaces">For each column n, what is added to that; a negative place is a column of zeros.</param>
    /// <param name="bias">What each column starts from; nothing for zeros.</param>
    /// <param name="width">The lane width whose tiles will run; the widest of the processor by default.</param>
    public PackedMatrix(
        ReadOnlySpan<float> values, ReadOnlySpan<int> rowPlaces, ReadOnlySpan<int> columnPlaces, ReadOnlySpan<float> bias = default, LaneWidth? width = null)
        : this(rowPlaces.Length, columnPlaces.Length, bias, width)
    {
        int last = Greatest(rowPlaces) + Greatest(columnPlaces);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(last, values.Length, nameof(values));
        fixed (float* source = values)
        fixed (int* rows = rowPlaces, columns = columnPlaces)
        {
            for (int first = 0; first < Columns; first += 2 * Lanes)
            {
                PackPanel(source, rows, columns + first, first);
            }
        }
    }

    /// <summary>A matrix of zeros, to be filled through <see cref="Panel"/>.</summary>
    /// <param name="rows">K, the length of the sums.</param>
    /// <param name="columns">N.</param>
    /// <param name="width">The lane width whose tiles will run.</param>
    public PackedMatrix(int rows, int columns, LaneWidth width)
        : this(rows, columns, bias: default, width)
    {
    }

    private PackedMatrix(int rows, int columns, ReadOnlySpan<float> bias, LaneWidth? width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (!bias.IsEmpty && bias.Length != columns)
        {
            throw new ArgumentException($"{bias.Length} biases were given for {columns} columns.", nameof(bias));
        }

        Rows = rows;
        _storedRows = rows;
        Columns = columns;
        Width = width ?? LaneWidths.Widest;
        Lanes = Width.Lanes();
        int padded = (columns + Lanes - 1) / Lanes * Lanes;
        _panels = AlignedBuffer.AllocateUnset(checked(rows * padded));
        _panels.Span.Clear();
        _bias = AlignedBuffer.Allocate(padded);
        bias.CopyTo(_bias.Span);
    }

    private PackedMatrix(PackedMatrix whole, int firstRow, int rows)
    {
        _panels = whole._panels;
        _bias = whole._bias;
        _firstRow = whole._firstRow + firstRow;
        _storedRows = whole._storedRows;
        Rows = rows;
        Columns = whole.Columns;
        Width = whole.Width;
        Lanes = whole.Lanes;
    }

    /// <summary>K, the length of the sums.</summary>
    public int Rows { get; }

    /// <summary>N, the columns of the product.</summary>
    public int Columns { get; }

    /// <summary>The lane width that it is packed for.</summary>
    public LaneWidth Width { get; }

    /// <summary>Values in a vector of that width.</summary>
    public int Lanes { get; }

    /// <summary>The biases, one for each column, then zeros up to a whole vector.</summary>
    public float* Bias => _bias.Pointer;

    /// <summary>The panel that starts with column <paramref name="firstColumn"/>, a multiple of 2 · <see cref="Lanes"/>.</summary>
    public float* Panel(int firstColumn)
    {
        int padded = (Columns + Lanes - 1) / Lanes * Lanes;
        return _panels.Pointer + ((nint)firstColumn * _storedRows) + (_firstRow * Math.Min(2 * Lanes, padded - firstColumn));
    }

    /// <summary>Some of the rows, in the same memory and with the same biases: the taps of a convolution that do not fall on padding.</summary>
    public PackedMatrix Slice(int firstRow, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows - firstRow);
        return new PackedMatrix(this, firstRow, rows);
    }

    /// <summary>Places 0, step, 2 · step, …</summary>
    public static int[] Places(int count, int step)
    {
        var places = new int[count];
        for (int i = 0; i < count; i++)
        {
            places[i] = i * step;
        }

        return places;
    }

    /// <summary>Places from a function.</summary>
    public static int[] Places(int count, Func<int, int> place)
    {
        var places = new int[count];
        for (int i = 0; i < count; i++)
        {
            places[i] = place(i);
        }

        return places;
    }

    /// <summary>The width of the panel that starts with column <paramref name="firstColumn"/>.</summary>
    public int PanelWidth(int firstColumn) => Math.Min(2 * Lanes, ((Columns + Lanes - 1) / Lanes * Lanes) - firstColumn);

    private static int Greatest(ReadOnlySpan<int> places)
    {
        int greatest = 0;
        foreach (int place in places)
        {
            greatest = Math.Max(greatest, place);
        }

        return greatest;
    }

    /// <summary>Fills a panel, some rows at a time and of these column after column: what is written to stays in the first-level cache, and what is read mostly follows on itself.</summary>
    private void PackPanel(float* source, int* rows, int* columns, int first)
    {
        const int rowsAtOnce = 64;
        int width = PanelWidth(first), used = Math.Min(width, Columns - first);
        float* panel = Panel(first);
        for (int firstRow = 0; firstRow < Rows; firstRow += rowsAtOnce)
        {
            int endRow = Math.Min(Rows, firstRow + rowsAtOnce);
            for (int n = 0; n < used; n++)
            {
                if (columns[n] < 0)
                {
                    continue;
                }

                float* column = source + columns[n], place = panel + ((nint)firstRow * width) + n;
                for (int k = firstRow; k < endRow; k++, place += width)
                {
                    if (rows[k] >= 0)
                    {
                        *place = column[rows[k]];
                    }
                }
            }
        }
    }

    private void Pack(int k, ReadOnlySpan<float> row)
    {
        int padded = (Columns + Lanes - 1) / Lanes * Lanes;
        for (int first = 0; first < Columns; first += 2 * Lanes)
        {
            int panelWidth = Math.Min(2 * Lanes, padded - first);
            int used = Math.Min(panelWidth, Columns - first);
            row.Slice(first, used).CopyTo(new Span<float>(Panel(first) + ((nint)k * panelWidth), used));
        }
    }
}
