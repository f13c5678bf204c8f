namespace Diarist.Segments;

/// <summary>The ways in which groups join. All choose the most alike pair (or the cheapest), and the lowest numbers among equals.</summary>
internal static class GroupMerging
{
    /// <summary>A join that was made.</summary>
    /// <param name="Likeness">How alike the two were.</param>
    /// <param name="Seconds">Seconds of the one with less speech.</param>
    internal readonly record struct Step(double Likeness, double Seconds);

    /// <summary>Joins the two most alike groups while they are alike enough.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="among">Numbers of groups, rising; the others are left alone.</param>
    /// <param name="threshold">The least likeness of a join.</param>
    /// <param name="veto">When the windows keep a pair apart.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The joins in order.</returns>
    public static List<Step> Merge(SpeakerGroups groups, IReadOnlyList<int> among, double threshold, WindowsVeto? veto, CancellationToken cancellationToken)
    {
        var table = new LikenessTable(groups, among, veto, cancellationToken);
        var steps = new List<Step>();
        while (table.Best(out int left, out int right) is var likeness && likeness >= threshold)
        {
            steps.Add(new Step(likeness, table.SmallerSeconds(left, right)));
            table.Join(left, right);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return steps;
    }

    /// <summary>Groups with little speech join their nearest unless their voice speaks against it, or it is known whose they are; the most alike first.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="parameters">What is little, and how alike is enough.</param>
    /// <param name="least">No join is made under this likeness.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The joins in order.</returns>
    public static List<Step> PlaceSmall(SpeakerGroups groups, SegmentsParameters parameters, double least, CancellationToken cancellationToken)
    {
        var steps = new List<Step>();
        List<int> alive = groups.Alive();
        double total = alive.Sum(group => groups[group].Seconds);
        var table = new LikenessTable(groups, alive, parameters.Veto, cancellationToken);
        while (table.Count > 1)
        {
            double highest = SpeakerGroups.Never;
            (int small, int into) = (-1, -1);
            for (int place = 0; place < alive.Count; place++)
            {
                if (table.IsAlive(place) && groups.FixedLabel(alive[place]) < SpeakerGroups.FirstKnownLabel
                    && parameters.PlaceThreshold(groups[alive[place]].Seconds, total) is double threshold
                    && table.Nearest(place, out int nearest) is var likeness && likeness > highest && likeness >= Math.Max(threshold, least))
                {
                    (highest, small, into) = (likeness, place, nearest);
                }
            }

            if (small < 0)
            {
                return steps;
            }

            steps.Add(new Step(highest, groups[alive[small]].Seconds));
            table.Join(into, small);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return steps;
    }

    /// <summary>Joins groups until there are no more than asked for, those first whose join costs least: little speech, much likeness.</summary>
    /// <param name="groups">The groups; changed.</param>
    /// <param name="most">How many may stay.</param>
    /// <param name="threshold">The likeness at which a join costs nothing.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static void ReduceTo(SpeakerGroups groups, int most, double threshold, CancellationToken cancellationToken)
    {
        List<int> alive = groups.Alive();
        if (alive.Count <= most)
        {
            return;
        }

        var table = new LikenessTable(groups, alive, veto: null, cancellationToken);
        while (table.Count > most)
        {
            double least = double.PositiveInfinity;
            (int left, int right) = (-1, -1);
            for (int i = 0; i < alive.Count; i++)
            {
                for (int j = i + 1; j < alive.Count && table.IsAlive(i); j++)
                {
                    double cost = table.IsAlive(j) ? (threshold - table[i, j]) * Math.Sqrt(table.SmallerSeconds(i, j)) : double.PositiveInfinity;
                    if (cost < least)
                    {
                        (least, left, right) = (cost, i, j);
                    }
                }
            }

            if (left < 0)
            {
                return;
            }

            table.Join(left, right);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
