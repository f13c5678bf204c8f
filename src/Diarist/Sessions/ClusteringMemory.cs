using Diarist.Pipeline;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// The clusterings of a session that were worked out last. A name or a boundary leaves the clustering as it is, and an undo returns to the one before.
/// </summary>
internal sealed class ClusteringMemory
{
    private const int Most = 4;

    private readonly List<(SpeakerBounds Bounds, GroupingConstraints Constraints, ClusteredSpeech Clustered)> _known = [];

    /// <summary>The clustering of a recording, remembered or worked out.</summary>
    /// <param name="heard">What was heard; the same at every call.</param>
    /// <param name="options">The options; only the number of speakers may differ from call to call.</param>
    /// <param name="constraints">What is known of the pieces.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public ClusteredSpeech Cluster(HeardSpeech heard, DiarizerOptions options, GroupingConstraints? constraints, CancellationToken cancellationToken)
    {
        constraints ??= GroupingConstraints.None;
        int index = _known.FindIndex(known => known.Bounds == options.Bounds && known.Constraints.SaysTheSame(constraints));
        ClusteredSpeech clustered;
        if (index >= 0)
        {
            clustered = _known[index].Clustered;
            _known.RemoveAt(index);
        }
        else
        {
            // What is found without bounds tells how certain a number is.
            SegmentsResult? free = options.Bounds == SpeakerBounds.None
                ? null
                : Cluster(heard, options with { Speakers = null, MinimumSpeakers = null, MaximumSpeakers = null }, constraints, cancellationToken).Found;
            clustered = SegmentsPipeline.Cluster(heard, options, constraints, new StageClock(clock: null), cancellationToken, free);
        }

        _known.Insert(0, (options.Bounds, constraints, clustered));
        if (_known.Count > Most)
        {
            _known.RemoveAt(Most);
        }

        return clustered;
    }
}
