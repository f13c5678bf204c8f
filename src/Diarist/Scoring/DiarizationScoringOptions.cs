namespace Diarist.Scoring;

/// <summary>What a collar's number of seconds means: the field has two conventions that differ by a factor of two.</summary>
public enum CollarConvention
{
    /// <summary>The seconds before and again after each reference boundary (md-eval, dscore): 0.25 leaves out half a second.</summary>
    EachSide,

    /// <summary>The seconds around each reference boundary in all (pyannote.metrics): 0.25 leaves out a quarter of a second.</summary>
    Total,
}

/// <summary>What the diarization error rate leaves out. The defaults score everything.</summary>
public sealed record DiarizationScoringOptions
{
    /// <summary>Score everything: no collar, overlapped speech included, the whole recording.</summary>
    public static DiarizationScoringOptions Default { get; } = new();

    /// <summary>Seconds around every boundary of the reference that are not scored, 0 or more; <see cref="CollarConvention"/> says how they count.</summary>
    public double Collar { get; init; }

    /// <summary>How <see cref="Collar"/> counts; each side by default.</summary>
    public CollarConvention CollarConvention { get; init; } = CollarConvention.EachSide;

    /// <summary>Whether to leave out where two or more reference speakers talk.</summary>
    public bool SkipOverlap { get; init; }

    /// <summary>The regions to score (a UEM), in seconds; <see langword="null"/> scores everything that either side holds.</summary>
    public IReadOnlyList<TimeRange>? Regions { get; init; }
}
