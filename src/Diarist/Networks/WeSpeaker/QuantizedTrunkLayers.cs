using System.Runtime.CompilerServices;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// The trunk with activations of 8 bits: the first convolution in float32 (0.1 % of the products), all others over bytes
/// with exact sums, and the last result in float32 again for the pooling.
/// </summary>
internal sealed unsafe class QuantizedTrunkLayers : ITrunkLayers
{
    private readonly Convolution2d _stem;
    private readonly LaneWidth _width;
    private readonly List<Block> _blocks = [];

    /// <summary>Quantises and packs the layers.</summary>
    public QuantizedTrunkLayers(
        ResNetLayer stem, IReadOnlyList<(ResNetBlock Block, int Stride)> blocks, ActivationRanges ranges, IntegerInstructions? instructions)
    {
        _width = (instructions ?? IntegerInstructionSets.Fastest).Width();

        // The stem's weights are divided by the step, so that its results only need rounding.
        double step = ranges.Step(0);
        var stemWeights = new float[stem.Weights.Length];
        stem.Weights.WidenTo(stemWeights);
        _stem = new Convolution2d(
            [.. stemWeights.Select(weight => (float)(weight / step))], [.. stem.Bias.Select(bias => (float)(bias / step))],
            stem.Inputs, stem.Kernel, stem.Stride, ConvolutionAlgorithm.Direct, _width);
        for (int i = 0; i < blocks.Count; i++)
        {
            (ResNetBlock block, int _) = blocks[i];
            bool last = i == blocks.Count - 1;
            double inner = ranges.Step((2 * i) + 1), output = last ? 1 : ranges.Step((2 * i) + 2);
            _blocks.Add(new Block(
                Pack(block.First, step, inner),
                Pack(block.Second, inner, output),
                block.Shortcut is null ? null : Pack(block.Shortcut, step, output),
                (float)(step / output)));
            step = output;
        }

        QuantizedConvolution Pack(ResNetLayer layer, double inputStep, double outputStep)
        {
            using AlignedBuffer weights = AlignedBuffer.Rent(layer.Weights.Length);
            layer.Weights.WidenTo(weights.Span);
            return new QuantizedConvolution(weights.Span, layer.Bias, layer.Inputs, layer.Kernel, layer.Stride, inputStep, outputStep, instructions);
        }
    }

    public FeatureMap Run(FeatureMap input, CancellationToken cancellationToken)
    {
        ByteMap current = RunStem(input, cancellationToken);
        try
        {
            for (int i = 0; i < _blocks.Count - 1; i++)
            {
                current = RunBlock(_blocks[i], current, cancellationToken);
            }

            // The last block has no shortcut.
            Block last = _blocks[^1];
            using ByteMap inner = MakeOutput(last.First, current);
            last.First.Run(current, new QuantizedOutput(inner, null, null, 0, null, Gemm.Relu), cancellationToken);
            var result = new FeatureMap(inner.Height, inner.Width, inner.Channels);
            try
            {
                last.Second.Run(inner, new QuantizedOutput(null, result, current, last.ResidualStep, null, Gemm.Relu), cancellationToken);
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
    }

    private static ByteMap MakeOutput(QuantizedConvolution convolution, ByteMap input)
    {
        (int height, int width) = convolution.OutputShape(input);
        return new ByteMap(height, width, convolution.Outputs);
    }

    /// <summary>Runs a block; takes the map that it is given and returns another or the same, so that one is held at any time.</summary>
    private static ByteMap RunBlock(Block block, ByteMap input, CancellationToken cancellationToken)
    {
        using ByteMap inner = MakeOutput(block.First, input);
        block.First.Run(input, new QuantizedOutput(inner, null, null, 0, null, Gemm.Relu), cancellationToken);
        if (block.Shortcut is null)
        {
            // Each result overwrites what was added to it.
            block.Second.Run(inner, new QuantizedOutput(input, null, input, block.ResidualStep, null, Gemm.Relu), cancellationToken);
            return input;
        }

        using var shortcut = new FeatureMap(inner.Height, inner.Width, inner.Channels);
        block.Shortcut.Run(input, new QuantizedOutput(null, shortcut, null, 0, null, Gemm.Linear), cancellationToken);
        ByteMap output = MakeOutput(block.Second, inner);
        try
        {
            block.Second.Run(inner, new QuantizedOutput(output, null, null, 0, shortcut, Gemm.Relu), cancellationToken);
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

    private sealed record Block(QuantizedConvolution First, QuantizedConvolution Second, QuantizedConvolution? Shortcut, float ResidualStep);

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
