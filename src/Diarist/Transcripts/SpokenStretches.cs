using Diarist.Attribution;

namespace Diarist.Transcripts;

/// <summary>Who speaks in an interval of a transcript, by its words, so that what repeats them agrees with them.</summary>
internal sealed class SpokenStretches
{
    private readonly (TimeRange Range, SpeakerChoice Choice)[] _spoken;
    private readonly double _longest;

    public SpokenStretches(AttributedTranscript transcript)
    {
        _spoken =
        [
            .. transcript.Segments
                .SelectMany(segment => segment.Segment.Words.Any(word => word.Range is not null)
                    ? segment.Words.Where(word => word.Word.Range is not null).Select(word => (word.Word.Range!.Value, word.Choice))
                    : segment.Segment.Range is { } range ? [(range, segment.Choice)] : [])
                .OrderBy(spoken => spoken.Item1.Start),
        ];
        _longest = _spoken.Select(spoken => spoken.Range.Duration).DefaultIfEmpty(0).Max();
    }

    /// <summary>The choice of the speaker who holds most of the time; of one word, its own. Nobody when nothing is said then.</summary>
    public SpeakerChoice Of(TimeRange range)
    {
        var held = new SortedDictionary<string, (double Time, SpeakerChoice Choice)>(StringComparer.Ordinal);
        for (int i = FirstFrom(range.Start - _longest); i < _spoken.Length && _spoken[i].Range.Start <= range.End; i++)
        {
            var (said, choice) = _spoken[i];
            double shared = said == range ? 1e9 : Math.Min(said.End, range.End) - Math.Max(said.Start, range.Start);
            if (choice.Speaker is { } speaker && (shared > 0 || (shared == 0 && (said.IsEmpty || range.IsEmpty))))
            {
                var (time, first) = held.GetValueOrDefault(speaker, (0, choice));
                held[speaker] = (time + Math.Max(shared, 1e-6), first);
            }
        }

        return held.Count == 0 ? SpeakerChoice.Nobody : held.MaxBy(pair => pair.Value.Time).Value.Choice;
    }

    private int FirstFrom(double start)
    {
        int low = 0;
        int high = _spoken.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _spoken[middle].Range.Start < start ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
