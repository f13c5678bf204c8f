using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>The trunk in float32.</summary>
internal sealed class FloatTrunkLayers : ITrunkLayers
{
    private readonly Convolution2d _stem;
    private readonly List<Block> _blocks;
    private readonly Action<int, FeatureMap>? _observer;

    /// <summary>Packs the layers.</summary>
    public FloatTrunkLayers(
        ResNetLayer stem, IReadOnlyList<(ResNetBlock Block, int Stride)> blocks, ConvolutionAlgorithm algorithm, LaneWidth? width, Action<int, FeatureMap>? observer)
    {
        _observer = observer;
        _stem = Pack(stem);
        _blocks = [.. blocks.Select(item => new Block(
            Pack(item.Block.First), Pack(item.Block.Second), item.Block.Shortcut is null ? null : Pack(item.Block.Shortcut), item.Stride))];

        Convolution2d Pack(ResNetLayer layer)
        {
            using AlignedBuffer weights = AlignedBuffer.Rent(layer.Weights.Length);
            layer.Weights.WidenTo(weights.Span);
            return new Convolution2d(weights.Span, layer.Bias, layer.Inputs, layer.Kernel, layer.Stride, algorithm, width);
        }
    }

    public FeatureMap Run(FeatureMap input, TrunkColumns columns, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        int index = 0;
        FeatureMap current = _stem.MakeOutput(input);
        try
        {
            _stem.Run(input, null, current, Gemm.Relu, cancellationToken, sharing);
            _observer?.Invoke(index++, current);
            for (int i = 0; i < _blocks.Count; i++)
            {
                Block block = _blocks[i];
                Narrow(i);
                using FeatureMap inner = block.First.MakeOutput(current);
                block.First.Run(current, null, inner, Gemm.Relu, cancellationToken, sharing);
                _observer?.Invoke(index++, inner);
                if (block.Shortcut is not null)
                {
                    FeatureMap shortcut = block.Shortcut.MakeOutput(current);
                    FeatureMap previous = current;
                    current = shortcut;
                    using (previous)
                    {
                        block.Shortcut.Run(previous, null, shortcut, Gemm.Linear, cancellationToken, sharing);
                    }
                }

                block.Second.Run(inner, current, current, Gemm.Relu, cancellationToken, sharing);
                _observer?.Invoke(index++, current);
            }

            Narrow(_blocks.Count);
            return current;
        }
        catch
        {
            current.Dispose();
            throw;
        }

        void Narrow(int block)
        {
            (int left, int width) = columns.Narrow(block, block == 0 ? 1 : _blocks[block - 1].Stride, current.Width);
            current.Narrow(left, width);
        }
    }

    private sealed record Block(Convolution2d First, Convolution2d Second, Convolution2d? Shortcut, int Stride);
}
