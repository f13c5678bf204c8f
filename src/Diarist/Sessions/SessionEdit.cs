using System.Globalization;

namespace Diarist.Sessions;

/// <summary>The kinds of corrections.</summary>
public enum SessionEditKind
{
    /// <summary>A speaker has a name.</summary>
    Rename,

    /// <summary>Two speakers are one person.</summary>
    Merge,

    /// <summary>Turns are of different people.</summary>
    Split,

    /// <summary>A turn is somebody's.</summary>
    Assign,

    /// <summary>A turn is nobody's.</summary>
    Nobody,

    /// <summary>The number of speakers is known.</summary>
    Speakers,

    /// <summary>A turn begins or ends elsewhere.</summary>
    Boundary,
}

/// <summary>One correction, as it was made.</summary>
public sealed record SessionEdit
{
    /// <summary>What it says.</summary>
    public required SessionEditKind Kind { get; init; }

    /// <summary>The label of the speaker: who is renamed, who stays of two that are merged, whose a turn is.</summary>
    public string? Speaker { get; init; }

    /// <summary>The other speaker of a merge.</summary>
    public string? Other { get; init; }

    /// <summary>The name that is given.</summary>
    public string? Name { get; init; }

    /// <summary>The turns that it is about, as they were then.</summary>
    public IReadOnlyList<Turn> Turns { get; init; } = [];

    /// <summary>Whether nothing but the turn changes.</summary>
    public bool OnlyThisTurn { get; init; }

    /// <summary>The number of speakers.</summary>
    public int? Count { get; init; }

    /// <summary>The new range of a turn.</summary>
    public TimeRange? Range { get; init; }

    /// <summary>Pieces that stand for speakers who are mentioned for the first time.</summary>
    internal IReadOnlyDictionary<string, int[]> Anchors { get; init; } = new SortedDictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>The pieces of each of <see cref="Turns"/>; of a merge, those of both speakers.</summary>
    internal IReadOnlyList<int[]> Pieces { get; init; } = [];

    /// <summary>Of an assignment: the pieces of every speaker, those that went along already moved, as far as it changes whose they are held to be.</summary>
    internal IReadOnlyDictionary<string, int[]> Seeds { get; init; } = new SortedDictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>Whether it says something of voices, so that all turns are made anew.</summary>
    internal bool Constrains => Kind is SessionEditKind.Merge or SessionEditKind.Split || (Kind == SessionEditKind.Assign && !OnlyThisTurn);

    /// <summary>The correction as a statement.</summary>
    public override string ToString() => Kind switch
    {
        SessionEditKind.Rename => $"{Speaker} is {Name}",
        SessionEditKind.Merge => $"{Speaker} and {Other} are one person",
        SessionEditKind.Split => $"the turns at {string.Join(" and ", Turns.Select(turn => Clock(turn.Start)))} are of different people",
        SessionEditKind.Assign => $"the turn at {Clock(Turns[0].Start)} is of {Name ?? Speaker}{(OnlyThisTurn ? ", this turn only" : "")}",
        SessionEditKind.Nobody => $"the turn at {Clock(Turns[0].Start)} is nobody's",
        SessionEditKind.Speakers => Count is null ? "the number of speakers is not known" : Count == 1 ? "there is 1 speaker" : string.Create(CultureInfo.InvariantCulture, $"there are {Count} speakers"),
        _ => $"the turn at {Clock(Turns[0].Start)} goes from {Clock(Range!.Value.Start)} to {Clock(Range.Value.End)}",
    };

    /// <summary>Minutes and seconds with two decimals.</summary>
    internal static string Clock(double seconds)
    {
        long hundredths = (long)Math.Round(seconds * 100, MidpointRounding.ToEven);
        (long minutes, long rest) = Math.DivRem(hundredths, 6000);
        return string.Create(CultureInfo.InvariantCulture, $"{minutes}:{rest / 100:00}.{rest % 100:00}");
    }
}
