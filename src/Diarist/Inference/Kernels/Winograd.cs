using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>Computes a layer: y = max(v, slope · v) with v = conv(x) + bias [+ residual]; where loops are shared, threads without work take some of the blocks of tiles.</summary>
    public static void Run(
        WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        weights.Width.Run(new Layer(weights, input, residual, output, slope, sharing, cancellationToken));
    }

    private readonly struct Layer(
        WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, SharedLoops? sharing, CancellationToken cancellationToken) : ILaneOperation
    {
        public void Run<V>()
            where V : unmanaged, ILanes<V> => Winograd.Run<V>(weights, input, residual, output, slope, sharing, cancellationToken);
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

    private static void Run<V>(
        WinogradWeights weights, FeatureMap input, FeatureMap? residual, FeatureMap output, float slope, SharedLoops? sharing, CancellationToken cancellationToken)
        where V : unmanaged, ILanes<V>
    {
        (int inputs, int outputs) = (weights.Inputs, weights.Outputs);
        FeatureMap touched = residual ?? output;
        int across = (input.Width + 3) / 4;
        int tiles = across * ((input.Height + 3) / 4);
        int block = Math.Min(BlockTiles(Math.Max(inputs, outputs)), tiles);
        SharedLoops.Run(sharing, (tiles + block - 1) / block, Work);
        GC.KeepAlive(weights);

        void Work(SharedLoops.Loop loop)
        {
            int inputPlane = (block * inputs) + PlanePadding;
            int outputPlane = (block * outputs) + PlanePadding;
            using AlignedBuffer transformed = AlignedBuffer.Rent(WinogradWeights.Positions * inputPlane);
            using AlignedBuffer products = AlignedBuffer.Rent(WinogradWeights.Positions * outputPlane);
            float* half = stackalloc float[WinogradWeights.Positions * V.Count];
            while (loop.TryTake(out int part))
            {
                cancellationToken.ThrowIfCancellationRequested();
                int first = part * block, count = Math.Min(block, tiles - first);
                for (int i = 0; i < count; i++)
                {
                    (int row, int column) = Math.DivRem(first + i, across);
                    Prefetch(input.At((4 * row) - 1, (4 * column) + 5), input.RowStride, 6, 4 * inputs);
                    TransformInput<V>(input.At((4 * row) - 1, (4 * column) - 1), input.RowStride, inputs, transformed.Pointer + (i * inputs), inputPlane, half);
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
                    Prefetch(touched.At(y, x + 4), touched.RowStride, 4, 4 * outputs);
                    var target = new OutputTile(
                        output.At(y, x), output.RowStride, residual is null ? null : residual.At(y, x), residual is null ? 0 : residual.RowStride,
                        Math.Min(4, output.Height - y), Math.Min(4, output.Width - x));
                    TransformOutput<V>(products.Pointer + (i * outputs), outputPlane, outputs, weights.Bias, slope, target, half);
                }
            }
        }
    }

    /// <summary>
    /// Asks for what the next tile to the right adds to this one: four more columns. The maps of the first layers are greater than any cache, and the processor
    /// does not see soon enough that several rows are read at once. Beyond a map's end this does nothing.
    /// </summary>
    private static void Prefetch(float* values, nint rowStride, int rows, int count)
    {
        for (int row = 0; Sse.IsSupported && row < rows; row++, values += rowStride)
        {
            for (int i = 0; i < count; i += 16)
            {
                Sse.Prefetch0(values + i);
            }
        }
    }

    /// <summary>Bᵀ·d·B of one tile for all channels: the columns first, then the rows of what they give.</summary>
    /// <param name="source">The tile's first position.</param>
    /// <param name="rowStride">Values from one row to the next.</param>
    /// <param name="channels">Values at a position.</param>
    /// <param name="target">Receives, in each of 36 planes, the tile's channels.</param>
    /// <param name="plane">Values from one plane to the next.</param>
    /// <param name="half">Memory for a vector at each of 36 positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformInput<V>(float* source, nint rowStride, nint channels, float* target, nint plane, float* half)
        where V : unmanaged, ILanes<V>
    {
        for (nint channel = 0; channel < channels; channel += V.Count, source += V.Count, target += V.Count)
        {
            for (nint x = 0; x < 6; x++)
            {
                float* d = source + (x * channels);
                CombineInput(
                    V.Load(d), V.Load(d + rowStride), V.Load(d + (2 * rowStride)), V.Load(d + (3 * rowStride)), V.Load(d + (4 * rowStride)), V.Load(d + (5 * rowStride)),
                    half + (x * V.Count), 6 * V.Count);
            }

            for (nint y = 0; y < 6; y++)
            {
                float* d = half + (6 * y * V.Count);
                CombineInput(
                    V.Load(d), V.Load(d + V.Count), V.Load(d + (2 * V.Count)), V.Load(d + (3 * V.Count)), V.Load(d + (4 * V.Count)), V.Load(d + (5 * V.Count)),
                    target + (6 * y * plane), plane);
            }
        }
    }

    /// <summary>Bᵀ times one line of six.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CombineInput<V>(V d0, V d1, V d2, V d3, V d4, V d5, float* result, nint stride)
        where V : unmanaged, ILanes<V>
    {
        V four = V.Broadcast(4), minusFour = V.Broadcast(-4), minusFive = V.Broadcast(-5);
        V.Store(V.MultiplyAdd(four, d0, V.MultiplyAdd(minusFive, d2, d4)), result);
        V even = V.MultiplyAdd(minusFour, d2, d4), odd = V.MultiplyAdd(minusFour, d1, d3);
        V.Store(even + odd, result + stride);
        V.Store(even - odd, result + (2 * stride));
        even = d4 - d2;
        odd = V.Broadcast(2) * (d3 - d1);
        V.Store(even + odd, result + (3 * stride));
        V.Store(even - odd, result + (4 * stride));
        V.Store(V.MultiplyAdd(four, d1, V.MultiplyAdd(minusFive, d3, d5)), result + (5 * stride));
    }

    /// <summary>Aᵀ·m·A of one tile for all channels, plus bias and residual, through the activation; only positions within the map are written.</summary>
    /// <param name="source">In each of 36 planes, the tile's sums.</param>
    /// <param name="plane">Values from one plane to the next.</param>
    /// <param name="channels">Values at a position.</param>
    /// <param name="bias">One value for each channel.</param>
    /// <param name="slope">The activation's slope for negative values.</param>
    /// <param name="tile">Where the results belong.</param>
    /// <param name="half">Memory for a vector at each of 24 positions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformOutput<V>(float* source, nint plane, nint channels, float* bias, float slope, in OutputTile tile, float* half)
        where V : unmanaged, ILanes<V>
    {
        V negative = V.Broadcast(slope);
        float* output = tile.Output, residual = tile.Residual;
        (nint outputStride, nint residualStride, nint rows, int columns) = (tile.OutputStride, tile.ResidualStride, tile.Rows, tile.Columns);
        for (nint channel = 0; channel < channels; channel += V.Count, source += V.Count, bias += V.Count, output += V.Count)
        {
            for (nint x = 0; x < 6; x++)
            {
                OutputColumn<V>(source + (x * plane), plane, half + (x * V.Count), 6 * V.Count);
            }

            V start = V.Load(bias);
            float* added = residual == null ? null : residual + channel;
            for (nint y = 0; y < rows; y++)
            {
                OutputRow(half + (6 * y * V.Count), start, negative, output + (y * outputStride), Next(added, y * residualStride), channels, columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Next(float* residual, nint offset) => residual == null ? null : residual + offset;

    /// <summary>Aᵀ times one column of six.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumn<V>(float* m, nint plane, float* result, nint stride)
        where V : unmanaged, ILanes<V>
    {
        V m1 = V.Load(m + (6 * plane)), m2 = V.Load(m + (12 * plane)), m3 = V.Load(m + (18 * plane)), m4 = V.Load(m + (24 * plane));
        V sum = m1 + m2, difference = m1 - m2, outerSum = m3 + m4, outerDifference = m3 - m4;
        V.Store(V.Load(m) + sum + outerSum, result);
        V.Store(V.MultiplyAdd(V.Broadcast(2), outerDifference, difference), result + stride);
        V.Store(V.MultiplyAdd(V.Broadcast(4), outerSum, sum), result + (2 * stride));
        V.Store(V.MultiplyAdd(V.Broadcast(8), outerDifference, difference) + V.Load(m + (30 * plane)), result + (3 * stride));
    }

    /// <summary>The outputs of one row of a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<V>(float* m, V bias, V slope, float* output, float* residual, nint channels, int columns)
        where V : unmanaged, ILanes<V>
    {
        V m1 = V.Load(m + V.Count), m2 = V.Load(m + (2 * V.Count)), m3 = V.Load(m + (3 * V.Count)), m4 = V.Load(m + (4 * V.Count));
        V sum = m1 + m2 + bias, difference = m1 - m2 + bias, outerSum = m3 + m4, outerDifference = m3 - m4;
        Finish(V.Load(m) + sum + outerSum, slope, output, residual);
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
            Finish(V.MultiplyAdd(V.Broadcast(8), outerDifference, difference) + V.Load(m + (5 * V.Count)), slope, output + (3 * channels), Next(residual, 3 * channels));
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
}
