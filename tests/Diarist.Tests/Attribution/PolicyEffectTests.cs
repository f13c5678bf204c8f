using System.Globalization;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Tests.Support;

namespace Diarist.Tests.Attribution;

/// <summary>
/// Measures the named policies on simulated conversations; docs/transcripts.md has the printed tables. The utterances are
/// those of samples/conversation.stm in random order with random pauses and overlaps; word times are interpolated by
/// characters inside each utterance and jittered by 50–150 ms; the turns are the utterances with jittered edges, some
/// short ones missed, some cut off.
/// </summary>
public class PolicyEffectTests
{
    private const string Default = "default: nearest, gap 0.5 s, whole sentences";

    private static readonly Lazy<Simulated[]> Conversations = new(() => [.. Enumerable.Range(0, 40).Select(seed => Simulate(new Random(seed)))]);

    [Fact]
    public void On_simulated_conversations_the_default_is_as_good_as_the_best_of_the_named_policies()
    {
        Dictionary<string, double> rates = Measure(Conversations.Value);
        Assert.InRange(rates[Default] - rates.Values.Min(), 0, 0.05);
    }

    [Fact]
    public void On_a_telephone_conversation_the_default_is_no_worse_than_the_bare_rule()
    {
        string human = Shared.Require("parity/rec02/human.stm");
        string heard = Shared.Require("parity/rec02/reference.rttm");
        using StreamReader stm = File.OpenText(human);
        IReadOnlyList<Utterance> utterances = Stm.Read(stm, human)[0].Utterances;
        using StreamReader rttm = File.OpenText(heard);
        Turn[] truth = [.. utterances.Select(utterance => new Turn(utterance.Range, utterance.Speaker!))];
        IReadOnlyList<Turn> turns = SpeakerNames.Transfer(Rttm.Read(rttm, heard)[0].Turns, truth);
        Dictionary<string, double> rates = Measure([.. Enumerable.Range(0, 20).Select(seed => Speak(utterances, turns, new Random(seed)))]);
        Assert.True(rates[Default] <= rates["none"]);
    }

    /// <summary>The utterances' words with interpolated and jittered times, against turns that were really heard.</summary>
    private static Simulated Speak(IEnumerable<Utterance> utterances, IReadOnlyList<Turn> turns, Random random)
    {
        var spoken = new List<(Word Word, string Speaker)>();
        foreach (Utterance utterance in utterances)
        {
            string[] words = utterance.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            double character = utterance.Range.Duration / Math.Max(1, words.Sum(word => word.Length + 1));
            Place(words, utterance.Range.Start, character, utterance.Speaker!, random, spoken);
        }

        return Order(spoken, turns);
    }

    private static Dictionary<string, double> Measure(Simulated[] talks)
    {
        AttributionPolicy split = AttributionPolicy.Nearest with { WholeSentences = false };
        (string Name, AttributionPolicy Policy)[] policies =
        [
            ("none", AttributionPolicy.None),
            ("nearest, gap 0.25 s, sentences split", split with { MaximalGap = 0.25 }),
            ("nearest, gap 0.5 s, sentences split", split),
            ("nearest, gap 1 s, sentences split", split with { MaximalGap = 1 }),
            ("sentences split, midpoint edges", split with { Edges = EdgeRule.Midpoint }),
            ("sentences split, minimum run 2", split with { MinimumRun = 2 }),
            ("sentences split, minimum run 3", split with { MinimumRun = 3 }),
            (Default, AttributionPolicy.Nearest),
            ("default + midpoint edges", AttributionPolicy.Nearest with { Edges = EdgeRule.Midpoint }),
            ("default + minimum run 2", AttributionPolicy.Nearest with { MinimumRun = 2 }),
        ];
        var rates = policies.ToDictionary(policy => policy.Name, policy => Wrong([.. talks.SelectMany(talk => Choices(talk, policy.Policy).Zip(talk.Truth))]));
        foreach (var (name, rate) in rates)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rate:0.00} % |"));
        }

        return rates;
    }

    [Fact]
    public void Words_marked_uncertain_are_wrong_at_least_three_times_as_often()
    {
        var words = Conversations.Value.SelectMany(talk => Choices(talk, AttributionPolicy.Nearest).Zip(talk.Truth)).ToArray();
        for (int bin = 0; bin < 10; bin++)
        {
            var members = words.Where(word => Math.Min(9, (int)(word.First.Confidence * 10)) == bin).ToArray();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {bin / 10.0:0.0}–{(bin + 1) / 10.0:0.0} | {members.Length} | {Wrong(members):0.0} % |"));
        }

        double uncertain = Wrong([.. words.Where(word => word.First.Uncertain || word.First.Speaker is null)]);
        double certain = Wrong([.. words.Where(word => !word.First.Uncertain && word.First.Speaker is not null)]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"uncertain {uncertain:0.00} % wrong, the others {certain:0.00} %"));
        Assert.True(uncertain >= 3 * certain);
    }

    private static double Wrong((SpeakerChoice First, string Second)[] words) =>
        words.Length == 0 ? 0 : 100.0 * words.Count(word => word.First.Speaker != word.Second) / words.Length;

    private static IReadOnlyList<SpeakerChoice> Choices(Simulated talk, AttributionPolicy policy) => SpeakerAttribution.Assign(talk.Words, talk.Turns, policy);

    private static Simulated Simulate(Random random)
    {
        string[] texts = [.. File.ReadLines(Shared.InRepository("samples/conversation.stm")).Select(line => string.Join(' ', line.Split(' ').Skip(5)))];
        var spoken = new List<(Word Word, string Speaker)>();
        var turns = new List<Turn>();
        int speakers = random.Next(2, 5);
        int last = -1;
        double at = 0;
        for (int i = 0; i < 60; i++)
        {
            int speaker = (last + random.Next(1, speakers)) % speakers;
            (last, string label) = (speaker, $"SPEAKER_{speaker:00}");
            string[] words = Sentence(texts[random.Next(texts.Length)], random);
            double start = Math.Max(0, at + Normal(random, 0.25, 0.45));
            double character = 0.055 + (0.02 * random.NextDouble());
            double end = start + (character * words.Sum(word => word.Length + 1));
            Place(words, start, character, label, random, spoken);

            if (end - start > 0.8 || random.NextDouble() > 0.3)
            {
                turns.Add(new Turn(start + Normal(random, 0, 0.12), end + Normal(random, 0, 0.12), label));
            }

            at = end;
        }

        return Order(spoken, turns);
    }

    private static void Place(string[] words, double position, double character, string speaker, Random random, List<(Word Word, string Speaker)> spoken)
    {
        foreach (string word in words)
        {
            double next = position + (character * (word.Length + 1));
            double from = position + Jitter(random);
            spoken.Add((new Word(word, new TimeRange(from, Math.Max(from + 0.02, next + Jitter(random)))), speaker));
            position = next;
        }
    }

    /// <summary>The recogniser writes words in the order of their times.</summary>
    private static Simulated Order(IEnumerable<(Word Word, string Speaker)> spoken, IEnumerable<Turn> turns)
    {
        (Word Word, string Speaker)[] ordered = [.. spoken.OrderBy(word => word.Word.Range!.Value.Middle)];
        return new Simulated([.. ordered.Select(word => word.Word)], [.. ordered.Select(word => word.Speaker)], [.. turns]);
    }

    /// <summary>Some utterances are a word or two, as in talk.</summary>
    private static string[] Sentence(string text, Random random)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return random.NextDouble() < 0.2 ? [.. words.Take(random.Next(1, 3)).SkipLast(1), words[^1]] : words;
    }

    private static double Jitter(Random random) => (random.Next(2) == 0 ? -1 : 1) * (0.05 + (0.1 * random.NextDouble()));

    private static double Normal(Random random, double mean, double deviation) =>
        mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    private sealed record Simulated(Word[] Words, string[] Truth, Turn[] Turns);
}
