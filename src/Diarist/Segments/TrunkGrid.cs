using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Segments;

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
