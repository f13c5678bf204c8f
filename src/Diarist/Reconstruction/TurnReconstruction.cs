using System.Globalization;
using Diarist.Clustering;
using Diarist.Segmentation;

namespace Diarist.Reconstruction;

/// <summary>How frames become turns.</summary>
internal sealed record ReconstructionOptions
{
    /// <summary>Turns shorter than this many seconds are dropped.</summary>
    public double MinimumDurationOn { get; init; }

    /// <summary>Pauses of one speaker shorter than this many seconds are closed.</summary>
    public double MinimumDurationOff { get; init; }

    /// <summary>The length of the recording in seconds; no turn goes beyond it. Unlimited when <see langword="null"/>.</summary>
    public double? Duration { get; init; }

    /// <summary>The most speakers at one time; with an exact or a maximal number of speakers, that number.</summary>
    public int MaximumSpeakers { get; init; } = byte.MaxValue;

    /// <summary>The fewest speakers; where fewer speak, <see cref="MissingSpeakers"/> are made.</summary>
    public int MinimumSpeakers { get; init; }
}

/// <summary>The turns of a recording.</summary>
/// <param name="Turns">With overlap, ordered by start, then by speaker.</param>
/// <param name="ExclusiveTurns">One speaker at a time.</param>
/// <param name="Clusters">The cluster behind SPEAKER_00, SPEAKER_01, …; one at or above the number of clusters is a silent column or was made.</param>
/// <param name="Made">How many of the speakers are <see cref="MissingSpeakers"/>.</param>
internal sealed record ReconstructedTurns(IReadOnlyList<Turn> Turns, IReadOnlyList<Turn> ExclusiveTurns, IReadOnlyList<int> Clusters, int Made = 0);

/// <summary>The last stage: clusters of local speakers become turns with labels.</summary>
internal static class TurnReconstruction
{
    /// <summary>The middle of output frame 0 in seconds: half of what a frame sees.</summary>
    private const double FirstBoundary = SlidingWindow.FrameDuration / 2;

    /// <summary>Makes the turns.</summary>
    /// <param name="activity">Who is active in every window.</param>
    /// <param name="clusters">The cluster of every local speaker.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="options">Minimum durations and limits.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static ReconstructedTurns Reconstruct(
        Activity activity, ClusterAssignment clusters, SlidingWindow grid, ReconstructionOptions options, CancellationToken cancellationToken = default)
    {
        byte[] counts = SpeechFrames.Of(activity, grid).Counts(grid.OutputFrames(activity.Windows), options.MaximumSpeakers);
        FrameClusters all = FrameClusters.Reconstruct(activity, clusters, grid, counts, cancellationToken: cancellationToken);
        FrameClusters single = FrameClusters.Reconstruct(activity, clusters, grid, counts, maximum: 1, cancellationToken);
        return FromFrames(all, single, options);
    }

    /// <summary>Makes the turns of frames that are known.</summary>
    /// <param name="all">Everybody who speaks in each frame.</param>
    /// <param name="single">At most one of them in each frame.</param>
    /// <param name="options">Minimum durations and limits.</param>
    public static ReconstructedTurns FromFrames(FrameClusters all, FrameClusters single, ReconstructionOptions options)
    {
        List<Stretch> turns = Trim(CloseGaps(FindStretches(all), options.MinimumDurationOff, exclusive: false), options);
        List<Stretch> exclusive = Trim(CloseGaps(FindStretches(single), options.MinimumDurationOff, exclusive: true), options);

        int missing = options.MinimumSpeakers - ClustersOf(turns, exclusive).Count;
        int made = MissingSpeakers.Fill(turns, exclusive, missing, first: all.Columns);
        List<int> speakers = ClustersOf(turns, exclusive);
        var labels = new Dictionary<int, string>();
        for (int index = 0; index < speakers.Count; index++)
        {
            labels.Add(speakers[index], Label(index));
        }

        return new ReconstructedTurns(ToTurns(turns, labels), ToTurns(exclusive, labels), speakers, made);
    }

    /// <summary>The clusters that speak, by first appearance.</summary>
    private static List<int> ClustersOf(List<Stretch> turns, List<Stretch> exclusive)
    {
        var seen = new HashSet<int>();
        var clusters = new List<int>();
        foreach (Stretch stretch in turns.Concat(exclusive))
        {
            if (seen.Add(stretch.Cluster))
            {
                clusters.Add(stretch.Cluster);
            }
        }

        return clusters;
    }

    /// <summary>The label of the speaker that appears as number <paramref name="index"/>.</summary>
    public static string Label(int index) => string.Create(CultureInfo.InvariantCulture, $"SPEAKER_{index:00}");

    /// <summary>The instant, in seconds, at which a turn begins whose first active frame is this, or ends whose first inactive frame is this.</summary>
    public static double Boundary(int frame) => FirstBoundary + (frame * SlidingWindow.FrameStep);

    /// <summary>Runs of active frames, by start and then by cluster. A run that reaches the last frame ends in its middle.</summary>
    private static List<Stretch> FindStretches(FrameClusters frames)
    {
        var stretches = new List<Stretch>();
        var begun = new int[frames.Columns];
        var spoken = new int[frames.Columns];
        var agreed = new long[frames.Columns];
        var speaking = new List<int>();
        for (int frame = 0; frame < frames.Frames; frame++)
        {
            ReadOnlySpan<short> active = frames.Active(frame);
            ReadOnlySpan<byte> agreement = frames.Agreement(frame);
            for (int slot = 0; slot < active.Length && active[slot] >= 0; slot++)
            {
                int cluster = active[slot];
                if (spoken[cluster] == 0)
                {
                    begun[cluster] = frame;
                    speaking.Add(cluster);
                }

                spoken[cluster]++;
                agreed[cluster] += agreement[slot];
            }

            for (int index = speaking.Count - 1; index >= 0; index--)
            {
                int cluster = speaking[index];
                if (!active.Contains((short)cluster) || frame == frames.Frames - 1)
                {
                    stretches.Add(new Stretch(cluster, Boundary(begun[cluster]), Boundary(frame), agreed[cluster], spoken[cluster]));
                    (spoken[cluster], agreed[cluster]) = (0, 0);
                    speaking.RemoveAt(index);
                }
            }
        }

        stretches.RemoveAll(stretch => !(stretch.End > stretch.Start));
        stretches.Sort((one, other) => one.Start.CompareTo(other.Start) is var order and not 0 ? order : one.Cluster.CompareTo(other.Cluster));
        return stretches;
    }

    /// <summary>Closes short pauses of one speaker; on the exclusive timeline only those in which nobody else speaks.</summary>
    private static List<Stretch> CloseGaps(List<Stretch> stretches, double minimumOff, bool exclusive)
    {
        if (minimumOff <= 0)
        {
            return stretches;
        }

        var result = new List<Stretch>();
        var latest = new Dictionary<int, int>();
        foreach (Stretch stretch in stretches)
        {
            if (latest.TryGetValue(stretch.Cluster, out int index)
                && stretch.Start - result[index].End < minimumOff
                && (!exclusive || index == result.Count - 1))
            {
                result[index] = result[index] with
                {
                    End = stretch.End,
                    Agreement = result[index].Agreement + stretch.Agreement,
                    Frames = result[index].Frames + stretch.Frames,
                };
                continue;
            }

            latest[stretch.Cluster] = result.Count;
            result.Add(stretch);
        }

        return result;
    }

    private static List<Stretch> Trim(List<Stretch> stretches, ReconstructionOptions options)
    {
        double end = options.Duration ?? double.PositiveInfinity;
        return [.. stretches
            .Select(stretch => stretch with { End = Math.Min(stretch.End, end) })
            .Where(stretch => stretch.End > stretch.Start && stretch.End - stretch.Start >= options.MinimumDurationOn)];
    }

    private static List<Turn> ToTurns(List<Stretch> stretches, Dictionary<int, string> labels)
    {
        var turns = new List<Turn>(stretches.Count);
        stretches.Sort((one, other) => one.Start.CompareTo(other.Start) is var order and not 0 ? order : string.CompareOrdinal(labels[one.Cluster], labels[other.Cluster]));
        foreach (Stretch stretch in stretches)
        {
            turns.Add(new Turn(stretch.Start, stretch.End, labels[stretch.Cluster])
            {
                Confidence = Math.Round(stretch.Agreement / (byte.MaxValue * (double)stretch.Frames), 3),
            });
        }

        return turns;
    }
}
