namespace Diarist.Inference.Kernels;

/// <summary>
/// The right operand of an integer product, (rows K × columns N) of 16-bit integers, rearranged once for the tiles of a set of
/// instructions: columns are cut into panels of two vectors of sums, and a panel holds, pair of rows after pair of rows, the
/// two integers of each column side by side.
/// </summary>
internal sealed unsafe class PairMatrix
{
    private readonly AlignedBuffer _pairs;

    /// <summary>Packs a row-major matrix.</summary>
    /// <param name="rows">K, an even number.</param>
    /// <param name="columns">N, a multiple of 32.</param>
    /// <param name="values">Shape (rows, columns).</param>
    /// <param name="instructions">The instructions that will run.</param>
    public PairMatrix(int rows, int columns, ReadOnlySpan<short> values, IntegerInstructions instructions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows % 2, 0, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % 32, 0, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, rows * columns, nameof(values));
        (Rows, Columns, Instructions) = (rows, columns, instructions);
        PanelColumns = 2 * instructions.Sums();
        _pairs = AlignedBuffer.Allocate(rows * columns / 2);
        short* packed = (short*)_pairs.Pointer;
        for (int column = 0; column < columns; column += PanelColumns)
        {
            for (int row = 0; row < rows; row += 2)
            {
                for (int i = 0; i < PanelColumns; i++)
                {
                    *packed++ = values[(row * columns) + column + i];
                    *packed++ = values[((row + 1) * columns) + column + i];
                }
            }
        }
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>The instructions that it is packed for.</summary>
    public IntegerInstructions Instructions { get; }

    /// <summary>Columns of a panel.</summary>
    public int PanelColumns { get; }

    /// <summary>The panel that starts with a column, a multiple of <see cref="PanelColumns"/>.</summary>
    public short* Panel(int firstColumn) => (short*)_pairs.Pointer + ((nint)firstColumn * Rows);
}
