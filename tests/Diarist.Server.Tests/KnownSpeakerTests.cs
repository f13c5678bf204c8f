using System.Net;
using System.Text.Json.Nodes;
using Diarist.Formats;

namespace Diarist.Server.Tests;

/// <summary>Voices that a request knows: the right one gets its name, others stay letters, and nothing is kept.</summary>
public class KnownSpeakerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_voice_gets_its_name_and_the_others_stay_strangers()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Engine = new TestRecognizer() });
        (string person, Turn reference) = Known();
        string voice = Reference(server, reference);
        string audio = Samples.Piece(server.Folder, 90);
        JsonNode answer = await RunningServer.JsonAsync(
            await PostAsync(server, "v1/audio/diarization", audio, ("known_speaker_names[]", "Ada"), ("known_speaker_references[]", voice), ("response_format", "verbose_json")),
            HttpStatusCode.OK);
        JsonNode ada = Assert.Single(answer["speakers"]!.AsArray(), speaker => (string?)speaker!["id"] == "Ada")!;
        Assert.Equal("known", (string?)ada["label"]);
        Assert.All(answer["speakers"]!.AsArray().Where(speaker => speaker != ada), speaker =>
        {
            Assert.Equal("unknown", (string?)speaker!["label"]);
            Assert.StartsWith("SPEAKER_", (string?)speaker["id"]);
        });

        // Ada's turns are those of the person whose voice was given.
        Turn[] truth = [.. Truth().Where(turn => turn.Speaker == person)];
        double hers = 0, right = 0;
        foreach (JsonNode? segment in answer["segments"]!.AsArray().Where(segment => (string?)segment!["speaker"] == "Ada"))
        {
            var range = new TimeRange((double)segment!["start"]!, (double)segment["end"]!);
            hers += range.Duration;
            right += truth.Sum(turn => turn.Range.Overlap(range));
        }

        Assert.True(right > 0.8 * hers, $"{right:0.0} s of {hers:0.0} s");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "data", "recordings")));
    }

    [Fact]
    public async Task References_that_are_too_short_or_no_sound_are_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string audio = Samples.Piece(server.Folder, 3);
        foreach (string reference in (string[])["data:audio/wav;base64,AAAA", Url(Samples.Piece(server.Folder, 1, "short.wav")), Url(Samples.Piece(server.Folder, 12, "long.wav"))])
        {
            using HttpResponseMessage response = await PostAsync(server, "v1/audio/diarization", audio, ("known_speaker_names[]", "Ada"), ("known_speaker_references[]", reference));
            JsonNode error = await RunningServer.JsonAsync(response, HttpStatusCode.BadRequest);
            Assert.Equal("known_speaker_references", (string?)error["error"]!["param"]);
        }

        foreach ((string, string)[] fields in ((string, string)[][])[[("known_speaker_names[]", "Ada")], [("known_speaker_names[]", "SPEAKER_00"), ("known_speaker_references[]", "data:,")], [("known_speaker_names[]", "Ada"), ("known_speaker_references[]", "http://127.0.0.1/a.wav")]])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, "v1/audio/diarization", audio, fields)).StatusCode);
        }
    }

    /// <summary>The person with the longest turn of the sample that nobody else talks into.</summary>
    private static (string Person, Turn Turn) Known()
    {
        IReadOnlyList<Turn> turns = Truth();
        Turn longest = turns.Where(turn => turns.All(other => other.Speaker == turn.Speaker || other.Range.Overlap(turn.Range) == 0)).MaxBy(turn => turn.Duration);
        return (longest.Speaker, longest);
    }

    private static IReadOnlyList<Turn> Truth() => Assert.Single(AnnotationReader.ReadTurns(Path.Combine(Samples.Root, "samples", "conversation.rttm"))).Turns;

    private static string Reference(RunningServer server, Turn turn) => Url(Samples.Piece(server.Folder, Math.Min(9.5, turn.Duration), "voice.wav", turn.Start));

    private static string Url(string path) => $"data:audio/wav;base64,{Convert.ToBase64String(File.ReadAllBytes(path))}";

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string path, string audio, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(audio, Cancellation)), "file", Path.GetFileName(audio));
        return await server.Client.PostAsync(path, form, Cancellation);
    }
}
