namespace Diarist.Segments;

/// <summary>What the windows say about two groups: sums over the pairs of pieces that they link.</summary>
/// <param name="Weighted">Links times the weights of both pieces: what the likeness uses.</param>
/// <param name="Plain">Links.</param>
/// <param name="Absolute">Links without their sign: how much the windows say at all.</param>
internal readonly record struct LinkSums(double Weighted, double Plain, double Absolute)
{
    /// <summary>−1 where the windows always give the two groups to different local speakers, 1 where never.</summary>
    public double Agreement => Absolute > 0 ? Plain / Absolute : 0;

    public static LinkSums operator +(LinkSums left, LinkSums right) =>
        new(left.Weighted + right.Weighted, left.Plain + right.Plain, left.Absolute + right.Absolute);
}
