namespace Diarist;

/// <summary>One speaker speaking for one uninterrupted interval.</summary>
/// <param name="Range">When, in seconds from the start of the recording.</param>
/// <param name="Speaker">Who: an anonymous label such as <c>SPEAKER_00</c>, or whatever a file names.</param>
public readonly record struct Turn(TimeRange Range, string Speaker)
{
    private readonly int _beyondFirst;

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

    /// <summary>The channel or track that the speaker was heard on, from 1; 1 where channels are not told apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The channel is below 1.</exception>
    public int Channel
    {
        get => _beyondFirst + 1;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _beyondFirst = value - 1;
        }
    }
}
