namespace Diarist.Segments;

/// <summary>What the grouping tells of how certain its number of speakers is.</summary>
/// <param name="LargestLeft">The largest likeness between two speakers' groups, 0 to 1: large where one person may be two groups. 0 with one group.</param>
/// <param name="LeastJoined">The least likeness at which two groups of 4 s or more were joined, at most 1. 1 without such a join.</param>
/// <param name="LeastSeconds">Seconds of the group with the least speech.</param>
internal readonly record struct CountSigns(double LargestLeft, double LeastJoined, double LeastSeconds)
{
    /// <summary>Shorter groups say too little about a join.</summary>
    private const double JoinedSeconds = 4;

    /// <summary>A group that is so like one with more speech may be the same person; 2 % of the true speakers of the development recordings are.</summary>
    private const double GhostLikeness = 0.38;

    /// <summary>
    /// The probability that the number is right: a logistic model, fitted to the development recordings (docs/accuracy.md). It ranks
    /// numbers that are too large well and those that are too small hardly.
    /// </summary>
    public double Probability =>
        1 / (1 + Math.Exp(-(2.631 - (4.929 * LargestLeft) - (1.181 * LeastJoined) + (0.175 * Math.Log(Math.Clamp(LeastSeconds, 1, 60))))));

    /// <summary>What to add to the number for the second most probable one: one speaker fewer where two groups are alike, else one more.</summary>
    public int Alternative => LargestLeft >= 0.25 ? -1 : 1;

    /// <summary>Reads the signs off a grouping of at least one group.</summary>
    public static CountSigns Of(PieceGroups groups) => new(
        Math.Clamp(groups.LikenessToLarger.Max(), 0, 1),
        Math.Min(1, groups.Steps.Where(step => step.Seconds >= JoinedSeconds).Select(step => step.Likeness).DefaultIfEmpty(1).Min()),
        groups.Groups.Min(group => group.Seconds));

    /// <summary>Whether a group may not be a person of its own.</summary>
    public static bool IsGhost(PieceGroups groups, int group) => groups.LikenessToLarger[group] >= GhostLikeness;
}
