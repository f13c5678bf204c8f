using Diarist.Clustering;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Accuracy;

/// <summary>
/// The best clustering that a segmentation allows, from the reference: per window the one-to-one map of local to reference speakers that
/// shares most frames, everybody else dropped. What errors are left with it come from segmentation, counting and reconstruction.
/// </summary>
internal static class OracleClustering
{
    /// <summary>Assigns every local speaker its reference speaker.</summary>
    /// <param name="activity">Who is active.</param>
    /// <param name="reference">Who really speaks.</param>
    /// <param name="grid">Where the windows lie; a frame is what happens in its middle.</param>
    /// <returns>Clusters, numbered as the reference speakers sorted by name (ordinal).</returns>
    public static ClusterAssignment Assign(Activity activity, IReadOnlyList<Turn> reference, SlidingWindow grid)
    {
        string[] names = [.. reference.Select(turn => turn.Speaker).Distinct().Order(StringComparer.Ordinal)];
        var assignment = new ClusterAssignment(activity.Windows, names.Length, activity.Speakers);
        Turn[][] turns = [.. names.Select(name => reference.Where(turn => turn.Speaker == name).OrderBy(turn => turn.Range).ToArray())];
        var speaking = new bool[activity.Frames];
        for (int window = 0; window < activity.Windows; window++)
        {
            double start = (window * grid.Step) + (SlidingWindow.FrameDuration / 2);
            var common = new double[activity.Speakers * names.Length];
            for (int name = 0; name < names.Length; name++)
            {
                Rasterize(turns[name], start, speaking);
                for (int speaker = 0; speaker < activity.Speakers; speaker++)
                {
                    common[(speaker * names.Length) + name] = CommonFrames(activity.Window(window), speaker, speaking);
                }
            }

            int[] columns = Assignment.Maximize(common, activity.Speakers, names.Length);
            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                if (columns[speaker] >= 0 && common[(speaker * names.Length) + columns[speaker]] > 0)
                {
                    assignment[window, speaker] = columns[speaker];
                }
            }
        }

        return assignment;
    }

    private static void Rasterize(Turn[] turns, double start, bool[] speaking)
    {
        Array.Clear(speaking);
        double end = start + (speaking.Length * SlidingWindow.FrameStep);
        foreach (Turn turn in turns.Where(turn => turn.End > start && turn.Start < end))
        {
            for (int frame = Math.Max(0, (int)((turn.Start - start) / SlidingWindow.FrameStep)); frame < speaking.Length; frame++)
            {
                double middle = start + (frame * SlidingWindow.FrameStep);
                if (middle >= turn.End)
                {
                    break;
                }

                speaking[frame] |= middle >= turn.Start;
            }
        }
    }

    private static int CommonFrames(ReadOnlySpan<byte> masks, int speaker, ReadOnlySpan<bool> speaking)
    {
        int count = 0;
        for (int frame = 0; frame < masks.Length; frame++)
        {
            count += speaking[frame] ? masks[frame] >> speaker & 1 : 0;
        }

        return count;
    }
}
