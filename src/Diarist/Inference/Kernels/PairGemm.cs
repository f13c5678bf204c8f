using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>The left operand of an integer product; as in <see cref="LeftMatrix"/>, a row may be gathered from several contiguous segments.</summary>
/// <param name="data">Element (0, 0).</param>
/// <param name="rows">Rows, a multiple of <see cref="PairGemm.TileRows"/>.</param>
/// <param name="rowStride">Values from one row to the next.</param>
/// <param name="segments">Contiguous pieces of a row.</param>
/// <param name="segmentLength">Values in each piece, an even number.</param>
/// <param name="segmentStride">Values from one piece to the next.</param>
internal readonly unsafe struct ShortMatrix(short* data, int rows, nint rowStride, int segments, int segmentLength, nint segmentStride)
{
    public readonly short* Data = data;
    public readonly int Rows = rows;
    public readonly nint RowStride = rowStride;
    public readonly int Segments = segments;
    public readonly int SegmentLength = segmentLength;
    public readonly nint SegmentStride = segmentStride;
}

/// <summary>
/// Matrix products of 16-bit integers with 32-bit sums: C = A · B. The caller sees to it that no sum can overflow, so
/// results are exact and the same with all instructions.
/// </summary>
internal static unsafe class PairGemm
{
    /// <summary>Rows of a tile: with two vectors across 12 sums, which keep both multipliers busy and fit 16 registers.</summary>
    public const int TileRows = 6;

    /// <summary>Computes the product.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, (a.Rows, b.Columns), contiguous.</param>
    public static void Multiply(in ShortMatrix a, PairMatrix b, int* c)
    {
        if (a.Segments * a.SegmentLength != b.Rows || a.SegmentLength % 2 != 0 || a.Rows % TileRows != 0)
        {
            throw new ArgumentException($"{a.Rows} rows of {a.Segments} × {a.SegmentLength} values do not fit a matrix of {b.Rows} rows.", nameof(a));
        }

        b.Instructions.Run(new Product(a, b, c));
    }

    private readonly struct Product(ShortMatrix a, PairMatrix b, int* c) : IPairOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, IPairLanes<V>
        {
            for (int column = 0; column < b.Columns; column += 2 * V.Count)
            {
                short* panel = b.Panel(column);
                for (int row = 0; row < a.Rows; row += TileRows)
                {
                    Tile<V>(a.Data + (row * a.RowStride), a, panel, c + ((nint)row * b.Columns) + column, b.Columns);
                }
            }

            GC.KeepAlive(b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<V>(short* left, in ShortMatrix a, short* panel, int* c, nint columns)
        where V : unmanaged, IPairLanes<V>
    {
        nint row = a.RowStride, skip = a.SegmentStride - a.SegmentLength;
        short* a0 = left, a3 = left + (3 * row);
        int pairs = a.SegmentLength / 2;
        V l0 = V.Zero, l1 = V.Zero, l2 = V.Zero, l3 = V.Zero, l4 = V.Zero, l5 = V.Zero;
        V r0 = V.Zero, r1 = V.Zero, r2 = V.Zero, r3 = V.Zero, r4 = V.Zero, r5 = V.Zero;
        for (int segment = a.Segments; segment > 0; segment--)
        {
            for (int pair = pairs; pair > 0; pair--)
            {
                V b0 = V.LoadPairs(panel), b1 = V.LoadPairs(panel + (2 * V.Count));
                panel += 4 * V.Count;
                V x = V.BroadcastPair(a0);
                l0 = V.MultiplyAdd(l0, x, b0);
                r0 = V.MultiplyAdd(r0, x, b1);
                x = V.BroadcastPair(a0 + row);
                l1 = V.MultiplyAdd(l1, x, b0);
                r1 = V.MultiplyAdd(r1, x, b1);
                x = V.BroadcastPair(a0 + (2 * row));
                l2 = V.MultiplyAdd(l2, x, b0);
                r2 = V.MultiplyAdd(r2, x, b1);
                x = V.BroadcastPair(a3);
                l3 = V.MultiplyAdd(l3, x, b0);
                r3 = V.MultiplyAdd(r3, x, b1);
                x = V.BroadcastPair(a3 + row);
                l4 = V.MultiplyAdd(l4, x, b0);
                r4 = V.MultiplyAdd(r4, x, b1);
                x = V.BroadcastPair(a3 + (2 * row));
                l5 = V.MultiplyAdd(l5, x, b0);
                r5 = V.MultiplyAdd(r5, x, b1);
                a0 += 2;
                a3 += 2;
            }

            a0 += skip;
            a3 += skip;
        }

        Store(c, l0, r0);
        Store(c + columns, l1, r1);
        Store(c + (2 * columns), l2, r2);
        Store(c + (3 * columns), l3, r3);
        Store(c + (4 * columns), l4, r4);
        Store(c + (5 * columns), l5, r5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V>(int* c, V left, V right)
        where V : unmanaged, IPairLanes<V>
    {
        V.Store(left, c);
        V.Store(right, c + V.Count);
    }
}
