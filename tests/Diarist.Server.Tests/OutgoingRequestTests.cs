using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Diarist.Server.Security;

namespace Diarist.Server.Tests;

/// <summary>What the server asks of others when a client tells it to (SSRF), and webhooks.</summary>
public class OutgoingRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700:4700::1111", true)]
    public void Addresses_that_are_public(string address, bool expected) => Assert.Equal(expected, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1/a.wav")]
    [InlineData("http://2130706433/a.wav")]
    [InlineData("http://0x7f000001/a.wav")]
    [InlineData("http://[::1]/a.wav")]
    [InlineData("http://allowed.example@127.0.0.1/a.wav")]
    [InlineData("http://other.example/a.wav")]
    [InlineData("ftp://allowed.example/a.wav")]
    public async Task Hosts_that_were_not_named_are_not_asked(string url)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { FetchHosts = ["allowed.example"] });
        await server.PostAsync("v1/diarize", new { url }, HttpStatusCode.BadRequest);
        await server.PostAsync("v1/diarize", new { url = "http://allowed.example/a.wav", webhook = url }, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_not_asked()
    {
        using var other = new OtherHost((_, _) => "200 OK", _ => []);
        await using RunningServer server = await RunningServer.StartAsync(options => options with { FetchHosts = ["localhost", "127.0.0.1"] });
        foreach (string host in (string[])["localhost", "127.0.0.1"])
        {
            JsonNode job = await FinishAsync(server, $"http://{host}:{other.Port}/a.wav");
            Assert.Equal("failed", (string?)job["status"]);
            Assert.Contains("no public address", (string?)job["output"]!["error"]);
        }

        Assert.Equal(0, other.Count);
    }

    [Fact]
    public async Task A_redirect_leads_only_to_hosts_that_were_named()
    {
        using var inner = new OtherHost((_, _) => "200 OK", _ => []);
        using var other = new OtherHost((_, _) => $"302 Found\r\nLocation: http://127.0.0.1:{inner.Port}/secret", _ => []);
        await using RunningServer server = await RunningServer.StartAsync(options => options with { FetchHosts = ["localhost"], MayConnect = _ => true });
        JsonNode job = await FinishAsync(server, $"http://localhost:{other.Port}/a.wav");
        Assert.Equal("failed", (string?)job["status"]);
        Assert.Contains("does not connect to 127.0.0.1", (string?)job["output"]!["error"]);
        Assert.Equal(0, inner.Count);
    }

    [Fact]
    public async Task A_recording_is_fetched_and_its_end_is_told_at_the_third_try()
    {
        using var folder = new ScratchFolder();
        byte[] audio = await File.ReadAllBytesAsync(Samples.Piece(folder.Path, 3), Cancellation);
        using var other = new OtherHost((path, count) => path == "/hook" && count < 4 ? "500 No" : "200 OK", path => path == "/a.wav" ? audio : []);
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            FetchHosts = ["localhost"],
            MayConnect = _ => true,
            WebhookWaits = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20)],
        });
        JsonNode job = await FinishAsync(server, $"http://localhost:{other.Port}/a.wav", $"http://localhost:{other.Port}/hook");
        Assert.Equal("succeeded", (string?)job["status"]);
        string[] told = await other.WaitAsync("/hook", 3);
        Assert.Equal(3, told.Length);
        Assert.DoesNotContain("x-retry-num", told[0]);
        Assert.Contains("x-retry-num: 2", told[2]);
        JsonNode body = JsonNode.Parse(told[2][told[2].IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal((string?)job["jobId"], (string?)body["jobId"]);
        Assert.Equal("succeeded", (string?)body["status"]);
        Assert.NotEmpty(body["output"]!["diarization"]!.AsArray());
    }

    private static async Task<JsonNode> FinishAsync(RunningServer server, string url, string? webhook = null)
    {
        JsonNode created = await server.PostAsync("v1/diarize", new { url, webhook });
        while (true)
        {
            JsonNode job = await server.GetAsync($"v1/jobs/{(string)created["jobId"]!}");
            if ((string?)job["status"] is "succeeded" or "failed" or "canceled")
            {
                return job;
            }

            await Task.Delay(50, Cancellation); // as clients do
        }
    }

    /// <summary>Another host on this machine that writes down what it is asked.</summary>
    private sealed class OtherHost : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<(string Path, string Text)> _requests = [];
        private readonly SemaphoreSlim _came = new(0);

        public OtherHost(Func<string, int, string> status, Func<string, byte[]> content)
        {
            _listener.Start();
            _ = ServeAsync(status, content);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Count
        {
            get
            {
                lock (_requests)
                {
                    return _requests.Count;
                }
            }
        }

        public async Task<string[]> WaitAsync(string path, int count)
        {
            while (true)
            {
                lock (_requests)
                {
                    string[] those = [.. _requests.Where(request => request.Path == path).Select(request => request.Text)];
                    if (those.Length >= count)
                    {
                        return those;
                    }
                }

                Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(30), Cancellation), $"{path} was not asked {count} times");
            }
        }

        public void Dispose()
        {
            _listener.Stop();
            _came.Dispose();
        }

        private async Task ServeAsync(Func<string, int, string> status, Func<string, byte[]> content)
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
                    string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
                    var text = new StringBuilder();
                    int length = 0;
                    while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    {
                        text.AppendLine(line.ToLowerInvariant());
                        length = line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(line[16..], System.Globalization.CultureInfo.InvariantCulture) : length;
                    }

                    char[] body = new char[length];
                    if (length > 0)
                    {
                        await reader.ReadBlockAsync(body); // of nothing, it would wait for more
                    }

                    text.Append(body);
                    int count;
                    lock (_requests)
                    {
                        _requests.Add((path, text.ToString()));
                        count = _requests.Count;
                    }

                    byte[] bytes = content(path);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status(path, count)}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"));
                    await client.GetStream().WriteAsync(bytes);
                    _came.Release();
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
            {
                // The test has ended.
            }
        }
    }
}
