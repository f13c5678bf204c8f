using System.Globalization;

namespace Diarist.Accuracy.Pieces;

/// <summary>What is known of one recording's number: its signs, and whether it is right.</summary>
internal sealed record CountedRecording(string Name, double Alike, double Crowded, double Weak, double Briefest, int Found, int True)
{
    public bool Right => Found == True;

    public double[] Signs => [1, Alike, Crowded, Weak, Math.Log(Found), Math.Log(Math.Max(Briefest, 0.5))];
}

/// <summary>A logistic regression of "the number is right" on the signs, and how well it does on recordings that it was not fitted to.</summary>
internal sealed class CertaintyFit(double[] coefficients)
{
    private const int Terms = 6;
    private const double Ridge = 0.1;
    private const double SureFrom = 0.75;

    /// <summary>Constant, and per unit of each sign.</summary>
    public IReadOnlyList<double> Coefficients => coefficients;

    /// <summary>Newton's method on the penalized likelihood; the constant has no penalty.</summary>
    public static CertaintyFit Of(IReadOnlyList<CountedRecording> recordings)
    {
        double[] beta = new double[Terms];
        for (int round = 0; round < 50; round++)
        {
            double[] gradient = new double[Terms];
            double[,] curvature = new double[Terms, Terms];
            for (int i = 1; i < Terms; i++)
            {
                (gradient[i], curvature[i, i]) = (-Ridge * beta[i] * Scale(i), Ridge * Scale(i));
            }

            foreach (CountedRecording recording in recordings)
            {
                double[] signs = recording.Signs;
                double probability = new CertaintyFit(beta).Probability(recording);
                for (int i = 0; i < Terms; i++)
                {
                    gradient[i] += signs[i] * ((recording.Right ? 1 : 0) - probability);
                    for (int j = 0; j < Terms; j++)
                    {
                        curvature[i, j] += signs[i] * signs[j] * probability * (1 - probability);
                    }
                }
            }

            double[] step = LinearSystem.Solve(curvature, gradient);
            for (int i = 0; i < Terms; i++)
            {
                beta[i] += Math.Clamp(step[i], -5, 5);
            }
        }

        return new CertaintyFit(beta);

        // Likenesses and shares are small numbers: a penalty that treats the signs alike.
        static double Scale(int sign) => sign >= 4 ? 1 : sign == 2 ? 0.1 : 0.01;
    }

    public double Probability(CountedRecording recording) =>
        1 / (1 + Math.Exp(-recording.Signs.Zip(coefficients, (sign, coefficient) => sign * coefficient).Sum()));

    /// <summary>One line about recordings with the probabilities that were said of them.</summary>
    public static string Judge(string name, IReadOnlyList<(double Probability, bool Right)> said)
    {
        double[] right = [.. said.Where(one => one.Right).Select(one => one.Probability)], wrong = [.. said.Where(one => !one.Right).Select(one => one.Probability)];
        double area = right.Sum(r => wrong.Sum(w => r > w ? 1 : r == w ? 0.5 : 0)) / Math.Max(1, right.Length * wrong.Length);
        double error = said.GroupBy(one => Math.Min(9, (int)(10 * one.Probability))).Sum(bin => Math.Abs(bin.Average(one => one.Probability) - bin.Average(one => one.Right ? 1.0 : 0))
            * bin.Count() / said.Count);
        var sure = said.Where(one => one.Probability >= SureFrom).ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} {said.Count,5} judged, {100.0 * wrong.Length / said.Count:0.0} % wrong; AUC {area:0.000}, calibration error {error:0.000}; sure {100.0 * sure.Count / said.Count:0.0} %, of these wrong {100.0 * sure.Count(one => !one.Right) / Math.Max(1, sure.Count):0.0} %");
    }

    /// <summary>Writes the model of all recordings, and how models of halves do on the other halves.</summary>
    public static void Report(IReadOnlyList<CountedRecording> all)
    {
        Console.WriteLine($"all: {string.Join(' ', Of(all).Coefficients.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))}");
        var random = new Random(1);
        var halves = new List<(double, bool)>();
        for (int round = 0; round < 12; round++)
        {
            CountedRecording[] order = [.. all.OrderBy(_ => random.NextDouble())];
            Cross(order[..(order.Length / 2)], order[(order.Length / 2)..], halves);
        }

        Console.WriteLine(Judge("random halves, 12 times both ways", halves));

        // The dense conversations and all others share no speaker.
        ILookup<bool, CountedRecording> dense = all.ToLookup(recording => recording.Name.StartsWith("cnv", StringComparison.Ordinal));
        var speakers = new List<(double, bool)>();
        Cross([.. dense[true]], [.. dense[false]], speakers);
        Console.WriteLine(Judge("other speakers, both ways", speakers));
    }

    private static void Cross(IReadOnlyList<CountedRecording> left, IReadOnlyList<CountedRecording> right, List<(double Probability, bool Right)> said)
    {
        (CertaintyFit ofLeft, CertaintyFit ofRight) = (Of(left), Of(right));
        said.AddRange(right.Select(recording => (ofLeft.Probability(recording), recording.Right)));
        said.AddRange(left.Select(recording => (ofRight.Probability(recording), recording.Right)));
    }
}
