using Diarist.Attribution;
using Diarist.Formats;

namespace Diarist.Transcripts.Writing;

/// <summary>What one speaker says without a break inside one segment: a line of a subtitle or a script.</summary>
/// <param name="Speaker">The label; null when nobody holds it.</param>
/// <param name="Range">When, in seconds, from 0 to the longest recording.</param>
/// <param name="Text">What is said.</param>
/// <param name="Words">The words; empty when the transcript has none.</param>
/// <param name="Recording">The recording that the segment is of, when the file says.</param>
internal sealed record SpeakerLine(string? Speaker, TimeRange Range, string Text, IReadOnlyList<AttributedWord> Words, string? Recording)
{
    /// <summary>The part of the segment's text that belongs to each word.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = [];

    /// <summary>
    /// The lines of a transcript: segments whose words have several speakers are split where the speaker changes, and their
    /// text is cut there; all others keep it to the letter. A line without times of its own lies between its neighbours. Where channels follow each
    /// other in the file, their lines are put in the order of time.
    /// </summary>
    public static IReadOnlyList<SpeakerLine> From(AttributedTranscript transcript)
    {
        var lines = new List<SpeakerLine>();
        double at = 0;
        foreach (AttributedSegment segment in transcript.Segments)
        {
            foreach (SpeakerLine line in Split(segment, at))
            {
                if (!string.IsNullOrWhiteSpace(line.Text))
                {
                    lines.Add(line);
                    at = Math.Max(at, line.Range.End);
                }
            }
        }

        return InterleavedLines.InOrder(lines);
    }

    /// <summary>The line of some of the words.</summary>
    public SpeakerLine Part(int first, int end)
    {
        AttributedWord[] words = [.. Words.Skip(first).Take(end - first)];
        return this with
        {
            Range = Usable(WordText.Span(words.Select(word => word.Word)), Range.Start),
            Text = string.Concat(Pieces.Skip(first).Take(end - first)).Trim(),
            Words = words,
            Pieces = [.. Pieces.Skip(first).Take(end - first)],
        };
    }

    private static IEnumerable<SpeakerLine> Split(AttributedSegment segment, double at)
    {
        TranscriptSegment source = segment.Segment;
        string?[] speakers = [.. segment.Words.Select(word => word.Choice.Speaker)];
        string[] pieces = TextPieces.Of(source.Text, source.Words, out bool complete);
        TimeRange range = Usable(source.Range ?? WordText.Span(source.Words), at);
        var whole = new SpeakerLine(speakers.Length > 0 ? speakers[0] : segment.Choice.Speaker, range, complete ? source.Text : string.Concat(pieces).Trim(), segment.Words, source.Recording) { Pieces = pieces };
        if (speakers.Distinct().Count() <= 1)
        {
            yield return whole;
            yield break;
        }

        int first = 0;
        for (int i = 1; i <= speakers.Length; i++)
        {
            if (i == speakers.Length || speakers[i] != speakers[first])
            {
                bool timed = segment.Words.Skip(first).Take(i - first).Any(word => word.Word.Range is not null);
                SpeakerLine part = whole.Part(first, i) with { Speaker = speakers[first] };
                yield return timed ? part : part with { Range = new TimeRange(at, at) };
                at = timed ? Math.Max(at, part.Range.End) : at;
                first = i;
            }
        }
    }

    /// <summary>A range that every format can write: between 0 and the longest recording, not backward; an instant where there is none.</summary>
    private static TimeRange Usable(TimeRange? range, double otherwise)
    {
        double start = range is { } known && double.IsFinite(known.Start) ? Math.Clamp(known.Start, 0, AnnotationField.MaximumSeconds) : otherwise;
        double end = range is { } said && double.IsFinite(said.End) ? Math.Clamp(said.End, start, AnnotationField.MaximumSeconds) : start;
        return new TimeRange(start, end);
    }
}
