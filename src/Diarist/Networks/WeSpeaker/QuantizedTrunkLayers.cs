using System.Runtime.CompilerServices;
using Diarist.Inference.Kernels;
using Diarist.Numerics;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// The trunk with activations of 8 bits: the first convolution in float32 (0.1 % of the products), all others over bytes
/// with exact sums, and the last result in float32 again for the pooling.
/// </summary>
internal sealed unsafe class QuantizedTrunkLayers : ITrunkLayers
{
    /// <summary>Columns of a shortcut that are held at a time: whole tiles.</summary>
    private const int ShortcutColumns = 400;

    private readonly Convolution2d _stem;
    private readonly LaneWidth _width;
    private readonly List<Block> _blocks = [];

    /// <summary>Quantizes and packs the layers.</summary>
    /// <param name="stem">The first convolution.</param>
    /// <param name="blocks">The blocks that follow, with their strides.</param>
    /// <param name="ranges">What each activation is held at.</param>
    /// <param name="instructions">The instructions to use; the fastest of the processor when null.</param>
    /// <param name="threads">Threads that share the packing, 1 or more.</param>
    /// <param name="beside">What else one of the threads does; null for nothing.</param>
    public QuantizedTrunkLayers(
        ResNetLayer stem, IReadOnlyList<(ResNetBlock Block, int Stride)> blocks, ActivationRanges ranges, IntegerInstructions? instructions, int threads, Action? beside = null)
    {
        _width = (instructions ?? IntegerInstructionSets.Fastest).Width();

        // The stem's weights are divided by the steps, so that its results only need rounding.
        float[] stemSteps = ranges.Steps(0, stem.Outputs), steps = stemSteps;
        var weights = new float[stem.Weights.Length];
        stem.Weights.WidenTo(weights);
        int taps = weights.Length / stem.Outputs;
        _stem = new Convolution2d(
            Arrays.Make(weights.Length, i => weights[i] / stemSteps[i / taps]), Arrays.Make(stem.Bias.Length, i => stem.Bias[i] / stemSteps[i]),
            stem.Inputs, stem.Kernel, stem.Stride, ConvolutionAlgorithm.Direct, _width);
        var layers = new List<Unpacked>();
        var ratios = new List<AlignedBuffer>();
        for (int i = 0; i < blocks.Count; i++)
        {
            ResNetBlock block = blocks[i].Block;
            float[] inner = ranges.Steps((2 * i) + 1, block.First.Outputs);
            float[] output = i == blocks.Count - 1 ? Arrays.Make(block.Second.Outputs, _ => 1f) : ranges.Steps((2 * i) + 2, block.Second.Outputs);
            layers.AddRange([new(block.First, steps, inner), new(block.Second, inner, output)]);
            if (block.Shortcut is not null)
            {
                layers.Add(new(block.Shortcut, steps, output));
            }

            ratios.Add(Ratios(steps, output));
            steps = output;
        }

        QuantizedConvolution[] packed = Pack(layers, instructions, threads, beside);
        int next = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            _blocks.Add(new Block(packed[next++], packed[next++], blocks[i].Block.Shortcut is null ? null : packed[next++], ratios[i], blocks[i].Stride));
        }
    }

    /// <summary>Packs layers. Threads take one after another, what is beside them first, then the last and largest.</summary>
    private static QuantizedConvolution[] Pack(List<Unpacked> layers, IntegerInstructions? instructions, int threads, Action? beside)
    {
        var packed = new QuantizedConvolution[layers.Count];
        int left = packed.Length + 1;
        void Work()
        {
            for (int i; (i = Interlocked.Decrement(ref left)) >= 0;)
            {
                if (i == packed.Length)
                {
                    beside?.Invoke();
                }
                else
                {
                    packed[i] = layers[i].Pack(instructions);
                }
            }
        }

        if (threads == 1)
        {
            Work();
        }
        else
        {
            // Not Parallel, whose code for this is compiled at each start.
            Task[] others = Arrays.Make(threads - 1, _ => Task.Run(Work));
            try
            {
                Work();
            }
            finally
            {
                ((IAsyncResult)Task.WhenAll(others)).AsyncWaitHandle.WaitOne();
            }

            Array.ForEach(others, other => other.GetAwaiter().GetResult());
        }

        return packed;
    }

    private static AlignedBuffer Ratios(float[] inputSteps, float[] outputSteps)
    {
        AlignedBuffer ratios = AlignedBuffer.Allocate(outputSteps.Length);
        for (int i = 0; i < Math.Min(inputSteps.Length, outputSteps.Length); i++)
        {
            ratios.Span[i] = inputSteps[i] / outputSteps[i];
        }

        return ratios;
    }

    public FeatureMap Run(FeatureMap input, TrunkColumns columns, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        ByteMap current = RunStem(input, cancellationToken);
        try
        {
            for (int i = 0; i < _blocks.Count - 1; i++)
            {
                Narrow(i);
                current = RunBlock(_blocks[i], current, sharing, cancellationToken);
            }

            // The last block has no shortcut.
            Block last = _blocks[^1];
            Narrow(_blocks.Count - 1);
            using ByteMap inner = MakeOutput(last.First, current);
            last.First.Run(current, new QuantizedOutput(inner, null, null, null, null, Gemm.Relu), cancellationToken, sharing);
            var result = new FeatureMap(inner.Height, inner.Width, inner.Channels);
            try
            {
                last.Second.Run(inner, new QuantizedOutput(null, result, current, last.ResidualSteps.Pointer, null, Gemm.Relu), cancellationToken, sharing);
                (int left, int width) = columns.Narrow(_blocks.Count, last.Stride, result.Width);
                result.Narrow(left, width);
                return result;
            }
            catch
            {
                result.Dispose();
                throw;
            }
        }
        finally
        {
            current.Dispose();
        }

        void Narrow(int block)
        {
            (int left, int width) = columns.Narrow(block, block == 0 ? 1 : _blocks[block - 1].Stride, current.Width);
            current.Narrow(left, width);
        }
    }

    private static ByteMap MakeOutput(QuantizedConvolution convolution, ByteMap input)
    {
        (int height, int width) = convolution.OutputShape(input);
        return new ByteMap(height, width, convolution.Outputs);
    }

    /// <summary>Runs a block; takes the map that it is given and returns another or the same, so that one is held at any time.</summary>
    private static ByteMap RunBlock(Block block, ByteMap input, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        using ByteMap inner = MakeOutput(block.First, input);
        block.First.Run(input, new QuantizedOutput(inner, null, null, null, null, Gemm.Relu), cancellationToken, sharing);
        if (block.Shortcut is null)
        {
            // Each result overwrites what was added to it.
            block.Second.Run(inner, new QuantizedOutput(input, null, input, block.ResidualSteps.Pointer, null, Gemm.Relu), cancellationToken, sharing);
            return input;
        }

        ByteMap output = MakeOutput(block.Second, inner);
        try
        {
            // Strip by strip, because a shortcut is held in single precision.
            for (int start = 0; start < inner.Width; start += ShortcutColumns)
            {
                int columns = Math.Min(ShortcutColumns, inner.Width - start);
                using var shortcut = new FeatureMap(inner.Height, columns, inner.Channels);
                block.Shortcut.Run(
                    input.View(block.Stride * start, Math.Min(block.Stride * columns, input.Width - (block.Stride * start))), new QuantizedOutput(null, shortcut, null, null, null, Gemm.Linear), cancellationToken, sharing);
                block.Second.Run(inner.View(start, columns), new QuantizedOutput(output.View(start, columns), null, null, null, shortcut, Gemm.Relu), cancellationToken, sharing);
            }
        }
        catch
        {
            output.Dispose();
            throw;
        }

        input.Dispose();
        return output;
    }

    private ByteMap RunStem(FeatureMap input, CancellationToken cancellationToken)
    {
        var output = new ByteMap(input.Height, input.Width, _stem.Outputs);
        try
        {
            using AlignedBuffer row = AlignedBuffer.Rent(input.Width * _stem.Outputs);
            for (int y = 0; y < input.Height; y++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _stem.RunRow(input, y, row.Pointer);
                _width.Run(new Rounding(row.Pointer, row.Length, output.At(y, 0)));
            }

            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>A layer with the steps of what goes in and of what comes out.</summary>
    private sealed record Unpacked(ResNetLayer Layer, float[] InputSteps, float[] OutputSteps)
    {
        public QuantizedConvolution Pack(IntegerInstructions? instructions) =>
            new(Layer.Weights, Layer.Bias, Layer.Kernel, Layer.Stride, InputSteps, OutputSteps, instructions);
    }

    private sealed record Block(QuantizedConvolution First, QuantizedConvolution Second, QuantizedConvolution? Shortcut, AlignedBuffer ResidualSteps, int Stride);

    /// <summary>Floats in units of a step to the nearest bytes, a multiple of 16 of them.</summary>
    private readonly struct Rounding(float* source, int count, byte* target) : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            for (int i = 0; i < count; i += V.Count)
            {
                V rounded = V.Max(V.Load(source + i), V.Zero) + V.Broadcast(0.5f);
                V.StoreBytes(V.Min(rounded, V.Broadcast(255f)), target + i);
            }
        }
    }
}
