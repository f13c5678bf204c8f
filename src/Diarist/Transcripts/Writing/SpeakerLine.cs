using Diarist.Attribution;

namespace Diarist.Transcripts.Writing;

/// <summary>What one speaker says without a break inside one segment: a line of a subtitle or a script.</summary>
/// <param name="Speaker">The label; null when nobody holds it.</param>
/// <param name="Range">When, in seconds.</param>
/// <param name="Text">What is said.</param>
/// <param name="Words">The words; empty when the transcript has none.</param>
/// <param name="Recording">The recording that the segment is of, when the file says.</param>
internal sealed record SpeakerLine(string? Speaker, TimeRange Range, string Text, IReadOnlyList<AttributedWord> Words, string? Recording)
{
    /// <summary>
    /// The lines of a transcript: segments whose words have several speakers are split where the speaker changes, all
    /// others keep their text to the letter. A line without times of its own lies between its neighbours.
    /// </summary>
    public static IReadOnlyList<SpeakerLine> From(AttributedTranscript transcript)
    {
        var lines = new List<SpeakerLine>();
        double at = 0;
        foreach (AttributedSegment segment in transcript.Segments)
        {
            foreach (SpeakerLine line in Split(segment, at))
            {
                lines.Add(line);
                at = Math.Max(at, line.Range.End);
            }
        }

        return lines;
    }

    private static IEnumerable<SpeakerLine> Split(AttributedSegment segment, double at)
    {
        TranscriptSegment source = segment.Segment;
        string?[] speakers = [.. segment.Words.Select(word => word.Choice.Speaker)];
        if (speakers.Distinct().Count() <= 1)
        {
            string? speaker = speakers.Length > 0 ? speakers[0] : segment.Choice.Speaker;
            yield return new SpeakerLine(speaker, source.Range ?? WordText.Span(source.Words) ?? new TimeRange(at, at), source.Text, segment.Words, source.Recording);
            yield break;
        }

        int first = 0;
        for (int i = 1; i <= speakers.Length; i++)
        {
            if (i == speakers.Length || speakers[i] != speakers[first])
            {
                AttributedWord[] words = [.. segment.Words.Skip(first).Take(i - first)];
                TimeRange range = WordText.Span(words.Select(word => word.Word)) ?? new TimeRange(at, at);
                yield return new SpeakerLine(speakers[first], range, WordText.Join(words.Select(word => word.Word)), words, source.Recording);
                at = Math.Max(at, range.End);
                first = i;
            }
        }
    }
}
