namespace Diarist.Segments;

/// <summary>
/// When the windows keep two groups apart whose voices are alike. Two people who talk to each other are heard side by side again and
/// again, and the windows tell them apart; one person in two voices or sessions has few places where both are near.
/// docs/recipe.md has the cases that the numbers were chosen on.
/// </summary>
internal sealed record WindowsVeto
{
    /// <summary>From this likeness on the voices alone decide.</summary>
    public double BelowLikeness { get; init; } = 0.6;

    /// <summary>The greatest <see cref="LinkSums.Agreement"/> that counts as two people.</summary>
    public double Agreement { get; init; } = -0.6;

    /// <summary>The least sum of absolute links.</summary>
    public double FewestLinks { get; init; } = 30;

    /// <summary>So much more for every second of the group with less speech.</summary>
    public double LinksPerSecond { get; init; } = 0.8;

    /// <summary>No more links than this are asked for.</summary>
    public double EnoughLinks { get; init; } = 120;

    /// <summary>The least seconds of a brief voice; of less the windows tell too little.</summary>
    public double BriefFrom { get; init; } = 1;

    /// <summary>A voice with as many seconds as this is not brief.</summary>
    public double BriefBelow { get; init; } = 3;

    /// <summary>The greatest <see cref="LinkSums.Agreement"/> that counts as two people where one is brief.</summary>
    public double BriefAgreement { get; init; } = -0.9;

    /// <summary>The least sum of absolute links of a brief voice.</summary>
    public double BriefLinks { get; init; } = 4;

    /// <summary>Whether two groups must not join.</summary>
    /// <param name="likeness">How alike they are.</param>
    /// <param name="links">What the windows say.</param>
    /// <param name="smallerSeconds">Seconds of the one with less speech.</param>
    public bool Refuses(double likeness, LinkSums links, double smallerSeconds) =>
        likeness < BelowLikeness && (TellsMuchSpeech(links, smallerSeconds) || TellsBrief(links, smallerSeconds));

    /// <summary>Whether a brief voice is surely somebody else's.</summary>
    /// <param name="links">What the windows say of it and others.</param>
    /// <param name="seconds">Its seconds.</param>
    public bool TellsBrief(LinkSums links, double seconds) =>
        seconds >= BriefFrom && seconds < BriefBelow && links.Agreement <= BriefAgreement && links.Absolute >= BriefLinks;

    private bool TellsMuchSpeech(LinkSums links, double seconds) =>
        links.Agreement <= Agreement && links.Absolute >= Math.Min(EnoughLinks, FewestLinks + (LinksPerSecond * seconds));
}
