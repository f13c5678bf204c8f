using System.Globalization;
using Diarist.Accuracy;
using Diarist.Attribution;
using Diarist.Tests.Support;

namespace Diarist.Tests.Attribution;

/// <summary>
/// What the named policies do to words whose speakers are known, on a smaller draw of the conversations that
/// benchmarks/Diarist.Accuracy measures for docs/accuracy.md.
/// </summary>
public class PolicyEffectTests
{
    private static readonly Lazy<AttributionTrial[]> Conversations = new(() =>
    {
        string[] texts = AttributionTrial.Texts(Shared.InRepository("samples/conversation.stm"));
        return [.. Enumerable.Range(0, 40).Select(seed => AttributionTrial.Simulate(texts, seed))];
    });

    [Fact]
    public void On_simulated_conversations_no_named_policy_beats_the_default_by_more_than_noise()
    {
        double[] rates = Measure(Conversations.Value);
        Assert.All(rates, rate => Assert.InRange(rate, rates[0] - 0.0005, 1));
    }

    [Fact]
    public void Without_punctuation_too()
    {
        double[] rates = Measure([.. Conversations.Value.Select(trial => trial.WithoutPunctuation())]);
        Assert.All(rates, rate => Assert.InRange(rate, rates[0] - 0.0005, 1));
    }

    [Fact]
    public void On_a_telephone_conversation_too()
    {
        double[] rates = Measure(AttributionTrial.Telephone(Shared.Require("parity/rec02/human.stm"), Shared.Require("parity/rec02/reference.rttm")));
        Assert.All(rates, rate => Assert.InRange(rate, rates[0] - 0.003, 1));
    }

    [Fact]
    public void Words_marked_uncertain_are_wrong_at_least_three_times_as_often()
    {
        ILookup<bool, (SpeakerChoice Choice, string Truth)> marked = Conversations.Value
            .SelectMany(trial => trial.Choices(AttributionPolicy.Nearest))
            .ToLookup(word => word.Choice.Uncertain || word.Choice.Speaker is null);
        double uncertain = AttributionTrial.Wrong(marked[true]);
        double others = AttributionTrial.Wrong(marked[false]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"uncertain {100 * uncertain:0.00} % wrong, the others {100 * others:0.00} %"));
        Assert.True(uncertain >= 3 * others);
    }

    /// <summary>The WDER of every named policy, the default first.</summary>
    private static double[] Measure(AttributionTrial[] trials)
    {
        double[] rates = [.. AttributionTrial.Policies.Select(named => AttributionTrial.Wrong(trials.SelectMany(trial => trial.Choices(named.Policy))))];
        foreach (var ((name, _), rate) in AttributionTrial.Policies.Zip(rates))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {100 * rate:0.00} %"));
        }

        return rates;
    }
}
