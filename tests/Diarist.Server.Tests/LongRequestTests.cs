using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Diarist.Server.Tests;

/// <summary>Requests that take long: signs of life, one job for equal requests, an end with the last client, a full queue.</summary>
public class LongRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_and_white_space_come_before_the_answer_and_equal_requests_share_a_job()
    {
        var recognizer = new TestRecognizer { Hold = new TaskCompletionSource() };
        await using RunningServer server = await StartAsync(recognizer);
        string audio = Samples.Piece(server.Folder, 3);
        using HttpResponseMessage first = await PostAsync(server, audio, ("response_format", "json"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using Stream body = await first.Content.ReadAsStreamAsync(Cancellation);
        byte[] sign = new byte[3];
        await body.ReadExactlyAsync(sign, Cancellation);
        Assert.Equal("   ", Encoding.ASCII.GetString(sign));

        using HttpResponseMessage second = await PostAsync(server, audio, ("response_format", "diarized_json"));
        recognizer.Hold.SetResult();
        JsonNode one = JsonNode.Parse(await new StreamReader(body).ReadToEndAsync(Cancellation))!;
        JsonNode two = JsonNode.Parse(await second.Content.ReadAsStringAsync(Cancellation))!;
        Assert.StartsWith("Good morning", (string?)one["text"]);
        Assert.Equal((string?)one["text"], (string?)two["text"]);
        Assert.Equal(1, recognizer.Calls);
    }

    [Fact]
    public async Task The_last_client_that_goes_stops_the_work()
    {
        var recognizer = new TestRecognizer { Hold = new TaskCompletionSource() };
        await using RunningServer server = await StartAsync(recognizer);
        string audio = Samples.Piece(server.Folder, 3);
        HttpResponseMessage first = await PostAsync(server, audio), second = await PostAsync(server, audio);
        await recognizer.Started.Task.WaitAsync(Cancellation);
        first.Dispose();
        Assert.Equal(0, recognizer.Cancelled);
        second.Dispose();
        await UntilAsync(() => recognizer.Cancelled == 1);
        await UntilAsync(() => !Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "data", "recordings")).Any());
    }

    [Fact]
    public async Task A_full_queue_answers_429_and_says_when_to_come_back()
    {
        var recognizer = new TestRecognizer { Hold = new TaskCompletionSource() };
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Engine = recognizer, MaximumQueue = 1 });
        string audio = Samples.Piece(server.Folder, 3);
        await server.UploadAsync(audio);
        await recognizer.Started.Task.WaitAsync(Cancellation);
        await server.UploadAsync(audio);
        using HttpResponseMessage full = await PostAsync(server, audio);
        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        Assert.InRange(full.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 600);
        Assert.Equal("rate_limit_error", (string?)(await RunningServer.JsonAsync(full, HttpStatusCode.TooManyRequests))["error"]!["type"]);
        recognizer.Hold.SetResult();
    }

    [Fact]
    public async Task An_error_after_the_headers_is_told_and_the_answer_has_no_end()
    {
        var recognizer = new TestRecognizer { Hold = new TaskCompletionSource() };
        await using RunningServer server = await StartAsync(recognizer);
        using HttpResponseMessage response = await PostAsync(server, Samples.Piece(server.Folder, 3));
        recognizer.Hold.SetException(new Asr.TranscriberException("the recognizer has no model"));
        using Stream body = await response.Content.ReadAsStreamAsync(Cancellation);
        using var bytes = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(bytes, Cancellation));
        Assert.Contains("the recognizer has no model", Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public async Task Without_a_recognizer_transcription_is_refused_and_says_how_to_get_one()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using HttpResponseMessage response = await PostAsync(server, Samples.Piece(server.Folder, 3));
        JsonNode error = await RunningServer.JsonAsync(response, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("--engine", (string?)error["error"]!["message"]);
    }

    [Theory]
    [InlineData("known_speaker_names[]", "Ada", "known_speaker_names")]
    [InlineData("chunking_strategy", "{\"type\":\"other\"}", "chunking_strategy")]
    [InlineData("include[]", "logprobs", "include")]
    [InlineData("timestamp_granularities[]", "letter", "timestamp_granularities")]
    [InlineData("stream", "perhaps", "stream")]
    public async Task What_cannot_be_done_is_refused_and_not_left_out(string field, string value, string parameter)
    {
        await using RunningServer server = await StartAsync(new TestRecognizer());
        using HttpResponseMessage response = await PostAsync(server, Samples.Piece(server.Folder, 3), (field, value));
        Assert.Equal(parameter, (string?)(await RunningServer.JsonAsync(response, HttpStatusCode.BadRequest))["error"]!["param"]);
    }

    [Theory]
    [InlineData("text", "Good morning everybody, thank you for coming.\n")]
    [InlineData("srt", "1\n00:00:00,400 --> ")]
    [InlineData("vtt", "WEBVTT\n\n")]
    public async Task Forms_of_text_come_as_they_are(string format, string start)
    {
        await using RunningServer server = await StartAsync(new TestRecognizer());
        using HttpResponseMessage response = await PostAsync(server, Samples.Piece(server.Folder, 3), ("response_format", format));
        Assert.StartsWith(start, (await response.Content.ReadAsStringAsync(Cancellation)).TrimStart('\n'));
    }

    private static Task<RunningServer> StartAsync(TestRecognizer recognizer) =>
        RunningServer.StartAsync(options => options with { Engine = recognizer, KeepAlive = TimeSpan.FromMilliseconds(50) });

    private static async Task<HttpResponseMessage> PostAsync(RunningServer server, string audio, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new StringContent("gpt-4o-transcribe-diarize"), "model" } };
        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent(await File.ReadAllBytesAsync(audio, Cancellation)), "file", Path.GetFileName(audio));
        return await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/audio/transcriptions") { Content = form }, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    // The server notices a closed connection by itself; nothing tells the test when.
    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
