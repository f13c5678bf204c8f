using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A square 2-D convolution over <see cref="ByteMap"/>s, 3×3 with a border of one or 1×1 without, of stride 1 or 2. Sums are exact; results
/// do not depend on the instructions they are computed with.
/// </summary>
internal sealed unsafe class QuantizedConvolution
{
    private readonly int _kernel;
    private readonly int _stride;
    private readonly IntegerInstructions _instructions;
    private readonly QuantizedWinogradWeights? _winograd;
    private readonly PairMatrix? _direct;
    private readonly AlignedBuffer? _scales;
    private readonly AlignedBuffer? _bias;

    /// <summary>Quantizes and packs a layer.</summary>
    /// <param name="weights">Shape (outputs, inputs, kernel, kernel).</param>
    /// <param name="bias">Shape (outputs).</param>
    /// <param name="kernel">3 or 1.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="inputSteps">What a unit of each input channel is; a multiple of 32 channels.</param>
    /// <param name="outputSteps">What a unit of each output channel is; a multiple of 32 channels.</param>
    /// <param name="instructions">The instructions to use; the fastest of the processor by default.</param>
    public QuantizedConvolution(
        StoredTensor weights, ReadOnlySpan<float> bias, int kernel, int stride, ReadOnlySpan<float> inputSteps, ReadOnlySpan<float> outputSteps, IntegerInstructions? instructions = null)
    {
        (Inputs, Outputs, _kernel, _stride) = (inputSteps.Length, outputSteps.Length, kernel, stride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bias.Length, Outputs, nameof(bias));
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, Outputs * Inputs * kernel * kernel, nameof(weights));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Inputs % 32, 0, nameof(inputSteps));
        ArgumentOutOfRangeException.ThrowIfNotEqual(Outputs % 32, 0, nameof(outputSteps));
        _instructions = instructions ?? IntegerInstructionSets.Fastest;
        if (kernel == 3 && stride == 1)
        {
            _winograd = new QuantizedWinogradWeights(weights, bias, inputSteps, outputSteps, _instructions);
            return;
        }

        // Row (kernel row, kernel column, input) of the matrix, column output: the order in which a map's rows are read.
        int taps = kernel * kernel, rows = taps * Inputs;
        _direct = PairMatrix.Several(1, rows, Outputs, _instructions)[0];
        _scales = AlignedBuffer.Allocate(Outputs);
        _bias = AlignedBuffer.Allocate(Outputs);
        using var filters = new FilterColumns(weights, rows);
        using AlignedBuffer rounded = AlignedBuffer.Rent(rows * FilterColumns.Outputs / 2);
        short* quantized = (short*)rounded.Pointer;
        fixed (float* steps = inputSteps)
        {
            for (int first = 0; first < Outputs; first += FilterColumns.Outputs)
            {
                float* columns = filters.Of(first);
                for (int output = first; output < first + FilterColumns.Outputs; output += Vector<float>.Count)
                {
                    Quantize(columns + output - first, taps, steps, outputSteps[output..], _scales.Pointer + output, quantized + output - first);
                }

                _direct.Pack(first, FilterColumns.Outputs, new ReadOnlySpan<short>(quantized, rows * FilterColumns.Outputs));
            }
        }

        for (int output = 0; output < Outputs; output++)
        {
            _bias.Span[output] = bias[output] / outputSteps[output];
        }
    }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>The extents of the output for those of an input.</summary>
    public (int Height, int Width) OutputShape(ByteMap input) => ((input.Height + _stride - 1) / _stride, (input.Width + _stride - 1) / _stride);

    /// <summary>Computes the layer.</summary>
    /// <param name="input">The map that it takes.</param>
    /// <param name="output">Where the results go, and what is added.</param>
    /// <param name="cancellationToken">Stops the work within a few milliseconds.</param>
    /// <param name="sharing">Where other threads may join the loops, or null.</param>
    public void Run(ByteMap input, in QuantizedOutput output, CancellationToken cancellationToken, SharedLoops? sharing = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Channels, Inputs, nameof(input));
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Channels, Outputs, nameof(output));
        ArgumentOutOfRangeException.ThrowIfNotEqual((output.Height, output.Width), OutputShape(input), nameof(output));
        if (_winograd is not null)
        {
            QuantizedWinograd.Run(_winograd, input, output, sharing, cancellationToken);
            return;
        }

        LaneWidth width = _instructions.Width();
        int pad = _kernel / 2;
        int rows = (output.Width + PairGemm.TileRows - 1) / PairGemm.TileRows * PairGemm.TileRows;
        int wideRow = (((rows - 1) * _stride) + _kernel) * Inputs;
        int used = Math.Min(wideRow, (input.Width + pad + pad) * Inputs);
        QuantizedOutput target = output;
        SharedLoops.Run(sharing, output.Height, Work);
        GC.KeepAlive(this);

        void Work(SharedLoops.Loop loop)
        {
            using AlignedBuffer widened = AlignedBuffer.Rent(_kernel * wideRow / 2);
            using AlignedBuffer products = AlignedBuffer.Rent(rows * Outputs);
            short* wide = (short*)widened.Pointer;
            int* sums = (int*)products.Pointer;
            while (loop.TryTake(out int y))
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int down = 0; down < _kernel; down++)
                {
                    width.RunShorts(new Widening(input.At((y * _stride) + down - pad, -pad), used, wide + ((nint)down * wideRow)));
                }

                PairGemm.Multiply(new ShortMatrix(wide, rows, _stride * Inputs, _kernel, _kernel * Inputs, wideRow), _direct!, sums);
                width.Run(new Scaling(sums, _scales!.Pointer, _bias!.Pointer, target, y));
            }
        }
    }

    /// <summary>Rounds the filters of a vector of outputs, each to its own scale.</summary>
    /// <param name="columns">Rows (input, tap) of 32 outputs.</param>
    /// <param name="taps">Taps of a filter.</param>
    /// <param name="inputSteps">What a unit of each input channel is.</param>
    /// <param name="outputSteps">What a unit of each of the outputs is.</param>
    /// <param name="scales">Receives what sums are multiplied with.</param>
    /// <param name="quantized">Receives rows (tap, input) of 32 outputs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* columns, int taps, float* inputSteps, ReadOnlySpan<float> outputSteps, float* scales, short* quantized)
    {
        int half = Vector<double>.Count, rows = taps * Inputs;
        for (int side = 0; side < 2 * half; side += half)
        {
            Vector<double> largest = Vector<double>.Zero, sum = Vector<double>.Zero;
            for (int place = 0; place < rows; place++)
            {
                Vector<double> magnitude = Vector.Abs(Scaled(place, side));
                largest = Vector.Max(largest, magnitude);
                sum += magnitude;
            }

            // No sum may overflow 32 bits; rounding adds at most a half to each weight.
            double room = ((double)int.MaxValue / byte.MaxValue) - (rows / 2.0);
            Vector<double> step = Vector.Max(Vector.Max(largest / Vector.Create((double)short.MaxValue), sum / Vector.Create(room)), Vector.Create(1e-30));
            for (int place = 0; place < rows; place++)
            {
                // The whole numbers have at most 16 bits, so float32 holds them.
                Vector<double> whole = Vector.Round(Scaled(place, side) / step);
                Vector<int> integers = Vector.ConvertToInt32(Vector.Narrow(whole, whole));
                short* row = quantized + ((((nint)(place % taps) * Inputs) + (place / taps)) * FilterColumns.Outputs) + side;
                for (int i = 0; i < half; i++)
                {
                    row[i] = (short)integers[i];
                }
            }

            for (int i = 0; i < half; i++)
            {
                scales[side + i] = (float)(step[i] / outputSteps[side + i]);
            }
        }

        Vector<double> Scaled(int place, int side)
        {
            Vector.Widen(Vector.Load(columns + ((nint)place * FilterColumns.Outputs)), out Vector<double> low, out Vector<double> high);
            return (side == 0 ? low : high) * Vector.Create((double)inputSteps[place / taps]);
        }
    }

    /// <summary>Bytes to 16-bit integers, a multiple of 32 of them.</summary>
    private readonly struct Widening(byte* source, int count, short* target) : IShortOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, IShortLanes<V>
        {
            for (int i = 0; i < count; i += V.Count)
            {
                V.Store(V.LoadBytes(source + i), target + i);
            }
        }
    }

    /// <summary>The sums of one row to results.</summary>
    private readonly struct Scaling(int* sums, float* scales, float* bias, QuantizedOutput output, int y) : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            QuantizedOutput target = output;
            QuantizedOutput.Place place = target.At(y, 0);
            nint channels = target.Channels;
            for (nint x = 0; x < target.Width; x++)
            {
                for (nint channel = 0; channel < channels; channel += V.Count)
                {
                    nint at = (x * channels) + channel;
                    target.Write((V.LoadInt32(sums + at) * V.Load(scales + channel)) + V.Load(bias + channel), place, channel, at, at);
                }
            }
        }
    }
}
