namespace Diarist.Scoring;

/// <summary>
/// Words of the reference and how they went wrong; recordings pool by addition. Of several alignments with the fewest errors,
/// the one with the fewest substitutions is counted.
/// </summary>
/// <param name="ReferenceWords">The words of the reference.</param>
/// <param name="Insertions">Words of the hypothesis that the reference lacks.</param>
/// <param name="Deletions">Words of the reference that the hypothesis lacks.</param>
/// <param name="Substitutions">Words that the hypothesis has in another spelling.</param>
public readonly record struct WordErrors(int ReferenceWords, int Insertions, int Deletions, int Substitutions)
{
    /// <summary>Insertions, deletions and substitutions together.</summary>
    public int Errors => Insertions + Deletions + Substitutions;

    /// <summary>
    /// The error rate: errors / words of the reference; more than 1 is possible. Where the reference has no words it is 0
    /// without errors and 1 with any.
    /// </summary>
    public double Rate => ReferenceWords > 0 ? (double)Errors / ReferenceWords : Errors > 0 ? 1 : 0;

    /// <summary>The errors of two recordings or speakers pooled.</summary>
    public static WordErrors operator +(WordErrors left, WordErrors right) => new(
        left.ReferenceWords + right.ReferenceWords,
        left.Insertions + right.Insertions,
        left.Deletions + right.Deletions,
        left.Substitutions + right.Substitutions);

    /// <summary>The errors of two recordings or speakers pooled.</summary>
    public static WordErrors Add(WordErrors left, WordErrors right) => left + right;
}

/// <summary>The word errors of one recording whose words carry speakers.</summary>
/// <param name="Errors">The words and the rate, over all speakers.</param>
/// <param name="MissedSpeakers">How many speakers of the reference have no partner in the hypothesis.</param>
/// <param name="FalseAlarmSpeakers">How many speakers of the hypothesis have no partner in the reference.</param>
/// <param name="Mapping">The speakers of the best mapping: each of both sides once.</param>
public sealed record SpeakerWordScore(WordErrors Errors, int MissedSpeakers, int FalseAlarmSpeakers, IReadOnlyList<SpeakerMatch> Mapping);
