namespace Diarist.Scoring;

/// <summary>Which words of the reference and the hypothesis an alignment may pair (as right or as substituted).</summary>
internal interface IPairingRule
{
    /// <summary>
    /// The hypothesis words outside which this reference word is never paired, <c>[From, To)</c>; both ends never fall from one
    /// reference word to the next, and <c>From ≤ To</c>.
    /// </summary>
    (int From, int To) Window(int reference);

    /// <summary>Whether these two, inside the window, may be paired.</summary>
    bool Allows(int reference, int hypothesis);

    /// <summary>How far apart these two are, 0 or more: of alignments with the same errors, the one with the least sum is taken.</summary>
    long Distance(int reference, int hypothesis) => 0;
}

/// <summary>Another rule, where of equally good alignments the one whose words lie nearest in time is preferred.</summary>
/// <param name="rule">Which words may be paired.</param>
/// <param name="reference">When the reference's words were said, in whole units of time; empty when nobody knows.</param>
/// <param name="hypothesis">When the hypothesis' words were said; empty when nobody knows.</param>
internal readonly struct NearestInTime<TRule>(TRule rule, long[] reference, long[] hypothesis) : IPairingRule
    where TRule : IPairingRule
{
    private readonly bool _timed = reference.Length > 0 && hypothesis.Length > 0;

    public (int From, int To) Window(int word) => rule.Window(word);

    public bool Allows(int referenceWord, int hypothesisWord) => rule.Allows(referenceWord, hypothesisWord);

    public long Distance(int referenceWord, int hypothesisWord) => _timed ? Math.Abs(reference[referenceWord] - hypothesis[hypothesisWord]) : 0;
}

/// <summary>Words may be paired when their times overlap by more than an instant.</summary>
internal sealed class TimeOverlap : IPairingRule
{
    private readonly Interval[] _reference;
    private readonly Interval[] _hypothesis;
    private readonly (int From, int To)[] _windows;

    /// <summary>Creates the rule.</summary>
    /// <param name="reference">The times of the reference's words.</param>
    /// <param name="hypothesis">The times of the hypothesis' words, already widened by the collar.</param>
    public TimeOverlap(Interval[] reference, Interval[] hypothesis)
    {
        _reference = reference;
        _hypothesis = hypothesis;
        _windows = new (int From, int To)[reference.Length];

        // Words need not be in order of time (a speaker's utterances may overlap): running extremes of both sides bound what can meet.
        long[] startsLater = RunningStarts(hypothesis);
        long[] endsEarlier = RunningEnds(hypothesis);
        long[] referenceStarts = RunningStarts(reference);
        long[] referenceEnds = RunningEnds(reference);
        int from = 0;
        int to = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            while (from < hypothesis.Length && endsEarlier[from] <= referenceStarts[i])
            {
                from++;
            }

            while (to < hypothesis.Length && startsLater[to] < referenceEnds[i])
            {
                to++;
            }

            _windows[i] = (from, Math.Max(from, to));
        }
    }

    public (int From, int To) Window(int reference) => _windows[reference];

    public bool Allows(int reference, int hypothesis) =>
        _reference[reference].Start < _hypothesis[hypothesis].End && _hypothesis[hypothesis].Start < _reference[reference].End;

    /// <summary>The earliest start from each word on.</summary>
    private static long[] RunningStarts(Interval[] words)
    {
        long[] starts = Array.ConvertAll(words, word => word.Start);
        for (int i = starts.Length - 2; i >= 0; i--)
        {
            starts[i] = Math.Min(starts[i], starts[i + 1]);
        }

        return starts;
    }

    /// <summary>The latest end up to each word.</summary>
    private static long[] RunningEnds(Interval[] words)
    {
        long[] ends = Array.ConvertAll(words, word => word.End);
        for (int i = 1; i < ends.Length; i++)
        {
            ends[i] = Math.Max(ends[i], ends[i - 1]);
        }

        return ends;
    }
}
