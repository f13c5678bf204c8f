using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>The speaker of a segment from those of its words, each counting with its length.</summary>
internal static class SegmentVote
{
    public static SpeakerChoice Count(IReadOnlyList<Word> words, ReadOnlySpan<SpeakerChoice> choices, double uncertainBelow)
    {
        var held = new SortedDictionary<string, (long Time, double Certain)>(StringComparer.Ordinal);
        var overlapping = new SortedSet<string>(StringComparer.Ordinal);
        long total = 0;
        for (int i = 0; i < words.Count; i++)
        {
            if (!Ticks.TryFrom(words[i].Range, out long start, out long end))
            {
                continue;
            }

            long length = Math.Max(1, end - start);
            total += length;
            if (choices[i].Speaker is { } speaker)
            {
                var sofar = held.GetValueOrDefault(speaker);
                held[speaker] = (sofar.Time + length, sofar.Certain + (length * choices[i].Confidence));
                overlapping.UnionWith(choices[i].Overlapping);
            }
        }

        if (held.Count == 0)
        {
            return SpeakerChoice.Nobody;
        }

        // A stable sort of labels in ordinal order: ties go to the lower label.
        string[] ranked = [.. held.OrderByDescending(pair => pair.Value.Time).Select(pair => pair.Key)];
        overlapping.Remove(ranked[0]);
        double confidence = Math.Clamp(held[ranked[0]].Certain / total, 0, 1);
        return new SpeakerChoice
        {
            Speaker = ranked[0],
            Confidence = confidence,
            RunnerUp = ranked.ElementAtOrDefault(1),
            Overlapping = [.. overlapping],
            Uncertain = confidence < uncertainBelow,
        };
    }
}
