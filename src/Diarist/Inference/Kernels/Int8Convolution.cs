using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A map of 8-bit values, shape (height, width, channels), each held in 16 bits and surrounded by one row or column of
/// zeros, so that 3×3 convolutions need no tests at the border and pairs of channels multiply at once.
/// </summary>
internal readonly unsafe struct Int8Map : IDisposable
{
    private readonly AlignedBuffer? _buffer;

    /// <summary>Takes memory for a map; only the border is set.</summary>
    public Int8Map(int height, int width, int channels)
    {
        (Height, Width, Channels) = (height, width, channels);
        int shorts = (height + 2) * RowStride;
        _buffer = AlignedBuffer.Rent((shorts + 1) / 2);
        var values = new Span<short>(_buffer.Pointer, shorts);
        values[..RowStride].Clear();
        values[^RowStride..].Clear();
        for (int y = 1; y <= height; y++)
        {
            values.Slice(y * RowStride, channels).Clear();
            values.Slice(((y + 1) * RowStride) - channels, channels).Clear();
        }
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>Values from one row to the next.</summary>
    public int RowStride => (Width + 2) * Channels;

    /// <summary>The channels of one position; −1 and the extents themselves are the border.</summary>
    public short* At(int y, int x) => (short*)_buffer!.Pointer + ((y + 1) * RowStride) + ((x + 1) * Channels);

    /// <summary>Gives the memory back; nothing happens where the map is the default one.</summary>
    public void Dispose() => _buffer?.Dispose();
}

/// <summary>
/// A convolution of stride 1 in 8-bit arithmetic: y = clip(⌊0.5 + (Σ w·x + 128·bias)·2^shift / 128⌋), exact at every width.
/// Weights are 16 bits wide in memory because the processor multiplies and adds pairs of those.
/// </summary>
internal sealed unsafe class Int8Convolution
{
    /// <summary>Positions of a row whose sums are kept in registers together.</summary>
    private const int TilePositions = 8;

    private readonly AlignedBuffer _weights;
    private readonly AlignedBuffer _bias;
    private readonly LaneWidth _width;
    private readonly int _kernel;
    private readonly int _shift;

    /// <summary>Packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, kernel, kernel).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="outputs">Output channels, a multiple of 16.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="kernel">3 or 1.</param>
    /// <param name="outputShift">The layer's shift, −8 to 6.</param>
    /// <param name="width">The lane width; the widest of the processor by default.</param>
    public Int8Convolution(ReadOnlySpan<sbyte> weights, ReadOnlySpan<sbyte> bias, int outputs, int inputs, int kernel, int outputShift, LaneWidth? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs % 16, 0, nameof(outputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(outputShift, -8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputShift, 6);
        Outputs = outputs;
        Inputs = inputs + (inputs & 1);
        _kernel = kernel;
        _shift = 7 - outputShift;
        _width = width ?? LaneWidths.Widest;
        int lanes = _width switch { LaneWidth.Bits512 => 16, LaneWidth.Bits256 => 8, LaneWidth.Bits128 => 4, _ => 1 };

        // (output block, kernel row, pairs of (kernel column, input), output in block, pair): the order in which a tile reads.
        int pairsPerRow = kernel * Inputs / 2;
        int blockLength = kernel * pairsPerRow * lanes * 2;
        _weights = AlignedBuffer.Allocate((outputs / lanes * blockLength / 2) + 1);
        short* packed = (short*)_weights.Pointer;
        for (int output = 0; output < outputs; output++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int tap = 0; tap < kernel * kernel; tap++)
                {
                    int place = (tap % kernel * Inputs) + input;
                    int pair = ((tap / kernel) * pairsPerRow) + (place / 2);
                    packed[(output / lanes * blockLength) + (((pair * lanes) + (output % lanes)) * 2) + (place % 2)] =
                        weights[(((output * inputs) + input) * kernel * kernel) + tap];
                }
            }
        }

        _bias = AlignedBuffer.Allocate(outputs);
        int* rounded = (int*)_bias.Pointer;
        for (int output = 0; output < outputs; output++)
        {
            rounded[output] = (128 * bias[output]) + (1 << (_shift - 1));
        }
    }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Input channels that the map must have: rounded up to an even number, the last one zeros.</summary>
    public int Inputs { get; }

    /// <summary>Computes one row.</summary>
    /// <param name="input">The map, its width a multiple of 8.</param>
    /// <param name="y">The row.</param>
    /// <param name="residual">
    /// What is added to the clipped row before ReLU, shape (width, <see cref="Outputs"/>), or null.
    /// </param>
    /// <param name="output">Receives shape (width, <see cref="Outputs"/>).</param>
    /// <param name="relu">Whether negative values become 0; always so with a residual.</param>
    public void Row(in Int8Map input, int y, short* residual, short* output, bool relu)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Channels, Inputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Width % TilePositions, 0);
        short* first = input.At(y - (_kernel / 2), -(_kernel / 2));
        switch (_width)
        {
            case LaneWidth.Bits512:
                Row<IntegerLanes16>(first, input.Width, input.RowStride, residual, output, relu);
                break;
            case LaneWidth.Bits256:
                Row<IntegerLanes8>(first, input.Width, input.RowStride, residual, output, relu);
                break;
            case LaneWidth.Bits128:
                Row<IntegerLanes4>(first, input.Width, input.RowStride, residual, output, relu);
                break;
            default:
                Row<IntegerLane1>(first, input.Width, input.RowStride, residual, output, relu);
                break;
        }
    }

    private void Row<V>(short* input, int width, int rowStride, short* residual, short* output, bool relu)
        where V : unmanaged, IIntegerLanes<V>
    {
        int lower = relu ? 0 : sbyte.MinValue;
        short* weights = (short*)_weights.Pointer;
        for (int channel = 0; channel < Outputs; channel += V.Count, weights += _kernel * _kernel * Inputs * V.Count)
        {
            for (int x = 0; x < width; x += TilePositions)
            {
                nint offset = ((nint)x * Outputs) + channel;
                Tile<V>(input + (x * Inputs), rowStride, weights, (int*)_bias.Pointer + channel, residual == null ? null : residual + offset, output + offset, lower);
            }
        }
    }

    /// <summary>Eight positions of one vector of output channels; the sums stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tile<V>(short* input, nint rowStride, short* weights, int* bias, short* residual, short* output, int lower)
        where V : unmanaged, IIntegerLanes<V>
    {
        nint step = Inputs;
        V s0 = V.Load(bias), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int row = 0; row < _kernel; row++)
        {
            short* x0 = input + (row * rowStride);
            short* x3 = x0 + (3 * step);
            short* x6 = x0 + (6 * step);
            for (int pair = _kernel * Inputs / 2; pair > 0; pair--)
            {
                s0 = V.MultiplyAdd(s0, x0, weights);
                s1 = V.MultiplyAdd(s1, x0 + step, weights);
                s2 = V.MultiplyAdd(s2, x0 + (2 * step), weights);
                s3 = V.MultiplyAdd(s3, x3, weights);
                s4 = V.MultiplyAdd(s4, x3 + step, weights);
                s5 = V.MultiplyAdd(s5, x3 + (2 * step), weights);
                s6 = V.MultiplyAdd(s6, x6, weights);
                s7 = V.MultiplyAdd(s7, x6 + step, weights);
                x0 += 2;
                x3 += 2;
                x6 += 2;
                weights += 2 * V.Count;
            }
        }

        nint next = Outputs;
        Finish(s0, _shift, residual, output, lower);
        Finish(s1, _shift, residual == null ? null : residual + next, output + next, lower);
        Finish(s2, _shift, residual == null ? null : residual + (2 * next), output + (2 * next), lower);
        Finish(s3, _shift, residual == null ? null : residual + (3 * next), output + (3 * next), lower);
        Finish(s4, _shift, residual == null ? null : residual + (4 * next), output + (4 * next), lower);
        Finish(s5, _shift, residual == null ? null : residual + (5 * next), output + (5 * next), lower);
        Finish(s6, _shift, residual == null ? null : residual + (6 * next), output + (6 * next), lower);
        Finish(s7, _shift, residual == null ? null : residual + (7 * next), output + (7 * next), lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V>(V sum, int shift, short* residual, short* output, int lower)
        where V : unmanaged, IIntegerLanes<V>
    {
        V value = V.ShiftRight(sum, shift);
        value = residual == null
            ? V.Clamp(value, lower, sbyte.MaxValue)
            : V.Clamp(V.Clamp(value, sbyte.MinValue, sbyte.MaxValue) + V.Load(residual), 0, sbyte.MaxValue);
        V.Store(value, output);
    }
}
