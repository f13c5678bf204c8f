namespace Diarist.Transcripts;

/// <summary>What was said in a recording, whichever recognizer or person wrote it down.</summary>
/// <param name="Segments">The pieces of text, in the order of the file.</param>
public sealed record Transcript(IReadOnlyList<TranscriptSegment> Segments)
{
    /// <summary>The dialect it was read from, such as <c>whisperx</c> or <c>srt</c>; <c>words</c> when code made it.</summary>
    public string Dialect { get; init; } = "words";

    /// <summary>The language as the recognizer named it; <see langword="null"/> when it did not.</summary>
    public string? Language { get; init; }

    /// <summary>
    /// The speakers that the transcript itself carries (voice tags, inline speaker tokens, speaker fields), as turns of
    /// their own: they can be used instead of acoustic turns, or compared with them. Empty when it carries none.
    /// </summary>
    public IReadOnlyList<Turn> Turns { get; init; } = [];

    /// <summary>Every word of every segment, in order.</summary>
    public IEnumerable<Word> Words => Segments.SelectMany(segment => segment.Words);

    /// <summary>The segments' texts, one line each.</summary>
    public string Text => string.Join('\n', Segments.Select(segment => segment.Text));

    /// <summary>Whether the transcript itself names a speaker anywhere.</summary>
    public bool HasSpeakers =>
        Turns.Count > 0 || Segments.Any(segment => segment.Speaker is not null || segment.Words.Any(word => word.Speaker is not null));

    /// <summary>A transcript of one segment from bare words.</summary>
    public static Transcript FromWords(IReadOnlyList<Word> words) => new([TranscriptSegment.FromWords(words)]);
}
