using Diarist.Clustering;
using Diarist.Segmentation;

namespace Diarist.Reconstruction;

/// <summary>
/// Who speaks in every output frame of a recording. Holds only the few clusters active in a frame, so that its size does not
/// grow with the number of speakers.
/// </summary>
internal sealed class FrameClusters
{
    private const short Nobody = -1;
    private const int CancellationInterval = 4096;

    private readonly int _slots;
    private readonly short[] _clusters;
    private readonly byte[] _agreement;

    /// <summary>Creates a recording in which nobody speaks.</summary>
    /// <param name="frames">The number of output frames.</param>
    /// <param name="columns">The number of clusters.</param>
    /// <param name="slots">The most speakers in one frame.</param>
    public FrameClusters(int frames, int columns, int slots)
    {
        Frames = frames;
        Columns = columns;
        _slots = slots;
        _clusters = new short[checked(frames * slots)];
        _clusters.AsSpan().Fill(Nobody);
        _agreement = new byte[_clusters.Length];
    }

    /// <summary>The number of output frames.</summary>
    public int Frames { get; }

    /// <summary>The number of clusters, with the silent ones that had to be added because more speakers were counted than there are clusters.</summary>
    public int Columns { get; }

    /// <summary>
    /// For every frame sums each cluster's activity over the windows and keeps as many of the highest as speakers were counted
    /// there; ties go to the lower cluster (pyannote.audio 4). Where fewer clusters are active than counted, the
    /// lowest inactive ones fill up; columns are added when there are too few clusters.
    /// </summary>
    /// <param name="activity">Who is active in every window.</param>
    /// <param name="clusters">The cluster of every local speaker.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="counts">Speakers per output frame (<see cref="SpeechFrames"/>).</param>
    /// <param name="maximum">Keeps at most this many per frame; 1 gives the exclusive timeline.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static FrameClusters Reconstruct(
        Activity activity, ClusterAssignment clusters, SlidingWindow grid, ReadOnlySpan<byte> counts, int maximum = byte.MaxValue, CancellationToken cancellationToken = default)
    {
        if (clusters.Windows != activity.Windows || clusters.Speakers != activity.Speakers || counts.Length != grid.OutputFrames(activity.Windows))
        {
            throw new ArgumentException("Activity, clusters and counts are not of the same recording.", nameof(clusters));
        }

        int highest = 0;
        foreach (byte count in counts)
        {
            highest = Math.Max(highest, count);
        }

        int slots = Math.Min(highest, maximum);
        var result = new FrameClusters(counts.Length, Math.Max(clusters.ClusterCount, highest), slots);
        var scores = new int[result.Columns];
        int firstWindow = 0;
        for (int frame = 0; frame < counts.Length; frame++)
        {
            while (firstWindow < activity.Windows && grid.FirstFrame(firstWindow) + activity.Frames <= frame)
            {
                firstWindow++;
            }

            if (frame % CancellationInterval == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            int kept = Math.Min(counts[frame], maximum);
            if (kept > 0)
            {
                int covering = AddWindows(activity, clusters, grid, frame, firstWindow, scores);
                result.KeepHighest(frame, kept, scores, covering);
            }
        }

        return result;
    }

    /// <summary>The clusters active in a frame, highest sum first, −1 where there are fewer.</summary>
    public ReadOnlySpan<short> Active(int frame) => _clusters.AsSpan(frame * _slots, _slots);

    /// <summary>For every entry of <see cref="Active"/>, the share of windows that say so: 0 to 255.</summary>
    public ReadOnlySpan<byte> Agreement(int frame) => _agreement.AsSpan(frame * _slots, _slots);

    /// <summary>Whether a cluster is active in a frame.</summary>
    public bool this[int frame, int cluster] => Active(frame).Contains((short)cluster);

    /// <summary>Puts a cluster into one of a frame's slots, which fill from 0.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="agreement">The share of windows that say so, 0 to 255.</param>
    public void Set(int frame, int slot, int cluster, byte agreement)
    {
        _clusters[(frame * _slots) + slot] = (short)cluster;
        _agreement[(frame * _slots) + slot] = agreement;
    }

    private static int AddWindows(Activity activity, ClusterAssignment clusters, SlidingWindow grid, int frame, int firstWindow, Span<int> scores)
    {
        scores.Clear();
        int window = firstWindow;
        for (; window < activity.Windows && grid.FirstFrame(window) <= frame; window++)
        {
            int mask = activity.Window(window)[frame - grid.FirstFrame(window)];
            for (int speaker = 0; speaker < activity.Speakers && mask >> speaker != 0; speaker++)
            {
                int cluster = clusters[window, speaker];
                if ((mask >> speaker & 1) != 0 && cluster >= 0 && !CountedBefore(clusters, window, mask, speaker))
                {
                    scores[cluster]++;
                }
            }
        }

        return window - firstWindow;
    }

    /// <summary>Whether a lower active local speaker of the window is of the same cluster: a window votes once.</summary>
    private static bool CountedBefore(ClusterAssignment clusters, int window, int mask, int speaker)
    {
        for (int lower = 0; lower < speaker; lower++)
        {
            if ((mask >> lower & 1) != 0 && clusters[window, lower] == clusters[window, speaker])
            {
                return true;
            }
        }

        return false;
    }

    private void KeepHighest(int frame, int kept, Span<int> scores, int covering)
    {
        for (int slot = 0; slot < kept; slot++)
        {
            int best = 0;
            for (int cluster = 1; cluster < scores.Length; cluster++)
            {
                best = scores[cluster] > scores[best] ? cluster : best;
            }

            _clusters[(frame * _slots) + slot] = (short)best;
            _agreement[(frame * _slots) + slot] = (byte)(covering == 0 ? 0 : Math.Max(0, scores[best]) * byte.MaxValue / covering);
            scores[best] = -1 - slot; // below every column that is not taken yet
        }
    }
}
