using System.ClientModel;
using System.Text.Json.Nodes;
using Diarist.Asr;
using Diarist.Processes;
using OpenAI;
using OpenAI.Audio;

namespace Diarist.Server.Tests;

/// <summary>The clients that users have, unmodified, and a real recognizer.</summary>
public class OpenAiClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_for_NET_transcribes_and_diarizes_the_sample_with_a_real_recognizer()
    {
        await using RunningServer server = await StartAsync();
        AudioClient client = Client(server);
        Task<List<string>> streamed = StreamAsync(client);
        DiarizedAudioTranscription diarized = await client.TranscribeAudioDiarizedAsync(Samples.Conversation, new AudioTranscriptionOptions());
        Assert.True(diarized.Segments.Count > 8, $"{diarized.Segments.Count} segments");
        string[] speakers = [.. diarized.Segments.Select(segment => segment.SpeakerLabel).Distinct()];
        Assert.Equal("A", speakers[0]);
        Assert.True(speakers.Length >= 3, string.Join(' ', speakers));
        Assert.Contains("summer party", diarized.Text);

        List<string> kinds = await streamed;
        Assert.Contains(nameof(StreamingAudioTranscriptionTextDeltaUpdate), kinds);
        Assert.Contains(nameof(StreamingAudioTranscriptionTextSegmentUpdate), kinds);
        Assert.Equal(nameof(StreamingAudioTranscriptionTextDoneUpdate), kinds[^1]);
    }

    [Fact]
    public async Task The_client_for_NET_reads_verbose_json_and_errors()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Engine = new TestRecognizer() });
        string audio = Samples.Piece(server.Folder, 5);
        AudioTranscription verbose = await Client(server, "whisper-1").TranscribeAudioAsync(
            audio,
            new AudioTranscriptionOptions { ResponseFormat = AudioTranscriptionFormat.Verbose, TimestampGranularities = AudioTimestampGranularities.Word | AudioTimestampGranularities.Segment });
        Assert.Equal(7, verbose.Words.Count);
        Assert.Equal(TimeSpan.FromSeconds(5), verbose.Duration);
        Assert.StartsWith("Good morning", verbose.Text, StringComparison.Ordinal);

        string text = Path.Combine(server.Folder, "text.wav");
        await File.WriteAllTextAsync(text, "no sound", Cancellation);
        ClientResultException error = await Assert.ThrowsAsync<ClientResultException>(async () => await Client(server).TranscribeAudioAsync(text));
        Assert.Equal(400, error.Status);
        Assert.Contains("text.wav", error.Message);
    }

    [Fact]
    public async Task The_client_for_Node_transcribes_diarizes_and_streams()
    {
        await using RunningServer server = await StartAsync();
        JsonNode result = JsonNode.Parse(await NodeClient.RunAsync("transcribe.mjs", server.Address.ToString(), Samples.Piece(server.Folder, 40)))!;
        JsonNode diarized = result["diarized"]!;
        Assert.Equal("transcribe", (string?)diarized["task"]);
        Assert.Equal(40, (double)diarized["duration"]!, 0.01);
        Assert.Equal(40, (double)diarized["usage"]!["seconds"]!);
        JsonArray segments = diarized["segments"]!.AsArray();
        Assert.True(segments.Count > 3);
        Assert.Equal("transcript.text.segment", (string?)segments[0]!["type"]);
        Assert.Equal("A", (string?)segments[0]!["speaker"]);
        Assert.True(JsonNode.DeepEquals(diarized, result["strategy"]));
        Assert.Equal((string?)diarized["text"], (string?)result["plain"]!["text"]);
        Assert.NotEmpty(result["verbose"]!["words"]!.AsArray());
        Assert.Contains(" --> ", (string?)result["srt"]);

        JsonArray events = result["events"]!.AsArray();
        Assert.Equal("transcript.text.done", (string?)events[^1]!["type"]);
        Assert.Equal(segments.Count, events.Count(one => (string?)one!["type"] == "transcript.text.segment"));
        Assert.Equal(string.Concat(events.Where(one => (string?)one!["type"] == "transcript.text.delta").Select(one => (string?)one!["delta"])), string.Join(' ', segments.Select(one => (string?)one!["text"])));

        Assert.Equal(400, (int)result["refused"]!["status"]!);
        Assert.Equal("response_format", (string?)result["refused"]!["param"]);
        Assert.StartsWith("req_", (string?)result["refused"]!["request"]);
        Assert.Contains(result["models"]!.AsArray(), model => (string?)model == "gpt-4o-transcribe-diarize");
    }

    private static async Task<List<string>> StreamAsync(AudioClient client)
    {
        var kinds = new List<string>();
        await foreach (StreamingAudioTranscriptionUpdate update in await client.TranscribeAudioStreamingAsync(Samples.Conversation, new AudioTranscriptionOptions { ResponseFormat = AudioTranscriptionFormat.Diarized }, Cancellation))
        {
            kinds.Add(update.GetType().Name);
        }

        return kinds;
    }

    private static async Task<RunningServer> StartAsync()
    {
        Assert.SkipWhen(ExternalProgram.Find("pocketsphinx_continuous") is null, "pocketsphinx is not installed");
        return await RunningServer.StartAsync(options => options with { Engine = new ProcessTranscriber(ProcessTranscriberOptions.PocketSphinx), EngineName = "pocketsphinx" });
    }

    private static AudioClient Client(RunningServer server, string model = "gpt-4o-transcribe-diarize") =>
        new(model, new ApiKeyCredential("not-needed-on-this-machine"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "v1") });
}
