using Diarist.Embedding;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>
/// Gives local speakers who are active but too brief for an embedding the cluster of those with whom they share most active
/// frames in the overlapping windows, so that a short word is not lost.
/// </summary>
internal static class NeighbourAssignment
{
    /// <summary>Assigns whom it can; the others stay unassigned.</summary>
    /// <param name="activity">Who is active.</param>
    /// <param name="embeddings">Their vectors.</param>
    /// <param name="assignment">The clusters of those who have embeddings; receives the others'.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="constrained">Whether a cluster may not be given twice in a window.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void Assign(
        Activity activity, Embeddings embeddings, ClusterAssignment assignment, SlidingWindow grid, bool constrained, CancellationToken cancellationToken)
    {
        // Only clusters that came from embeddings are looked at, so that the order of windows does not matter.
        var found = new List<(int Window, int Speaker, int Cluster)>();
        var taken = new HashSet<int>();
        var common = new int[assignment.ClusterCount];
        for (int window = 0; window < activity.Windows; window++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            taken.Clear();
            for (int speaker = 0; constrained && speaker < activity.Speakers; speaker++)
            {
                taken.Add(assignment[window, speaker]);
            }

            for (int speaker = 0; speaker < activity.Speakers; speaker++)
            {
                if (TrainingSet.IsUsable(embeddings[window, speaker]) || activity.ActiveFrames(window, speaker) == 0)
                {
                    continue;
                }

                Array.Clear(common);
                AddCommonFrames(activity, assignment, grid, window, speaker, common);
                int best = -1;
                for (int cluster = 0; cluster < common.Length; cluster++)
                {
                    if (common[cluster] > (best < 0 ? 0 : common[best]) && !taken.Contains(cluster))
                    {
                        best = cluster;
                    }
                }

                if (best >= 0)
                {
                    found.Add((window, speaker, best));
                    if (constrained)
                    {
                        taken.Add(best);
                    }
                }
            }
        }

        foreach ((int window, int speaker, int cluster) in found)
        {
            assignment[window, speaker] = cluster;
        }
    }

    private static void AddCommonFrames(Activity activity, ClusterAssignment assignment, SlidingWindow grid, int window, int speaker, Span<int> common)
    {
        int start = grid.FirstFrame(window);
        foreach (int direction in (ReadOnlySpan<int>)[-1, 1])
        {
            for (int other = window + direction; other >= 0 && other < activity.Windows; other += direction)
            {
                int shift = grid.FirstFrame(other) - start;
                if (Math.Abs(shift) >= activity.Frames)
                {
                    break;
                }

                for (int local = 0; local < activity.Speakers; local++)
                {
                    if (assignment[other, local] is var cluster and >= 0)
                    {
                        common[cluster] += CommonFrames(activity.Window(window), speaker, activity.Window(other), local, shift);
                    }
                }
            }
        }
    }

    private static int CommonFrames(ReadOnlySpan<byte> window, int speaker, ReadOnlySpan<byte> other, int local, int shift)
    {
        int count = 0;
        for (int frame = Math.Max(0, shift); frame < Math.Min(window.Length, other.Length + shift); frame++)
        {
            count += window[frame] >> speaker & other[frame - shift] >> local & 1;
        }

        return count;
    }
}
