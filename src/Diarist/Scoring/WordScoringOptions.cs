using Diarist.Formats;

namespace Diarist.Scoring;

/// <summary>How words are compared.</summary>
public sealed record WordScoringOptions
{
    /// <summary>Words as they are spelled; meeteval's defaults for times.</summary>
    public static WordScoringOptions Default { get; } = new();

    /// <summary>What is done to the words of both sides first; nothing by default.</summary>
    public TextNormalization Normalization { get; init; }

    /// <summary>Seconds by which every hypothesis word is widened at both ends before it must overlap its reference word (time-constrained rates only), 0 or more.</summary>
    public double Collar { get; init; } = 5;

    /// <summary>How the times of the reference's words are estimated inside an utterance (time-constrained rates only).</summary>
    public WordTiming ReferenceTiming { get; init; } = WordTiming.CharacterIntervals;

    /// <summary>How the times of the hypothesis' words are estimated inside an utterance (time-constrained rates only).</summary>
    public WordTiming HypothesisTiming { get; init; } = WordTiming.CharacterPoints;

    /// <summary>Makes sure that a time-constrained rate can be computed.</summary>
    /// <exception cref="ArgumentException">An utterance has no times, or the collar is negative.</exception>
    internal void CheckTimes(IEnumerable<Utterance> reference, IEnumerable<Utterance> hypothesis)
    {
        if (!(Collar >= 0))
        {
            throw new ArgumentException($"The collar is {Collar}, and 0 seconds or more were expected.");
        }

        if (reference.Concat(hypothesis).Any(utterance => !utterance.HasTimes))
        {
            throw new ArgumentException("An utterance has no times, and the time-constrained error needs them.");
        }
    }
}
