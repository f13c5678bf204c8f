using Diarist.Simulation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Simulation;

public sealed class ConversationSimulatorTests
{
    private static readonly SimulationOptions Plain = new() { Speakers = new(2, 5), Duration = new(20, 65), Overlap = 0.15, Seed = 11 };

    [Fact]
    public void Truth_is_exact_to_the_sample()
    {
        var simulator = new ConversationSimulator(Plain, Voices.Of(6));
        for (int index = 0; index < 10; index++)
        {
            SimulatedConversation conversation = simulator.Create(index);
            var spoken = new bool[conversation.Samples.Length];
            foreach (Turn turn in conversation.Turns)
            {
                Assert.Equal(Math.Round(turn.Start, 3), turn.Start, 9);
                spoken.AsSpan((int)Math.Round(turn.Start * 16000), (int)Math.Round(turn.Duration * 16000)).Fill(true);
            }

            for (int i = 0; i < spoken.Length; i++)
            {
                Assert.True(spoken[i] || conversation.Samples[i] == 0, $"{conversation.Name}: sample {i} sounds outside all turns");
            }

            // Two voices can cancel to zero, and fades begin near it; one voice is never silent within its turn.
            int silent = spoken.Where((isSpoken, i) => isSpoken && conversation.Samples[i] == 0).Count();
            Assert.InRange(silent, 0, spoken.Length / 1000);
        }
    }

    [Fact]
    public void The_number_of_speakers_the_length_and_the_overlap_are_those_asked_for()
    {
        var simulator = new ConversationSimulator(Plain, Voices.Of(8, utterances: 3));
        var counts = new HashSet<int>();
        double overlap = 0;
        const int Conversations = 25;
        for (int index = 0; index < Conversations; index++)
        {
            SimulatedConversation conversation = simulator.Create(index);
            counts.Add(conversation.Speakers);
            Assert.InRange(conversation.Duration, 14, 68);
            overlap += conversation.OverlapShare / Conversations;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"mean share of overlap: {overlap:0.000}");
        Assert.Equal([2, 3, 4, 5], counts.Order());
        Assert.InRange(overlap, 0.12, 0.18);
    }

    [Fact]
    public void Nobody_overlaps_themselves_and_at_most_two_speak_at_once()
    {
        var simulator = new ConversationSimulator(Plain with { Overlap = 0.3 }, Voices.Of(5, utterances: 3));
        for (int index = 0; index < 20; index++)
        {
            SimulatedConversation conversation = simulator.Create(index);
            double both = 0;
            foreach (Turn turn in conversation.Turns)
            {
                Turn[] others = [.. conversation.Turns.Where(other => other != turn && other.Range.Overlap(turn.Range) > 1e-9)];
                Assert.DoesNotContain(others, other => other.Speaker == turn.Speaker);
                Assert.All(others, other => Assert.DoesNotContain(others, third => third != other && third.Range.Intersect(turn.Range).Overlap(other.Range) > 1e-9));
                both += others.Sum(other => other.Range.Overlap(turn.Range)) / 2;
            }

            double sum = conversation.Turns.Sum(turn => turn.Duration);
            Assert.Equal(both / (sum - both), conversation.OverlapShare, 9);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_samples_and_another_gives_others()
    {
        SimulationOptions options = Plain with { SignalToNoiseDb = new(15, 30), ReverberationTime = new(0.2, 0.5), Telephone = true, Duration = 15 };
        SimulatedConversation first = new ConversationSimulator(options, Voices.Of(6)).Create(3);
        List<SourceUtterance> reordered = Voices.Of(6);
        reordered.Reverse();
        SimulatedConversation again = new ConversationSimulator(options, reordered).Create(3);

        Assert.Equal(first.Samples, again.Samples);
        Assert.Equal(first.Turns, again.Turns);
        Assert.Equal(first.Utterances, again.Utterances);
        Assert.NotEqual(first.Turns, new ConversationSimulator(options with { Seed = 12 }, Voices.Of(6)).Create(3).Turns);
        Assert.NotEqual(first.Turns, new ConversationSimulator(options, Voices.Of(6)).Create(4).Turns);
    }

    [Fact]
    public void No_sample_of_a_recording_is_heard_twice()
    {
        var queue = new TurnQueue([.. Voices.Of(1, utterances: 3)], new ValueRange(0.8, 4), new SimulationRandom(5, 0));
        var heard = new Dictionary<string, List<SampleRange>>();
        while (queue.Next() is { } turn)
        {
            List<SampleRange> slices = heard.TryGetValue(turn.Utterance.Source.Id, out List<SampleRange>? known) ? known : heard[turn.Utterance.Source.Id] = [];
            Assert.DoesNotContain(slices, slice => slice.Overlap(turn.Slice) > 0);
            Assert.All(turn.Speech, speech => Assert.Equal(speech.Length, speech.Overlap(turn.Slice)));
            Assert.InRange(turn.Slice.Start, 0, turn.Slice.End - 1);
            Assert.InRange(turn.Slice.End, 1, turn.Utterance.Samples.Length);
            slices.Add(turn.Slice);
        }

        Assert.True(queue.IsEmpty);
        Assert.Equal(3, heard.Count);
        Assert.InRange(heard.Values.Sum(slices => slices.Count), 6, 100);
    }

    [Fact]
    public void Utterances_with_text_stay_whole()
    {
        SimulatedConversation conversation = new ConversationSimulator(Plain with { Speakers = 3, Duration = 40 }, Voices.Of(3, bursts: 2, text: "two words")).Create(0);

        Assert.All(conversation.Utterances, utterance => Assert.Equal("two words", utterance.Text));
        Assert.Equal(conversation.Sources.Count, conversation.Utterances.Count);
    }

    [Fact]
    public void Noise_lies_as_far_below_speech_as_asked()
    {
        SimulationOptions options = Plain with { Speakers = 2, Duration = 20, Overlap = 0 };
        SimulatedConversation clean = new ConversationSimulator(options, Voices.Of(2)).Create(0);
        SimulatedConversation noisy = new ConversationSimulator(options with { SignalToNoiseDb = 12 }, Voices.Of(2)).Create(0);

        double speech = clean.Turns.SelectMany(turn => clean.Samples[(int)Math.Round(turn.Start * 16000)..(int)Math.Round(turn.End * 16000)]).Average(sample => (double)sample * sample);
        double noise = clean.Samples.Zip(noisy.Samples).Average(pair => Math.Pow(pair.Second - pair.First, 2));
        Assert.Equal(12, 10 * Math.Log10(speech / noise), 0.1);
    }

    [Fact]
    public void What_nobody_can_do_is_refused()
    {
        Assert.Contains("recordings of 3", Assert.Throws<ArgumentException>(() => new ConversationSimulator(Plain, Voices.Of(3))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ConversationSimulator(Plain with { Speakers = 0 }, Voices.Of(3)));
        Assert.Throws<ArgumentException>(() => new ConversationSimulator(Plain with { Overlap = 0.7 }, Voices.Of(6)));
        SourceUtterance silent = new("a", "a", "", () => new float[16000]);
        Assert.Throws<InputException>(() => new ConversationSimulator(Plain with { Speakers = 1 }, [silent]).Create(0));
        Assert.Throws<OperationCanceledException>(() => new ConversationSimulator(Plain, Voices.Of(6)).Create(0, new CancellationToken(true)));
    }

    [Fact]
    public void Speech_of_the_development_set_makes_conversations_as_described()
    {
        IReadOnlyList<SourceUtterance> utterances = UtteranceCatalog.Read(Shared.Require("audio/librispeech-train-clean-100"));
        Assert.Equal(251, utterances.Select(utterance => utterance.Speaker).Distinct().Count());
        var simulator = new ConversationSimulator(Plain with { Overlap = new(0.1, 0.2) }, utterances);
        SimulatedConversation[] conversations = [.. Enumerable.Range(0, 12).Select(index => simulator.Create(index))];

        double overlap = conversations.Average(conversation => conversation.OverlapShare);
        TestContext.Current.TestOutputHelper!.WriteLine($"{conversations.Length} conversations: {conversations.Average(c => c.Duration):0.0} s, {conversations.Average(c => c.Utterances.Count):0.0} turns, {100 * overlap:0.0} % overlap");
        Assert.InRange(overlap, 0.09, 0.2);
        Assert.All(conversations, conversation => Assert.InRange(conversation.Samples.Max(Math.Abs), 0.05f, 0.99f));
    }
}
