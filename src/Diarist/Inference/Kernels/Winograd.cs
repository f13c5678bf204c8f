using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// 3×3 convolutions of stride 1 by Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray 2016): the map is cut into
/// tiles of 6×6 that overlap by 2; each is transformed (Bᵀ·d·B), multiplied position by position with the transformed
/// weights, summed over the input channels as 36 matrix products over many tiles, and transformed back (Aᵀ·m·A) into 4×4 outputs.
/// </summary>
internal static unsafe class Winograd
{
    /// <summary>Values between the 36 planes of scratch memory besides their own, so that planes are no multiple of 4 KiB apart.</summary>
    private const int PlanePadding = 16;

    /// <summary>Computes a layer: y = max(v, slope · v) with v = conv(x) + bias [+ residual].</summary>
    public static void Run(WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, CancellationToken cancellationToken)
    {
        weights.Width.Run(new Layer(weights, input, residual, output, slope, cancellationToken));
    }

    private readonly struct Layer(
        WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, CancellationToken cancellationToken) : ILaneOperation
    {
        public void Run<V>()
            where V : unmanaged, ILanes<V> => Winograd.Run<V>(weights, input, residual, output, slope, cancellationToken);
    }

    /// <summary>
    /// Tiles that are transformed together: multiples of a GEMM tile's 12 rows; few enough for scratch memory and weights to
    /// share the second-level cache while the weights fit it, many to use each weight often when they do not.
    /// </summary>
    private static int BlockTiles(int channels) => channels switch
    {
        <= 64 => 24,
        <= 128 => 48,
        _ => 96,
    };

    private static void Run<V>(WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, CancellationToken cancellationToken)
        where V : unmanaged, ILanes<V>
    {
        (int inputs, int outputs) = (weights.Inputs, weights.Outputs);
        int across = (input.Width + 3) / 4;
        int tiles = across * ((input.Height + 3) / 4);
        int block = Math.Min(BlockTiles(Math.Max(inputs, outputs)), tiles);
        int inputPlane = (block * inputs) + PlanePadding;
        int outputPlane = (block * outputs) + PlanePadding;
        using AlignedBuffer transformed = AlignedBuffer.Rent(WinogradWeights.Positions * inputPlane);
        using AlignedBuffer products = AlignedBuffer.Rent(WinogradWeights.Positions * outputPlane);
        for (int first = 0; first < tiles; first += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(block, tiles - first);
            for (int i = 0; i < count; i++)
            {
                (int row, int column) = Math.DivRem(first + i, across);
                TransformInput<V>(input.At((4 * row) - 1, (4 * column) - 1), input.RowStride, inputs, transformed.Pointer + (i * inputs), inputPlane);
            }

            for (int position = 0; position < WinogradWeights.Positions; position++)
            {
                var left = new LeftMatrix(transformed.Pointer + (position * inputPlane), count, inputs, inputs);
                Gemm.Multiply(left, weights[position], products.Pointer + (position * outputPlane), outputs);
            }

            for (int i = 0; i < count; i++)
            {
                (int row, int column) = Math.DivRem(first + i, across);
                (int y, int x) = (4 * row, 4 * column);
                var target = new OutputTile(
                    output.At(y, x), output.RowStride, residual is null ? null : residual.At(y, x), residual is null ? 0 : residual.RowStride,
                    Math.Min(4, output.Height - y), Math.Min(4, output.Width - x));
                TransformOutput<V>(products.Pointer + (i * outputs), outputPlane, outputs, weights.Bias, slope, target);
            }
        }

        GC.KeepAlive(weights);
    }

    /// <summary>
    /// Bᵀ·d·B of one tile for all channels. The six rows of Bᵀ·d are made in three pairs, which share their terms and
    /// stay in registers until their six columns are combined.
    /// </summary>
    /// <param name="source">The tile's first position.</param>
    /// <param name="rowStride">Values from one row to the next.</param>
    /// <param name="channels">Values at a position.</param>
    /// <param name="target">Receives, in each of 36 planes, the tile's channels.</param>
    /// <param name="plane">Values from one plane to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformInput<V>(float* source, nint rowStride, nint channels, float* target, nint plane)
        where V : unmanaged, ILanes<V>
    {
        for (nint channel = 0; channel < channels; channel += V.Count, source += V.Count, target += V.Count)
        {
            InputPair<V, OuterRows>(source, rowStride, channels, target, target + (30 * plane), plane);
            InputPair<V, InnerRows>(source, rowStride, channels, target + (6 * plane), target + (12 * plane), plane);
            InputPair<V, DoubledRows>(source, rowStride, channels, target + (18 * plane), target + (24 * plane), plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputPair<V, TRows>(float* source, nint rowStride, nint channels, float* first, float* second, nint plane)
        where V : unmanaged, ILanes<V>
        where TRows : struct, IInputRows
    {
        TRows.Combine(source, rowStride, out V p0, out V q0);
        TRows.Combine(source + channels, rowStride, out V p1, out V q1);
        TRows.Combine(source + (2 * channels), rowStride, out V p2, out V q2);
        TRows.Combine(source + (3 * channels), rowStride, out V p3, out V q3);
        TRows.Combine(source + (4 * channels), rowStride, out V p4, out V q4);
        TRows.Combine(source + (5 * channels), rowStride, out V p5, out V q5);
        InputRow(p0, p1, p2, p3, p4, p5, first, plane);
        InputRow(q0, q1, q2, q3, q4, q5, second, plane);
    }

    /// <summary>One row of (Bᵀ·d)·B: the six combinations of <see cref="IInputRows"/> along the columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<V>(V d0, V d1, V d2, V d3, V d4, V d5, float* row, nint plane)
        where V : unmanaged, ILanes<V>
    {
        V four = V.Broadcast(4), minusFour = V.Broadcast(-4), minusFive = V.Broadcast(-5);
        V.Store(V.MultiplyAdd(four, d0, V.MultiplyAdd(minusFive, d2, d4)), row);
        V even = V.MultiplyAdd(minusFour, d2, d4), odd = V.MultiplyAdd(minusFour, d1, d3);
        V.Store(even + odd, row + plane);
        V.Store(even - odd, row + (2 * plane));
        even = d4 - d2;
        odd = V.Broadcast(2) * (d3 - d1);
        V.Store(even + odd, row + (3 * plane));
        V.Store(even - odd, row + (4 * plane));
        V.Store(V.MultiplyAdd(four, d1, V.MultiplyAdd(minusFive, d3, d5)), row + (5 * plane));
    }

    /// <summary>Aᵀ·m·A of one tile for all channels, plus bias and residual, through the activation; only positions within the map are written.</summary>
    /// <param name="source">In each of 36 planes, the tile's sums.</param>
    /// <param name="plane">Values from one plane to the next.</param>
    /// <param name="channels">Values at a position.</param>
    /// <param name="bias">One value for each channel.</param>
    /// <param name="slope">The activation's slope for negative values.</param>
    /// <param name="tile">Where the results belong.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutput<V>(float* source, nint plane, nint channels, float* bias, float slope, in OutputTile tile)
        where V : unmanaged, ILanes<V>
    {
        V negative = V.Broadcast(slope);
        float* output = tile.Output, residual = tile.Residual;
        (nint outputStride, nint residualStride, int rows, int columns) = (tile.OutputStride, tile.ResidualStride, tile.Rows, tile.Columns);
        for (nint channel = 0; channel < channels; channel += V.Count, source += V.Count, bias += V.Count, output += V.Count)
        {
            // Aᵀ·m, column by column, gives the rows a, b, c and d of four.
            OutputColumn(source, plane, out V a0, out V b0, out V c0, out V d0);
            OutputColumn(source + plane, plane, out V a1, out V b1, out V c1, out V d1);
            OutputColumn(source + (2 * plane), plane, out V a2, out V b2, out V c2, out V d2);
            OutputColumn(source + (3 * plane), plane, out V a3, out V b3, out V c3, out V d3);
            OutputColumn(source + (4 * plane), plane, out V a4, out V b4, out V c4, out V d4);
            OutputColumn(source + (5 * plane), plane, out V a5, out V b5, out V c5, out V d5);
            V start = V.Load(bias);
            float* added = residual == null ? null : residual + channel;
            OutputRow(a0, a1, a2, a3, a4, a5, start, negative, output, added, channels, columns);
            if (rows > 1)
            {
                OutputRow(b0, b1, b2, b3, b4, b5, start, negative, output + outputStride, Next(added, residualStride), channels, columns);
            }

            if (rows > 2)
            {
                OutputRow(c0, c1, c2, c3, c4, c5, start, negative, output + (2 * outputStride), Next(added, 2 * residualStride), channels, columns);
            }

            if (rows > 3)
            {
                OutputRow(d0, d1, d2, d3, d4, d5, start, negative, output + (3 * outputStride), Next(added, 3 * residualStride), channels, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Next(float* residual, nint offset) => residual == null ? null : residual + offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumn<V>(float* m, nint plane, out V a, out V b, out V c, out V d)
        where V : unmanaged, ILanes<V>
    {
        V m1 = V.Load(m + (6 * plane)), m2 = V.Load(m + (12 * plane)), m3 = V.Load(m + (18 * plane)), m4 = V.Load(m + (24 * plane));
        V sum = m1 + m2, difference = m1 - m2, outerSum = m3 + m4, outerDifference = m3 - m4;
        a = V.Load(m) + sum + outerSum;
        b = V.MultiplyAdd(V.Broadcast(2), outerDifference, difference);
        c = V.MultiplyAdd(V.Broadcast(4), outerSum, sum);
        d = V.MultiplyAdd(V.Broadcast(8), outerDifference, difference) + V.Load(m + (30 * plane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<V>(
        V m0, V m1, V m2, V m3, V m4, V m5, V bias, V slope, float* output, float* residual, nint channels, int columns)
        where V : unmanaged, ILanes<V>
    {
        V sum = m1 + m2 + bias, difference = m1 - m2 + bias, outerSum = m3 + m4, outerDifference = m3 - m4;
        Finish(m0 + sum + outerSum, slope, output, residual);
        if (columns > 1)
        {
            Finish(V.MultiplyAdd(V.Broadcast(2), outerDifference, difference), slope, output + channels, Next(residual, channels));
        }

        if (columns > 2)
        {
            Finish(V.MultiplyAdd(V.Broadcast(4), outerSum, sum), slope, output + (2 * channels), Next(residual, 2 * channels));
        }

        if (columns > 3)
        {
            Finish(V.MultiplyAdd(V.Broadcast(8), outerDifference, difference) + m5, slope, output + (3 * channels), Next(residual, 3 * channels));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V>(V value, V slope, float* output, float* residual)
        where V : unmanaged, ILanes<V>
    {
        if (residual != null)
        {
            value += V.Load(residual);
        }

        V.Store(V.Max(value, value * slope), output);
    }

    /// <summary>Where the results of a tile belong and how many of its 4×4 lie within the map.</summary>
    private readonly struct OutputTile(float* output, nint outputStride, float* residual, nint residualStride, int rows, int columns)
    {
        public readonly float* Output = output;
        public readonly nint OutputStride = outputStride;
        public readonly float* Residual = residual;
        public readonly nint ResidualStride = residualStride;
        public readonly int Rows = rows;
        public readonly int Columns = columns;
    }

    /// <summary>A pair of rows of Bᵀ, applied to one column of a tile.</summary>
    private interface IInputRows
    {
        static abstract void Combine<V>(float* d, nint rowStride, out V first, out V second)
            where V : unmanaged, ILanes<V>;
    }

    /// <summary>Rows 0 and 5: 4d0 − 5d2 + d4 and 4d1 − 5d3 + d5.</summary>
    private readonly struct OuterRows : IInputRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Combine<V>(float* d, nint rowStride, out V first, out V second)
            where V : unmanaged, ILanes<V>
        {
            V four = V.Broadcast(4), minusFive = V.Broadcast(-5);
            first = V.MultiplyAdd(four, V.Load(d), V.MultiplyAdd(minusFive, V.Load(d + (2 * rowStride)), V.Load(d + (4 * rowStride))));
            second = V.MultiplyAdd(four, V.Load(d + rowStride), V.MultiplyAdd(minusFive, V.Load(d + (3 * rowStride)), V.Load(d + (5 * rowStride))));
        }
    }

    /// <summary>Rows 1 and 2: (d4 − 4d2) ± (d3 − 4d1).</summary>
    private readonly struct InnerRows : IInputRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Combine<V>(float* d, nint rowStride, out V first, out V second)
            where V : unmanaged, ILanes<V>
        {
            V minusFour = V.Broadcast(-4);
            V even = V.MultiplyAdd(minusFour, V.Load(d + (2 * rowStride)), V.Load(d + (4 * rowStride)));
            V odd = V.MultiplyAdd(minusFour, V.Load(d + rowStride), V.Load(d + (3 * rowStride)));
            first = even + odd;
            second = even - odd;
        }
    }

    /// <summary>Rows 3 and 4: (d4 − d2) ± 2(d3 − d1).</summary>
    private readonly struct DoubledRows : IInputRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Combine<V>(float* d, nint rowStride, out V first, out V second)
            where V : unmanaged, ILanes<V>
        {
            V even = V.Load(d + (4 * rowStride)) - V.Load(d + (2 * rowStride));
            V odd = V.Broadcast(2) * (V.Load(d + (3 * rowStride)) - V.Load(d + rowStride));
            first = even + odd;
            second = even - odd;
        }
    }
}
