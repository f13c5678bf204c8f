namespace Diarist.Attribution;

/// <summary>What becomes of a word that no turn overlaps.</summary>
public enum UncoveredWords
{
    /// <summary>It stays without a speaker.</summary>
    None,

    /// <summary>It goes to the nearest turn that is no further away than <see cref="AttributionPolicy.MaximumGap"/>.</summary>
    Nearest,
}

/// <summary>What decides a word that lies across the edge of a turn.</summary>
public enum EdgeRule
{
    /// <summary>The speaker who holds most of the word's time.</summary>
    LongestOverlap,

    /// <summary>The speaker who speaks at the middle of the word; the longest overlap when nobody speaks there.</summary>
    Midpoint,
}

/// <summary>
/// How words get their speakers. Every rule beyond the overlap of intervals is a named option;
/// docs/accuracy.md has the measured effect of each.
/// </summary>
public sealed record AttributionPolicy
{
    /// <summary>The bare rule: longest summed overlap, uncovered words stay without a speaker.</summary>
    public static AttributionPolicy None { get; } = new() { Uncovered = UncoveredWords.None, GluePunctuation = false, WholeSentences = false };

    /// <summary>The default: uncovered words go to the nearest turn within half a second, sentences stay whole, punctuation follows its word.</summary>
    public static AttributionPolicy Nearest { get; } = new();

    /// <summary>What becomes of a word that no turn overlaps. Default: nearest.</summary>
    public UncoveredWords Uncovered { get; init; } = UncoveredWords.Nearest;

    /// <summary>The widest silence, in seconds, between an uncovered word and the turn it goes to. Default 0.5.</summary>
    public double MaximumGap { get; init; } = 0.5;

    /// <summary>What decides a word across the edge of a turn. Default: the longest overlap.</summary>
    public EdgeRule Edges { get; init; } = EdgeRule.LongestOverlap;

    /// <summary>Whether a word of nothing but punctuation takes the speaker of the word it belongs to. Default: yes.</summary>
    public bool GluePunctuation { get; init; } = true;

    /// <summary>
    /// Whether a sentence, which a mark such as a full stop must end, goes as a whole to the speaker who holds more than
    /// half of its words. It never reaches over the border of a segment, a pause longer than <see cref="SentencePause"/>, or
    /// a change of turns with at least <see cref="SentenceChange"/> of certain words on both sides. Default: yes.
    /// </summary>
    public bool WholeSentences { get; init; } = true;

    /// <summary>The longest sentence, in words, that <see cref="WholeSentences"/> treats as one. Default 50.</summary>
    public int LongestSentence { get; init; } = 50;

    /// <summary>The longest pause, in seconds, inside a sentence that <see cref="WholeSentences"/> treats as one; what is on either side of a longer one is decided by itself. Default 0.4.</summary>
    public double SentencePause { get; init; } = 0.4;

    /// <summary>
    /// How long, in seconds, each of two speakers must certainly hold the words beside a change of turns that ends a sentence;
    /// shorter stretches are taken for turns with inexact edges. Default 0.7.
    /// </summary>
    public double SentenceChange { get; init; } = 0.7;

    /// <summary>
    /// Runs of fewer words than this between two runs of one other speaker go to that speaker; 0 or 1 changes nothing,
    /// which is the default.
    /// </summary>
    public int MinimumRun { get; init; }

    /// <summary>
    /// Words whose confidence is below this are marked uncertain, 0 to 1. Default 0.8; docs/accuracy.md has the
    /// reliability table that it was chosen from.
    /// </summary>
    public double UncertainBelow { get; init; } = 0.8;

    /// <summary>The share of a word's time, 0 to 1, that another speaker must hold to count as overlapping. Default 0.2.</summary>
    public double OverlapShare { get; init; } = 0.2;

    /// <summary>Checks that every number lies in its range.</summary>
    /// <exception cref="ArgumentException">One does not; the message says which.</exception>
    public void Validate()
    {
        Require(double.IsFinite(MaximumGap) && MaximumGap >= 0, nameof(MaximumGap), "a number of seconds, 0 or more");
        Require(double.IsFinite(SentencePause) && SentencePause >= 0, nameof(SentencePause), "a number of seconds, 0 or more");
        Require(SentenceChange > 0, nameof(SentenceChange), "a number of seconds above 0");
        Require(UncertainBelow is >= 0 and <= 1, nameof(UncertainBelow), "between 0 and 1");
        Require(OverlapShare is >= 0 and <= 1, nameof(OverlapShare), "between 0 and 1");
        Require(MinimumRun >= 0, nameof(MinimumRun), "0 or more words");
        Require(LongestSentence >= 1, nameof(LongestSentence), "at least one word");
    }

    private static void Require(bool holds, string option, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} must be {what}.", option);
        }
    }
}
