using System.Globalization;
using System.Text;

namespace Diarist.Accuracy.Pieces;

/// <summary>Fits the confidence of words to those of half of the people, and judges it on those of the others.</summary>
internal static class WordCommands
{
    private static readonly (string Name, string[] Prefixes)[] Rows =
    [
        ("conversations, 1 minute", ["d01"]),
        ("3 minutes", ["d03"]),
        ("10 minutes", ["d10"]),
        ("long ones", ["h"]),
        ("people who say little", ["t"]),
        ("dense conversations", ["cnv"]),
        ("AMI excerpts", ["ami"]),
    ];

    // Long recordings have most of the words and hardly a wrong one: they are judged only.
    private static readonly string[] Fitted = ["d", "cnv"];

    /// <summary>Prints the weights of the tuning half of people, and writes the tables about the other half.</summary>
    /// <param name="folder">The recordings.</param>
    /// <param name="cache">What was heard of them.</param>
    public static string Run(string folder, string cache)
    {
        JudgedWord[] words = [.. RecipeScores.Load(folder, cache, []).AsParallel().AsOrdered().WithDegreeOfParallelism(2).SelectMany(pair => WordTrials.Of(pair.Recording, pair.Heard))];
        HashSet<string> seen = [.. words.Select(word => word.Speaker).Distinct().Order(StringComparer.Ordinal).Where((_, index) => index % 2 == 0)];
        JudgedWord[] tuning = [.. words.Where(word => seen.Contains(word.Speaker) && Fitted.Any(prefix => word.Recording.StartsWith(prefix, StringComparison.Ordinal)))];
        JudgedWord[] unseen = [.. words.Where(word => !seen.Contains(word.Speaker))];
        foreach (bool turnsOnly in (bool[])[false, true])
        {
            LogisticFit fit = LogisticFit.Of([.. tuning.Select(word => (word.Terms(turnsOnly), word.Right))]);
            Console.WriteLine((turnsOnly ? "turns: " : "turns and evidence: ") + string.Join(", ", fit.Coefficients.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture))));
        }

        return Tables(tuning, unseen);
    }

    private static string Tables(JudgedWord[] tuning, JudgedWord[] unseen)
    {
        var text = new StringBuilder();
        text.AppendLine("| words of | words | wrong | AUC | wrong words in the least certain quarter | calibration error | marked `uncertain` | wrong words marked | of the marked, wrong |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        JudgedWord[] pooled = [.. unseen.Where(word => Fitted.Any(prefix => word.Recording.StartsWith(prefix, StringComparison.Ordinal)))];
        text.AppendLine(WordReport.Judge("**other people, conversations and dense ones**", pooled, turnsOnly: false));
        text.AppendLine(WordReport.Judge("the same, from turns alone", pooled, turnsOnly: true));
        text.AppendLine(WordReport.Judge("people of the fit", tuning, turnsOnly: false));
        foreach ((string name, string[] prefixes) in Rows)
        {
            text.AppendLine(WordReport.Judge($"other people, {name}", [.. unseen.Where(word => prefixes.Any(prefix => word.Recording.StartsWith(prefix, StringComparison.Ordinal)))], turnsOnly: false));
        }

        text.AppendLine(WordReport.Judge("other people, telephone", [.. unseen.Where(word => word.Recording.Contains("_tel", StringComparison.Ordinal))], turnsOnly: false));
        text.AppendLine();
        text.Append(WordReport.Reliability(pooled));
        return text.ToString();
    }
}
