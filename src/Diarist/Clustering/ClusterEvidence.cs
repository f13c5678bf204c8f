using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>What the activity of the windows says about speakers, apart from any embedding.</summary>
internal static class ClusterEvidence
{
    /// <summary>Whether any local speaker of any window is active.</summary>
    public static bool AnybodySpeaks(Activity activity)
    {
        for (int window = 0; window < activity.Windows; window++)
        {
            if (activity.Window(window).ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What speaks for every cluster.</summary>
    public static IReadOnlyList<ClusterSummary> Summarize(
        Activity activity, ClusterAssignment assignment, double[] shares, TrainingSet training, ClusteringRecipe recipe, SlidingWindow grid)
    {
        double[] solo = SoloSeconds(activity, assignment, grid);
        var embeddings = new int[assignment.ClusterCount];
        foreach ((int window, int speaker) in training.Pairs)
        {
            if (assignment[window, speaker] is var cluster and >= 0)
            {
                embeddings[cluster]++;
            }
        }

        return [.. Enumerable.Range(0, assignment.ClusterCount).Select(cluster => new ClusterSummary(
            embeddings[cluster],
            solo[cluster],
            shares[cluster],
            solo[cluster] < recipe.GhostSoloSeconds || shares[cluster] < recipe.GhostShare))];
    }

    /// <summary>The seconds in which a cluster's local speakers are alone: every frame counts by the share of its windows that say so.</summary>
    private static double[] SoloSeconds(Activity activity, ClusterAssignment assignment, SlidingWindow grid)
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
