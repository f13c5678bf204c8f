using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>Captions and rows in the order of time, which players keep whatever the order of the file.</summary>
internal static class TextOrder
{
    // More texts over each other than before, by this share, come of files that were joined.
    private const double MostOverlapping = 0.1;

    /// <summary>The texts in the order of time, with a note where that is not the order of the file. Where times start over, as in files that were joined, the texts stay where they are.</summary>
    public static List<TranscriptSegment> InTime(List<TranscriptSegment> segments, TextSource source)
    {
        int first = -1;
        int unordered = 0;
        double last = double.NegativeInfinity;
        for (int i = 0; i < segments.Count; i++)
        {
            if (segments[i].Range is not { } range)
            {
                continue;
            }

            // Texts that overlap, as those of two people do, may stand in either order.
            if (range.Start < last && range.End <= last)
            {
                first = first < 0 ? i : first;
                unordered++;
            }

            last = range.Start;
        }

        if (unordered == 0)
        {
            return segments;
        }

        double key = double.NegativeInfinity;
        List<TranscriptSegment> sorted = [.. segments.Select(segment => (Key: key = segment.Range?.Start ?? key, segment)).OrderBy(pair => pair.Key).Select(pair => pair.segment)];
        bool joined = Overlapping(sorted) > Overlapping(segments) + (MostOverlapping * segments.Count);
        string place = $"at {ClockTime.Format(segments[first].Range!.Value.Start, '.')}";
        for (; unordered > 0; unordered--)
        {
            source.Notes.Add(joined ? ReadingNote.RestartedTimes : ReadingNote.UnorderedTexts, () => source.Error(source.Lines[0], place));
        }

        return joined ? segments : sorted;
    }

    private static int Overlapping(List<TranscriptSegment> segments) =>
        segments.Zip(segments.Skip(1)).Count(pair => pair.First.Range is { } one && pair.Second.Range is { } other && one.Start <= other.Start && other.Start < one.End);
}
