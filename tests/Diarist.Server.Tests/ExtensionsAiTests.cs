using System.Runtime.CompilerServices;
using Diarist.Asr.Whisper;
using Diarist.Extensions.AI;
using Diarist.Packs;
using Diarist.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Whisper.net;

namespace Diarist.Server.Tests;

/// <summary>Speakers for any recognizer behind Microsoft.Extensions.AI.</summary>
public class ExtensionsAiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Speakers_are_added_and_the_rest_of_the_response_stays()
    {
        using var folder = new ScratchFolder();
        await using ServiceProvider services = new ServiceCollection().AddDiarist(new DiarizerOptions { Speakers = 2 }).BuildServiceProvider();
        using var client = new DiarizingSpeechToTextClient(new Recognizer(), services.GetRequiredService<Diarizer>());
        string audio = Samples.Piece(folder.Path, 12);
        using FileStream first = File.OpenRead(audio);
        SpeechToTextResponse response = await client.GetTextAsync(first, cancellationToken: Cancellation);
        Assert.Equal("Good morning.", response.Text);
        Assert.Equal("model", response.ModelId);
        SpokenText line = Assert.Single(response.SpokenTexts());
        Assert.NotNull(line.Speaker);
        Assert.Equal(2, response.Diarization()!.Speakers.Count);

        using FileStream second = File.OpenRead(audio);
        var updates = new List<SpeechToTextResponseUpdate>();
        await foreach (SpeechToTextResponseUpdate update in client.GetStreamingTextAsync(second, cancellationToken: Cancellation))
        {
            updates.Add(update);
        }

        Assert.Equal(3, updates.Count);
        var texts = Assert.IsAssignableFrom<IReadOnlyList<SpokenText>>(updates[^1].AdditionalProperties![SpokenTextExtensions.SpokenTextsKey]);
        Assert.Equal(["Good morning.", "Thank you."], texts.Select(text => text.Text));
        Assert.All(texts, text => Assert.NotNull(text.Speaker));
    }

    [Fact]
    public async Task Whisper_is_a_source_in_one_line()
    {
        Assert.SkipUnless(WhisperRuntime.IsBesideProgram, "Whisper.net's package has no native library for this machine");
        using var folder = new ScratchFolder();
        string model = Path.Combine(folder.Path, "ggml-generated.bin");
        WhisperModelWriter.Write(model);
        Diarizer diarizer = Diarizer.Create(PackStore.Open(), new DiarizerOptions { Speakers = 2 });
        using var client = new DiarizingSpeechToTextClient(new WhisperSpeechToTextClient(model), diarizer);
        using FileStream audio = File.OpenRead(Samples.Piece(folder.Path, 12));
        SpeechToTextResponse response = await client.GetTextAsync(audio, new SpeechToTextOptions { SpeechLanguage = "de" }, Cancellation);
        Assert.Contains(WhisperModelWriter.Script[0], response.Text, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(response.SpokenTexts()).Speaker);
    }

    private sealed class Recognizer : ISpeechToTextClient
    {
        public async Task<SpeechToTextResponse> GetTextAsync(Stream audioSpeechStream, SpeechToTextOptions? options = null, CancellationToken cancellationToken = default)
        {
            await audioSpeechStream.CopyToAsync(Stream.Null, cancellationToken);
            return new SpeechToTextResponse("Good morning.") { ModelId = "model", StartTime = TimeSpan.FromSeconds(0.4), EndTime = TimeSpan.FromSeconds(2) };
        }

        public async IAsyncEnumerable<SpeechToTextResponseUpdate> GetStreamingTextAsync(Stream audioSpeechStream, SpeechToTextOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await audioSpeechStream.CopyToAsync(Stream.Null, cancellationToken);
            yield return new SpeechToTextResponseUpdate("Good morning.") { Kind = SpeechToTextResponseUpdateKind.TextUpdated, StartTime = TimeSpan.FromSeconds(0.4), EndTime = TimeSpan.FromSeconds(2) };
            yield return new SpeechToTextResponseUpdate("Thank you.") { Kind = SpeechToTextResponseUpdateKind.TextUpdated, StartTime = TimeSpan.FromSeconds(2), EndTime = TimeSpan.FromSeconds(3.6) };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
