using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        : this(rows, columns, instructions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, rows * columns, nameof(values));
        Pack(0, columns, values);
    }

    /// <summary>A matrix of zeros, to be filled with <see cref="Pack"/>.</summary>
    /// <param name="rows">K, an even number.</param>
    /// <param name="columns">N, a multiple of 32.</param>
    /// <param name="instructions">The instructions that will run.</param>
    public PairMatrix(int rows, int columns, IntegerInstructions instructions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows % 2, 0, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % 32, 0, nameof(columns));
        (Rows, Columns, Instructions) = (rows, columns, instructions);
        PanelColumns = 2 * instructions.Sums();
        _pairs = AlignedBuffer.Allocate(rows * columns / 2);
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

    /// <summary>Fills some of the columns.</summary>
    /// <param name="firstColumn">The first of them, a multiple of 32.</param>
    /// <param name="columns">Their number, a multiple of 32.</param>
    /// <param name="values">Shape (<see cref="Rows"/>, <paramref name="columns"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(int firstColumn, int columns, ReadOnlySpan<short> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + columns, Columns, nameof(columns));
        fixed (ushort* source = MemoryMarshal.Cast<short, ushort>(values[..(Rows * columns)]))
        {
            for (int column = 0; column < columns; column += PanelColumns)
            {
                uint* packed = (uint*)Panel(firstColumn + column);
                for (int row = 0; row < Rows; row += 2)
                {
                    ushort* even = source + ((nint)row * columns) + column;
                    int i = 0;
                    for (; i <= PanelColumns - Vector<ushort>.Count; i += Vector<ushort>.Count, packed += Vector<ushort>.Count)
                    {
                        Vector.Widen(Vector.Load(even + i), out Vector<uint> evenLow, out Vector<uint> evenHigh);
                        Vector.Widen(Vector.Load(even + columns + i), out Vector<uint> oddLow, out Vector<uint> oddHigh);
                        Vector.Store(evenLow | (oddLow << 16), packed);
                        Vector.Store(evenHigh | (oddHigh << 16), packed + Vector<uint>.Count);
                    }

                    for (; i < PanelColumns; i++)
                    {
                        *packed++ = even[i] | ((uint)even[columns + i] << 16);
                    }
                }
            }
        }
    }
}
