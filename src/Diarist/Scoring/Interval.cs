namespace Diarist.Scoring;

/// <summary>A half-open interval in whole units of time, so that sums are exact and do not depend on their order.</summary>
internal readonly record struct Interval(long Start, long End) : IComparable<Interval>
{
    public int CompareTo(Interval other) => Start != other.Start ? Start.CompareTo(other.Start) : End.CompareTo(other.End);

    /// <summary>The sorted, disjoint, non-empty intervals that cover the same instants; touching ones become one.</summary>
    public static List<Interval> Union(IEnumerable<Interval> intervals)
    {
        var union = new List<Interval>();
        foreach (Interval interval in intervals.Where(interval => interval.End > interval.Start).Order())
        {
            if (union.Count > 0 && interval.Start <= union[^1].End)
            {
                union[^1] = new Interval(union[^1].Start, Math.Max(union[^1].End, interval.End));
            }
            else
            {
                union.Add(interval);
            }
        }

        return union;
    }

    /// <summary>What <paramref name="from"/> covers and <paramref name="taken"/> does not; both sorted and disjoint.</summary>
    public static List<Interval> Subtract(List<Interval> from, List<Interval> taken)
    {
        var rest = new List<Interval>();
        int next = 0;
        foreach (Interval interval in from)
        {
            long start = interval.Start;
            while (next < taken.Count && taken[next].End <= start)
            {
                next++;
            }

            for (int i = next; i < taken.Count && taken[i].Start < interval.End; i++)
            {
                if (taken[i].Start > start)
                {
                    rest.Add(new Interval(start, taken[i].Start));
                }

                start = Math.Max(start, taken[i].End);
            }

            if (start < interval.End)
            {
                rest.Add(new Interval(start, interval.End));
            }
        }

        return rest;
    }

    /// <summary>Where at least two of the disjoint lists overlap.</summary>
    public static List<Interval> Overlaps(IEnumerable<List<Interval>> lists)
    {
        var boundaries = lists.SelectMany(list => list)
            .SelectMany(interval => new[] { (Time: interval.Start, Step: 1), (Time: interval.End, Step: -1) })
            .Order();
        var overlaps = new List<Interval>();
        int count = 0;
        long since = 0;
        foreach ((long time, int step) in boundaries)
        {
            if (count >= 2)
            {
                overlaps.Add(new Interval(since, time));
            }

            count += step;
            since = time;
        }

        return Union(overlaps);
    }
}
