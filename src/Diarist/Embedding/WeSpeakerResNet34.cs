using System.Buffers;
using Diarist.Features;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Segmentation;

namespace Diarist.Embedding;

/// <summary>
/// WeSpeaker's ResNet34-LM as pyannote.audio uses it: the 10 s window through the trunk once, then statistics pooled under
/// each local speaker's mask and one linear layer → 256 values (Wang et al. 2023; pyannote's weighted pooling).
/// Speakers without a frame on the trunk's grid of 80 ms get none; windows without speakers are not computed.
/// </summary>
internal sealed unsafe class WeSpeakerResNet34 : ISpeakerEmbedder
{
    private const int EmbeddingDimension = 256;
    private const int PooledValues = ResNet34Trunk.OutputHeight * ResNet34Trunk.Channels;

    private readonly ResNet34Trunk _trunk;
    private readonly PackedMatrix _linear;
    private readonly KaldiFilterBank _filterBank = new();

    /// <summary>Creates the embedder from its graph.</summary>
    /// <param name="graph">An ONNX export with its weights; batch normalisation may be folded or not.</param>
    /// <param name="algorithm">How 3×3 convolutions of stride 1 are computed.</param>
    /// <param name="width">The lane width; the widest of the processor by default.</param>
    /// <exception cref="PackException">The graph is another network.</exception>
    public WeSpeakerResNet34(OnnxGraph graph, ConvolutionAlgorithm algorithm = ConvolutionAlgorithm.Winograd, LaneWidth? width = null)
    {
        var layers = new ResNetGraph(graph);
        _trunk = new ResNet34Trunk(layers, graph.Constants.File, algorithm, width);
        (float[] weights, float[] bias) = layers.Linear(2 * PooledValues, EmbeddingDimension);

        // The graph flattens statistics as (half, channel, frequency), the map as (half, frequency, channel).
        _linear = new PackedMatrix(
            2 * PooledValues,
            EmbeddingDimension,
            (row, output) =>
            {
                (int half, int place) = Math.DivRem(row, PooledValues);
                (int frequency, int channel) = Math.DivRem(place, ResNet34Trunk.Channels);
                return weights[(output * 2 * PooledValues) + (half * PooledValues) + (channel * ResNet34Trunk.OutputHeight) + frequency];
            },
            bias,
            width);
    }

    public string Name => "wespeaker";

    public int Dimension => EmbeddingDimension;

    public int MinimumSamples => KaldiFilterBank.FrameLength;

    /// <summary>Loads the pack's ONNX file.</summary>
    /// <exception cref="PackException">The file is missing, damaged or of another network.</exception>
    public static WeSpeakerResNet34 Load(string path) => new(OnnxFile.Read(path));

    public void Embed(WindowedAudio audio, ReadOnlySpan<byte> masks, Span<float> embeddings, CancellationToken cancellationToken)
    {
        const int windowFeatures = 998 * KaldiFilterBank.Filters;
        masks = masks[..(audio.Windows * SlidingWindow.FramesPerWindow)];
        embeddings = embeddings[..(audio.Windows * SlidingWindow.LocalSpeakers * Dimension)];
        embeddings.Fill(float.NaN);

        // Overlapping windows have the same frames when every window starts on one.
        bool sharesFrames = audio.Step % KaldiFilterBank.Hop == 0;
        int stretch = sharesFrames ? ((audio.Windows - 1) * audio.Step) + SlidingWindow.WindowSamples : SlidingWindow.WindowSamples;
        float[] features = ArrayPool<float>.Shared.Rent(KaldiFilterBank.FrameCount(stretch) * KaldiFilterBank.Filters);
        float[] normalized = ArrayPool<float>.Shared.Rent(windowFeatures);
        bool computed = false;
        try
        {
            for (int window = 0; window < audio.Windows; window++)
            {
                ReadOnlySpan<byte> mask = masks.Slice(window * SlidingWindow.FramesPerWindow, SlidingWindow.FramesPerWindow);
                if (!mask.ContainsAnyExcept((byte)0))
                {
                    continue;
                }

                if (!sharesFrames || !computed)
                {
                    _filterBank.Compute(audio.Samples.Span.Slice(sharesFrames ? 0 : window * audio.Step, stretch), features);
                    computed = true;
                }

                int firstFrame = sharesFrames ? window * audio.Step / KaldiFilterBank.Hop : 0;
                Span<float> target = embeddings.Slice(window * SlidingWindow.LocalSpeakers * Dimension, SlidingWindow.LocalSpeakers * Dimension);
                KaldiFilterBank.SubtractMean(features.AsSpan(firstFrame * KaldiFilterBank.Filters, windowFeatures), normalized);
                EmbedFeatures(normalized.AsSpan(0, windowFeatures), mask, target, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(features);
            ArrayPool<float>.Shared.Return(normalized);
        }
    }

    /// <summary>Embeds the local speakers of one window.</summary>
    /// <param name="features">The Kaldi filter bank less its mean, shape (frames, 80).</param>
    /// <param name="mask">The window's segmentation frames, one bit for each speaker.</param>
    /// <param name="embeddings">Receives shape (speakers, 256); a speaker without a frame keeps what was there.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal void EmbedFeatures(ReadOnlySpan<float> features, ReadOnlySpan<byte> mask, Span<float> embeddings, CancellationToken cancellationToken)
    {
        int frames = features.Length / KaldiFilterBank.Filters;
        using FeatureMap input = ResNet34Trunk.MakeInput(frames);
        for (int filter = 0; filter < KaldiFilterBank.Filters; filter++)
        {
            float* row = input.At(filter, 0);
            for (int frame = 0; frame < frames; frame++)
            {
                row[frame] = features[(frame * KaldiFilterBank.Filters) + filter];
            }
        }

        using FeatureMap trunk = _trunk.Run(input, cancellationToken);
        Pool(trunk, mask, embeddings);
    }

    private void Pool(FeatureMap trunk, ReadOnlySpan<byte> mask, Span<float> embeddings)
    {
        int speakers = embeddings.Length / Dimension;
        using AlignedBuffer statistics = AlignedBuffer.Rent(speakers * 2 * PooledValues);
        Span<int> selected = stackalloc int[trunk.Width];
        Span<int> found = stackalloc int[speakers];
        int rows = 0;
        for (int speaker = 0; speaker < speakers; speaker++)
        {
            int count = StatisticsPooling.Select(mask, speaker, trunk.Width, selected);
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
}
