using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Matrix products: C = act(A · B + bias [+ addend]), row-major float32, single-threaded. The convolutions, projections
/// and recurrences of all networks run through here (<see cref="LeftMatrix"/> says how a convolution becomes a product).
/// Reads and writes only what belongs to A, B and C, for any sizes.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>The slope of no activation: max(x, 1 · x) = x.</summary>
    public const float Linear = 1f;

    /// <summary>The slope of ReLU.</summary>
    public const float Relu = 0f;

    /// <summary>The slope of pyannote's LeakyReLU.</summary>
    public const float LeakyRelu = 0.01f;

    /// <summary>Tiles of left rows that pass along each panel in turn: few enough for them to stay in the second-level cache, enough to use a panel well.</summary>
    private const int TilesPerBlock = 8;

    /// <summary>
    /// Products that a sum takes in one go, about: longer sums are made of shorter ones, which rounds less (a product of 400
    /// terms is then as exact as one of 100) and costs one more pass over the tile.
    /// </summary>
    private const int ChunkLength = 128;

    /// <summary>Computes the product.</summary>
    /// <param name="a">A: M rows; its row length must be B's rows K.</param>
    /// <param name="b">B with its bias.</param>
    /// <param name="c">C: M rows of b.Columns values.</param>
    /// <param name="resultStride">Values from one row of C to the next.</param>
    /// <param name="negativeSlope">act(x) = max(x, slope · x).</param>
    public static void Multiply(in LeftMatrix a, PackedMatrix b, float* c, int resultStride, float negativeSlope = Linear) =>
        MultiplyAdd(a, b, null, 0, c, resultStride, negativeSlope);

    /// <summary>Computes the product on top of a matrix of C's shape, which may be C itself.</summary>
    /// <param name="a">A: M rows; its row length must be B's rows K.</param>
    /// <param name="b">B with its bias.</param>
    /// <param name="addend">What is added before the activation, or null.</param>
    /// <param name="addendStride">Values from one row of the addend to the next.</param>
    /// <param name="c">C: M rows of b.Columns values.</param>
    /// <param name="resultStride">Values from one row of C to the next.</param>
    /// <param name="negativeSlope">act(x) = max(x, slope · x).</param>
    public static void MultiplyAdd(
        in LeftMatrix a, PackedMatrix b, float* addend, int addendStride, float* c, int resultStride, float negativeSlope = Linear)
    {
        if (a.Segments * a.SegmentLength != b.Rows)
        {
            throw new ArgumentException($"Rows of {a.Segments} × {a.SegmentLength} values do not fit a matrix of {b.Rows} rows.", nameof(a));
        }

        TileShape shape = new(a.RowStride, a.Segments, a.SegmentLength, a.SegmentStride, addendStride, resultStride, negativeSlope);
        b.Width.Run(new Product(a, b, addend, c, &shape));
        GC.KeepAlive(b);
    }

    /// <summary>
    /// Computes up to two vectors of columns of a product, from a panel that the caller has filled: a matrix that exists only for
    /// a moment needs no <see cref="PackedMatrix"/>.
    /// </summary>
    /// <param name="a">A: M rows.</param>
    /// <param name="panel">For each k, the columns' values, padded to one vector where they fit one, else to two.</param>
    /// <param name="columns">Columns of the panel, up to 2 · V.Count.</param>
    /// <param name="bias">As wide as the panel, or null.</param>
    /// <param name="addend">What else is added, with C's stride, or null; may be C itself.</param>
    /// <param name="c">C's first row at the first of the columns.</param>
    /// <param name="resultStride">Values from one row of C to the next.</param>
    public static void MultiplyPanel<V>(in LeftMatrix a, float* panel, int columns, float* bias, float* addend, float* c, int resultStride)
        where V : unmanaged, ILanes<V>
    {
        TileShape shape = new(a.RowStride, a.Segments, a.SegmentLength, a.SegmentStride, resultStride, resultStride, Linear);
        int tiles = (a.Rows + V.TileRows - 1) / V.TileRows;
        RunPanel<V>(a, 0, tiles, tiles, panel, columns, bias, addend, c, &shape);
    }

    private readonly struct Product(LeftMatrix a, PackedMatrix b, float* addend, float* c, TileShape* shape) : ILaneOperation
    {
        public void Run<V>()
            where V : unmanaged, ILanes<V> => Gemm.Run<V>(a, b, addend, c, shape);
    }

    private static void Run<V>(in LeftMatrix a, PackedMatrix b, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
    {
        int tiles = (a.Rows + V.TileRows - 1) / V.TileRows;
        for (int firstTile = 0; firstTile < tiles; firstTile += TilesPerBlock)
        {
            int endTile = Math.Min(tiles, firstTile + TilesPerBlock);
            for (int column = 0; column < b.Columns; column += 2 * V.Count)
            {
                int columns = Math.Min(2 * V.Count, b.Columns - column);
                RunPanel<V>(a, firstTile, endTile, tiles, b.Panel(column), columns, b.Bias + column, addend == null ? null : addend + column, c + column, shape);
            }
        }
    }

    /// <summary>Passes some tiles of the left rows along one panel.</summary>
    /// <param name="a">A.</param>
    /// <param name="firstTile">The first tile.</param>
    /// <param name="endTile">The tile after the last one.</param>
    /// <param name="tiles">The tiles that all rows are dealt out to.</param>
    /// <param name="panel">The panel: for each k, one vector or two.</param>
    /// <param name="columns">Columns of the panel that are used, up to two vectors.</param>
    /// <param name="bias">A whole vector or two, or null.</param>
    /// <param name="addend">The addend's first row at the panel's first column, or null.</param>
    /// <param name="c">C's first row at the panel's first column.</param>
    /// <param name="shape">Strides and counts.</param>
    private static void RunPanel<V>(
        in LeftMatrix a, int firstTile, int endTile, int tiles, float* panel, int columns, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
    {
        if (columns == 2 * V.Count)
        {
            Tiles<V, N2>(a.Data, a.Rows, firstTile, endTile, tiles, panel, bias, addend, c, shape);
            return;
        }

        var dealt = new DealtRows(a.Rows, tiles);
        for (int tile = firstTile; tile < endTile; tile++)
        {
            (int row, int rows) = dealt[tile];
            Edge<V>(rows, columns, a.Data + (row * shape->RowStride), panel, bias, addend == null ? null : addend + (row * shape->AddendStride), c + (row * shape->ResultStride), shape);
        }
    }

    /// <summary>Rows are dealt out evenly to tiles (13 rows as 7 + 6, not 12 + 1): a thin tile waits for its own sums.</summary>
    private readonly struct DealtRows
    {
        private readonly int _each;
        private readonly int _more;

        public DealtRows(int rows, int tiles) => (_each, _more) = Math.DivRem(rows, tiles);

        public (int First, int Count) this[int tile] => ((tile * _each) + Math.Min(tile, _more), tile < _more ? _each + 1 : _each);
    }

    /// <summary>The last panel, when it is not two full vectors wide: what would reach beyond C goes through a buffer.</summary>
    [SkipLocalsInit]
    private static void Edge<V>(int rows, int columns, float* a, float* panel, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
    {
        if (columns == V.Count)
        {
            Tiles<V, N1>(a, rows, 0, 1, 1, panel, bias, addend, c, shape);
            return;
        }

        int width = columns < V.Count ? V.Count : 2 * V.Count;
        float* tile = stackalloc float[12 * 2 * 16];
        if (addend != null)
        {
            new Span<float>(tile, rows * width).Clear();
            Copy(addend, shape->AddendStride, tile, width, rows, columns);
        }

        TileShape edge = *shape with { AddendStride = width, ResultStride = width };
        float* start = addend == null ? null : tile;
        if (columns < V.Count)
        {
            Tiles<V, N1>(a, rows, 0, 1, 1, panel, bias, start, tile, &edge);
        }
        else
        {
            Tiles<V, N2>(a, rows, 0, 1, 1, panel, bias, start, tile, &edge);
        }

        Copy(tile, width, c, shape->ResultStride, rows, columns);
    }

    private static void Copy(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            new ReadOnlySpan<float>(source + (row * sourceStride), columns).CopyTo(new Span<float>(destination + (row * destinationStride), columns));
        }
    }

    /// <summary>
    /// Computes tiles chunk by chunk (whole segments, or equal parts of a single one): a chunk of the panel stays in the first-level cache
    /// for all tiles. Each value takes its chunks in the same order however many tiles there are.
    /// </summary>
    private static void Tiles<V, TVectors>(float* a, int allRows, int firstTile, int endTile, int tiles, float* panel, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
        where TVectors : unmanaged, ICount
    {
        var dealt = new DealtRows(allRows, tiles);
        if (shape->Segments * shape->SegmentLength <= ChunkLength)
        {
            // Most products, and short ones: what the chunks need would take a noticeable part of their time.
            Pass<V, TVectors>(a, dealt, firstTile, endTile, panel, shape->Segments * shape->SegmentLength, bias, addend, c, shape);
            return;
        }

        int units = shape->Segments > 1 ? shape->Segments : shape->SegmentLength;
        int unitLength = shape->Segments > 1 ? shape->SegmentLength : 1;
        nint unitStride = shape->Segments > 1 ? shape->SegmentStride : 1;
        int chunks = Math.Min(((units * unitLength) + ChunkLength - 1) / ChunkLength, units);
        TileShape chunk = *shape;
        for (int i = 0, first = 0; i < chunks; i++)
        {
            int end = (int)((long)(i + 1) * units / chunks), count = end - first;
            chunk = chunk with
            {
                Segments = shape->Segments > 1 ? count : 1,
                SegmentLength = shape->Segments > 1 ? unitLength : count,
                NegativeSlope = end == units ? shape->NegativeSlope : Linear,
            };
            float* part = panel + ((nint)first * unitLength * sizeof(TVectors) * V.Count);
            Pass<V, TVectors>(a + (first * unitStride), dealt, firstTile, endTile, part, count * unitLength, bias, addend, c, &chunk);
            first = end;
            bias = null;
            addend = c;
            chunk = chunk with { AddendStride = shape->ResultStride };
        }
    }

    /// <summary>Passes tiles along a panel's chunk of <paramref name="length"/> rows.</summary>
    private static void Pass<V, TVectors>(float* a, DealtRows dealt, int firstTile, int endTile, float* panel, nint length, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
        where TVectors : unmanaged, ICount
    {
        length *= sizeof(TVectors) * V.Count;
        nint share = endTile - firstTile >= TilesPerBlock ? (length / (endTile - firstTile)) + 1 : 0;
        float* next = panel + length;
        for (int tile = firstTile; tile < endTile; tile++)
        {
            (int row, int rows) = dealt[tile];
            Chunk<V, TVectors>(
                rows, a + (row * shape->RowStride), panel, bias, addend == null ? null : addend + (row * shape->AddendStride), c + (row * shape->ResultStride), shape);
            Prefetch(next, share);
            next += share;
        }
    }

    /// <summary>Asks for values of the next chunk or panel, so that its first tile does not wait for memory. Beyond a matrix's end this does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(float* values, nint count)
    {
        for (nint i = 0; Sse.IsSupported && i < count; i += 16)
        {
            Sse.Prefetch1(values + i);
        }
    }

    /// <summary>Runs the tile of the given number of rows.</summary>
    private static void Chunk<V, TVectors>(int rows, float* a, float* panel, float* bias, float* addend, float* c, TileShape* shape)
        where V : unmanaged, ILanes<V>
        where TVectors : unmanaged, ICount
    {
        switch (rows)
        {
            case 1: GemmTile.Run<V, N1, TVectors>(a, panel, bias, addend, c, shape); break;
            case 2: GemmTile.Run<V, N2, TVectors>(a, panel, bias, addend, c, shape); break;
            case 3: GemmTile.Run<V, N3, TVectors>(a, panel, bias, addend, c, shape); break;
            case 4: GemmTile.Run<V, N4, TVectors>(a, panel, bias, addend, c, shape); break;
            case 5: GemmTile.Run<V, N5, TVectors>(a, panel, bias, addend, c, shape); break;
            case 6: GemmTile.Run<V, N6, TVectors>(a, panel, bias, addend, c, shape); break;
            case 7: GemmTile.Run<V, N7, TVectors>(a, panel, bias, addend, c, shape); break;
            case 8: GemmTile.Run<V, N8, TVectors>(a, panel, bias, addend, c, shape); break;
            case 9: GemmTile.Run<V, N9, TVectors>(a, panel, bias, addend, c, shape); break;
            case 10: GemmTile.Run<V, N10, TVectors>(a, panel, bias, addend, c, shape); break;
            case 11: GemmTile.Run<V, N11, TVectors>(a, panel, bias, addend, c, shape); break;
            default: GemmTile.Run<V, N12, TVectors>(a, panel, bias, addend, c, shape); break;
        }
    }
}
