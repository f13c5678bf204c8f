using Diarist.Asr;
using Diarist.Tests.Support;

namespace Diarist.Tests.Asr;

[Collection(MeasuredAlone.Name)]
public sealed class HttpTranscriberTests : IDisposable
{
    private const string Answer = """{"task":"transcribe","language":"english","duration":1.0,"text":"hello","segments":[{"id":0,"start":0.0,"end":1.0,"text":" hello"}],"words":[{"word":"hello","start":0.1,"end":0.9}]}""";

    private readonly string _audio = Path.GetTempFileName();

    public HttpTranscriberTests() => File.WriteAllBytes(_audio, [1, 2, 3, 4]);

    public void Dispose() => File.Delete(_audio);

    [Fact]
    public async Task The_answer_comes_back_to_the_byte_and_reads_as_a_transcript()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("200 OK", Answer));
        RecognizerOutput output = await Transcribe(endpoint, options => options with { Key = "secret", Language = "en" });
        Assert.Equal(Answer, System.Text.Encoding.UTF8.GetString(output.Bytes));
        Assert.Equal("openai-verbose", output.Read().Transcript.Dialect);
        ReceivedRequest request = Assert.Single(endpoint.Requests);
        Assert.StartsWith("POST /v1/audio/transcriptions HTTP/1.1", request.Headers);
        Assert.Contains("Authorization: Bearer secret", request.Headers, StringComparison.Ordinal);
        foreach (string part in (string[])["tiny-model", "verbose_json", "timestamp_granularities[]", "word", "en", "application/octet-stream"])
        {
            Assert.Contains(part, request.BodyStart, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("200 OK", "more than 1 MiB")]
    [InlineData("400 Bad Request", "answered 400")]
    public async Task An_answer_without_end_is_read_to_a_bound_only(string status, string expected)
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer(status, new string('x', 3 << 20), announced: int.MaxValue));
        Assert.Contains(expected, await Fails(endpoint, options => options with { MaximumAnswerBytes = 1 << 20, Timeout = TimeSpan.FromSeconds(20) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_key_is_sent_when_none_is_given()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("200 OK", Answer));
        await Transcribe(endpoint);
        Assert.DoesNotContain("Authorization", Assert.Single(endpoint.Requests).Headers, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_endpoint_that_says_nothing_runs_into_the_timeout()
    {
        using var endpoint = new LoopbackEndpoint((string?)null);
        Assert.Contains("within 0.4 s", await Fails(endpoint, options => options with { Timeout = TimeSpan.FromSeconds(0.4) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_is_no_timeout()
    {
        using var endpoint = new LoopbackEndpoint((string?)null);
        using var cancel = new CancellationTokenSource(200);
        using var recognizer = new HttpTranscriber(new HttpTranscriberOptions(endpoint.Address, "m"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recognizer.TranscribeAsync(_audio, cancel.Token));
    }

    [Fact]
    public async Task A_refused_key_is_said_and_not_tried_again()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("401 Unauthorized", """{"error":{"message":"bad key"}}"""));
        string message = await Fails(endpoint);
        Assert.Contains("refuses the key (401 Unauthorized)", message, StringComparison.Ordinal);
        Assert.Contains("bad key", message, StringComparison.Ordinal);
        Assert.Single(endpoint.Requests);
    }

    [Fact]
    public async Task Too_many_requests_wait_as_long_as_they_are_told_and_try_again()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("429 Too Many Requests", "", "Retry-After: 1\r\n"), LoopbackEndpoint.Answer("200 OK", Answer));
        long before = Environment.TickCount64;
        await Transcribe(endpoint);
        Assert.True(Environment.TickCount64 - before >= 950);
        Assert.Equal(2, endpoint.Requests.Count);
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_said_and_not_waited_for()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("429 Too Many Requests", "", "Retry-After: 3600\r\n"));
        Assert.Contains("asks to come back in 3600 s", await Fails(endpoint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_error_is_tried_again_and_then_told()
    {
        string broken = LoopbackEndpoint.Answer("500 Internal Server Error", "out of memory", "Retry-After: 0\r\n");
        using var endpoint = new LoopbackEndpoint(broken, broken, broken, LoopbackEndpoint.Answer("200 OK", Answer));
        string message = await Fails(endpoint);
        Assert.Contains("500 Internal Server Error after 3 attempts: out of memory", message, StringComparison.Ordinal);
        Assert.Equal(3, endpoint.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("307 Temporary Redirect", "", "Location: http://127.0.0.1:9/\r\n"));
        Assert.Contains("answered 307", await Fails(endpoint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_an_error()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("200 OK", Answer[..60], announced: Answer.Length));
        Assert.Contains("could not be used", await Fails(endpoint), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_that_is_cut_off_inside_a_whole_answer_is_an_error_with_its_place()
    {
        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("200 OK", Answer[..60]));
        RecognizerOutput output = await Transcribe(endpoint);
        Assert.Contains("line 1: byte ", Assert.Throws<AnnotationFormatException>(output.Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_said()
    {
        Uri address;
        using (var endpoint = new LoopbackEndpoint())
        {
            address = endpoint.Address;
        }

        using var recognizer = new HttpTranscriber(new HttpTranscriberOptions(address, "m"));
        Assert.Contains(address.ToString(), (await Assert.ThrowsAsync<TranscriberException>(() => recognizer.TranscribeAsync(_audio))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_streamed_and_never_held()
    {
        const int Megabytes = 100;
        await using (FileStream file = File.OpenWrite(_audio))
        {
            file.SetLength(Megabytes << 20);
        }

        using var endpoint = new LoopbackEndpoint(LoopbackEndpoint.Answer("200 OK", Answer));
        GC.Collect();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await Transcribe(endpoint);
        long grown = GC.GetTotalMemory(forceFullCollection: false) - before;
        Assert.True(Assert.Single(endpoint.Requests).BodyLength > Megabytes << 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Megabytes} MB sent, managed memory grew by {grown / 1024} KB");
        Assert.True(grown < 40 << 20, $"memory grew by {grown} bytes");
    }

    [Fact]
    public async Task A_missing_recording_and_a_relative_address_are_refused()
    {
        using var endpoint = new LoopbackEndpoint();
        using var recognizer = new HttpTranscriber(new HttpTranscriberOptions(endpoint.Address, "m"));
        await Assert.ThrowsAsync<InputException>(() => recognizer.TranscribeAsync("nowhere.wav"));
        Assert.Throws<ArgumentException>(() => new HttpTranscriber(new HttpTranscriberOptions(new Uri("v1/audio", UriKind.Relative), "m")));
    }

    private async Task<RecognizerOutput> Transcribe(LoopbackEndpoint endpoint, Func<HttpTranscriberOptions, HttpTranscriberOptions>? change = null)
    {
        var options = new HttpTranscriberOptions(endpoint.Address, "tiny-model");
        using var recognizer = new HttpTranscriber(change?.Invoke(options) ?? options);
        return await recognizer.TranscribeAsync(_audio);
    }

    private async Task<string> Fails(LoopbackEndpoint endpoint, Func<HttpTranscriberOptions, HttpTranscriberOptions>? change = null) =>
        (await Assert.ThrowsAsync<TranscriberException>(() => Transcribe(endpoint, change))).Message;
}
