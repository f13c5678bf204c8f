using Diarist.Formats;

namespace Diarist.Scoring;

/// <summary>Gives every spelling a number, the same on both sides.</summary>
internal sealed class Vocabulary(TextNormalization normalization)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The words of a text.</summary>
    public List<string> Split(string text) => [.. WordSplitter.Split(text, normalization)];

    /// <summary>The number of a word.</summary>
    public int this[string word]
    {
        get
        {
            _numbers.TryAdd(word, _numbers.Count);
            return _numbers[word];
        }
    }
}

/// <summary>Words in the order in which they are compared, with speaker and estimated time of each.</summary>
/// <param name="Words">The words, as numbers of a vocabulary.</param>
/// <param name="Speakers">Who said each, as an index into a list of labels.</param>
/// <param name="Times">When each was said, in seconds; NaN where nobody timed it.</param>
internal sealed record SpokenWords(int[] Words, int[] Speakers, TimeRange[] Times)
{
    /// <summary>The speakers of some utterances, also those who say no word, in ordinal order.</summary>
    public static string[] SpeakersOf(IReadOnlyList<Utterance> utterances) =>
        [.. utterances.Select(utterance => utterance.SpeakerOrChannel).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The words of each speaker, utterance by utterance in order.</summary>
    public static SpokenWords[] BySpeaker(IReadOnlyList<Utterance> utterances, string[] speakers, Vocabulary vocabulary, WordTiming timing)
    {
        ILookup<string, Utterance> bySpeaker = utterances.ToLookup(utterance => utterance.SpeakerOrChannel, StringComparer.Ordinal);
        return [.. speakers.Select((label, index) => Of([.. bySpeaker[label]], _ => index, vocabulary, timing))];
    }

    /// <summary>The words of all speakers, utterance by utterance in order.</summary>
    public static SpokenWords InOrder(IReadOnlyList<Utterance> utterances, string[] speakers, Vocabulary vocabulary, WordTiming timing = WordTiming.CharacterPoints) =>
        Of(utterances, utterance => Array.BinarySearch(speakers, utterance.SpeakerOrChannel, StringComparer.Ordinal), vocabulary, timing);

    /// <summary>The middles of the words' times, in whole milliseconds; empty when not all are timed.</summary>
    public long[] Middles() => Array.Exists(Times, time => double.IsNaN(time.Middle))
        ? []
        : Array.ConvertAll(Times, time => (long)Math.Round(1000 * time.Middle, MidpointRounding.ToEven));

    /// <summary>The words' times as intervals that are widened at both ends.</summary>
    /// <param name="collar">By how many seconds.</param>
    public Interval[] Intervals(double collar) => Array.ConvertAll(
        Times, time => new Interval(SpeakerTimeline.Nanoseconds(time.Start - collar), SpeakerTimeline.Nanoseconds(time.End + collar)));

    // Utterances by their start where all of them are timed, as they stand otherwise; their words stay together.
    private static SpokenWords Of(IReadOnlyList<Utterance> utterances, Func<Utterance, int> speakerOf, Vocabulary vocabulary, WordTiming timing)
    {
        bool timed = utterances.All(utterance => utterance.HasTimes);
        var words = new List<int>();
        var speakers = new List<int>();
        var times = new List<TimeRange>();
        foreach (Utterance utterance in timed ? utterances.OrderBy(utterance => utterance.Range.Start) : utterances.AsEnumerable())
        {
            List<string> split = vocabulary.Split(utterance.Text);
            int speaker = speakerOf(utterance);
            words.AddRange(split.Select(word => vocabulary[word]));
            speakers.AddRange(split.Select(_ => speaker));
            times.AddRange(WordTimes.Estimate(utterance.Range, split, timing));
        }

        return new SpokenWords([.. words], [.. speakers], [.. times]);
    }
}
