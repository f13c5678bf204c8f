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
    /// <summary>The label that a scorer knows an utterance's speaker by: its channel where no speaker is given.</summary>
    public static string SpeakerOf(Utterance utterance) => utterance.Speaker ?? utterance.Channel;

    /// <summary>The speakers of some utterances, also those who say no word, in ordinal order.</summary>
    public static string[] SpeakersOf(IReadOnlyList<Utterance> utterances) =>
        [.. utterances.Select(SpeakerOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The words utterance by utterance, one speaker after the other: utterances by their start where all of them are timed,
    /// as they stand otherwise.
    /// </summary>
    public static SpokenWords[] BySpeaker(IReadOnlyList<Utterance> utterances, string[] speakers, Vocabulary vocabulary, WordTiming timing)
    {
        ILookup<string, Utterance> bySpeaker = utterances.ToLookup(SpeakerOf, StringComparer.Ordinal);
        return [.. speakers.Select((label, index) =>
        {
            IEnumerable<Utterance> own = bySpeaker[label];
            return Of(own.All(utterance => utterance.HasTimes) ? own.OrderBy(utterance => utterance.Range.Start) : own, _ => index, vocabulary, timing);
        })];
    }

    /// <summary>The words of all speakers: by the middle of their estimated times where all utterances are timed, as they stand otherwise.</summary>
    public static SpokenWords InOrder(IReadOnlyList<Utterance> utterances, string[] speakers, Vocabulary vocabulary)
    {
        SpokenWords words = Of(
            utterances, utterance => Array.BinarySearch(speakers, SpeakerOf(utterance), StringComparer.Ordinal), vocabulary, WordTiming.CharacterPoints);
        if (!utterances.All(utterance => utterance.HasTimes))
        {
            return words;
        }

        int[] order = [.. Enumerable.Range(0, words.Words.Length).OrderBy(i => words.Times[i].Start)];
        return new SpokenWords(
            [.. order.Select(i => words.Words[i])], [.. order.Select(i => words.Speakers[i])], [.. order.Select(i => words.Times[i])]);
    }

    private static SpokenWords Of(IEnumerable<Utterance> utterances, Func<Utterance, int> speakerOf, Vocabulary vocabulary, WordTiming timing)
    {
        var words = new List<int>();
        var speakers = new List<int>();
        var times = new List<TimeRange>();
        foreach (Utterance utterance in utterances)
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
