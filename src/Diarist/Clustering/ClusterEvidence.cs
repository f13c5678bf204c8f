using System.Numerics;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>What the activity of the windows says about speakers, apart from any embedding.</summary>
internal static class ClusterEvidence
{
    /// <summary>The quantile of the number of local speakers per window, over windows in which anybody speaks; 0 without such windows.</summary>
    /// <param name="activity">Who is active.</param>
    /// <param name="quantile">0 to 1; between two windows the lower number holds.</param>
    /// <param name="minimumFrames">Local speakers active in fewer frames are not counted.</param>
    public static int LocalSpeakers(Activity activity, double quantile, int minimumFrames)
    {
        var windowsWith = new int[activity.Speakers + 1];
        for (int window = 0; window < activity.Windows; window++)
        {
            int speakers = 0;
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                speakers += activity.ActiveFrames(window, speaker) >= minimumFrames ? 1 : 0;
            }

            windowsWith[speakers]++;
        }

        int spoken = windowsWith.Skip(1).Sum();
        int rank = (int)(quantile * (spoken - 1));
        for (int speakers = 1; speakers < windowsWith.Length && spoken > 0; speakers++)
        {
            if ((rank -= windowsWith[speakers]) < 0)
            {
                return speakers;
            }
        }

        return 0;
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
