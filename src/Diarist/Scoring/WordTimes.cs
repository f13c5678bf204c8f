namespace Diarist.Scoring;

/// <summary>How the times of words are estimated from the times of the utterance that holds them (meeteval's pseudo word-level timing).</summary>
public enum WordTiming
{
    /// <summary>Each word takes a share of the utterance in proportion to its characters.</summary>
    CharacterIntervals,

    /// <summary>The middles of <see cref="CharacterIntervals"/>, without duration.</summary>
    CharacterPoints,

    /// <summary>Each word takes the same share of the utterance.</summary>
    EquidistantIntervals,

    /// <summary>The middles of <see cref="EquidistantIntervals"/>, without duration.</summary>
    EquidistantPoints,

    /// <summary>Each word takes the whole utterance.</summary>
    WholeUtterance,
}

/// <summary>Estimates when the words of an utterance were said.</summary>
public static class WordTimes
{
    /// <summary>The times of words inside an utterance.</summary>
    /// <param name="utterance">When the utterance was said, in seconds.</param>
    /// <param name="words">Its words.</param>
    /// <param name="timing">How to share the time out.</param>
    /// <returns>A range for each word, in seconds, inside the utterance's.</returns>
    public static IReadOnlyList<TimeRange> Estimate(TimeRange utterance, IReadOnlyList<string> words, WordTiming timing)
    {
        ArgumentNullException.ThrowIfNull(words);
        bool byCharacters = timing is WordTiming.CharacterIntervals or WordTiming.CharacterPoints;
        int[] weights = [.. words.Select(word => byCharacters ? word.EnumerateRunes().Count() : 1)];
        double perUnit = (utterance.End - utterance.Start) / Math.Max(1, weights.Sum());
        var times = new TimeRange[words.Count];
        int before = 0;
        for (int i = 0; i < times.Length; i++)
        {
            var share = new TimeRange(utterance.Start + (before * perUnit), utterance.Start + ((before + weights[i]) * perUnit));
            times[i] = timing switch
            {
                WordTiming.WholeUtterance => utterance,
                WordTiming.CharacterPoints or WordTiming.EquidistantPoints => new TimeRange(share.Middle, share.Middle),
                _ => share,
            };
            before += weights[i];
        }

        return times;
    }
}
