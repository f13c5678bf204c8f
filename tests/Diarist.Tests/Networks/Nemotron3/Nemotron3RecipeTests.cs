using Diarist.Attribution;
using Diarist.Networks;
using Diarist.Networks.Nemotron3;
using Diarist.Packs;
using Diarist.TestSupport;
using Diarist.Transcripts;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The recipe and live diarization, with the small network in the place of the published one.</summary>
public sealed class Nemotron3RecipeTests : IDisposable
{
    private const string Pack = "nemotron3-diarization";
    private const string FileName = "Nemotron-3-Diarization.q8_0.gguf";

    private static readonly Lazy<byte[]> Network = new(() => SmallNetwork.Gguf().ToArray());

    private readonly PackMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void Turns_are_where_the_networks_probabilities_are_over_one_half()
    {
        Diarization result = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3 });
        float[] rows = [.. CapturedRun.Of(Small(), Nemotron3Profile.Offline, SmallNetwork.Audio).Probabilities];
        double expected = rows.Count(p => p > 0.5f) * 0.01;
        Assert.Equal(expected, result.Turns.Sum(turn => turn.Duration), 0.05);
        Assert.Equal(result.Turns.OrderBy(turn => turn.Start).Select(turn => turn.Start), result.Turns.Select(turn => turn.Start));
        Assert.All(result.Turns, turn => Assert.InRange(turn.Confidence!.Value, 0.5, 1));
        Assert.Equal(result.Speakers.Count, result.Count.Found);
        Assert.Equal(60, result.Duration);
        for (int i = 1; i < result.ExclusiveTurns.Count; i++)
        {
            Assert.True(result.ExclusiveTurns[i].Start >= result.ExclusiveTurns[i - 1].End);
        }

        Assert.Equal(rows.Chunk(8).Count(row => row.Any(p => p > 0.5f)) * 0.01, result.ExclusiveTurns.Sum(turn => turn.Duration), 0.05);
    }

    [Fact]
    public void The_confidence_of_a_word_is_its_speakers_share_of_the_probabilities_over_it()
    {
        Diarization result = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3 });
        float[] rows = [.. CapturedRun.Of(Small(), Nemotron3Profile.Offline, SmallNetwork.Audio).Probabilities];
        var used = new HashSet<int>(Enumerable.Range(0, 8).Where(column => Enumerable.Range(0, rows.Length / 8).Any(row => rows[(row * 8) + column] > 0.5f)));
        AttributedTranscript words = SpeakerAttribution.Assign(Transcript.FromWords([.. Enumerable.Range(0, 190).Select(i => new Word("w", new TimeRange(i * 0.3, (i * 0.3) + 0.3)))]), result);
        int compared = 0;
        foreach (AttributedWord word in words.Segments.SelectMany(segment => segment.Words).Where(word => word.Choice.Confidence > 0))
        {
            int first = (int)Math.Round(word.Word.Range!.Value.Start * 100);
            double[] shares = [.. used.Select(column => Enumerable.Range(first, 30).Average(row => rows[(row * 8) + column] / Math.Max(1, used.Sum(other => (double)rows[(row * 8) + other]))))];
            Assert.Contains(shares, share => Math.Abs(share - word.Choice.Confidence) < 0.01);
            compared++;
        }

        Assert.True(compared > 50);
    }

    [Fact]
    public void A_number_of_speakers_is_met_or_its_absence_is_said()
    {
        int found = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3 }).Count.Found;
        Assert.InRange(found, 3, 8);
        for (int wanted = 1; wanted < found; wanted++)
        {
            Diarization fewer = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3, Speakers = wanted });
            Assert.Equal((wanted, wanted, found, 1.0), (fewer.Count.Found, fewer.Speakers.Count, fewer.Count.Automatic, fewer.Count.Certainty));
        }

        Diarization more = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3, MinimumSpeakers = 9 });
        Assert.Contains("the network found no more", more.Count.Problem, StringComparison.Ordinal);
        Assert.Contains(more.Count.Problem!, more.Warnings);
    }

    [Fact]
    public void The_runtimes_settings_give_fewer_and_longer_turns()
    {
        Diarization card = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3 });
        Diarization smooth = Diarize(new DiarizerOptions { Recipe = Recipe.Nemotron3, TurnSettings = TurnSettings.NeMoSpeech });
        Assert.True(smooth.Turns.Count < card.Turns.Count);
        Assert.All(smooth.Turns, turn => Assert.True(turn.Duration >= 0.5));
    }

    [Fact]
    public void The_pack_is_verified_by_its_two_ways_of_multiplication()
    {
        KnownAnswerResult result = KnownAnswers.Check(Store().Require(Pack), null, TestContext.Current.CancellationToken);
        Assert.True(result.Holds, result.Summary);
        Assert.Contains("over 28000 probabilities, bound 0.02", result.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_contradict_are_refused() =>
        Assert.Throws<ArgumentException>(() => new DiarizerOptions { TurnSettings = new TurnSettings { Onset = 0.5, Offset = 0.6 } }.Validate());

    [Theory]
    [InlineData(1600)]
    [InlineData(77777)]
    [InlineData(960000)]
    public async Task Live_updates_do_not_depend_on_the_pieces_and_turns_are_final(int piece)
    {
        var diarizer = LiveDiarizer.Create(Store());
        List<LiveUpdate> updates = [];
        await foreach (LiveUpdate update in diarizer.RunAsync(Pieces(piece)))
        {
            updates.Add(update);
        }

        Assert.True(updates.Count > 20);
        Assert.True(updates[^1].IsLast);
        Assert.Equal(60, updates[^1].Labelled);
        Assert.Equal(updates.Select(update => update.Labelled).Order(), updates.Select(update => update.Labelled));
        float[] rows = [.. CapturedRun.Of(Small(), Nemotron3Profile.Live32, SmallNetwork.Audio).Probabilities];
        Assert.Equal(rows.Count(p => p > 0.5f) * 0.01, updates.SelectMany(update => update.Turns).Sum(turn => turn.Duration), 1e-6);
        Assert.All(updates.SelectMany(update => update.Provisional.Select(turn => (turn, update.Labelled))), pair => Assert.True(pair.turn.Start >= pair.Labelled));
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<float>> Pieces(int length)
    {
        for (int start = 0; start < SmallNetwork.Audio.Length; start += length)
        {
            await Task.Yield();
            yield return SmallNetwork.Audio.AsMemory(start, Math.Min(length, SmallNetwork.Audio.Length - start));
        }
    }

    private Nemotron3Network Small() => Nemotron3Network.Load(_machine.Write("small.gguf", Network.Value));

    private Diarization Diarize(DiarizerOptions options) => Diarizer.Create(Store(), options).Diarize(SmallNetwork.Audio);

    /// <summary>A store whose pack holds the small network, by a catalog that replaces the entry.</summary>
    private PackStore Store()
    {
        byte[] content = Network.Value;
        string path = Path.Combine(_machine.Root, "mirror", Pack, FileName);
        if (!File.Exists(path))
        {
            _machine.Write($"mirror/{Pack}/{FileName}", content);
        }

        PackDescription published = PackCatalog.BuiltIn.Find(Pack)!;
        string catalog = _machine.Catalog(published with
        {
            Replaces = true,
            Files = [new PackFile { Name = FileName, Variants = [new PackFileVariant { Sha256 = PackMachine.Hash(content), Bytes = content.Length, Source = "here", Revision = "1", Addresses = [] }] }],
        });
        return _machine.Open(Path.Combine(_machine.Root, "mirror"), catalog);
    }
}
