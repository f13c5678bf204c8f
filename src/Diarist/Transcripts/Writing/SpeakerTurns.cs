namespace Diarist.Transcripts.Writing;

/// <summary>The turns that a transcript itself names: runs of words, or whole segments, of one speaker.</summary>
internal static class SpeakerTurns
{
    public static Turn[] From(IEnumerable<TranscriptSegment> segments)
    {
        var turns = new List<Turn>();
        foreach (TranscriptSegment segment in segments)
        {
            bool byWord = segment.Words.Any(word => word.Speaker is not null && word.Range is not null);
            if (!byWord && segment is { Speaker: { } speaker, Range: { IsEmpty: false } range })
            {
                turns.Add(new Turn(range, speaker));
                continue;
            }

            string? last = null;
            foreach (Word word in segment.Words)
            {
                string? current = word.Speaker ?? segment.Speaker;
                if (byWord && current is not null && word.Range is { } said)
                {
                    if (current == last)
                    {
                        turns[^1] = turns[^1] with { Range = new TimeRange(turns[^1].Start, Math.Max(turns[^1].End, said.End)) };
                    }
                    else
                    {
                        turns.Add(new Turn(said, current));
                    }

                    last = current;
                }
            }
        }

        return [.. turns];
    }
}
