using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Products of float32 rows with Q8_0 weights in 8-bit integers. Rows are quantized in blocks of 32 like the weights (scale =
/// max|x| / 127, halves to even); Σ over blocks of (float)(Σ integer products) · weight scale · row scale, in the order of the
/// blocks, so a value does not depend on the tile it was computed in.
/// </summary>
internal static unsafe class Q8Product
{
    /// <summary>Rows of a tile: 12 sums, two vectors of weights and one of activations fill 15 of 16 registers.</summary>
    private const int TileRows = 6;

    /// <summary>Bytes that the quantized rows take.</summary>
    public static int CodeBytes<B>(int columns)
        where B : unmanaged, IByteLanes<B> => columns / 4 * B.GroupBytes;

    /// <summary>Quantizes rows.</summary>
    /// <param name="x">The first value.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, a multiple of 32.</param>
    /// <param name="stride">Values from one row to the next.</param>
    /// <param name="codes">Receives shape (rows, <see cref="CodeBytes"/>).</param>
    /// <param name="scales">Receives shape (rows, columns / 32).</param>
    public static void Quantize<V, B>(float* x, int rows, int columns, int stride, byte* codes, float* scales)
        where V : unmanaged, ILanes<V>
        where B : unmanaged, IByteLanes<B>
    {
        for (int row = 0; row < rows; row++)
        {
            float* values = x + ((nint)row * stride);
            for (int column = 0; column < columns; column += GgufTensor.BlockValues, values += GgufTensor.BlockValues)
            {
                *scales++ = Block<V, B>(values, codes);
                codes += GgufTensor.BlockValues / 4 * B.GroupBytes;
            }
        }
    }

    /// <summary>Multiplies quantized rows with the 32 columns of a panel.</summary>
    /// <param name="codes">The rows' integers.</param>
    /// <param name="scales">The rows' scales.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="result">Receives shape (rows, 32), with a stride of <paramref name="resultStride"/>.</param>
    /// <param name="resultStride">Values from one row of the result to the next.</param>
    public static void Multiply<B>(byte* codes, float* scales, int rows, in Q8Panel panel, float* result, int resultStride)
        where B : unmanaged, IByteLanes<B>
    {
        nint codeStride = (nint)panel.Blocks * GgufTensor.BlockValues / 4 * B.GroupBytes;
        int tiles = (rows + TileRows - 1) / TileRows;

        // Half of a panel's columns at a time: with 2048 inputs that fits the first-level cache for all tiles, the whole does not.
        for (int column = 0; column < Q8Panel.Columns; column += 2 * B.Count)
        {
            for (int tile = 0; tile < tiles; tile++)
            {
                int row = (int)((long)tile * rows / tiles), count = (int)((long)(tile + 1) * rows / tiles) - row;
                byte* a = codes + (row * codeStride);
                float* s = scales + ((nint)row * panel.Blocks);
                float* c = result + ((nint)row * resultStride) + column;
                switch (count)
                {
                    case 1: Tile<B, N1>(a, codeStride, s, panel, column, c, resultStride); break;
                    case 2: Tile<B, N2>(a, codeStride, s, panel, column, c, resultStride); break;
                    case 3: Tile<B, N3>(a, codeStride, s, panel, column, c, resultStride); break;
                    case 4: Tile<B, N4>(a, codeStride, s, panel, column, c, resultStride); break;
                    case 5: Tile<B, N5>(a, codeStride, s, panel, column, c, resultStride); break;
                    default: Tile<B, N6>(a, codeStride, s, panel, column, c, resultStride); break;
                }
            }
        }
    }

    /// <summary>Quantizes 32 values; returns their scale.</summary>
    private static float Block<V, B>(float* x, byte* codes)
        where V : unmanaged, ILanes<V>
        where B : unmanaged, IByteLanes<B>
    {
        V largest = V.Abs(V.Load(x));
        for (int i = V.Count; i < GgufTensor.BlockValues; i += V.Count)
        {
            largest = V.Max(largest, V.Abs(V.Load(x + i)));
        }

        float* lanes = stackalloc float[GgufTensor.BlockValues];
        V.Store(largest, lanes);
        float peak = Peak(lanes, V.Count);

        // Adding 1.5 · 2²³ rounds to the nearest whole number, halves to even, and leaves it in the low bits of the pattern.
        const float Rounder = 12582912f;
        float scale = peak / 127, inverse = scale > 0 ? 1 / scale : 0;
        V factor = V.Broadcast(inverse), rounder = V.Broadcast(Rounder + B.Offset);
        if (B.GroupBytes == 4 && B.Offset > 0)
        {
            for (int i = 0; i < GgufTensor.BlockValues; i += V.Count)
            {
                V.StoreBytes(V.MultiplyAdd(V.Load(x + i), factor, rounder) - V.Broadcast(Rounder), codes + i);
            }

            return scale;
        }

        for (int i = 0; i < GgufTensor.BlockValues; i += V.Count)
        {
            V.Store(V.MultiplyAdd(V.Load(x + i), factor, rounder), lanes + i);
        }

        var patterns = (int*)lanes;
        if (B.GroupBytes == 4)
        {
            for (int i = 0; i < GgufTensor.BlockValues; i++)
            {
                codes[i] = (byte)patterns[i];
            }
        }
        else
        {
            var pairs = (short*)codes;
            for (int i = 0; i < GgufTensor.BlockValues; i += 4)
            {
                pairs[i] = (short)patterns[i];
                pairs[i + 1] = (short)patterns[i + 2];
                pairs[i + 2] = (short)patterns[i + 1];
                pairs[i + 3] = (short)patterns[i + 3];
            }
        }

        return scale;
    }

    /// <summary>The greatest of some lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Peak(float* lanes, int count)
    {
        if (count < 4 || !Vector128.IsHardwareAccelerated)
        {
            float peak = lanes[0];
            for (int lane = 1; lane < count; lane++)
            {
                peak = Math.Max(peak, lanes[lane]);
            }

            return peak;
        }

        Vector128<float> four = Vector128.Load(lanes);
        for (int lane = 4; lane < count; lane += 4)
        {
            four = Vector128.MaxNative(four, Vector128.Load(lanes + lane));
        }

        four = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>One tile: up to 6 rows and two vectors of columns, whose integer sums stay in registers for a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<B, TRows>(byte* a, nint stride, float* scales, in Q8Panel panel, int column, float* c, nint resultStride)
        where B : unmanaged, IByteLanes<B>
        where TRows : unmanaged, ICount
    {
        int blocks = panel.Blocks;
        byte* weights = panel.Weights + (4 * column);
        float* weightScales = panel.Scales + column;
        int* starts = panel.Starts + column;
        for (int row = 0; row < sizeof(TRows); row++)
        {
            new Span<float>(c + (row * resultStride), 2 * B.Count).Clear();
        }

        for (int block = 0; block < blocks; block++)
        {
            B left = B.Load(starts), right = B.Load(starts + B.Count);
            B l0 = left, l1 = left, l2 = left, l3 = left, l4 = left, l5 = left;
            B r0 = right, r1 = right, r2 = right, r3 = right, r4 = right, r5 = right;
            byte* a3 = a + (3 * stride);
            for (int group = Q8Panel.Groups; group > 0; group--)
            {
                B w0 = B.Load((int*)weights), w1 = B.Load((int*)weights + B.Count);
                Multiply<B, TRows>(0, a, w0, w1, ref l0, ref r0);
                Multiply<B, TRows>(1, a + stride, w0, w1, ref l1, ref r1);
                Multiply<B, TRows>(2, a + (2 * stride), w0, w1, ref l2, ref r2);
                Multiply<B, TRows>(3, a3, w0, w1, ref l3, ref r3);
                Multiply<B, TRows>(4, a3 + stride, w0, w1, ref l4, ref r4);
                Multiply<B, TRows>(5, a3 + (2 * stride), w0, w1, ref l5, ref r5);
                weights += Q8Panel.GroupBytes;
                a += B.GroupBytes;
                a3 += B.GroupBytes;
            }

            Accumulate<B, TRows>(0, l0, r0, weightScales, scales + block, blocks, c, resultStride);
            Accumulate<B, TRows>(1, l1, r1, weightScales, scales + block, blocks, c, resultStride);
            Accumulate<B, TRows>(2, l2, r2, weightScales, scales + block, blocks, c, resultStride);
            Accumulate<B, TRows>(3, l3, r3, weightScales, scales + block, blocks, c, resultStride);
            Accumulate<B, TRows>(4, l4, r4, weightScales, scales + block, blocks, c, resultStride);
            Accumulate<B, TRows>(5, l5, r5, weightScales, scales + block, blocks, c, resultStride);
            weightScales += Q8Panel.Columns;
            starts += Q8Panel.Columns;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<B, TRows>(int row, byte* a, B w0, B w1, ref B left, ref B right)
        where B : unmanaged, IByteLanes<B>
        where TRows : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            left = B.MultiplyAdd(left, w0, a);
            right = B.MultiplyAdd(right, w1, a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<B, TRows>(int row, B left, B right, float* weightScales, float* scales, int blocks, float* c, nint stride)
        where B : unmanaged, IByteLanes<B>
        where TRows : unmanaged, ICount
    {
        if (sizeof(TRows) > row)
        {
            B.Accumulate(left, right, weightScales, scales[row * blocks], c + (row * stride));
        }
    }
}
