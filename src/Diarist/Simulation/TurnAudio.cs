namespace Diarist.Simulation;

/// <summary>A stretch of an utterance that somebody says in one go.</summary>
/// <param name="Utterance">Where it comes from.</param>
/// <param name="Slice">The samples of the utterance that are heard: the speech, and on both sides some of the silence around it.</param>
/// <param name="Speech">The speech in it, in samples of the utterance, in order; at least one stretch.</param>
/// <param name="Text">What is said; empty when unknown.</param>
internal sealed record TurnAudio(LoadedUtterance Utterance, SampleRange Slice, IReadOnlyList<SampleRange> Speech, string Text)
{
    private const int MaxMargin = 1600;

    /// <summary>Who speaks.</summary>
    public string Speaker => Utterance.Source.Speaker;

    /// <summary>Samples from the first speech to the last.</summary>
    public int Length => Speech[^1].End - Speech[0].Start;

    /// <summary>Cuts out some of the speech of an utterance, with at most 0.1 s around it and never more than half a pause, so that no sample is heard twice.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="first">The first of its stretches of speech.</param>
    /// <param name="count">How many.</param>
    public static TurnAudio Cut(LoadedUtterance utterance, int first, int count)
    {
        IReadOnlyList<SampleRange> speech = utterance.Speech;
        int last = first + count - 1;
        int before = first == 0 ? speech[0].Start : (speech[first].Start - speech[first - 1].End) / 2;
        int after = last == speech.Count - 1 ? utterance.Samples.Length - speech[last].End : (speech[last + 1].Start - speech[last].End) / 2;
        var slice = new SampleRange(speech[first].Start - Math.Min(before, MaxMargin), speech[last].End + Math.Min(after, MaxMargin));
        return new TurnAudio(utterance, slice, [.. speech.Skip(first).Take(count)], count == speech.Count ? utterance.Source.Text : "");
    }
}

/// <summary>A turn with its place.</summary>
/// <param name="Audio">What is heard.</param>
/// <param name="Start">The sample of the conversation at which its speech begins.</param>
internal readonly record struct PlacedTurn(TurnAudio Audio, int Start)
{
    /// <summary>The sample of the conversation after its last speech.</summary>
    public int End => Start + Audio.Length;

    /// <summary>Its speech, in samples of the conversation.</summary>
    public IEnumerable<SampleRange> Speech
    {
        get
        {
            int shift = Start - Audio.Speech[0].Start;
            return Audio.Speech.Select(range => range.Shift(shift));
        }
    }
}
