using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// The convolutional part of WeSpeaker's ResNet34: (80 filters, frames, 1) → (10, ⌈frames/8⌉, 256). Basic blocks
/// [3, 4, 6, 3] of 32, 64, 128 and 256 channels; the first of the second to fourth stage halves both axes.
/// </summary>
internal sealed class ResNet34Trunk
{
    /// <summary>Frequencies that come in: mel filters.</summary>
    public const int InputHeight = 80;

    /// <summary>Frequencies that go out.</summary>
    public const int OutputHeight = InputHeight / TimeStep;

    /// <summary>Channels that go out.</summary>
    public const int Channels = 256;

    /// <summary>Feature frames for each frame that goes out.</summary>
    public const int TimeStep = 8;

    /// <summary>
    /// Trunk frames on either side that a trunk frame depends on, by its receptive field of 225 feature frames:
    /// 3 for the stem, then 2 for each convolution times the step at its input (1, 2, 4 or 8 frames).
    /// </summary>
    private const int Halo = 14;

    private static readonly (int Blocks, int Channels)[] Stages = [(3, 32), (4, 64), (6, 128), (3, 256)];

    private readonly ITrunkLayers _layers;
    private readonly int[] _contexts;

    /// <summary>A trunk in float32.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="algorithm">How 3×3 convolutions of stride 1 are computed.</param>
    /// <param name="width">The lane width; the widest of the processor by default.</param>
    /// <param name="observer">Told every activation that a quantized trunk holds as bytes, in the order of <see cref="ActivationRanges"/>, and the result.</param>
    /// <exception cref="PackException">They are another network's.</exception>
    public ResNet34Trunk(IResNetLayers layers, ConvolutionAlgorithm algorithm, LaneWidth? width = null, Action<int, FeatureMap>? observer = null)
    {
        List<(ResNetBlock Block, int Stride)> blocks = Check(layers);
        _layers = new FloatTrunkLayers(layers.Stem, blocks, algorithm, width, observer);
        _contexts = TrunkColumns.Contexts([.. blocks.Select(block => block.Stride)]);
    }

    /// <summary>A trunk in 8-bit activations.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="ranges">What each activation is held at.</param>
    /// <param name="instructions">The instructions to use; the fastest of the processor by default. They do not change results.</param>
    /// <param name="threads">Threads that share the packing of the weights, 1 or more.</param>
    /// <param name="beside">What else one of these threads does; null for nothing.</param>
    /// <exception cref="PackException">They are another network's.</exception>
    public ResNet34Trunk(IResNetLayers layers, ActivationRanges ranges, IntegerInstructions? instructions = null, int threads = 1, Action? beside = null)
    {
        List<(ResNetBlock Block, int Stride)> blocks = Check(layers);
        _layers = new QuantizedTrunkLayers(layers.Stem, blocks, ranges, instructions, threads, beside);
        _contexts = TrunkColumns.Contexts([.. blocks.Select(block => block.Stride)]);
    }

    /// <summary>The number of frames that go out for <paramref name="frames"/> feature frames: 125 for 998.</summary>
    public static int OutputFrames(int frames) => (frames + TimeStep - 1) / TimeStep;

    /// <summary>Runs all layers.</summary>
    /// <param name="features">Shape (frames, 80), at least one frame.</param>
    /// <param name="cancellationToken">Stops the work within a few milliseconds.</param>
    /// <returns>Shape (10, <see cref="OutputFrames"/>, 256), to be disposed of by the caller.</returns>
    public FeatureMap Run(ReadOnlySpan<float> features, CancellationToken cancellationToken) =>
        Run(features, 0, OutputFrames(features.Length / InputHeight), sharing: null, cancellationToken);

    /// <summary>Runs all layers as far as some of the frames that go out depend on them.</summary>
    /// <param name="features">Shape (frames, 80), at least one frame.</param>
    /// <param name="first">The first frame that is wanted.</param>
    /// <param name="end">The frame after the last wanted one.</param>
    /// <param name="chunkFrames">Feature frames that are computed at once, with the receptive field around: it bounds memory.</param>
    /// <param name="cancellationToken">Stops the work within a few milliseconds.</param>
    /// <param name="sharing">Where other threads may join the loops of a trunk in 8 bits, or null.</param>
    /// <returns>Shape (10, end − first, 256), to be disposed of by the caller.</returns>
    public unsafe FeatureMap RunInChunks(ReadOnlySpan<float> features, int first, int end, int chunkFrames, CancellationToken cancellationToken, SharedLoops? sharing = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkFrames, 1);

        // Chunks of one length, so that the next call finds the memory of this one.
        int chunks = (end - first + OutputFrames(chunkFrames) - 1) / OutputFrames(chunkFrames);
        int step = (end - first + chunks - 1) / chunks;
        if (chunks == 1)
        {
            return RunChunk(features, first, end, sharing, cancellationToken);
        }

        var whole = new FeatureMap(OutputHeight, end - first, Channels);
        try
        {
            for (int start = first; start < end; start += step)
            {
                int stop = Math.Min(start + step, end);
                using FeatureMap chunk = RunChunk(features, start, stop, sharing, cancellationToken);
                for (int y = 0; y < OutputHeight; y++)
                {
                    new ReadOnlySpan<float>(chunk.At(y, 0), chunk.Width * Channels).CopyTo(new Span<float>(whole.At(y, start - first), chunk.Width * Channels));
                }
            }

            return whole;
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    private FeatureMap RunChunk(ReadOnlySpan<float> features, int start, int stop, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        int from = Math.Max(start - Halo, 0);
        int to = (int)Math.Min(((long)stop + Halo) * TimeStep, features.Length / InputHeight);
        return Run(features[(from * TimeStep * InputHeight)..(to * InputHeight)], start - from, stop - from, sharing, cancellationToken);
    }

    private unsafe FeatureMap Run(ReadOnlySpan<float> features, int first, int end, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        using var input = new FeatureMap(InputHeight, features.Length / InputHeight, 1);
        for (int filter = 0; filter < InputHeight; filter++)
        {
            float* row = input.At(filter, 0);
            for (int frame = 0; frame < input.Width; frame++)
            {
                row[frame] = features[(frame * InputHeight) + filter];
            }
        }

        return _layers.Run(input, new TrunkColumns(_contexts, first, end), sharing, cancellationToken);
    }

    /// <summary>Checks that the layers are this network's; says the stride of each block's first convolution.</summary>
    private static List<(ResNetBlock Block, int Stride)> Check(IResNetLayers layers)
    {
        var checkedBlocks = new List<(ResNetBlock, int)>();
        CheckLayer(layers.Stem, 1, Stages[0].Channels, 3, 1);
        int inputs = Stages[0].Channels;
        foreach ((int blocks, int channels) in Stages)
        {
            for (int i = 0; i < blocks; i++)
            {
                if (checkedBlocks.Count == layers.Blocks.Count)
                {
                    throw new PackException($"{layers.File}: has {layers.Blocks.Count} residual blocks, expected {Stages.Sum(stage => stage.Blocks)}; the file belongs to another network");
                }

                ResNetBlock block = layers.Blocks[checkedBlocks.Count];
                int stride = i == 0 && channels != Stages[0].Channels ? 2 : 1;
                if (block.Shortcut is null != (stride == 1 && inputs == channels))
                {
                    throw new PackException($"{layers.File}: the block of '{block.First.Name}' has {(block.Shortcut is null ? "no" : "a")} shortcut; the file belongs to another network");
                }

                CheckLayer(block.First, inputs, channels, 3, stride);
                CheckLayer(block.Second, channels, channels, 3, 1);
                if (block.Shortcut is not null)
                {
                    CheckLayer(block.Shortcut, inputs, channels, 1, stride);
                }

                checkedBlocks.Add((block, stride));
                inputs = channels;
            }
        }

        if (checkedBlocks.Count != layers.Blocks.Count)
        {
            throw new PackException($"{layers.File}: has {layers.Blocks.Count} residual blocks, expected {checkedBlocks.Count}; the file belongs to another network");
        }

        return checkedBlocks;

        void CheckLayer(ResNetLayer layer, int expectedInputs, int expectedOutputs, int kernel, int stride)
        {
            if ((layer.Inputs, layer.Outputs, layer.Kernel, layer.Stride) != (expectedInputs, expectedOutputs, kernel, stride))
            {
                throw new PackException(
                    $"{layers.File}: the convolution '{layer.Name}' is {layer.Outputs}×{layer.Inputs}×{layer.Kernel}×{layer.Kernel} with stride {layer.Stride}, "
                    + $"expected {expectedOutputs}×{expectedInputs}×{kernel}×{kernel} with stride {stride}; the file belongs to another network");
            }
        }
    }
}
