namespace Diarist;

/// <summary>One speaker speaking for one uninterrupted interval.</summary>
/// <param name="Range">When, in seconds from the start of the recording.</param>
/// <param name="Speaker">Who: an anonymous label such as <c>SPEAKER_00</c>, or whatever a file names.</param>
public readonly record struct Turn(TimeRange Range, string Speaker)
{
    /// <summary>A turn from <paramref name="start"/> to <paramref name="end"/>, in seconds.</summary>
    public Turn(double start, double end, string speaker)
        : this(new TimeRange(start, end), speaker)
    {
    }

    /// <summary>The first instant of the turn, in seconds.</summary>
    public double Start => Range.Start;

    /// <summary>The first instant after the turn, in seconds.</summary>
    public double End => Range.End;

    /// <summary>The length in seconds.</summary>
    public double Duration => Range.Duration;

    /// <summary>How sure the diarizer is that this speaker holds this turn, 0 to 1; <see langword="null"/> when nobody said.</summary>
    public double? Confidence { get; init; }
}
