namespace Diarist.Segments;

/// <summary>The ways in which groups join. All choose the most alike pair (or the cheapest), and the lowest numbers among equals.</summary>
internal static class GroupMerging
{
    /// <summary>A join that was made.</summary>
    /// <param name="Likeness">How alike the two were.</param>
    /// <param name="Seconds">Seconds of the one with less speech.</param>
    internal sealed record Step(double Likeness, double Seconds);

    /// <summary>
    /// Joins the two most alike groups while they are alike enough. A lower threshold makes the same joins and goes on, so that one table can be
    /// merged to lower and lower thresholds.
    /// </summary>
    /// <param name="table">The groups; changed.</param>
    /// <param name="threshold">The least likeness of a join.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The joins in order.</returns>
    public static List<Step> Merge(LikenessTable table, double threshold, CancellationToken cancellationToken)
    {
        var steps = new List<Step>();
        while (table.Best() is var best && best.Score >= threshold)
        {
            steps.Add(new Step(best.Score, best.Seconds));
            table.Join(best.Left, best.Right);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return steps;
    }

    /// <summary>Groups with little speech join their nearest unless their voice speaks against it, or it is known whose they are; the most alike first.</summary>
    /// <param name="table">The groups; changed.</param>
    /// <param name="parameters">What is little, and how alike is enough.</param>
    /// <param name="least">No join is made under this likeness.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void PlaceSmall(LikenessTable table, SegmentsParameters parameters, double least, CancellationToken cancellationToken)
    {
        double total = table.TotalSeconds;
        while (table.Best(From) is { Place: >= 0 } best)
        {
            table.Join(best.Partner, best.Place);
            cancellationToken.ThrowIfCancellationRequested();
        }

        double From(int label, double seconds) =>
            label < SpeakerGroups.FirstKnownLabel && parameters.PlaceThreshold(seconds, total) is double threshold ? Math.Max(threshold, least) : double.PositiveInfinity;
    }

    /// <summary>Joins groups until there are no more than asked for, those first whose join costs least: little speech, much likeness.</summary>
    /// <param name="table">The groups; changed.</param>
    /// <param name="most">How many may stay.</param>
    /// <param name="threshold">The likeness at which a join costs nothing.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void ReduceTo(LikenessTable table, int most, double threshold, CancellationToken cancellationToken)
    {
        if (table.Count <= most)
        {
            return;
        }

        table.ScoreByCost(threshold);
        while (table.Count > most && table.Best() is { Left: >= 0 } best)
        {
            table.Join(best.Left, best.Right);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
