using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Diarist.Server.Http;
using Microsoft.Extensions.Logging;

namespace Diarist.Server.Tests;

/// <summary>The attacks of docs/security.md, each by the name that the table there gives it.</summary>
[Collection(ServerCollection.Name)]
public class SecurityTests(ServerFixture fixture)
{
    private RunningServer Server => fixture.Server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../../../../tmp/evil.wav", "evil.wav")]
    [InlineData("..\\..\\evil.wav", "evil.wav")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("..", "recording")]
    [InlineData("a\u0000b\nc.wav", "abc.wav")]
    [InlineData("", "recording")]
    public async Task Path_traversal_in_names(string name, string shown)
    {
        JsonNode made = await Server.PostAsync("api/recordings", new { name, size = 10 }, HttpStatusCode.Created);
        Assert.Equal(shown, (string?)made["name"]);
        await Server.Client.DeleteAsync($"api/recordings/{(string)made["id"]!}", Cancellation);
    }

    [Theory]
    [InlineData("/api/recordings/..%2f..%2fjobs.db/session")]
    [InlineData("/api/recordings/%2e%2e/audio")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/wwwroot/..%5c..%5cjobs.db")]
    public async Task Path_traversal_in_addresses(string path) => Assert.StartsWith("HTTP/1.1 404", await RawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));

    [Fact]
    public async Task Symbolic_links_in_the_data_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a right there");
        await using RunningServer server = await RunningServer.StartAsync();
        JsonNode made = await server.PostAsync("api/recordings", new { name = "a.wav", size = 4 }, HttpStatusCode.Created);
        string id = (string)made["id"]!, target = Path.Combine(server.Folder, "target");
        File.CreateSymbolicLink(Path.Combine(server.Folder, "data", "recordings", id, "audio"), target);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"api/recordings/{id}/content") { Content = new ByteArrayContent("RIFF"u8.ToArray()) };
        request.Headers.Add("Upload-Offset", "0");
        using HttpResponseMessage response = await server.Client.SendAsync(request, Cancellation);
        Assert.False(response.IsSuccessStatusCode);
        Assert.False(File.Exists(target));

        string elsewhere = Directory.CreateDirectory(Path.Combine(server.Folder, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(server.Folder, "link"), elsewhere);
        Assert.Throws<InputException>(() => DiaristServer.Create(new ServerOptions { DataFolder = Path.Combine(server.Folder, "link") }));
    }

    [Fact]
    public async Task The_data_folder_is_for_its_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no such rights");
        await using RunningServer server = await RunningServer.StartAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(server.Folder, "data")));
        }
    }

    [Fact]
    public async Task Audio_bomb()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaximumHours = 5 / 3600.0 });
        string id = await server.UploadAsync(Samples.Piece(server.Folder, 8));
        JsonNode failed = await server.FinishAsync(id);
        Assert.Equal("failed", (string?)failed["state"]);
        Assert.Contains("hours of sound", (string?)failed["error"]!["message"]);
    }

    [Fact]
    public async Task Zip_bomb()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("a.wav").Open();
            entry.Write(new byte[4 << 20]);
        }

        // Archives are never opened, and a body that says it is compressed is taken for what it is: no recording.
        using var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.ContentEncoding.Add("gzip");
        JsonNode made = await RunningServer.JsonAsync(await Server.Client.PostAsync("api/recordings?name=a.zip", content, Cancellation), HttpStatusCode.Created);
        Assert.Equal("failed", (string?)(await Server.FinishAsync((string)made["id"]!))["state"]);
        await Server.Client.DeleteAsync($"api/recordings/{(string)made["id"]!}", Cancellation);
    }

    [Fact]
    public async Task Uploads_beyond_the_bound()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaximumUploadBytes = 100_000 });
        using var stated = new ByteArrayContent(new byte[200_000]);
        stated.Headers.ContentType = new("audio/wav");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.Client.PostAsync("api/recordings?name=a.wav", stated, Cancellation)).StatusCode);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[200_000]), "file", "a.wav" } };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.Client.PostAsync("v1/audio/diarization", form, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.Client.PostAsync("api/recordings", System.Net.Http.Json.JsonContent.Create(new { name = "a", size = 200_000 }), Cancellation)).StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Folder, "data", "recordings")));
    }

    [Theory]
    [InlineData("evil.example", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]", 200)]
    public async Task DNS_rebinding(string host, int status) => Assert.StartsWith($"HTTP/1.1 {status}", await RawAsync($"GET /api/recordings HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));

    [Theory]
    [InlineData("Origin: https://evil.example", 403)]
    [InlineData("Origin: null", 403)]
    [InlineData("Origin: http://localhost:1", 403)]
    [InlineData("Sec-Fetch-Site: cross-site", 403)]
    [InlineData("Origin: http://localhost", 415)]
    [InlineData("Origin: https://localhost", 415)]
    public async Task Cross_site_posts(string header, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status}", await RawAsync($"POST /api/recordings HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"));

    [Fact]
    public async Task Cross_site_reads_have_no_permission_unless_the_origin_is_named()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AllowedOrigins = ["https://intranet.example"] });
        using var allowed = new HttpRequestMessage(HttpMethod.Get, "api/recordings");
        allowed.Headers.Add("Origin", "https://intranet.example");
        using HttpResponseMessage yes = await server.Client.SendAsync(allowed, Cancellation);
        Assert.Equal("https://intranet.example", Assert.Single(yes.Headers.GetValues("Access-Control-Allow-Origin")));
        using HttpResponseMessage plain = await server.Client.GetAsync("api/recordings", Cancellation);
        Assert.False(plain.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Requests_without_a_key()
    {
        Assert.Throws<ArgumentException>(() => DiaristServer.Create(new ServerOptions { DataFolder = "x", Listen = new(IPAddress.Any, 0) }));
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = ["a-key-of-sixteen-letters"] });
        foreach (string path in (string[])["api/recordings", "v1/models", "api/events", "openapi/v1.json"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync(path, Cancellation)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("health/live", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("", Cancellation)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Authorization = new("Bearer", "a-key-of-sixteen-letters");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.SendAsync(request, Cancellation)).StatusCode);
        using HttpResponseMessage login = await server.Client.PostAsync("api/login", System.Net.Http.Json.JsonContent.Create(new { key = "a-key-of-sixteen-letters" }), Cancellation);
        string cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("api/recordings", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Guessing_keys()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = ["a-key-of-sixteen-letters"] });
        HttpStatusCode last = 0;
        for (int guess = 0; guess <= 20; guess++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
            request.Headers.Authorization = new("Bearer", $"guess-{guess}");
            last = (await server.Client.SendAsync(request, Cancellation)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: +5\r\n\r\nhello")]
    [InlineData("X: a\nY: b\r\nContent-Length: 0\r\n\r\n", false)]
    public async Task Header_smuggling_at_the_proxy(string rest, bool refused = true)
    {
        string answer = await RawAsync($"POST /api/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n{rest}");
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.True(!refused || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 501", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task Slow_clients_do_not_block_others()
    {
        var stalled = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 50; i++)
            {
                var client = new TcpClient();
                stalled.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, Server.Address.Port, Cancellation);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("POST /api/recordings?name=slow.wav HTTP/1.1\r\nHost: localhost\r\nContent-Type: audio/wav\r\nContent-Length: 1000000\r\n\r\nRIFF"), Cancellation);
            }

            string id = await Server.UploadAsync(Samples.Piece(Server.Folder, 3, "quick.wav"));
            Assert.Equal("done", (string?)(await Server.FinishAsync(id))["state"]);
            await Server.Client.DeleteAsync($"api/recordings/{id}", Cancellation);
        }
        finally
        {
            stalled.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task An_upload_that_breaks_off_is_no_fault_of_the_server()
    {
        var said = new List<string>();
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();

        await new ErrorResponses(new Remembered(said)).RunAsync(context, _ => throw new Microsoft.AspNetCore.Connections.ConnectionResetException("reset"));
        Assert.Empty(said);
        await new ErrorResponses(new Remembered(said)).RunAsync(context, _ => throw new InvalidOperationException("a fault"));

        Assert.Single(said);
        Assert.Equal(500, context.Response.StatusCode);
    }

    [Fact]
    public async Task Answers_have_the_headers_that_bind_browsers()
    {
        using HttpResponseMessage page = await Server.Client.GetAsync("", Cancellation);
        string policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(page.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Errors_show_no_stack_and_no_path()
    {
        foreach (string path in (string[])["api/recordings/zzz/session", $"api/recordings/{fixture.Id}/peaks?from=NaN", "v1/jobs/1", "v1/models/none", "nothing"])
        {
            using HttpResponseMessage response = await Server.Client.GetAsync(path, Cancellation);
            string text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.DoesNotContain("   at ", text);
            Assert.DoesNotContain(Server.Folder, text);
        }
    }

    private sealed class Remembered(List<string> said) : ILogger<ErrorResponses>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => said.Add(formatter(state, exception));
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Server.Address.Port, Cancellation);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
