namespace Diarist.Formats;

/// <summary>A piece of text and when it was said: a line of an STM, an entry of a SegLST, or one word of a CTM.</summary>
/// <param name="Range">When, in seconds from the start of the recording; both ends are NaN where the file gives no times (see <see cref="HasTimes"/>).</param>
/// <param name="Speaker">Who; <see langword="null"/> when the file does not say.</param>
/// <param name="Text">What was said, as the file spells it.</param>
public sealed record Utterance(TimeRange Range, string? Speaker, string Text)
{
    /// <summary>An utterance from <paramref name="start"/> to <paramref name="end"/>, in seconds.</summary>
    public Utterance(double start, double end, string? speaker, string text)
        : this(new TimeRange(start, end), speaker, text)
    {
    }

    /// <summary>The range of an utterance that nobody timed: both ends are NaN.</summary>
    public static TimeRange Untimed { get; } = new(double.NaN, double.NaN);

    /// <summary>Whether the utterance has times.</summary>
    public bool HasTimes => !double.IsNaN(Range.Start) && !double.IsNaN(Range.End);

    /// <summary>How sure the recognizer is of the text, 0 to 1; <see langword="null"/> when nobody said.</summary>
    public double? Confidence { get; init; }

    /// <summary>The channel of the recording, as STM and CTM name it; <c>1</c> when there is only one.</summary>
    public string Channel { get; init; } = "1";

    /// <summary>The label that scorers know the speaker by: the channel where no speaker is given.</summary>
    public string SpeakerOrChannel => Speaker ?? Channel;
}
