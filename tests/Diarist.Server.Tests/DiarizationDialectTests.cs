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

    private async Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent("any"), "model" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(fixture.Audio, Cancellation)), "file", "piece.wav");
        return await Server.Client.PostAsync("v1/audio/diarization", form, Cancellation);
    }
}
