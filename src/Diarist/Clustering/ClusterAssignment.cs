using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>Which cluster (speaker of the recording) every local speaker of every window belongs to: shape (windows, speakers).</summary>
public sealed class ClusterAssignment
{
    /// <summary>The value of a local speaker that belongs to no cluster.</summary>
    public const int Unassigned = -1;

    private readonly int[] _clusters;

    /// <summary>Creates an array in which nobody is assigned.</summary>
    /// <param name="windows">Windows, 0 or more.</param>
    /// <param name="clusterCount">The number of clusters.</param>
    /// <param name="speakers">Local speakers per window.</param>
    public ClusterAssignment(int windows, int clusterCount, int speakers = SlidingWindow.LocalSpeakers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(windows);
        ArgumentOutOfRangeException.ThrowIfNegative(clusterCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(speakers, 1);
        Windows = windows;
        ClusterCount = clusterCount;
        Speakers = speakers;
        _clusters = new int[checked(windows * speakers)];
        _clusters.AsSpan().Fill(Unassigned);
    }

    /// <summary>The number of windows.</summary>
    public int Windows { get; }

    /// <summary>Local speakers per window.</summary>
    public int Speakers { get; }

    /// <summary>The number of clusters; those that appear are 0 to this less one.</summary>
    public int ClusterCount { get; }

    /// <summary>The cluster of a local speaker, or <see cref="Unassigned"/>.</summary>
    public int this[int window, int speaker]
    {
        get => _clusters[(window * Speakers) + speaker];
        set => _clusters[(window * Speakers) + speaker] = value;
    }
}
