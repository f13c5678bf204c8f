namespace Diarist.Accuracy.Identity;

/// <summary>The field's measures of a verification system, from scores of one person and of two.</summary>
internal static class VoiceMeasures
{
    /// <summary>The error rate at the threshold where both errors are equal.</summary>
    public static double EqualErrorRate(double[] same, double[] different)
    {
        (double score, bool same)[] all = Sorted(same, different);
        double missed = 0, accepted = different.Length, best = 1, gap = double.PositiveInfinity;
        foreach ((_, bool own) in all)
        {
            missed += own ? 1 : 0;
            accepted -= own ? 0 : 1;
            double m = missed / same.Length, f = accepted / different.Length;
            if (Math.Abs(m - f) < gap)
            {
                (gap, best) = (Math.Abs(m - f), (m + f) / 2);
            }
        }

        return best;
    }

    /// <summary>The least cost, both errors cost 1, of one person with this probability; 1 is what deciding without listening costs (NIST SRE).</summary>
    public static double LeastCost(double[] same, double[] different, double probability)
    {
        double missed = 0, accepted = different.Length;
        double best = Math.Min(probability, 1 - probability);
        double unit = best;
        foreach ((_, bool own) in Sorted(same, different))
        {
            missed += own ? 1 : 0;
            accepted -= own ? 0 : 1;
            best = Math.Min(best, (probability * missed / same.Length) + ((1 - probability) * accepted / different.Length));
        }

        return best / unit;
    }

    /// <summary>Cllr: what the log-likelihood ratios cost in bits; 1 is what no information costs (Brümmer and du Preez 2006).</summary>
    public static double Cllr(double[] same, double[] different) =>
        0.5 * (same.Average(score => Bits(-score)) + different.Average(score => Bits(score)));

    /// <summary>The exact interval of a share with 95 % confidence (Clopper and Pearson 1934), as if no two comparisons were of one person.</summary>
    public static (double Least, double Most) Interval(int count, int all)
    {
        const double Tail = 0.025;
        double least = count == 0 ? 0 : Bisect(p => 1 - AtMost(count - 1, all, p) > Tail);
        double most = count == all ? 1 : Bisect(p => AtMost(count, all, p) < Tail);
        return (least, most);
    }

    /// <summary>The probability of at most so many of all, each with the probability p.</summary>
    private static double AtMost(int count, int all, double p)
    {
        double term = all * Math.Log(1 - p), sum = 0;
        for (int k = 0; k <= count; k++)
        {
            sum += Math.Exp(term);
            term += Math.Log((all - k) / (k + 1.0) * p / (1 - p));
        }

        return sum;
    }

    /// <summary>The least p from 0 to 1 at which a condition holds that holds for all larger ones.</summary>
    private static double Bisect(Func<double, bool> holds)
    {
        (double low, double high) = (0, 1);
        for (int step = 0; step < 60; step++)
        {
            double middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private static double Bits(double x) => (x > 30 ? x : Math.Log(1 + Math.Exp(x))) / Math.Log(2);

    private static (double, bool)[] Sorted(double[] same, double[] different) =>
        [.. same.Select(score => (score, true)).Concat(different.Select(score => (score, false))).OrderBy(pair => pair.Item1).ThenBy(pair => pair.Item2)];
}
