using Diarist.Attribution;

namespace Diarist.Transcripts;

/// <summary>A recognizer's piece of text: what it decoded together, from a few words to a minute of speech.</summary>
/// <param name="Text">The text without the white space around it.</param>
/// <param name="Range">When it was said, in seconds; <see langword="null"/> when the recognizer did not say.</param>
/// <param name="Words">The words in order; empty when the recognizer gave only the text.</param>
public sealed record TranscriptSegment(string Text, TimeRange? Range, IReadOnlyList<Word> Words)
{
    /// <summary>The speaker that the transcript itself names for the segment; <see langword="null"/> when it names none.</summary>
    public string? Speaker { get; init; }

    /// <summary>The channel of the recording that it was recognized on, from 1; <see langword="null"/> where the transcript does not tell several apart.</summary>
    public int? Channel { get; init; }

    /// <summary>The recording that a file of several recordings names for the segment; otherwise <see langword="null"/>.</summary>
    public string? Recording { get; init; }

    /// <summary>
    /// Whether the words' times can be those of the segment: at least one of them lies in its range. False for shortened
    /// time axes and offsets from another clock; then the range is to be believed and not the words.
    /// </summary>
    internal bool WordTimesHold
    {
        get
        {
            if (Range is not { IsEmpty: false } own)
            {
                return true;
            }

            bool timed = false;
            foreach (Word word in Words)
            {
                if (word.Range is { } said && Ticks.TryFrom(said, out _, out _))
                {
                    timed = true;
                    if (said.Start <= own.End && Math.Max(said.Start, said.End) >= own.Start && (said.IsEmpty || (said.Start < own.End && said.End > own.Start)))
                    {
                        return true;
                    }
                }
            }

            return !timed;
        }
    }

    /// <summary>
    /// A segment made of its words: their texts joined, their times spanned. Between two words of a script that is written
    /// without spaces (Chinese, Japanese, Thai, Lao, Burmese, Khmer) there is none.
    /// </summary>
    public static TranscriptSegment FromWords(IReadOnlyList<Word> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        Word[] spaced = WordSpacing.FromScript(words);
        return new TranscriptSegment(WordText.Join(spaced), WordText.Span(spaced), spaced);
    }
}
