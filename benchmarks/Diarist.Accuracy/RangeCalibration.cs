using Diarist.Features;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Accuracy;

/// <summary>Finds the ranges of the WeSpeaker trunk's activations, and how near its 8-bit form comes to float32 with them.</summary>
internal sealed class RangeCalibration
{
    private const int Bins = 1 << 13;
    private const float BinsPerUnit = 256;

    // What other recordings may have beyond those that are counted.
    private const float Headroom = 1.1f, LeastShare = 0.1f;

    private const double PieceSeconds = 1.5;

    private readonly OnnxGraph _graph;
    private readonly long[][][] _histograms = new long[ActivationRanges.Count][][];

    /// <summary>Opens the network.</summary>
    public RangeCalibration(string weights) => _graph = OnnxFile.Read(weights);

    /// <summary>Counts the activations of recordings in float32.</summary>
    public void Observe(IEnumerable<Recording> recordings)
    {
        var trunk = new ResNet34Trunk(new ResNetGraph(_graph), ConvolutionAlgorithm.Winograd, observer: Count);
        foreach (Recording recording in recordings)
        {
            float[] features = Features(recording);
            using FeatureMap ignored = trunk.RunInChunks(features, 0, ResNet34Trunk.OutputFrames(features.Length / ResNet34Trunk.InputHeight), 2000, CancellationToken.None);
        }
    }

    /// <summary>The ranges that leave out a share of the non-zero values of each channel, with some headroom.</summary>
    public ActivationRanges Ranges(double leftOut) => new([.. _histograms.Select(channels =>
    {
        // A channel that is nearly never active here may be elsewhere.
        float[] largest = [.. channels.Select(histogram => Largest(histogram, leftOut))];
        float least = LeastShare * largest.Max();
        return largest.Select(value => Headroom * Math.Max(value, least)).ToArray();
    })], ActivationRanges.SumOfStem(new ResNetGraph(_graph)));

    /// <summary>The cosines of the embeddings of pieces of 1.5 s between float32 and 8 bits, in rising order.</summary>
    public double[] Cosines(IEnumerable<Recording> recordings, ActivationRanges ranges)
    {
        var exact = new WeSpeakerResNet34(_graph);
        var quantized = new WeSpeakerResNet34(_graph, new WeSpeakerOptions { Precision = Precision.EightBit, Ranges = ranges });
        int frames = KaldiFilterBank.FrameCount(SlidingWindow.WindowSamples);
        var cosines = new List<double>();
        foreach (Recording recording in recordings)
        {
            float[] features = Features(recording);
            for (int first = 0; (first + frames) * KaldiFilterBank.Filters <= features.Length; first += frames)
            {
                // One bit a piece: those in which one person speaks from beginning to end.
                byte[] mask = new byte[SlidingWindow.FramesPerWindow];
                var pieces = new List<int>();
                for (int piece = 0; piece < 6; piece++)
                {
                    double start = (first / 100.0) + (piece * PieceSeconds), end = start + PieceSeconds;
                    Turn[] within = [.. recording.Truth.Where(turn => turn.Start < end && turn.End > start)];
                    if (within.Length == 1 && within[0].Start <= start && within[0].End >= end)
                    {
                        pieces.Add(piece);
                        int from = (int)Math.Round(piece * PieceSeconds * 58.9), to = (int)Math.Round((piece + 1) * PieceSeconds * 58.9);
                        mask.AsSpan(from, to - from).Fill((byte)(1 << piece));
                    }
                }

                if (pieces.Count == 0)
                {
                    continue;
                }

                float[] left = new float[6 * 256], right = new float[6 * 256];
                ReadOnlySpan<float> window = features.AsSpan(first * KaldiFilterBank.Filters, frames * KaldiFilterBank.Filters);
                exact.EmbedFeatures(window, mask, left, CancellationToken.None);
                quantized.EmbedFeatures(window, mask, right, CancellationToken.None);
                cosines.AddRange(pieces.Select(piece => Cosine(left.AsSpan(piece * 256, 256), right.AsSpan(piece * 256, 256))));
            }
        }

        return [.. cosines.Order()];
    }

    private static float[] Features(Recording recording)
    {
        float[] features = new float[KaldiFilterBank.FrameCount(recording.Samples.Length) * KaldiFilterBank.Filters];
        new KaldiFilterBank().Compute(recording.Samples, features);
        KaldiFilterBank.SubtractMean(features, features);
        return features;
    }

    private static float Largest(long[] histogram, double leftOut)
    {
        long room = (long)(leftOut * histogram.Sum()), above = 0;
        int bin = histogram.Length - 1;
        while (bin > 0 && above + histogram[bin] <= room)
        {
            above += histogram[bin--];
        }

        return (bin + 1) / BinsPerUnit;
    }

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        (double dot, double a, double b) = (0, 0, 0);
        for (int i = 0; i < left.Length; i++)
        {
            (dot, a, b) = (dot + ((double)left[i] * right[i]), a + ((double)left[i] * left[i]), b + ((double)right[i] * right[i]));
        }

        return dot / Math.Sqrt(a * b);
    }

    private unsafe void Count(int index, FeatureMap map)
    {
        if (index >= ActivationRanges.Count)
        {
            return;
        }

        long[][] histograms = _histograms[index] ??= [.. Enumerable.Range(0, map.Channels).Select(_ => new long[Bins])];
        for (int y = 0; y < map.Height; y++)
        {
            ReadOnlySpan<float> row = new(map.At(y, 0), map.Width * map.Channels);
            for (int i = 0; i < row.Length; i++)
            {
                if (row[i] > 0)
                {
                    histograms[i % map.Channels][Math.Min((int)(row[i] * BinsPerUnit), Bins - 1)]++;
                }
            }
        }
    }
}
