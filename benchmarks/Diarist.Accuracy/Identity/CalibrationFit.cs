using System.Globalization;
using Diarist.Identity;

namespace Diarist.Accuracy.Identity;

/// <summary>
/// Fits <see cref="VoiceCalibration"/>: the logistic score by Newton's method, the tail of strangers by moments and two quantiles. Strangers of one
/// corpus count, who are more alike than those of two; and of all pairs of lengths that in which they are most alike, however few they are.
/// </summary>
internal static class CalibrationFit
{
    private const double Ridge = 1e-4;
    private const int Steps = 60;

    /// <summary>The tail goes through the likeness that one in a hundred strangers reach, and one in a thousand.</summary>
    private const double FirstRate = 1e-2, SecondRate = 1e-3;

    /// <summary>A quantile that fewer strangers would lie above is not taken.</summary>
    private const double FewestAbove = 3;

    /// <summary>Strangers are taken to be as alike so many times more often than they were: others are not quite like those of the fit.</summary>
    private const double Caution = 1.5;

    public static VoiceCalibration Fit(IReadOnlyList<Trial> trials)
    {
        double[] weights = Weights(trials);
        double[] w = Logistic(trials, weights);
        Trial[][] classes = [.. trials.Where(trial => !trial.Same && trial.OneSource).GroupBy(trial => (trial.Enrolled.Length, trial.Found.Length)).Select(group => group.ToArray())];
        double mean = classes.Average(strangers => strangers.Average(trial => trial.Likeness));
        (double inverse, double slope) = Line([.. classes.Select(strangers => (strangers.Average(Shortness), 1 / strangers.Average(trial => (trial.Likeness - mean) * (trial.Likeness - mean))))]);
        double fall = Math.Max(0, slope / inverse);
        double[][] deviations = [.. classes.Select(strangers => strangers.Select(trial => (trial.Likeness - mean) * Math.Sqrt(VoiceCalibration.Spread(fall, Shortness(trial)) * inverse)).Order().ToArray())];
        double first = Largest(deviations, FirstRate), second = Largest(deviations, SecondRate);
        double scale = (second - first) / Math.Log(FirstRate / SecondRate);
        return new VoiceCalibration
        {
            Offset = w[0],
            PerLikeness = w[1],
            PerShortness = w[2],
            PerBoth = w[3],
            StrangersMean = mean,
            StrangersVariance = 1 / inverse,
            VarianceFall = fall,
            TailScale = scale,
            TailStart = first - (scale * Math.Log(1 / (FirstRate * Caution))),
        };
    }

    public static string Describe(VoiceCalibration fit) => string.Create(
        CultureInfo.InvariantCulture,
        $"Offset = {fit.Offset:0.00}, PerLikeness = {fit.PerLikeness:0.00}, PerShortness = {fit.PerShortness:0.00}, PerBoth = {fit.PerBoth:0.00}, StrangersMean = {fit.StrangersMean:0.000}, StrangersVariance = {fit.StrangersVariance:0.0000}, VarianceFall = {fit.VarianceFall:0.000}, TailStart = {fit.TailStart:0.000}, TailScale = {fit.TailScale:0.000},");

    private static double Shortness(Trial trial) => VoiceCalibration.Shortness(trial.Found.Group.Seconds, trial.Enrolled.Group.Seconds);

    private static double Largest(double[][] classes, double rate) =>
        classes.Where(deviations => deviations.Length * rate >= FewestAbove).Max(deviations => deviations[(int)(deviations.Length * (1 - rate))]);

    // Both answers count the same, and of each answer every pair of lengths.
    private static double[] Weights(IReadOnlyList<Trial> trials)
    {
        Dictionary<(bool, int, int), int> counts = trials.GroupBy(Key).ToDictionary(group => group.Key, group => group.Count());
        int[] classes = [counts.Keys.Count(key => !key.Item1), counts.Keys.Count(key => key.Item1)];
        return [.. trials.Select(trial => 0.5 / (counts[Key(trial)] * classes[trial.Same ? 1 : 0]))];

        static (bool, int, int) Key(Trial trial) => (trial.Same, trial.Enrolled.Length, trial.Found.Length);
    }

    private static double[] Logistic(IReadOnlyList<Trial> trials, double[] weights)
    {
        var w = new double[4];
        var features = new double[4];
        for (int step = 0; step < Steps; step++)
        {
            var gradient = new double[4];
            var curvature = new double[4, 4];
            for (int i = 0; i < 4; i++)
            {
                gradient[i] = -Ridge * w[i];
                curvature[i, i] = Ridge;
            }

            for (int t = 0; t < trials.Count; t++)
            {
                double h = Shortness(trials[t]), x = trials[t].Likeness;
                (features[0], features[1], features[2], features[3]) = (1, x, h, x * h);
                double score = w[0] + (w[1] * x) + (w[2] * h) + (w[3] * x * h);
                double p = 1 / (1 + Math.Exp(-score));
                double error = weights[t] * ((trials[t].Same ? 1 : 0) - p), slope = weights[t] * p * (1 - p);
                for (int i = 0; i < 4; i++)
                {
                    gradient[i] += error * features[i];
                    for (int j = 0; j < 4; j++)
                    {
                        curvature[i, j] += slope * features[i] * features[j];
                    }
                }
            }

            double[] change = Solve(curvature, gradient);
            for (int i = 0; i < 4; i++)
            {
                w[i] += change[i];
            }
        }

        return w;
    }

    private static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int row = pivot + 1; row < n; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; column < n; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }

                right[row] -= factor * right[pivot];
            }
        }

        for (int row = n - 1; row >= 0; row--)
        {
            for (int column = row + 1; column < n; column++)
            {
                right[row] -= matrix[row, column] * right[column];
            }

            right[row] /= matrix[row, row];
        }

        return right;
    }

    private static (double Offset, double Slope) Line((double X, double Y)[] points)
    {
        double x = points.Average(point => point.X), y = points.Average(point => point.Y);
        double slope = points.Sum(point => (point.X - x) * (point.Y - y)) / points.Sum(point => (point.X - x) * (point.X - x));
        return (y - (slope * x), slope);
    }
}
