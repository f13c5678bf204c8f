using Diarist.Formats;
using Diarist.Numerics;

namespace Diarist.Scoring;

/// <summary>
/// Word error rates: plain, with concatenated minimum permutation (cpWER, Watanabe et al. 2020), and with time constraint
/// (tcpWER, von Neumann et al. 2023), as meeteval defines them.
/// </summary>
/// <remarks>
/// cpWER joins each speaker's utterances, pairs speakers one to one so that the errors are fewest, and counts the words of
/// speakers that are left over as deleted or inserted. Speakers without words count as speakers. tcpWER also asks that the times of paired
/// words overlap. An utterance without a speaker belongs to its channel.
/// </remarks>
public static class WordErrorRate
{
    /// <summary>
    /// The most pairs of a reference and a hypothesis speaker that cpWER and tcpWER compare: 2 000 speakers on each side, which take seconds. The time of the
    /// mapping grows with the third power of the speakers.
    /// </summary>
    public const int MaximumSpeakerPairs = 4_000_000;

    /// <summary>The plain word error of two texts.</summary>
    public static WordErrors Compute(string reference, string hypothesis, WordScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        return Compute([new Utterance(Utterance.Untimed, "", reference)], [new Utterance(Utterance.Untimed, "", hypothesis)], options);
    }

    /// <summary>
    /// The plain word error of one recording, speakers ignored: utterances in the order of their starts where all of a side are
    /// timed, as they stand otherwise.
    /// </summary>
    public static WordErrors Compute(IReadOnlyList<Utterance> reference, IReadOnlyList<Utterance> hypothesis, WordScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        var vocabulary = new Vocabulary((options ?? WordScoringOptions.Default).Normalization);
        SpokenWords truth = SpokenWords.InOrder(reference, SpokenWords.SpeakersOf(reference), vocabulary);
        SpokenWords claim = SpokenWords.InOrder(hypothesis, SpokenWords.SpeakersOf(hypothesis), vocabulary);
        return WordAlignment.Count(truth.Words, claim.Words);
    }

    /// <summary>The cpWER of one recording.</summary>
    /// <param name="reference">Who really said what.</param>
    /// <param name="hypothesis">Who is said to have said what, with labels of its own.</param>
    /// <param name="options">How words are compared.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="MaximumSpeakerPairs"/> pairs of speakers.</exception>
    public static SpeakerWordScore ComputeConcatenated(
        IReadOnlyList<Utterance> reference, IReadOnlyList<Utterance> hypothesis, WordScoringOptions? options = null) =>
        Compute(
            reference,
            hypothesis,
            options ?? WordScoringOptions.Default,
            (truth, claim) => EditDistance.Compute(truth.Words, claim.Words),
            (truth, claim) => WordAlignment.Count(truth.Words, claim.Words));

    /// <summary>The tcpWER of one recording.</summary>
    /// <param name="reference">Who really said what, when.</param>
    /// <param name="hypothesis">Who is said to have said what, when, with labels of its own.</param>
    /// <param name="options">How words are compared, and how far their times may be apart.</param>
    /// <exception cref="ArgumentException">An utterance has no times, the collar is negative, or there are more than <see cref="MaximumSpeakerPairs"/> pairs of speakers.</exception>
    public static SpeakerWordScore ComputeTimeConstrained(
        IReadOnlyList<Utterance> reference, IReadOnlyList<Utterance> hypothesis, WordScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        options ??= WordScoringOptions.Default;
        options.CheckTimes(reference, hypothesis);
        WordErrors Count(SpokenWords truth, SpokenWords claim) => WordAlignment.Count(
            truth.Words, claim.Words, new TimeOverlap(truth.Intervals(0), claim.Intervals(options.Collar)));
        return Compute(reference, hypothesis, options, (truth, claim) => Count(truth, claim).Errors, Count);
    }

    private static SpeakerWordScore Compute(
        IReadOnlyList<Utterance> reference,
        IReadOnlyList<Utterance> hypothesis,
        WordScoringOptions options,
        Func<SpokenWords, SpokenWords, int> distance,
        Func<SpokenWords, SpokenWords, WordErrors> count)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        var vocabulary = new Vocabulary(options.Normalization);
        string[] truthLabels = SpokenWords.SpeakersOf(reference);
        string[] claimLabels = SpokenWords.SpeakersOf(hypothesis);
        if ((long)truthLabels.Length * claimLabels.Length > MaximumSpeakerPairs)
        {
            throw new ArgumentException($"{truthLabels.Length} speakers in the reference and {claimLabels.Length} in the hypothesis are too many to pair by their words.");
        }

        SpokenWords[] truth = SpokenWords.BySpeaker(reference, truthLabels, vocabulary, options.ReferenceTiming);
        SpokenWords[] claim = SpokenWords.BySpeaker(hypothesis, claimLabels, vocabulary, options.HypothesisTiming);

        // What a pair of speakers saves against leaving both of them over.
        double[] savings = [.. truth.SelectMany(own => claim.Select(other => (double)(own.Words.Length + other.Words.Length - distance(own, other))))];
        int[] mapping = Assignment.Maximize(savings, truth.Length, claim.Length);
        int[] leftOver = [.. Enumerable.Range(0, claim.Length).Except(mapping)];

        WordErrors errors = default;
        for (int row = 0; row < truth.Length; row++)
        {
            int words = truth[row].Words.Length;
            errors += mapping[row] < 0 ? new WordErrors(words, 0, words, 0) : count(truth[row], claim[mapping[row]]);
        }

        foreach (int column in leftOver)
        {
            errors += new WordErrors(0, claim[column].Words.Length, 0, 0);
        }

        return new SpeakerWordScore(
            errors,
            mapping.Count(column => column < 0),
            leftOver.Length,
            SpeakerMapping.Name(mapping, truthLabels, claimLabels));
    }
}
