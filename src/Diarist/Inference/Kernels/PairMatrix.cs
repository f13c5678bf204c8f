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
    private readonly short* _first;

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

    private PairMatrix(int rows, int columns, IntegerInstructions instructions, AlignedBuffer? shared = null, int index = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows % 2, 0, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns % 32, 0, nameof(columns));
        (Rows, Columns, Instructions) = (rows, columns, instructions);
        PanelColumns = 2 * instructions.Sums();
        _pairs = shared ?? AlignedBuffer.AllocateUnset(rows * columns / 2);
        _first = (short*)_pairs.Pointer + ((nint)index * rows * columns);
    }

    /// <summary>Matrices of one shape in one piece of memory. They hold anything until all of their columns are filled with <see cref="Pack"/>.</summary>
    /// <param name="count">The number of matrices.</param>
    /// <param name="rows">K, an even number.</param>
    /// <param name="columns">N, a multiple of 32.</param>
    /// <param name="instructions">The instructions that will run.</param>
    public static PairMatrix[] Several(int count, int rows, int columns, IntegerInstructions instructions)
    {
        AlignedBuffer shared = AlignedBuffer.AllocateUnset(checked(count * (rows * columns / 2)));
        var matrices = new PairMatrix[count];
        for (int i = 0; i < count; i++)
        {
            matrices[i] = new PairMatrix(rows, columns, instructions, shared, i);
        }

        return matrices;
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
    public short* Panel(int firstColumn) => _first + ((nint)firstColumn * Rows);

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

    /// <summary>Fills some of the columns with values times their column's factor, rounded to integers, halves to even.</summary>
    /// <param name="firstColumn">The first of them, a multiple of 32.</param>
    /// <param name="columns">Their number, a multiple of 32.</param>
    /// <param name="values">Shape (<see cref="Rows"/>, <paramref name="columns"/>); the products must fit 16 bits.</param>
    /// <param name="factors">Shape (<paramref name="columns"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackRounded(int firstColumn, int columns, float* values, float* factors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstColumn + columns, Columns, nameof(columns));
        for (int column = 0; column < columns; column += PanelColumns)
        {
            int* packed = (int*)Panel(firstColumn + column);
            float* factor = factors + column;
            for (int row = 0; row < Rows; row += 2)
            {
                float* even = values + ((nint)row * columns) + column;
                int i = 0;
                for (; i <= PanelColumns - Vector<int>.Count; i += Vector<int>.Count, packed += Vector<int>.Count)
                {
                    Vector<float> by = Vector.Load(factor + i);
                    Vector<int> low = Vector.ConvertToInt32Native(Vector.Round(Vector.Load(even + i) * by));
                    Vector<int> high = Vector.ConvertToInt32Native(Vector.Round(Vector.Load(even + columns + i) * by));
                    Vector.Store((low & Vector.Create((int)ushort.MaxValue)) | (high << 16), packed);
                }

                for (; i < PanelColumns; i++)
                {
                    *packed++ = (ushort)(short)MathF.Round(even[i] * factor[i]) | ((int)MathF.Round(even[columns + i] * factor[i]) << 16);
                }
            }
        }
    }
}
