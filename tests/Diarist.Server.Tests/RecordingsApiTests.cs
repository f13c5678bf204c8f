using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

[Collection(ServerCollection.Name)]
public class RecordingsApiTests(ServerFixture fixture)
{
    private RunningServer Server => fixture.Server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_recording_is_done_with_speakers_and_words()
    {
        Assert.Equal("done", (string?)fixture.Recording["state"]);
        Assert.True((bool)fixture.Recording["hasWords"]!);
        Assert.Equal(12, (double)fixture.Recording["seconds"]!, 0.01);
        Assert.True((int)fixture.Recording["speakers"]! >= 1);
    }

    [Fact]
    public async Task The_session_has_speakers_turns_and_words_that_belong_together()
    {
        JsonNode session = await Server.GetAsync($"api/recordings/{fixture.Id}/session");
        string[] labels = [.. session["speakers"]!.AsArray().Select(speaker => (string)speaker!["label"]!)];
        Assert.All(session["turns"]!.AsArray(), (turn, index) =>
        {
            Assert.Equal(index, (int)turn!["id"]!);
            Assert.Contains((string)turn["speaker"]!, labels);
            Assert.True((double)turn["end"]! > (double)turn["start"]!);
        });
        Assert.Equal(["Good", "morning", "everybody,", "thank", "you", "for", "coming."], session["words"]!.AsArray().Select(word => (string)word!["text"]!));
        Assert.All(session["words"]!.AsArray(), word => Assert.Contains((string)word!["speaker"]!, labels));
    }

    [Fact]
    public async Task A_recording_comes_in_parts_and_a_part_that_begins_elsewhere_is_refused()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Samples.Piece(Server.Folder, 3, "parts.wav", from: 20), Cancellation);
        JsonNode made = await Server.PostAsync("api/recordings", new { name = "parts.wav", size = bytes.Length, options = new { speakers = 1 } }, HttpStatusCode.Created);
        string content = $"api/recordings/{(string)made["id"]!}/content";
        Assert.Equal("uploading", (string?)made["state"]);

        JsonNode half = await PutAsync(content, 0, bytes[..40_000], HttpStatusCode.OK);
        Assert.Equal(40_000, (int)half["offset"]!);
        JsonNode refused = await PutAsync(content, 1, bytes[1..], HttpStatusCode.Conflict);
        Assert.Equal("offset", (string?)refused["code"]);
        using (HttpResponseMessage head = await Server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, content), Cancellation))
        {
            Assert.Equal("40000", Assert.Single(head.Headers.GetValues("Upload-Offset")));
        }

        JsonNode whole = await PutAsync(content, 40_000, bytes[40_000..], HttpStatusCode.OK);
        Assert.Contains((string?)whole["state"], (string[])["queued", "running"]);
        JsonNode done = await Server.FinishAsync((string)made["id"]!);
        Assert.Equal("done", (string?)done["state"]);
        Assert.Equal(1, (int)done["speakers"]!);
        await Server.Client.DeleteAsync($"api/recordings/{(string)made["id"]!}", Cancellation);
    }

    [Fact]
    public async Task What_is_no_recording_fails_with_a_sentence()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("This is no sound at all, only text."));
        content.Headers.ContentType = new("audio/wav");
        JsonNode made = await RunningServer.JsonAsync(await Server.Client.PostAsync("api/recordings?name=text.wav", content, Cancellation), HttpStatusCode.Created);
        JsonNode failed = await Server.FinishAsync((string)made["id"]!);
        Assert.Equal("failed", (string?)failed["state"]);
        Assert.Equal("audio", (string?)failed["error"]!["code"]);
        Assert.Contains("text.wav", (string?)failed["error"]!["message"]);
        Assert.DoesNotContain(Server.Folder, failed.ToJsonString());
        await Server.Client.DeleteAsync($"api/recordings/{(string)made["id"]!}", Cancellation);
    }

    [Fact]
    public async Task Sound_comes_in_ranges_and_peaks_in_the_width_that_is_asked_for()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"api/recordings/{fixture.Id}/audio");
        request.Headers.Range = new(44, 143);
        using HttpResponseMessage part = await Server.Client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("audio/wav", part.Content.Headers.ContentType?.MediaType);
        Assert.Equal(100, (await part.Content.ReadAsByteArrayAsync(Cancellation)).Length);

        JsonNode peaks = await Server.GetAsync($"api/recordings/{fixture.Id}/peaks?from=0&to=12&width=30");
        Assert.Equal(30, peaks["min"]!.AsArray().Count);
        Assert.All(peaks["max"]!.AsArray(), value => Assert.InRange((int)value!, 0, 127));
        Assert.Contains(peaks["max"]!.AsArray(), value => (int)value! > 5);
    }

    [Theory]
    [InlineData("format=nonsense", "format")]
    [InlineData("format=same", null)]
    [InlineData("format=turns.docx", "format")]
    public async Task An_unknown_format_is_refused(string query, string? wrong)
    {
        using HttpResponseMessage response = await Server.Client.GetAsync($"api/recordings/{fixture.Id}/export?{query}", Cancellation);
        if (wrong is null)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return;
        }

        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_missing_format_is_named_with_the_formats_there_are()
    {
        using HttpResponseMessage response = await Server.Client.GetAsync($"api/recordings/{fixture.Id}/export", Cancellation);
        JsonNode error = await RunningServer.JsonAsync(response, HttpStatusCode.BadRequest);
        Assert.StartsWith("The parameter format is missing; there are text, ", (string?)error["detail"]);
    }

    private async Task<JsonNode> PutAsync(string path, long offset, byte[] bytes, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("Upload-Offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await RunningServer.JsonAsync(await Server.Client.SendAsync(request, Cancellation), status);
    }
}
