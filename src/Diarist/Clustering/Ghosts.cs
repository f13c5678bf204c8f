using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>Clusters with so little speech that they may not be real speakers.</summary>
internal static class Ghosts
{
    /// <summary>A cluster with less speech of its own than this, in seconds, may be a ghost.</summary>
    private const double SoloSeconds = 1;

    /// <summary>So may one with less than this share of the embeddings.</summary>
    private const double Share = 0.01;

    /// <summary>Whether each cluster may be a ghost.</summary>
    /// <param name="activity">Who is active in every window.</param>
    /// <param name="assignment">The cluster of every local speaker.</param>
    /// <param name="shares">Every cluster's share of the embeddings.</param>
    /// <param name="grid">Where the windows lie.</param>
    public static bool[] Find(Activity activity, ClusterAssignment assignment, double[] shares, SlidingWindow grid)
    {
        double[] seconds = SecondsAlone(activity, assignment, grid);
        return [.. shares.Select((share, cluster) => seconds[cluster] < SoloSeconds || share < Share)];
    }

    /// <summary>The seconds in which a cluster's local speakers are alone: every frame counts by the share of its windows that say so.</summary>
    private static double[] SecondsAlone(Activity activity, ClusterAssignment assignment, SlidingWindow grid)
    {
        int frames = grid.OutputFrames(activity.Windows);
        var covering = new ushort[frames];
        for (int window = 0; window < activity.Windows; window++)
        {
            int first = grid.FirstFrame(window);
            for (int frame = first; frame < Math.Min(frames, first + activity.Frames); frame++)
            {
                covering[frame]++;
            }
        }

        var seconds = new double[assignment.ClusterCount];
        for (int window = 0; window < activity.Windows; window++)
        {
            int first = grid.FirstFrame(window);
            ReadOnlySpan<byte> masks = activity.Window(window);
            for (int frame = 0; frame < masks.Length && first + frame < frames; frame++)
            {
                if (BitOperations.IsPow2(masks[frame])
                    && assignment[window, BitOperations.TrailingZeroCount(masks[frame])] is var cluster and >= 0)
                {
                    seconds[cluster] += SlidingWindow.FrameStep / covering[first + frame];
                }
            }
        }

        return seconds;
    }
}
