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
        var vocabulary = new Vocabulary((options ?? WordScoringOptions.Default).Normalization);
        string[] truthLabels = SpokenWords.SpeakersOf(reference);
        string[] claimLabels = SpokenWords.SpeakersOf(hypothesis);
        SpokenWords truth = SpokenWords.InOrder(reference, truthLabels, vocabulary);
        SpokenWords claim = SpokenWords.InOrder(hypothesis, claimLabels, vocabulary);
        List<(int Reference, int Hypothesis)> pairs = WordAlignment.Pairs(truth.Words, claim.Words);

        double[] shared = new double[truthLabels.Length * claimLabels.Length];
        foreach ((int i, int j) in pairs)
        {
            shared[(truth.Speakers[i] * claimLabels.Length) + claim.Speakers[j]]++;
        }

        int[] mapping = SpeakerMapping.Best(shared, truthLabels.Length, claimLabels.Length);
        WordDiarizationErrors errors = default;
        foreach ((int i, int j) in pairs)
        {
            int wrong = mapping[truth.Speakers[i]] == claim.Speakers[j] ? 0 : 1;
            errors += truth.Words[i] == claim.Words[j] ? new(1, 0, wrong, 0) : new(0, 1, 0, wrong);
        }

        return new WordDiarizationScore(errors, SpeakerMapping.Name(mapping, truthLabels, claimLabels));
    }
}
