namespace Diarist.Transcripts.Writing;

/// <summary>
/// Lines of transcripts that hold one channel after another. There what one side says stands in one piece, with pauses in which the other side
/// speaks; the lines are cut at those pauses and put in the order of time. All other transcripts keep their lines as they are.
/// </summary>
internal static class InterleavedLines
{
    // Between words that belong together nobody else has a whole turn.
    private const double ShortestPause = 0.5;

    /// <summary>The lines in the order of time, where a line has a pause in which words of another one begin; else as they are.</summary>
    public static IReadOnlyList<SpeakerLine> InOrder(IReadOnlyList<SpeakerLine> lines)
    {
        if (lines.Count < 2 || lines.Any(line => line.Words.Count == 0 || line.Recording != lines[0].Recording || line.Words.Any(word => word.Word.Range is null)))
        {
            return lines;
        }

        double[] starts = [.. lines.SelectMany(line => line.Words.Select(word => word.Word.Range!.Value.Start)).Order()];
        SpeakerLine[] cut = [.. lines.SelectMany(line => Cut(line, starts))];
        return cut.Length == lines.Count ? lines : [.. cut.OrderBy(line => line.Range.Start)];
    }

    private static IEnumerable<SpeakerLine> Cut(SpeakerLine line, double[] starts)
    {
        int first = 0;
        for (int i = 1; i < line.Words.Count; i++)
        {
            double end = line.Words[i - 1].Word.Range!.Value.End;
            double start = line.Words[i].Word.Range!.Value.Start;
            if (start - end >= ShortestPause && BeginsWithin(starts, end, start))
            {
                yield return line.Part(first, i);
                first = i;
            }
        }

        yield return first == 0 ? line : line.Part(first, line.Words.Count);
    }

    // Whether a start lies between the two, both excluded; the words on either side of the pause are none.
    private static bool BeginsWithin(double[] starts, double from, double to)
    {
        int low = 0;
        for (int high = starts.Length; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = starts[middle] <= from ? (middle + 1, high) : (low, middle);
        }

        return low < starts.Length && starts[low] < to;
    }
}
