using System.Buffers;
using Diarist.Embedding;
using Diarist.Features;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Segmentation;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// WeSpeaker's ResNet34-LM as pyannote.audio uses it: the 10 s window through the trunk once, then statistics pooled under
/// each local speaker's mask and one linear layer → 256 values (Wang et al. 2023; pyannote's weighted pooling).
/// Speakers without a frame on the trunk's grid of 80 ms get none; windows without speakers are not computed.
/// </summary>
internal sealed unsafe class WeSpeakerResNet34 : ISpeakerEmbedder
{
    private const int EmbeddingDimension = 256;
    private const int PooledValues = ResNet34Trunk.OutputHeight * ResNet34Trunk.Channels;

    /// <summary>Feature frames of a 10 s window.</summary>
    private const int WindowFrames = 998;

    // Feature frames that the trunk computes at once: it bounds memory (21 kB a frame in single precision, 6 kB in 8 bits) and costs
    // 224 frames of halo each time. In 8 bits half a minute with its context is one chunk.
    private const int FloatChunkFrames = 2000, ByteChunkFrames = 6000;

    private readonly ResNet34Trunk _trunk;
    private readonly PackedMatrix _linear;
    private readonly KaldiFilterBank _filterBank = new();

    /// <summary>Creates the embedder from its graph.</summary>
    /// <param name="graph">An ONNX export with its weights; batch normalization may be folded or not.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="PackException">The graph is another network.</exception>
    public WeSpeakerResNet34(OnnxGraph graph, WeSpeakerOptions? options = null)
        : this(new ResNetGraph(graph), options)
    {
    }

    /// <summary>Creates the embedder from its layers.</summary>
    /// <param name="layers">The layers, normalization folded in.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="PackException">They are another network's.</exception>
    public WeSpeakerResNet34(IResNetLayers layers, WeSpeakerOptions? options = null)
    {
        options ??= new WeSpeakerOptions();
        ActivationRanges? ranges = RangesFor(layers, options);
        Precision = ranges is null ? Precision.FloatingPoint : Precision.EightBit;
        PackedMatrix? linear = null;
        void PackLinear() => linear = Linear(layers, options.Width);
        if (ranges is null)
        {
            _trunk = new ResNet34Trunk(layers, options.Algorithm, options.Width);
            PackLinear();
        }
        else
        {
            _trunk = new ResNet34Trunk(layers, ranges, options.Instructions, options.Threads, PackLinear);
        }

        _linear = linear!;
    }

    /// <summary>The arithmetic of the trunk; never <see cref="Diarist.Precision.Auto"/>.</summary>
    public Precision Precision { get; }

    public string Name => "wespeaker";

    public int Dimension => EmbeddingDimension;

    public int MinimumSamples => KaldiFilterBank.FrameLength;

    /// <summary>Loads the pack's ONNX file.</summary>
    /// <exception cref="PackException">The file is missing, damaged or of another network.</exception>
    public static WeSpeakerResNet34 Load(string path, WeSpeakerOptions? options = null) => new(OnnxFile.Read(path), options);

    /// <summary>Makes the network of tensors under the names of models/README.md.</summary>
    /// <exception cref="PackException">They are of another network.</exception>
    public static WeSpeakerResNet34 Load(Weights weights, WeSpeakerOptions? options = null) => new(new ResNetTensors(weights), options);

    public void Embed(WindowedAudio audio, ReadOnlySpan<byte> masks, Span<float> embeddings, CancellationToken cancellationToken)
    {
        masks = masks[..(audio.Windows * SlidingWindow.FramesPerWindow)];
        embeddings = embeddings[..(audio.Windows * SlidingWindow.LocalSpeakers * Dimension)];
        embeddings.Fill(float.NaN);
        if (!masks.ContainsAnyExcept((byte)0))
        {
            return;
        }

        // Overlapping windows have the same frames when every window starts on one.
        bool sharesFrames = audio.Step % KaldiFilterBank.Hop == 0;
        int stretch = sharesFrames ? ((audio.Windows - 1) * audio.Step) + SlidingWindow.WindowSamples : SlidingWindow.WindowSamples;
        int length = KaldiFilterBank.FrameCount(stretch) * KaldiFilterBank.Filters;
        float[] logMel = ArrayPool<float>.Shared.Rent(length);
        float[] normalized = ArrayPool<float>.Shared.Rent(length);
        try
        {
            if (sharesFrames)
            {
                _filterBank.Compute(audio.Samples.Span[..stretch], logMel);
            }

            for (int window = 0; window < audio.Windows; window++)
            {
                ReadOnlySpan<byte> mask = masks.Slice(window * SlidingWindow.FramesPerWindow, SlidingWindow.FramesPerWindow);
                if (!StatisticsPooling.SelectsAny(mask, ResNet34Trunk.OutputFrames(WindowFrames)))
                {
                    continue;
                }

                if (!sharesFrames)
                {
                    _filterBank.Compute(audio.Window(window), logMel);
                }

                int first = sharesFrames ? window * audio.Step / KaldiFilterBank.Hop * KaldiFilterBank.Filters : 0;
                KaldiFilterBank.SubtractMean(logMel.AsSpan(first, WindowFrames * KaldiFilterBank.Filters), normalized);
                EmbedFeatures(
                    normalized.AsSpan(0, WindowFrames * KaldiFilterBank.Filters), mask,
                    embeddings.Slice(window * SlidingWindow.LocalSpeakers * Dimension, SlidingWindow.LocalSpeakers * Dimension), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(logMel);
            ArrayPool<float>.Shared.Return(normalized);
        }
    }

    private static PackedMatrix Linear(IResNetLayers layers, LaneWidth? width)
    {
        (StoredTensor weights, float[] bias) = layers.Linear(2 * PooledValues, EmbeddingDimension);
        using AlignedBuffer widened = AlignedBuffer.Rent(weights.Length);
        weights.WidenTo(widened.Span);

        // The graph flattens statistics as (half, channel, frequency), the map as (half, frequency, channel).
        int[] rows = PackedMatrix.Places(2 * PooledValues, row =>
        {
            (int half, int place) = Math.DivRem(row, PooledValues);
            (int frequency, int channel) = Math.DivRem(place, ResNet34Trunk.Channels);
            return (half * PooledValues) + (channel * ResNet34Trunk.OutputHeight) + frequency;
        });
        return new PackedMatrix(widened.Span, rows, PackedMatrix.Places(EmbeddingDimension, 2 * PooledValues), bias, width);
    }

    /// <summary>The ranges that the trunk runs with in 8 bits, or null where it runs in float32.</summary>
    /// <exception cref="PackException">8 bits are asked for and there are no ranges for these weights.</exception>
    private static ActivationRanges? RangesFor(IResNetLayers layers, WeSpeakerOptions options)
    {
        // On 256-bit vectors and wider, 8 bits are the faster arithmetic; on narrower ones they are not.
        bool wanted = options.Precision == Precision.EightBit
            || (options.Precision == Precision.Auto && (options.Instructions ?? IntegerInstructionSets.Fastest) >= IntegerInstructions.Avx2);
        ActivationRanges ranges = options.Ranges ?? ActivationRanges.WeSpeaker;
        if (!wanted || ranges.Suit(layers))
        {
            return wanted ? ranges : null;
        }

        return options.Precision == Precision.EightBit
            ? throw new PackException($"{layers.File}: the ranges of 8-bit activations were measured with other weights; these weights run in single precision only")
            : null;
    }

    /// <summary>Embeds the local speakers of one window.</summary>
    /// <param name="features">The Kaldi filter bank less its mean, shape (frames, 80).</param>
    /// <param name="mask">The window's segmentation frames, one bit for each speaker.</param>
    /// <param name="embeddings">Receives shape (speakers, 256); a speaker without a frame keeps what was there.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal void EmbedFeatures(ReadOnlySpan<float> features, ReadOnlySpan<byte> mask, Span<float> embeddings, CancellationToken cancellationToken)
    {
        using FeatureMap trunk = _trunk.Run(features, cancellationToken);
        Pool(trunk, mask, 0, trunk.Width * ResNet34Trunk.TimeStep, embeddings);
    }

    /// <summary>Pools the trunk's frames in the window of <paramref name="length"/> feature frames from <paramref name="start"/> and maps them to embeddings.</summary>
    private void Pool(FeatureMap trunk, ReadOnlySpan<byte> mask, int start, int length, Span<float> embeddings)
    {
        const int step = ResNet34Trunk.TimeStep;
        int speakers = embeddings.Length / Dimension;
        using AlignedBuffer statistics = AlignedBuffer.Rent(speakers * 2 * PooledValues);
        Span<int> selected = stackalloc int[(length / step) + 1];
        Span<int> found = stackalloc int[speakers];
        int rows = 0;
        for (int speaker = 0; speaker < speakers; speaker++)
        {
            int count = StatisticsPooling.Select(mask, speaker, start, length, step, (start + step - 1) / step, trunk.Width, selected);
            if (count > 0)
            {
                StatisticsPooling.Pool(trunk, selected[..count], statistics.Pointer + (rows * 2 * PooledValues));
                found[rows++] = speaker;
            }
        }

        // One product for all speakers of the window: its weights are read once.
        using AlignedBuffer results = AlignedBuffer.Rent(speakers * Dimension);
        Gemm.Multiply(new LeftMatrix(statistics.Pointer, rows, 2 * PooledValues, 2 * PooledValues), _linear, results.Pointer, Dimension);
        for (int row = 0; row < rows; row++)
        {
            results.Span.Slice(row * Dimension, Dimension).CopyTo(embeddings[(found[row] * Dimension)..]);
        }
    }

    /// <summary>The trunk's frames of a stretch, 80 ms each.</summary>
    /// <param name="features">The Kaldi filter bank less a mean, shape (frames, 80).</param>
    /// <param name="first">The first frame that is wanted.</param>
    /// <param name="end">The frame after the last wanted one.</param>
    /// <param name="sharing">Where other threads may join the loops, or null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Shape (10, end − first, 256), to be disposed of by the caller.</returns>
    internal FeatureMap RunTrunk(ReadOnlySpan<float> features, int first, int end, SharedLoops? sharing, CancellationToken cancellationToken) =>
        _trunk.RunInChunks(features, first, end, Precision == Precision.EightBit ? ByteChunkFrames : FloatChunkFrames, cancellationToken, sharing);

    /// <summary>Maps pooled statistics to embeddings.</summary>
    /// <param name="statistics">Rows of 5 120 values as <see cref="StatisticsPooling.Pool"/> makes them.</param>
    /// <param name="rows">Their number, at least 1.</param>
    /// <param name="embeddings">Receives shape (rows, 256).</param>
    internal void Project(float* statistics, int rows, Span<float> embeddings)
    {
        using AlignedBuffer results = AlignedBuffer.Rent(rows * Dimension);
        Gemm.Multiply(new LeftMatrix(statistics, rows, 2 * PooledValues, 2 * PooledValues), _linear, results.Pointer, Dimension);
        results.Span[..(rows * Dimension)].CopyTo(embeddings);
    }
}
