using Diarist.Formats;

namespace Diarist.Scoring;

/// <summary>Aligned words and how many of them carry the wrong speaker; recordings pool by addition.</summary>
/// <param name="Correct">C: words that the hypothesis has as the reference spells them.</param>
/// <param name="Substituted">S: words that the hypothesis has in another spelling.</param>
/// <param name="CorrectWithWrongSpeaker">Those of C whose speaker is wrong.</param>
/// <param name="SubstitutedWithWrongSpeaker">Those of S whose speaker is wrong.</param>
public readonly record struct WordDiarizationErrors(int Correct, int Substituted, int CorrectWithWrongSpeaker, int SubstitutedWithWrongSpeaker)
{
    /// <summary>(S_is + C_is) / (S + C), 0 to 1; 0 where no words are aligned.</summary>
    public double Rate => Correct + Substituted > 0
        ? (double)(CorrectWithWrongSpeaker + SubstitutedWithWrongSpeaker) / (Correct + Substituted)
        : 0;

    /// <summary>The errors of two recordings pooled.</summary>
    public static WordDiarizationErrors operator +(WordDiarizationErrors left, WordDiarizationErrors right) => new(
        left.Correct + right.Correct,
        left.Substituted + right.Substituted,
        left.CorrectWithWrongSpeaker + right.CorrectWithWrongSpeaker,
        left.SubstitutedWithWrongSpeaker + right.SubstitutedWithWrongSpeaker);

    /// <summary>The errors of two recordings pooled.</summary>
    public static WordDiarizationErrors Add(WordDiarizationErrors left, WordDiarizationErrors right) => left + right;
}

/// <summary>The word diarization error of one recording.</summary>
/// <param name="Errors">The words and the rate.</param>
/// <param name="Mapping">The speakers of the best mapping: each of both sides once.</param>
public sealed record WordDiarizationScore(WordDiarizationErrors Errors, IReadOnlyList<SpeakerMatch> Mapping);

/// <summary>
/// The word diarization error rate (Shafey et al. 2019): of the words that a plain alignment pairs, the share that carries the
/// wrong speaker, under the one-to-one mapping of speakers that makes it least. Inserted and deleted words do not count.
/// </summary>
/// <remarks>
/// The words of all speakers are aligned as one sequence: utterances in the order of their starts where all of a side are
/// timed, as they stand otherwise. An utterance without a speaker belongs to its channel.
/// <para>
/// Where a recognizer errs much, many alignments have the fewest errors, and they pair different words, some of them many
/// seconds apart; the definition does not choose among them. Here the one is taken that pairs words nearest in time (the least
/// sum over the pairs of the distance between the middles of the two words' times, which are interpolated by characters inside
/// an utterance); between equals, and where a side is not timed, one with the fewest substitutions. Speakers have no say in it.
/// </para>
/// </remarks>
public static class WordDiarizationErrorRate
{
    /// <summary>Scores one recording.</summary>
    /// <param name="reference">Who really said what.</param>
    /// <param name="hypothesis">Who is said to have said what, with labels of its own.</param>
    /// <param name="options">How words are compared.</param>
    public static WordDiarizationScore Compute(
        IReadOnlyList<Utterance> reference, IReadOnlyList<Utterance> hypothesis, WordScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        return Compute(
            reference,
            hypothesis,
            options ?? WordScoringOptions.Default,
            (truth, claim) => WordAlignment.Pairs(truth.Words, claim.Words, truth.Middles(), claim.Middles()));
    }

    /// <summary>
    /// Scores one recording where, as in tcpWER, words may only be paired when their times overlap, the hypothesis' widened by
    /// the collar: a bad transcript's words are then not compared with what somebody else said at another time.
    /// </summary>
    /// <param name="reference">Who really said what, when.</param>
    /// <param name="hypothesis">Who is said to have said what, when, with labels of its own.</param>
    /// <param name="options">How words are compared, and how far their times may be apart.</param>
    /// <exception cref="ArgumentException">An utterance has no times, or the collar is negative.</exception>
    public static WordDiarizationScore ComputeTimeConstrained(
        IReadOnlyList<Utterance> reference, IReadOnlyList<Utterance> hypothesis, WordScoringOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(hypothesis);
        options ??= WordScoringOptions.Default;
        options.CheckTimes(reference, hypothesis);
        return Compute(reference, hypothesis, options, (truth, claim) => WordAlignment.Pairs(
            truth.Words,
            claim.Words,
            new NearestInTime<TimeOverlap>(new TimeOverlap(truth.Intervals(0), claim.Intervals(options.Collar)), truth.Middles(), claim.Middles())));
    }

    private static WordDiarizationScore Compute(
        IReadOnlyList<Utterance> reference,
        IReadOnlyList<Utterance> hypothesis,
        WordScoringOptions options,
        Func<SpokenWords, SpokenWords, List<(int Reference, int Hypothesis)>> align)
    {
        var vocabulary = new Vocabulary(options.Normalization);
        string[] truthLabels = SpokenWords.SpeakersOf(reference);
        string[] claimLabels = SpokenWords.SpeakersOf(hypothesis);
        SpokenWords truth = SpokenWords.InOrder(reference, truthLabels, vocabulary, options.ReferenceTiming);
        SpokenWords claim = SpokenWords.InOrder(hypothesis, claimLabels, vocabulary, options.HypothesisTiming);
        List<(int Reference, int Hypothesis)> pairs = align(truth, claim);

        int[] mapping = SpeakerMapping.Best(
            pairs.CountBy(pair => (Row: truth.Speakers[pair.Reference], Column: claim.Speakers[pair.Hypothesis]))
                .Select(shared => (shared.Key.Row, shared.Key.Column, (double)shared.Value)),
            truthLabels.Length,
            claimLabels.Length);
        WordDiarizationErrors errors = default;
        foreach ((int i, int j) in pairs)
        {
            int wrong = mapping[truth.Speakers[i]] == claim.Speakers[j] ? 0 : 1;
            errors += truth.Words[i] == claim.Words[j] ? new(1, 0, wrong, 0) : new(0, 1, 0, wrong);
        }

        return new WordDiarizationScore(errors, SpeakerMapping.Name(mapping, truthLabels, claimLabels));
    }
}
