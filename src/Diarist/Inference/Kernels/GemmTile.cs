using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>What stays the same for all tiles of a product.</summary>
/// <param name="RowStride">Values from one row of the left operand to the next.</param>
/// <param name="Segments">Contiguous pieces of a left row.</param>
/// <param name="SegmentLength">Values in a piece.</param>
/// <param name="SegmentStride">Values from one piece to the next.</param>
/// <param name="AddendStride">Values from one row of the addend to the next.</param>
/// <param name="ResultStride">Values from one row of the result to the next.</param>
/// <param name="NegativeSlope">The result is max(x, slope · x).</param>
internal readonly record struct TileShape(
    nint RowStride, int Segments, int SegmentLength, nint SegmentStride, nint AddendStride, nint ResultStride, float NegativeSlope);

/// <summary>
/// The micro-kernel of every product: a tile of up to 12 rows × 2 vectors whose sums stay in registers while it walks
/// once along a panel. For each k it loads the panel's two vectors and, for each row r, broadcasts a[r, k] and does
/// two multiply-adds. Each sum takes its products in the order of k, then the bias, then the addend, so a value does not
/// depend on the tile it was computed in, and not on the lane width either where the processor has FMA.
/// </summary>
/// <remarks>
/// Twelve rows and two vectors are written out; the numbers of rows and vectors are constants to the compiler, which
/// drops the others. 24 sums + 2 panel vectors + 1 broadcast fill 27 of 32 registers; with 16 registers the driver
/// asks for 6 rows (15 of 16).
/// </remarks>
internal static unsafe class GemmTile
{
    /// <summary>Computes one tile.</summary>
    /// <typeparam name="V">The vector.</typeparam>
    /// <typeparam name="TRows">Rows of the tile, 1 to 12.</typeparam>
    /// <typeparam name="TVectors">Vectors across, 1 or 2; also the width of the panel.</typeparam>
    /// <param name="a">The first value of the tile's first left row.</param>
    /// <param name="panel">The panel of the right operand, rows of TVectors vectors.</param>
    /// <param name="bias">TVectors vectors, or null.</param>
    /// <param name="addend">What else is added, (TRows, TVectors vectors), or null.</param>
    /// <param name="c">The first value of the tile's result.</param>
    /// <param name="shape">Strides and counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, TRows, TVectors>(float* a, float* panel, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
        where TRows : unmanaged, ICount
        where TVectors : unmanaged, ICount
    {
        nint row = shape->RowStride;
        V l0 = V.Zero, l1 = V.Zero, l2 = V.Zero, l3 = V.Zero, l4 = V.Zero, l5 = V.Zero;
        V l6 = V.Zero, l7 = V.Zero, l8 = V.Zero, l9 = V.Zero, l10 = V.Zero, l11 = V.Zero;
        V r0 = V.Zero, r1 = V.Zero, r2 = V.Zero, r3 = V.Zero, r4 = V.Zero, r5 = V.Zero;
        V r6 = V.Zero, r7 = V.Zero, r8 = V.Zero, r9 = V.Zero, r10 = V.Zero, r11 = V.Zero;

        // Four row pointers reach all rows by adding 0, 1 or 2 strides, which the processor's addressing does for nothing.
        nint skip = shape->SegmentStride - shape->SegmentLength;
        float* a0 = a, a3 = a + (3 * row), a6 = a + (6 * row), a9 = a + (9 * row);
        for (int segment = shape->Segments; segment > 0; segment--)
        {
            for (int k = shape->SegmentLength; k > 0; k--)
            {
                V b0 = V.Load(panel);
                V b1 = sizeof(TVectors) > 1 ? V.Load(panel + V.Count) : V.Zero;
                panel += sizeof(TVectors) * V.Count;
                Multiply<V, TRows, TVectors>(0, a0, b0, b1, ref l0, ref r0);
                Multiply<V, TRows, TVectors>(1, a0 + row, b0, b1, ref l1, ref r1);
                Multiply<V, TRows, TVectors>(2, a0 + (2 * row), b0, b1, ref l2, ref r2);
                if (sizeof(TRows) > 3)
                {
                    Multiply<V, TRows, TVectors>(3, a3, b0, b1, ref l3, ref r3);
                    Multiply<V, TRows, TVectors>(4, a3 + row, b0, b1, ref l4, ref r4);
                    Multiply<V, TRows, TVectors>(5, a3 + (2 * row), b0, b1, ref l5, ref r5);
                }

                if (sizeof(TRows) > 6)
                {
                    Multiply<V, TRows, TVectors>(6, a6, b0, b1, ref l6, ref r6);
                    Multiply<V, TRows, TVectors>(7, a6 + row, b0, b1, ref l7, ref r7);
                    Multiply<V, TRows, TVectors>(8, a6 + (2 * row), b0, b1, ref l8, ref r8);
                }

                if (sizeof(TRows) > 9)
                {
                    Multiply<V, TRows, TVectors>(9, a9, b0, b1, ref l9, ref r9);
                    Multiply<V, TRows, TVectors>(10, a9 + row, b0, b1, ref l10, ref r10);
                    Multiply<V, TRows, TVectors>(11, a9 + (2 * row), b0, b1, ref l11, ref r11);
                }

                a0++;
                a3++;
                a6++;
                a9++;
            }

            a0 += skip;
            a3 += skip;
            a6 += skip;
            a9 += skip;
        }

        if (bias != null)
        {
            V left = V.Load(bias), right = sizeof(TVectors) > 1 ? V.Load(bias + V.Count) : V.Zero;
            Add<V, TRows, TVectors>(0, left, right, ref l0, ref r0);
            Add<V, TRows, TVectors>(1, left, right, ref l1, ref r1);
            Add<V, TRows, TVectors>(2, left, right, ref l2, ref r2);
            if (sizeof(TRows) > 3)
            {
                Add<V, TRows, TVectors>(3, left, right, ref l3, ref r3);
                Add<V, TRows, TVectors>(4, left, right, ref l4, ref r4);
                Add<V, TRows, TVectors>(5, left, right, ref l5, ref r5);
            }

            if (sizeof(TRows) > 6)
            {
                Add<V, TRows, TVectors>(6, left, right, ref l6, ref r6);
                Add<V, TRows, TVectors>(7, left, right, ref l7, ref r7);
                Add<V, TRows, TVectors>(8, left, right, ref l8, ref r8);
            }

            if (sizeof(TRows) > 9)
            {
                Add<V, TRows, TVectors>(9, left, right, ref l9, ref r9);
                Add<V, TRows, TVectors>(10, left, right, ref l10, ref r10);
                Add<V, TRows, TVectors>(11, left, right, ref l11, ref r11);
            }

        }

        if (addend != null)
        {
            nint stride = shape->AddendStride;
            AddRow<V, TRows, TVectors>(0, addend + (0 * stride), ref l0, ref r0);
            AddRow<V, TRows, TVectors>(1, addend + (1 * stride), ref l1, ref r1);
            AddRow<V, TRows, TVectors>(2, addend + (2 * stride), ref l2, ref r2);
            if (sizeof(TRows) > 3)
            {
                AddRow<V, TRows, TVectors>(3, addend + (3 * stride), ref l3, ref r3);
                AddRow<V, TRows, TVectors>(4, addend + (4 * stride), ref l4, ref r4);
                AddRow<V, TRows, TVectors>(5, addend + (5 * stride), ref l5, ref r5);
            }

            if (sizeof(TRows) > 6)
            {
                AddRow<V, TRows, TVectors>(6, addend + (6 * stride), ref l6, ref r6);
                AddRow<V, TRows, TVectors>(7, addend + (7 * stride), ref l7, ref r7);
                AddRow<V, TRows, TVectors>(8, addend + (8 * stride), ref l8, ref r8);
            }

            if (sizeof(TRows) > 9)
            {
                AddRow<V, TRows, TVectors>(9, addend + (9 * stride), ref l9, ref r9);
                AddRow<V, TRows, TVectors>(10, addend + (10 * stride), ref l10, ref r10);
                AddRow<V, TRows, TVectors>(11, addend + (11 * stride), ref l11, ref r11);
            }

        }

        nint result = shape->ResultStride;
        Store<V, TRows, TVectors>(0, l0, r0, c + (0 * result));
        Store<V, TRows, TVectors>(1, l1, r1, c + (1 * result));
        Store<V, TRows, TVectors>(2, l2, r2, c + (2 * result));
        if (sizeof(TRows) > 3)
        {
            Store<V, TRows, TVectors>(3, l3, r3, c + (3 * result));
            Store<V, TRows, TVectors>(4, l4, r4, c + (4 * result));
            Store<V, TRows, TVectors>(5, l5, r5, c + (5 * result));
        }

        if (sizeof(TRows) > 6)
        {
            Store<V, TRows, TVectors>(6, l6, r6, c + (6 * result));
            Store<V, TRows, TVectors>(7, l7, r7, c + (7 * result));
            Store<V, TRows, TVectors>(8, l8, r8, c + (8 * result));
        }

        if (sizeof(TRows) > 9)
        {
            Store<V, TRows, TVectors>(9, l9, r9, c + (9 * result));
            Store<V, TRows, TVectors>(10, l10, r10, c + (10 * result));
            Store<V, TRows, TVectors>(11, l11, r11, c + (11 * result));
        }

        // Few products end with an activation. Written out for each row, it would be a quarter of what is compiled at each start.
        if (shape->NegativeSlope != Gemm.Linear)
        {
            V slope = V.Broadcast(shape->NegativeSlope);
            for (int line = 0; line < sizeof(TRows); line++)
            {
                for (int column = 0; column < sizeof(TVectors) * V.Count; column += V.Count)
                {
                    float* place = c + (line * result) + column;
                    V value = V.Load(place);
                    V.Store(V.Max(value, value * slope), place);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, TRows, TVectors>(int row, V addLeft, V addRight, ref V left, ref V right)
        where V : unmanaged, ILanes<V>
        where TRows : unmanaged, ICount
        where TVectors : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            left += addLeft;
            if (sizeof(TVectors) > 1)
            {
                right += addRight;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<V, TRows, TVectors>(int row, float* addend, ref V left, ref V right)
        where V : unmanaged, ILanes<V>
        where TRows : unmanaged, ICount
        where TVectors : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            left += V.Load(addend);
            if (sizeof(TVectors) > 1)
            {
                right += V.Load(addend + V.Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<V, TRows, TVectors>(int row, float* a, V b0, V b1, ref V left, ref V right)
        where V : unmanaged, ILanes<V>
        where TRows : unmanaged, ICount
        where TVectors : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            V x = V.Broadcast(*a);
            V.AddProduct(x, b0, ref left);
            if (sizeof(TVectors) > 1)
            {
                V.AddProduct(x, b1, ref right);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TRows, TVectors>(int row, V left, V right, float* c)
        where V : unmanaged, ILanes<V>
        where TRows : unmanaged, ICount
        where TVectors : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            V.Store(left, c);
            if (sizeof(TVectors) > 1)
            {
                V.Store(right, c + V.Count);
            }
        }
    }
}
