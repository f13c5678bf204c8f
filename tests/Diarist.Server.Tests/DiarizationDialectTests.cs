using System.Net;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>LocalAI's and speaches' endpoint, and pyannoteAI's jobs.</summary>
[Collection(ServerCollection.Name)]
public class DiarizationDialectTests(ServerFixture fixture)
{
    private RunningServer Server => fixture.Server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Json_verbose_json_and_rttm_say_the_same()
    {
        JsonNode json = await RunningServer.JsonAsync(await PostAsync(("num_speakers", "2")), HttpStatusCode.OK);
        Assert.Equal("diarize", (string?)json["task"]);
        Assert.Equal(12, (double)json["duration"]!, 0.01);
        Assert.Equal(2, (int)json["num_speakers"]!);
        Assert.Null(json["speakers"]);
        JsonArray segments = json["segments"]!.AsArray();
        Assert.All(segments, (segment, index) => Assert.Equal(index, (int)segment!["id"]!));
        Assert.StartsWith("SPEAKER_0", (string?)segments[0]!["speaker"]);

        JsonNode verbose = await RunningServer.JsonAsync(await PostAsync(("num_speakers", "2"), ("response_format", "verbose_json")), HttpStatusCode.OK);
        Assert.Equal(2, verbose["speakers"]!.AsArray().Count);
        Assert.Equal(segments.Count, verbose["speakers"]!.AsArray().Sum(speaker => (int)speaker!["segment_count"]!));
        using HttpResponseMessage rttm = await PostAsync(("num_speakers", "2"), ("response_format", "rttm"));
        string[] lines = (await rttm.Content.ReadAsStringAsync(Cancellation)).Trim().Split('\n');
        Assert.Equal(segments.Count, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("SPEAKER piece 1 ", line));
    }

    [Theory]
    [InlineData("num_speakers", "-1")]
    [InlineData("response_format", "xml")]
    [InlineData("clustering_threshold", "0.5")]
    [InlineData("known_speaker_names[]", "Ada")]
    [InlineData("min_duration_on", "NaN")]
    public async Task What_cannot_be_done_is_refused(string field, string value) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync((field, value))).StatusCode);

    [Fact]
    public async Task A_job_of_brought_media_ends_with_turns()
    {
        JsonNode media = await Server.PostAsync("v1/media/input", new { url = "media://calls/1.wav" }, HttpStatusCode.Created);
        using (HttpResponseMessage put = await Server.Client.PutAsync((string?)media["url"], new ByteArrayContent(await File.ReadAllBytesAsync(fixture.Audio, Cancellation)), Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }

        JsonNode created = await Server.PostAsync("v1/diarize", new { url = "media://calls/1.wav", numSpeakers = 2, exclusive = true, turnLevelConfidence = true });
        Assert.Equal("created", (string?)created["status"]);
        JsonNode job = await FinishAsync((string)created["jobId"]!);
        Assert.Equal("succeeded", (string?)job["status"]);
        Assert.Equal(2, job["output"]!["diarization"]!.AsArray().Select(turn => (string?)turn!["speaker"]).Distinct().Count());
        Assert.NotEmpty(job["output"]!["exclusiveDiarization"]!.AsArray());
        Assert.InRange((double)job["output"]!["diarization"]![0]!["confidence"]!, 0, 100);
    }

    [Theory]
    [InlineData("{\"url\":\"media://nobody-brought-this\"}")]
    [InlineData("{\"url\":\"https://example.com/a.wav\"}")]
    [InlineData("{\"url\":\"file:///etc/passwd\"}")]
    [InlineData("{\"url\":\"\"}")]
    [InlineData("{}")]
    public async Task Sources_that_are_not_allowed_are_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Server.Client.PostAsync("v1/diarize", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("\"numSpeakers\":0", "numSpeakers", "numSpeakers lies between 1 and 1000.")]
    [InlineData("\"minSpeakers\":0", "minSpeakers", "minSpeakers lies between 1 and 1000.")]
    [InlineData("\"minSpeakers\":3,\"maxSpeakers\":2", "numSpeakers", "The numbers of speakers (numSpeakers, minSpeakers, maxSpeakers) contradict each other.")]
    [InlineData("\"numSpeakers\":2.5", null, "numSpeakers has a value of the wrong kind, such as a text where a number is expected.")]
    public async Task Numbers_of_speakers_are_refused_by_the_names_that_the_request_has(string members, string? parameter, string message)
    {
        using var content = new StringContent($"{{\"url\":\"media://calls/1.wav\",{members}}}", System.Text.Encoding.UTF8, "application/json");

        JsonNode error = (await RunningServer.JsonAsync(await Server.Client.PostAsync("v1/diarize", content, Cancellation), HttpStatusCode.BadRequest))["error"]!;

        Assert.Equal(message, (string?)error["message"]);
        Assert.Equal(parameter, (string?)error["param"]);
    }

    [Fact]
    public async Task A_form_names_its_own_field()
    {
        JsonNode error = (await RunningServer.JsonAsync(await PostAsync(("min_speakers", "3"), ("max_speakers", "2")), HttpStatusCode.BadRequest))["error"]!;

        Assert.Equal("num_speakers", (string?)error["param"]);
    }

    [Fact]
    public async Task A_recording_that_is_cut_is_answered_with_a_warning()
    {
        byte[] whole = await File.ReadAllBytesAsync(fixture.Audio, Cancellation);
        byte[] cut = whole[..(whole.Length / 2)];

        // Its answers keep their headers until they are done, however busy the machine is.
        await using RunningServer patient = await RunningServer.StartAsync(options => options with { StatusWait = TimeSpan.FromMinutes(1) });

        using HttpResponseMessage json = await PostAsync(Server, cut, "Gespräch.wav");
        using HttpResponseMessage rttm = await PostAsync(patient, cut, "Gespräch.wav", ("response_format", "rttm"));
        using HttpResponseMessage right = await PostAsync(patient, whole, "Gespräch.wav");

        string warning = (string)(await RunningServer.JsonAsync(json, HttpStatusCode.OK))["warnings"]!.AsArray().Single()!;
        Assert.Contains("Gespräch.wav: the file is cut at byte", warning, StringComparison.Ordinal);
        Assert.Contains("Gespr?ch.wav: the file is cut at byte", rttm.Headers.GetValues("x-diarist-warning").Single(), StringComparison.Ordinal);
        Assert.Null((await RunningServer.JsonAsync(right, HttpStatusCode.OK))["warnings"]);
        Assert.False(right.Headers.Contains("x-diarist-warning"));
    }

    private async Task<JsonNode> FinishAsync(string id)
    {
        while (true)
        {
            JsonNode job = await Server.GetAsync($"v1/jobs/{id}");
            if ((string?)job["status"] is "succeeded" or "failed" or "canceled")
            {
                return job;
            }

            await Task.Delay(50, Cancellation); // as clients do
        }
    }

    private async Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] fields) =>
        await PostAsync(Server, await File.ReadAllBytesAsync(fixture.Audio, Cancellation), "piece.wav", fields);

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, byte[] recording, string name, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" } };
        foreach ((string field, string value) in fields)
        {
            form.Add(new StringContent(value), field);
        }

        form.Add(new ByteArrayContent(recording), "file", name);
        return await server.Client.PostAsync("v1/audio/diarization", form, Cancellation);
    }
}
