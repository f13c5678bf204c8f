namespace Diarist.Segments;

/// <summary>The constants of the recipe <see cref="Recipe.Segments"/>; docs/recipe.md shows what each was measured on.</summary>
internal sealed record SegmentsParameters
{
    /// <summary>The values that were tuned on the development recordings.</summary>
    public static SegmentsParameters Default { get; } = new();

    /// <summary>The longest piece that the grouping uses, in seconds.</summary>
    public double LongestPiece { get; init; } = 1.5;

    /// <summary>The longest piece that gets a label of its own, in seconds.</summary>
    public double LongestFinePiece { get; init; } = 0.75;

    /// <summary>How alike pieces are, by their lengths.</summary>
    public LikenessModel Likeness { get; init; } = LikenessModel.Default;

    /// <summary>What the mean link of two groups adds to their likeness: 1 where the windows always give both to one local speaker.</summary>
    public double LinkWeight { get; init; } = 0.2;

    /// <summary>Groups that are at least so alike are one person.</summary>
    public double MergeThreshold { get; init; } = 0.48;

    /// <summary>When the windows keep alike groups apart; never when <see langword="null"/>.</summary>
    public WindowsVeto? Veto { get; init; } = new();

    /// <summary>Shorter pieces, in seconds of one person alone, do not take part in the grouping.</summary>
    public double ShortestVoice { get; init; } = 0.8;

    /// <summary>A group with less speech than this (seconds), or than <see cref="SmallShare"/> of all, is small.</summary>
    public double SmallSeconds { get; init; } = 4;

    /// <summary>See <see cref="SmallSeconds"/>.</summary>
    public double SmallShare { get; init; } = 0.04;

    /// <summary>No group with as much speech as this (seconds) is small, so that people who say little in a long meeting stay.</summary>
    public double SmallSecondsAtMost { get; init; } = 10;

    /// <summary>A small group joins its nearest from this likeness on.</summary>
    public double SmallMergeThreshold { get; init; } = 0.2;

    /// <summary>A small group with less speech than this share of all is tiny.</summary>
    public double TinyShare { get; init; } = 0.01;

    /// <summary>No group with as much speech as this (seconds) is tiny.</summary>
    public double TinySecondsAtMost { get; init; } = 4;

    /// <summary>A tiny group joins its nearest from this likeness on: in a long recording it is more often a remnant than a person.</summary>
    public double TinyMergeThreshold { get; init; } = 0.12;

    /// <summary>A group that is not small, with less speech than this share of all and than <see cref="MiddlingSecondsAtMost"/>, is middling.</summary>
    public double MiddlingShare { get; init; } = 0.1;

    /// <summary>See <see cref="MiddlingShare"/>; seconds.</summary>
    public double MiddlingSecondsAtMost { get; init; } = 20;

    /// <summary>A middling group joins its nearest from this likeness on.</summary>
    public double MiddlingMergeThreshold { get; init; } = 0.34;

    /// <summary>Pieces that are grouped at once: about half an hour of speech.</summary>
    public int BlockPieces { get; init; } = 1500;

    /// <summary>How far the pieces of a block are grouped before the groups of all blocks are.</summary>
    public double BlockThreshold { get; init; } = 0.65;

    /// <summary>A speaker with fewer seconds of turns than this, or than <see cref="LeastShare"/> of all, is given back to the others.</summary>
    public double LeastSeconds { get; init; } = 1.5;

    /// <summary>See <see cref="LeastSeconds"/>.</summary>
    public double LeastShare { get; init; } = 0.02;

    /// <summary>No speaker with as many seconds as this is given back.</summary>
    public double LeastSecondsAtMost { get; init; } = 3;

    /// <summary>What a change of speaker from one fine piece to the next costs, less after a pause.</summary>
    public double SwitchCost { get; init; } = 0.15;

    /// <summary>
    /// Who the speakers of an overlap are, a window's local speakers show by what each says alone near it: what is so many seconds away counts 1/e.
    /// All that they say alone in the window counts alike when <see langword="null"/>.
    /// </summary>
    public double? VoteSeconds { get; init; } = 0.2;

    /// <summary>The likeness from which a group joins its nearest after the merging; <see langword="null"/> where it holds too much speech for that.</summary>
    /// <param name="seconds">Its speech.</param>
    /// <param name="total">The speech of all groups.</param>
    public double? PlaceThreshold(double seconds, double total) =>
        seconds < Math.Min(TinyShare * total, TinySecondsAtMost) ? TinyMergeThreshold
        : seconds < Math.Min(Math.Max(SmallSeconds, SmallShare * total), SmallSecondsAtMost) ? SmallMergeThreshold
        : seconds < Math.Min(MiddlingShare * total, MiddlingSecondsAtMost) ? MiddlingMergeThreshold
        : null;
}
