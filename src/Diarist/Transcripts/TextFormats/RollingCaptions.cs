using Diarist.Formats;

namespace Diarist.Transcripts.TextFormats;

/// <summary>
/// Captions that roll: each repeats the lines that are still on the screen (YouTube's automatic ones, live captions), or the
/// whole text once for each of its words (highlighted words). What is repeated is taken once, where most of the file is so.
/// </summary>
internal static class RollingCaptions
{
    private const int MostWords = 60;
    private const int FewestWords = 2;
    private const int FewestCaptions = 2;

    // YouTube writes a caption of 10 ms between two others: the line that stays while the next one appears.
    private const double LongestFlash = 0.05;

    /// <summary>The segments without what they repeat; each that was cut is told to <paramref name="cut"/>.</summary>
    public static List<TranscriptSegment> Merge(List<TranscriptSegment> segments, Action<TranscriptSegment> cut)
    {
        string[][] words = [.. segments.Select(segment => segment.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        int[] repeated = [.. segments.Select((segment, i) => i > 0 && Follows(segments[i - 1], segment) ? Overlap(words[i - 1], words[i], segments[i - 1].Range!.Value, segment.Range!.Value) : 0)];
        int rolling = repeated.Count(count => count > 0);
        if (rolling < FewestCaptions || 2 * rolling < segments.Count)
        {
            return segments;
        }

        var merged = new List<TranscriptSegment>();
        for (int i = 0; i < segments.Count; i++)
        {
            if (repeated[i] == 0)
            {
                merged.Add(segments[i]);
                continue;
            }

            cut(segments[i]);
            if (repeated[i] == words[i].Length)
            {
                TimeRange range = merged[^1].Range!.Value;
                merged[^1] = merged[^1] with { Range = range with { End = Math.Max(range.End, segments[i].Range!.Value.End) } };
            }
            else
            {
                merged.Add(segments[i] with
                {
                    Text = string.Join(' ', words[i][repeated[i]..]),
                    Words = [.. segments[i].Words.Skip(segments[i].Words.Count == words[i].Length ? repeated[i] : segments[i].Words.Count)],
                });
            }
        }

        return merged;
    }

    private static bool Follows(TranscriptSegment before, TranscriptSegment segment) =>
        before.Speaker == segment.Speaker && before.Range is { } first && segment.Range is { } second && second.Start >= first.Start;

    /// <summary>How many words at the start repeat those at the end of the text before.</summary>
    private static int Overlap(string[] before, string[] words, TimeRange first, TimeRange second)
    {
        bool flash = (first.Duration <= LongestFlash && before.Length == 1) || (second.Duration <= LongestFlash && words.Length == 1);
        if (words.Length > 0 && words.AsSpan().SequenceEqual(before))
        {
            return words.Length;
        }

        for (int count = Math.Min(MostWords, Math.Min(before.Length, words.Length)); count >= (flash && second.Start <= first.End ? 1 : FewestWords); count--)
        {
            if (words.AsSpan(0, count).SequenceEqual(before.AsSpan(before.Length - count)))
            {
                return count;
            }
        }

        return 0;
    }
}
