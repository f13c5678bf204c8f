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

    private static double Bits(double x) => (x > 30 ? x : Math.Log(1 + Math.Exp(x))) / Math.Log(2);

    private static (double, bool)[] Sorted(double[] same, double[] different) =>
        [.. same.Select(score => (score, true)).Concat(different.Select(score => (score, false))).OrderBy(pair => pair.Item1).ThenBy(pair => pair.Item2)];
}
