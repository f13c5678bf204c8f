using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// 1-D convolutions of five taps whose results are pooled three by three, by the minimal filtering F(3, 5) of Toom, Cook and Winograd:
/// seven products for the three results of a pooled frame where the plain form takes fifteen. Seven frames are transformed (Bᵀ·d),
/// multiplied with the transformed taps as seven matrix products over many pooled frames, and the greatest of the three results
/// (Aᵀ·m) is what is stored. The points are 0, 1, −1, 2, −2, ½ and ∞; rounding errors are about twice those of the plain form.
/// </summary>
internal sealed unsafe class PooledConvolution
{
    /// <summary>Taps of a filter.</summary>
    public const int Taps = 5;

    /// <summary>Products for a pooled frame, and frames that it depends on.</summary>
    public const int Positions = 7;

    /// <summary>Pooled frames that are computed together: a multiple of a GEMM tile's 12 rows; their transforms and the weights share the second-level cache.</summary>
    public const int BlockFrames = 72;

    /// <summary>Values between planes besides their own, so that planes are no multiple of 4 KiB apart.</summary>
    private const int PlanePadding = 16;

    private static readonly double[] Points = [0, 1, -1, 2, -2, 0.5];

    private readonly PackedMatrix[] _weights = new PackedMatrix[Positions];
    private readonly AlignedBuffer _bias;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly LaneWidth _width;

    /// <summary>Transforms and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, 5).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="paddedInputs">Values of an input frame: the inputs, then values that count for nothing; a multiple of 16.</param>
    /// <param name="paddedOutputs">Values of a pooled frame: the outputs, then zeros; a multiple of 16.</param>
    /// <param name="width">The lane width; the widest of the processor by default.</param>
    public PooledConvolution(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int paddedInputs, int paddedOutputs, LaneWidth? width = null)
    {
        int outputs = bias.Length, inputs = weights.Length / (outputs * Taps);
        (_inputs, _outputs, _width) = (paddedInputs, paddedOutputs, width ?? LaneWidths.Widest);
        _bias = AlignedBuffer.Allocate(paddedOutputs);
        bias.CopyTo(_bias.Span);
        int[] rows = PackedMatrix.Places(paddedInputs, input => input < inputs ? input : -1);
        int[] columns = PackedMatrix.Places(paddedOutputs, output => output < outputs ? output * inputs : -1);
        float[] transformed = new float[outputs * inputs];
        for (int position = 0; position < Positions; position++)
        {
            Transform(weights, position, transformed);
            _weights[position] = new PackedMatrix(transformed, rows, columns, default, width);
        }
    }

    /// <summary>Computes some pooled frames, at most <see cref="BlockFrames"/>.</summary>
    /// <param name="input">(3 · frames + 4, padded inputs), contiguous.</param>
    /// <param name="frames">Pooled frames.</param>
    /// <param name="output">Receives shape (frames, padded outputs).</param>
    /// <param name="statistics">Takes the pooled frames in.</param>
    public void Run(float* input, int frames, float* output, ChannelStatistics statistics)
    {
        int inputPlane = (BlockFrames * _inputs) + PlanePadding, outputPlane = (BlockFrames * _outputs) + PlanePadding;
        using AlignedBuffer transformed = AlignedBuffer.Rent(Positions * inputPlane);
        using AlignedBuffer products = AlignedBuffer.Rent(Positions * outputPlane);
        _width.Run(new InputTransform(input, frames, _inputs, transformed.Pointer, inputPlane));
        for (int position = 0; position < Positions; position++)
        {
            var left = new LeftMatrix(transformed.Pointer + (position * inputPlane), frames, _inputs, _inputs);
            Gemm.Multiply(left, _weights[position], products.Pointer + (position * outputPlane), _outputs);
        }

        _width.Run(new MaxPoolThree<SevenProducts>(products.Pointer, _outputs, outputPlane, 1, _bias.Pointer, output, frames, statistics));
        GC.KeepAlive(_bias);
    }

    /// <summary>G·g of all filters at a position, in double: what is rounded here is rounded for every frame.</summary>
    private static void Transform(ReadOnlySpan<float> weights, int position, Span<float> transformed)
    {
        bool infinite = position == Points.Length;
        double point = infinite ? 0 : Points[position], factor = 1;
        for (int other = 0; !infinite && other < Points.Length; other++)
        {
            factor = other == position ? factor : factor / (point - Points[other]);
        }

        for (int i = 0; i < transformed.Length; i++)
        {
            ReadOnlySpan<float> g = weights.Slice(i * Taps, Taps);
            double value = g[4];
            for (int tap = 3; !infinite && tap >= 0; tap--)
            {
                value = (value * point) + g[tap];
            }

            transformed[i] = (float)(value * factor);
        }
    }

    /// <summary>Bᵀ·d of some pooled frames: seven planes of (frames, channels).</summary>
    private readonly struct InputTransform(float* source, int frames, int channels, float* target, int plane) : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            nint row = channels, step = plane;
            V minusHalf = V.Broadcast(-0.5f), two = V.Broadcast(2), minusTwo = V.Broadcast(-2), four = V.Broadcast(4), minusFour = V.Broadcast(-4), minusFive = V.Broadcast(-5);
            for (nint frame = 0; frame < frames; frame++)
            {
                float* d = source + (frame * 3 * row), t = target + (frame * row);
                for (nint channel = 0; channel < row; channel += V.Count, d += V.Count, t += V.Count)
                {
                    V d1 = V.Load(d + row), d2 = V.Load(d + (2 * row)), d3 = V.Load(d + (3 * row)), d4 = V.Load(d + (4 * row)), d5 = V.Load(d + (5 * row));

                    // The polynomials of the points that the others have in common: x(x − ½) times x² − 4 for ±1, times x² − 1 for ±2.
                    V low = V.MultiplyAdd(minusHalf, d1, d2), high = V.MultiplyAdd(minusHalf, d3, d4);
                    V nextLow = V.MultiplyAdd(minusHalf, d2, d3), nextHigh = V.MultiplyAdd(minusHalf, d4, d5);
                    V ones = V.MultiplyAdd(minusFour, low, high), nextOnes = V.MultiplyAdd(minusFour, nextLow, nextHigh);
                    V.Store(nextOnes + ones, t + step);
                    V.Store(nextOnes - ones, t + (2 * step));
                    V twos = high - low, nextTwos = nextHigh - nextLow;
                    V.Store(V.MultiplyAdd(two, twos, nextTwos), t + (3 * step));
                    V.Store(V.MultiplyAdd(minusTwo, twos, nextTwos), t + (4 * step));

                    // (x² − 1)(x² − 4), once at each of three places.
                    V middle = V.MultiplyAdd(four, d1, V.MultiplyAdd(minusFive, d3, d5));
                    V.Store(middle, t + (5 * step));
                    V first = V.MultiplyAdd(four, V.Load(d), V.MultiplyAdd(minusFive, d2, d4));
                    V.Store(V.MultiplyAdd(minusHalf, first, middle), t);
                    V last = V.MultiplyAdd(four, d2, V.MultiplyAdd(minusFive, d4, V.Load(d + (6 * row))));
                    V.Store(V.MultiplyAdd(minusHalf, middle, last), t + (6 * step));
                }
            }
        }
    }
}

/// <summary>The greatest of the three results Aᵀ·m of a <see cref="PooledConvolution"/>, whose seven products are a step apart.</summary>
internal readonly unsafe struct SevenProducts : IPoolInput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greatest<V>(float* from, nint step, V scale, V shift)
        where V : unmanaged, ILanes<V>
    {
        V m1 = V.Load(from + step), m2 = V.Load(from + (2 * step)), m3 = V.Load(from + (3 * step)), m4 = V.Load(from + (4 * step)), m5 = V.Load(from + (5 * step));
        V ones = m1 + m2, twos = m3 + m4;
        V first = V.Load(from) + ones + twos + m5;
        V second = V.MultiplyAdd(V.Broadcast(0.5f), m5, V.MultiplyAdd(V.Broadcast(2), m3 - m4, m1 - m2));
        V third = V.MultiplyAdd(V.Broadcast(0.25f), m5, V.MultiplyAdd(V.Broadcast(4), twos, ones)) + V.Load(from + (6 * step));
        return V.Max(first, V.Max(second, third)) + shift;
    }
}
