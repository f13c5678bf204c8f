using System.Globalization;
using System.Text;
using Diarist.Attribution;

namespace Diarist.Accuracy.Pieces;

/// <summary>How well the confidence of words tells the wrong ones.</summary>
internal static class WordReport
{
    private const double LeastCertain = 0.25;

    /// <summary>A row of the table; the confidence is the product's.</summary>
    public static string Judge(string name, IReadOnlyList<JudgedWord> words, bool turnsOnly)
    {
        if (words.Count == 0)
        {
            return $"| {name} | 0 | – | – | – | – | – | – | – |";
        }

        (double Confidence, bool Right)[] order = [.. words.Select(word => (turnsOnly ? word.FromTurns : word.Confidence, word.Right)).OrderBy(word => word.Item1)];
        double wrong = order.Count(word => !word.Right);
        double caught = order.Take((int)(LeastCertain * order.Length)).Count(word => !word.Right);
        double error = order.GroupBy(word => Bin(word.Confidence))
            .Sum(bin => Math.Abs(bin.Average(word => word.Confidence) - bin.Average(word => word.Right ? 1.0 : 0)) * bin.Count() / order.Length);
        (double Confidence, bool Right)[] marked = [.. order.Where(word => word.Confidence < AttributionPolicy.Nearest.UncertainBelow)];
        double justified = marked.Count(word => !word.Right);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {order.Length} | {100 * wrong / order.Length:0.0} % | {Area(order):0.000} | {100 * caught / Math.Max(1, wrong):0} % | {error:0.000} | {100.0 * marked.Length / order.Length:0.0} % | {100 * justified / Math.Max(1, wrong):0} % | {100 * justified / Math.Max(1, marked.Length):0} % |");
    }

    /// <summary>What share of the words is right, by confidence.</summary>
    public static string Reliability(IReadOnlyList<JudgedWord> words)
    {
        var text = new StringBuilder("| confidence | words | right |\n|---|---|---|\n");
        foreach (IGrouping<int, JudgedWord> bin in words.GroupBy(word => Bin(word.Confidence)).OrderBy(bin => bin.Key))
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {bin.Key / 10.0:0.0}–{(bin.Key + 1) / 10.0:0.0} | {bin.Count()} | {100 * bin.Average(word => word.Right ? 1.0 : 0):0.0} % |"));
        }

        return text.ToString();
    }

    private static int Bin(double confidence) => Math.Min(9, (int)(10 * confidence));

    /// <summary>The probability that a right word is more confident than a wrong one; ties count half.</summary>
    private static double Area((double Confidence, bool Right)[] order)
    {
        double wrongBelow = 0, area = 0;
        foreach (IGrouping<double, (double Confidence, bool Right)> tie in order.GroupBy(word => word.Confidence))
        {
            double wrong = tie.Count(word => !word.Right), right = tie.Count() - wrong;
            area += right * (wrongBelow + (wrong / 2));
            wrongBelow += wrong;
        }

        return area / Math.Max(1, wrongBelow * (order.Length - wrongBelow));
    }
}
