using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>Half a minute of the trunk's frames: which are needed, and what for.</summary>
/// <param name="Number">The block's number.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="Voices">Who needs which of them.</param>
internal sealed record TrunkBlock(int Number, int Rows, IReadOnlyList<VoiceRows> Voices)
{
    /// <summary>Rows on either side that a row depends on: half the trunk's receptive field of 225 feature frames.</summary>
    private const int Halo = 14;

    /// <summary>Where fewer rows than this are not needed, the trunk runs on: a new stretch costs its halo twice.</summary>
    private const int LongestGap = 2 * Halo;

    /// <summary>Runs the trunk where somebody speaks, and hands the rows to those who need them.</summary>
    /// <param name="features">The recording's features.</param>
    /// <param name="embedder">The network.</param>
    /// <param name="collector">Receives the rows.</param>
    /// <param name="sharing">Where other threads may join the loops, or null.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public unsafe void Run(FeatureStore features, WeSpeakerResNet34 embedder, VoiceCollector collector, SharedLoops? sharing, CancellationToken cancellationToken)
    {
        if (Rows == 0)
        {
            return;
        }

        const int step = ResNet34Trunk.TimeStep;
        using var map = new FeatureMap(ResNet34Trunk.OutputHeight, Rows, ResNet34Trunk.Channels);
        int first = Number * TrunkGrid.BlockRows;
        foreach ((int start, int end) in Stretches())
        {
            int from = Math.Max(0, first + start - Halo) * step;
            int skipped = first + start - (from / step);
            using AlignedBuffer normalized = features.Normalized(Number, from, (first + end + Halo) * step);
            using FeatureMap stretch = embedder.RunTrunk(normalized.Span, skipped, skipped + end - start, sharing, cancellationToken);
            for (int y = 0; y < map.Height; y++)
            {
                new ReadOnlySpan<float>(stretch.At(y, 0), (end - start) * map.Channels)
                    .CopyTo(new Span<float>(map.At(y, start), (end - start) * map.Channels));
            }
        }

        collector.Add(Number, map, Voices);
    }

    /// <summary>Runs of rows that are needed, with short gaps between them.</summary>
    internal List<(int Start, int End)> Stretches()
    {
        var needed = new bool[Rows];
        foreach (VoiceRows voice in Voices)
        {
            foreach (int row in voice.Rows)
            {
                needed[row] = true;
            }
        }

        var stretches = new List<(int Start, int End)>();
        for (int row = 0; row < Rows; row++)
        {
            if (needed[row])
            {
                if (stretches.Count > 0 && row - stretches[^1].End < LongestGap)
                {
                    stretches[^1] = (stretches[^1].Start, row + 1);
                }
                else
                {
                    stretches.Add((row, row + 1));
                }
            }
        }

        return stretches;
    }
}

/// <summary>Where the trunk's frames of 80 ms (rows) lie among the output frames, and the blocks of half a minute in which they are computed.</summary>
internal static class TrunkGrid
{
    /// <summary>Feature frames (10 ms) of a block.</summary>
    public const int BlockFeatures = 3000;

    /// <summary>Rows of a block.</summary>
    public const int BlockRows = BlockFeatures / ResNet34Trunk.TimeStep;

    private const double FeatureStep = 0.01;
    private const double FirstFrame = SlidingWindow.FrameDuration / 2;

    /// <summary>The output frame at the middle of a row.</summary>
    public static int FrameOf(int row) =>
        Math.Max(0, (int)Math.Round((((row * ResNet34Trunk.TimeStep) + (ResNet34Trunk.TimeStep / 2)) * FeatureStep - FirstFrame) / SlidingWindow.FrameStep, MidpointRounding.ToEven));
}
