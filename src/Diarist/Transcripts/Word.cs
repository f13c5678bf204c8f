namespace Diarist.Transcripts;

/// <summary>One word of a transcript, as its recognizer wrote it.</summary>
/// <param name="Text">The word without the white space around it; punctuation may be part of it.</param>
/// <param name="Range">When it was said, in seconds; <see langword="null"/> when the recognizer did not say.</param>
public sealed record Word(string Text, TimeRange? Range = null)
{
    /// <summary>How sure the recognizer was of the word, 0 to 1; <see langword="null"/> when it did not say.</summary>
    public double? Confidence { get; init; }

    /// <summary>The speaker that the transcript itself names for the word; <see langword="null"/> when it names none.</summary>
    public string? Speaker { get; init; }

    /// <summary>The channel of the recording that it was recognized on, from 1; <see langword="null"/> where the transcript does not tell several apart.</summary>
    public int? Channel { get; init; }

    /// <summary>Whether the word follows the one before without a space (punctuation, scripts without spaces).</summary>
    public bool JoinsPrevious { get; init; }
}
