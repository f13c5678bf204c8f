using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// 3×3 convolutions of stride 1 over bytes by the minimal filtering of <see cref="Winograd"/>. The transform of the
/// input has whole coefficients and is exact in 16 bits, the products are exact in 32 bits; what is rounded are the
/// transformed weights, once, and the result.
/// </summary>
internal static unsafe class QuantizedWinograd
{
    private const int Positions = WinogradWeights.Positions;

    /// <summary>Values between the planes of scratch memory besides their own, so that planes are no multiple of 4 KiB apart.</summary>
    private const int PlanePadding = 32;

    /// <summary>Computes a layer; where loops are shared, threads without work take some of the blocks of tiles.</summary>
    public static void Run(QuantizedWinogradWeights weights, ByteMap input, in QuantizedOutput output, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        (int inputs, int outputs) = (weights.Inputs, weights.Outputs);
        LaneWidth width = weights.Instructions.Width();
        int across = (input.Width + 3) / 4;
        int tiles = across * ((input.Height + 3) / 4);
        int block = RoundUp(Math.Min(BlockTiles(Math.Max(inputs, outputs)), tiles));
        QuantizedOutput target = output;
        SharedLoops.Run(sharing, (tiles + block - 1) / block, Work);
        GC.KeepAlive(weights);

        void Work(SharedLoops.Loop loop)
        {
            int inputPlane = (block * inputs) + PlanePadding;
            int outputPlane = (block * outputs) + PlanePadding;
            using AlignedBuffer transformed = AlignedBuffer.Rent(Positions * inputPlane / 2);
            using AlignedBuffer products = AlignedBuffer.Rent(Positions * outputPlane);
            short* left = (short*)transformed.Pointer;
            int* sums = (int*)products.Pointer;
            while (loop.TryTake(out int part))
            {
                cancellationToken.ThrowIfCancellationRequested();
                int first = part * block, count = Math.Min(block, tiles - first);
                width.RunShorts(new InputTransform(input, first, count, across, left, inputPlane));

                // The last rows of the last block are whatever memory held; nobody reads what is made of them.
                for (int position = 0; position < Positions; position++)
                {
                    PairGemm.Multiply(
                        new ShortMatrix(left + ((nint)position * inputPlane), RoundUp(count), inputs, 1, inputs, 0), weights[position], sums + ((nint)position * outputPlane));
                }

                width.Run(new OutputTransform(sums, outputPlane, weights.Scales, weights.Bias, target, first, count, across));
            }
        }
    }

    /// <summary>Tiles that are transformed together: few enough for scratch memory and weights to share the second-level cache, many to use each weight often.</summary>
    private static int BlockTiles(int channels) => channels switch
    {
        <= 32 => 48,
        <= 64 => 48,
        <= 128 => 48,
        _ => 96,
    };

    private static int RoundUp(int rows) => (rows + PairGemm.TileRows - 1) / PairGemm.TileRows * PairGemm.TileRows;

    /// <summary>Bᵀ·d·B of some tiles.</summary>
    private readonly struct InputTransform(ByteMap input, int first, int count, int across, short* target, nint plane) : IShortOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, IShortLanes<V>
        {
            short* half = stackalloc short[Positions * 32];
            for (int i = 0; i < count; i++)
            {
                (int row, int column) = Math.DivRem(first + i, across);
                Tile<V>(input.At((4 * row) - 1, (4 * column) - 1), input.RowStride, input.Channels, target + ((nint)i * input.Channels), plane, half);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Tile<V>(byte* source, nint rowStride, nint channels, short* target, nint plane, short* half)
            where V : unmanaged, IShortLanes<V>
        {
            for (nint channel = 0; channel < channels; channel += V.Count)
            {
                for (nint x = 0; x < 6; x++)
                {
                    byte* d = source + channel + (x * channels);
                    Combine(
                        V.LoadBytes(d), V.LoadBytes(d + rowStride), V.LoadBytes(d + (2 * rowStride)),
                        V.LoadBytes(d + (3 * rowStride)), V.LoadBytes(d + (4 * rowStride)), V.LoadBytes(d + (5 * rowStride)),
                        half + (x * V.Count), 6 * V.Count);
                }

                for (nint y = 0; y < 6; y++)
                {
                    short* d = half + (6 * y * V.Count);
                    Combine(
                        V.Load(d), V.Load(d + V.Count), V.Load(d + (2 * V.Count)), V.Load(d + (3 * V.Count)), V.Load(d + (4 * V.Count)), V.Load(d + (5 * V.Count)),
                        target + channel + (6 * y * plane), plane);
                }
            }
        }

        /// <summary>Bᵀ times one line of six.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Combine<V>(V d0, V d1, V d2, V d3, V d4, V d5, short* result, nint stride)
            where V : unmanaged, IShortLanes<V>
        {
            V even = d4 - d2, odd = d3 - d1;
            V.Store(((d0 - d2) << 2) + even, result);
            V.Store(d5 - d3 - (odd << 2), result + (5 * stride));
            odd += odd;
            V.Store(even + odd, result + (3 * stride));
            V.Store(even - odd, result + (4 * stride));
            even = d4 - (d2 << 2);
            odd = d3 - (d1 << 2);
            V.Store(even + odd, result + stride);
            V.Store(even - odd, result + (2 * stride));
        }
    }

    /// <summary>Aᵀ·m·A of some tiles, scaled, and what <see cref="QuantizedOutput"/> makes of it; only positions within the map are written.</summary>
    private readonly struct OutputTransform(
        int* sums, nint plane, float* scales, float* bias, QuantizedOutput output, int first, int count, int across) : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            float* half = stackalloc float[4 * 6 * 16];
            QuantizedOutput target = output;
            (nint outputRow, nint residualRow) = target.RowStrides;
            for (int i = 0; i < count; i++)
            {
                (int row, int column) = Math.DivRem(first + i, across);
                (int y, int x) = (4 * row, 4 * column);
                Tile<V>(
                    sums + ((nint)i * target.Channels), plane, scales, bias, target.Channels, target, target.At(y, x), outputRow, residualRow,
                    Math.Min(4, target.Height - y), Math.Min(4, target.Width - x), half);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Tile<V>(
            int* m, nint plane, float* scale, float* bias, nint channels, in QuantizedOutput output, in QuantizedOutput.Place place,
            nint outputRow, nint residualRow, int rows, int columns, float* half)
            where V : unmanaged, ILanes<V>
        {
            for (nint channel = 0; channel < channels; channel += V.Count)
            {
                for (nint x = 0; x < 6; x++)
                {
                    int* source = m + channel + (x * plane);
                    float* factor = scale + channel + (x * channels);
                    Combine(
                        Scaled<V>(source, factor),
                        Scaled<V>(source + (6 * plane), factor + (6 * channels)),
                        Scaled<V>(source + (12 * plane), factor + (12 * channels)),
                        Scaled<V>(source + (18 * plane), factor + (18 * channels)),
                        Scaled<V>(source + (24 * plane), factor + (24 * channels)),
                        Scaled<V>(source + (30 * plane), factor + (30 * channels)),
                        out V a, out V b, out V c, out V d);
                    V.Store(a, half + (x * V.Count));
                    V.Store(b, half + ((6 + x) * V.Count));
                    V.Store(c, half + ((12 + x) * V.Count));
                    V.Store(d, half + ((18 + x) * V.Count));
                }

                V start = V.Load(bias + channel);
                for (nint y = 0; y < rows; y++)
                {
                    float* source = half + (6 * y * V.Count);
                    Combine(
                        V.Load(source), V.Load(source + V.Count), V.Load(source + (2 * V.Count)), V.Load(source + (3 * V.Count)), V.Load(source + (4 * V.Count)),
                        V.Load(source + (5 * V.Count)), out V a, out V b, out V c, out V d);
                    nint to = (y * outputRow) + channel, added = (y * residualRow) + channel;
                    output.Write(a + start, place, channel, to, added);
                    if (columns > 1)
                    {
                        output.Write(b + start, place, channel, to + channels, added + channels);
                    }

                    if (columns > 2)
                    {
                        output.Write(c + start, place, channel, to + (2 * channels), added + (2 * channels));
                    }

                    if (columns > 3)
                    {
                        output.Write(d + start, place, channel, to + (3 * channels), added + (3 * channels));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Scaled<V>(int* sum, float* scale)
            where V : unmanaged, ILanes<V> => V.LoadInt32(sum) * V.Load(scale);

        /// <summary>Aᵀ times one line of six. Its factors are powers of two, so a multiply-add rounds as a product and a sum do.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Combine<V>(V m0, V m1, V m2, V m3, V m4, V m5, out V a, out V b, out V c, out V d)
            where V : unmanaged, ILanes<V>
        {
            V sum = m1 + m2, difference = m1 - m2, outerSum = m3 + m4, outerDifference = m3 - m4;
            a = m0 + sum + outerSum;
            b = V.MultiplyAdd(V.Broadcast(2), outerDifference, difference);
            c = V.MultiplyAdd(V.Broadcast(4), outerSum, sum);
            d = V.MultiplyAdd(V.Broadcast(8), outerDifference, difference) + m5;
        }
    }
}
