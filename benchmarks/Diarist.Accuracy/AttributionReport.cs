using System.Globalization;
using System.Text;
using Diarist.Attribution;

namespace Diarist.Accuracy;

/// <summary>Makes the tables of docs/accuracy.md about words: what each named policy does, and how far confidence can be relied on.</summary>
internal sealed class AttributionReport(string repository, string shared)
{
    private const int Conversations = 200;

    // A fifth of the utterances are finished, or answered, by the next speaker without a mark between them.
    private const double SharedSentences = 0.2;

    private readonly StringBuilder _text = new();

    public string Write()
    {
        string[] texts = AttributionTrial.Texts(Path.Combine(repository, "samples/conversation.stm"));
        AttributionTrial[] simulated = [.. Enumerable.Range(0, Conversations).Select(seed => AttributionTrial.Simulate(texts, seed))];
        AttributionTrial[] together = [.. Enumerable.Range(0, Conversations).Select(seed => AttributionTrial.Simulate(texts, seed, SharedSentences))];
        AttributionTrial[] telephone = AttributionTrial.Telephone(Path.Combine(shared, "parity/rec02/human.stm"), Path.Combine(shared, "parity/rec02/reference.rttm"));
        WritePolicies([simulated, together, [.. simulated.Select(trial => trial.WithoutPunctuation())], telephone]);
        WriteReliability([.. simulated.SelectMany(trial => trial.Choices(AttributionPolicy.Nearest))]);
        return _text.ToString();
    }

    private void WritePolicies(AttributionTrial[][] sets)
    {
        Line($"| policy, WDER % (against the default) | simulated, {sets[0].Sum(trial => trial.Words.Length)} words | with sentences of two speakers | without punctuation | rec02, {sets[3][0].Words.Length} words 20 times |");
        Line($"|---|---|---|---|---|");
        double[]? first = null;
        foreach ((string name, AttributionPolicy policy) in AttributionTrial.Policies)
        {
            double[] rates = [.. sets.Select(set => AttributionTrial.Wrong(set.SelectMany(trial => trial.Choices(policy))))];
            first ??= rates;
            Line($"| {name} | {string.Join(" | ", rates.Zip(first, (rate, reference) => Rate(rate, name.StartsWith('*') ? null : rate - reference)))} |");
        }

        Line($"");
        WriteDifference("`--edges midpoint`", sets[0], AttributionPolicy.Nearest with { Edges = EdgeRule.Midpoint });
        WriteDifference("`--policy none`", sets[0], AttributionPolicy.Nearest with { Uncovered = UncoveredWords.None });
        Line($"");
    }

    /// <summary>Whether a small difference from the default is one: the words that only one of the two gets right, by the sign test.</summary>
    private void WriteDifference(string name, AttributionTrial[] trials, AttributionPolicy policy)
    {
        var both = trials.SelectMany(trial => trial.Choices(policy).Zip(trial.Choices(AttributionPolicy.Nearest))).ToArray();
        int better = both.Count(pair => IsRight(pair.First) && !IsRight(pair.Second));
        int worse = both.Count(pair => !IsRight(pair.First) && IsRight(pair.Second));
        double deviations = (better - worse) / Math.Sqrt(Math.Max(1, better + worse));
        Line($"{name} on the simulation: {better} words right that the default has wrong, {worse} the other way round ({deviations:+0.0;−0.0;0.0} standard deviations of chance).");
    }

    private static bool IsRight((SpeakerChoice Choice, string Truth) word) => word.Choice.Speaker == word.Truth;

    private void WriteReliability((SpeakerChoice Choice, string Truth)[] words)
    {
        Line($"| confidence | words | wrong |");
        Line($"|---|---|---|");
        for (int bin = 0; bin < 10; bin++)
        {
            var members = words.Where(word => Math.Min(9, (int)(word.Choice.Confidence * 10)) == bin).ToArray();
            Line($"| {bin / 10.0:0.0}–{(bin + 1) / 10.0:0.0} | {members.Length} | {100 * AttributionTrial.Wrong(members):0.0} % |");
        }

        ILookup<bool, (SpeakerChoice Choice, string Truth)> marked = words.ToLookup(word => word.Choice.Uncertain || word.Choice.Speaker is null);
        double uncertain = AttributionTrial.Wrong(marked[true]);
        double others = AttributionTrial.Wrong(marked[false]);
        Line($"| **marked `uncertain`** (below {AttributionPolicy.Nearest.UncertainBelow}) | {marked[true].Count()} | **{100 * uncertain:0.0} %** |");
        Line($"| the others | {marked[false].Count()} | {100 * others:0.00} %, {uncertain / others:0.0} times less often |");
    }

    private static string Rate(double rate, double? change) => change is { } difference
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0.00} ({100 * difference:+0.00;−0.00;±0.00})")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * rate:0.00}");

    private void Line(FormattableString text) => _text.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
