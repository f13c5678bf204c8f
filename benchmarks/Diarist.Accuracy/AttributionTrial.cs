using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Transcripts;

namespace Diarist.Accuracy;

/// <summary>
/// Words whose speakers are known, and turns to attribute them with. Word times are interpolated by characters inside each
/// utterance and jittered by 50–150 ms, as a recognizer's are.
/// </summary>
/// <param name="Words">The words, in the order of their times.</param>
/// <param name="Truth">Who said each.</param>
/// <param name="Turns">Who is heard when.</param>
internal sealed record AttributionTrial(Word[] Words, string[] Truth, Turn[] Turns)
{
    /// <summary>The named policies, the default first.</summary>
    public static (string Name, AttributionPolicy Policy)[] Policies { get; } = MakePolicies();

    /// <summary>
    /// A conversation of 60 utterances: the given texts in random order with pauses and overlaps, a fifth of them cut to a word
    /// or two; the turns are the utterances with jittered edges, some short ones missed.
    /// </summary>
    /// <param name="texts">What may be said.</param>
    /// <param name="seed">Decides everything.</param>
    /// <param name="shared">The share of utterances that the next speaker goes on with: no mark ends them.</param>
    public static AttributionTrial Simulate(string[] texts, int seed, double shared = 0)
    {
        var random = new Random(seed);
        var sharing = new Random(seed);
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
            if (sharing.NextDouble() < shared)
            {
                words[^1] = words[^1].TrimEnd('.', '?', '!');
            }

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

    /// <summary>The utterances of a real conversation, against turns that were really heard.</summary>
    public static AttributionTrial Speak(IEnumerable<Utterance> utterances, IReadOnlyList<Turn> turns, int seed)
    {
        var random = new Random(seed);
        var spoken = new List<(Word Word, string Speaker)>();
        foreach (Utterance utterance in utterances)
        {
            string[] words = utterance.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            double character = utterance.Range.Duration / Math.Max(1, words.Sum(word => word.Length + 1));
            Place(words, utterance.Range.Start, character, utterance.Speaker!, random, spoken);
        }

        return Order(spoken, turns);
    }

    /// <summary>The human's utterances of the telephone conversation, 20 times, against the turns that pyannote.audio heard.</summary>
    public static AttributionTrial[] Telephone(string human, string heard)
    {
        using var stm = new StreamReader(human);
        IReadOnlyList<Utterance> utterances = Stm.Read(stm, human)[0].Utterances;
        using var rttm = new StreamReader(heard);
        Turn[] truth = [.. utterances.Select(utterance => new Turn(utterance.Range, utterance.Speaker!))];
        IReadOnlyList<Turn> turns = SpeakerNames.Transfer(Rttm.Read(rttm, heard)[0].Turns, truth);
        return [.. Enumerable.Range(0, 20).Select(seed => Speak(utterances, turns, seed))];
    }

    /// <summary>The texts of an STM's utterances.</summary>
    public static string[] Texts(string stm)
    {
        using var reader = new StreamReader(stm);
        return [.. Stm.Read(reader, stm)[0].Utterances.Select(utterance => utterance.Text)];
    }

    /// <summary>The same as a recognizer without punctuation writes it.</summary>
    public AttributionTrial WithoutPunctuation() => this with { Words = [.. Words.Select(word => word with { Text = word.Text.Trim('.', ',', '?', '!') })] };

    /// <summary>The speakers that a policy gives, each beside the one who spoke.</summary>
    public IEnumerable<(SpeakerChoice Choice, string Truth)> Choices(AttributionPolicy policy) => SpeakerAttribution.Assign(Words, Turns, policy).Zip(Truth);

    /// <summary>The share of words with the wrong speaker or none: the WDER of a transcript without errors of recognition.</summary>
    public static double Wrong(IEnumerable<(SpeakerChoice Choice, string Truth)> words) =>
        words.Select(word => word.Choice.Speaker == word.Truth ? 0.0 : 1).DefaultIfEmpty(0).Average();

    private static (string Name, AttributionPolicy Policy)[] MakePolicies()
    {
        AttributionPolicy best = AttributionPolicy.Nearest;
        return
        [
            ("**default**", best),
            ("`--max-gap 0.25`", best with { MaximumGap = 0.25 }),
            ("`--max-gap 1`", best with { MaximumGap = 1 }),
            ("`--policy none`", best with { Uncovered = UncoveredWords.None }),
            ("`--edges midpoint`", best with { Edges = EdgeRule.Midpoint }),
            ("`--minimum-run 2`", best with { MinimumRun = 2 }),
            ("`--minimum-run 3`", best with { MinimumRun = 3 }),
            ("`--no-glue`", best with { GluePunctuation = false }),
            ("`--split-sentences`", best with { WholeSentences = false }),
            ("`--split-sentences --edges midpoint`", best with { WholeSentences = false, Edges = EdgeRule.Midpoint }),
            ("`--split-sentences --minimum-run 2`", best with { WholeSentences = false, MinimumRun = 2 }),
            ("bare overlap (`--policy none --split-sentences --no-glue`)", AttributionPolicy.None),
        ];
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

    /// <summary>The recognizer writes words in the order of their times.</summary>
    private static AttributionTrial Order(IEnumerable<(Word Word, string Speaker)> spoken, IEnumerable<Turn> turns)
    {
        (Word Word, string Speaker)[] ordered = [.. spoken.OrderBy(word => word.Word.Range!.Value.Middle)];
        return new AttributionTrial([.. ordered.Select(word => word.Word)], [.. ordered.Select(word => word.Speaker)], [.. turns]);
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
}
