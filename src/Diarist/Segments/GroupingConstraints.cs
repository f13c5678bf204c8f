namespace Diarist.Segments;

/// <summary>What is known beforehand of the pieces of a recording; numbers are those of <see cref="HeardSpeech.Pieces"/>.</summary>
internal sealed record GroupingConstraints
{
    /// <summary>Nothing is known.</summary>
    public static GroupingConstraints None { get; } = new();

    /// <summary>Pairs of pieces of one person.</summary>
    public IReadOnlyList<(int Left, int Right)> MustLink { get; init; } = [];

    /// <summary>Pairs of pieces of two people.</summary>
    public IReadOnlyList<(int Left, int Right)> CannotLink { get; init; } = [];

    /// <summary>Pieces whose speaker is known: pieces of one label are one person, those of different labels never.</summary>
    public IReadOnlyDictionary<int, int> FixedLabels { get; init; } = new SortedDictionary<int, int>();

    /// <summary>Pieces that were said to be one person's as a whole: the turns inside them follow their group, and no group of theirs is given back.</summary>
    public IReadOnlySet<int> Pinned { get; init; } = new HashSet<int>();

    /// <summary>Whether both hold the same statements in the same order.</summary>
    public bool SaysTheSame(GroupingConstraints other) =>
        MustLink.SequenceEqual(other.MustLink) && CannotLink.SequenceEqual(other.CannotLink)
        && FixedLabels.Order(LabelOrder).SequenceEqual(other.FixedLabels.Order(LabelOrder)) && Pinned.SetEquals(other.Pinned);

    private static readonly Comparer<KeyValuePair<int, int>> LabelOrder = Comparer<KeyValuePair<int, int>>.Create((one, two) => one.Key.CompareTo(two.Key));

    /// <summary>Every piece that is mentioned.</summary>
    public HashSet<int> Mentioned() =>
        [.. MustLink.Concat(CannotLink).SelectMany(pair => (int[])[pair.Left, pair.Right]), .. FixedLabels.Keys, .. Pinned];
}

/// <summary>A voice that is known to be in a recording.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Seed">Its sums from elsewhere, which count in the grouping; <see langword="null"/> where they are of another channel.</param>
/// <param name="Pieces">Pieces of the recording in which it was recognized, rising; one or more.</param>
internal sealed record KnownGroup(string Name, SpeakerGroup? Seed, IReadOnlyList<int> Pieces)
{
    /// <summary>Seeds weigh no more than so many seconds: a recording's own pieces know its room and microphone.</summary>
    private const double MostSeedSeconds = 10;

    /// <summary>The sums as they count in the grouping: of bounded weight, and without seconds of this recording.</summary>
    public static SpeakerGroup Bounded(SpeakerGroup seed) => seed.Scaled(Math.Min(1, MostSeedSeconds / Math.Max(seed.Seconds, 1e-3)), seconds: 0);
}
