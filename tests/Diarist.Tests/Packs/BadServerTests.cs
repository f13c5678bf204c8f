using System.Text;
using Diarist.Packs;
using static Diarist.Tests.Packs.PackDownloaderTests;

namespace Diarist.Tests.Packs;

/// <summary>Servers that refuse, lie, redirect or stall.</summary>
public class BadServerTests
{
    [Theory]
    [InlineData("404 Not Found", 1)]
    [InlineData("403 Forbidden", 1)]
    [InlineData("401 Unauthorized", 1)]
    [InlineData("410 Gone", 1)]
    [InlineData("429 Too Many Requests", 3)]
    [InlineData("500 Internal Server Error", 3)]
    [InlineData("502 Bad Gateway", 3)]
    [InlineData("503 Service Unavailable", 3)]
    public async Task A_refusal_is_named_and_retried_only_when_it_may_pass(string status, int attempts)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((_, stream, _) => LoopbackServer.SendHeadAsync(stream, status));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains(status[..3], error.Message, StringComparison.Ordinal);
        Assert.Contains(server["a"], error.Message, StringComparison.Ordinal);
        Assert.Equal(attempts, server.Requests.Count);
        Assert.Null(store.Find("mine"));
        AssertNothingElse(machine);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_is_given_its_time()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) => request.Number == 1
            ? LoopbackServer.SendHeadAsync(stream, "429 Too Many Requests", "Retry-After: 1\r\nContent-Length: 0\r\n")
            : LoopbackServer.SendAsync(stream, Content));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        DateTime begun = DateTime.UtcNow;
        await PullAsync(store);
        Assert.InRange(DateTime.UtcNow - begun, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_server_that_asks_for_too_long_is_left_and_the_user_told()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((_, stream, _) => LoopbackServer.SendHeadAsync(stream, "503 Busy", "Retry-After: 3600\r\nContent-Length: 0\r\n"));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains("wait 3600 s", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_addresses_are_tried_in_order()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) => request.Path switch
        {
            "gone" => LoopbackServer.SendHeadAsync(stream, "404 Not Found"),
            "wrong" => LoopbackServer.SendAsync(stream, PackMachine.Bytes(Length, seed: 3)),
            _ => LoopbackServer.SendAsync(stream, Content),
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["gone"], server["wrong"], server["good"], server["never"]])));
        await PullAsync(store);
        Assert.Equal(["gone", "wrong", "good"], server.Requests.Select(request => request.Path));
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
    }

    [Fact]
    public async Task A_wrong_hash_is_never_installed_and_both_hashes_are_named()
    {
        byte[] wrong = [.. Content];
        wrong[^1] ^= 1;
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(wrong);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains(PackMachine.Hash(Content), error.Message, StringComparison.Ordinal);
        Assert.Contains(PackMachine.Hash(wrong), error.Message, StringComparison.Ordinal);
        Assert.Null(store.Find("mine"));
        AssertNothingElse(machine);
    }

    [Theory]
    [InlineData(Length - 1)]
    [InlineData(Length + 1)]
    [InlineData(1)]
    [InlineData(1_000_000_000)]
    public async Task A_wrong_announced_length_is_refused_before_anything_is_taken(int announced)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", $"Content-Length: {announced}\r\n");
            await stream.WriteAsync(Content.AsMemory(0, Math.Min(announced, Length)), stop);
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains($"announces {announced} bytes", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_was_announced_is_never_taken(bool chunked)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", chunked ? "Transfer-Encoding: chunked\r\n" : "");
            byte[] piece = PackMachine.Bytes(4096);
            while (true)
            {
                await stream.WriteAsync(chunked ? [.. "1000\r\n"u8, .. piece, .. "\r\n"u8] : piece, stop);
            }
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains($"more than the {Length} bytes", error.Message, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(machine.UserStore, "*", SearchOption.AllDirectories), file => Assert.InRange(new FileInfo(file).Length, 0, Length));
    }

    [Fact]
    public async Task A_chunked_answer_of_the_right_content_is_fine()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (_, stream, stop) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", "Transfer-Encoding: chunked\r\n");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{Length:x}\r\n"), stop);
            await stream.WriteAsync(Content, stop);
            await stream.WriteAsync("\r\n0\r\n\r\n"u8.ToArray(), stop);
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
    }

    [Fact]
    public async Task Redirects_are_followed()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) => request.Path == "a"
            ? LoopbackServer.SendHeadAsync(stream, "302 Found", "Location: /b\r\nContent-Length: 0\r\n")
            : LoopbackServer.SendAsync(stream, Content, request.From));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(["a", "b"], server.Requests.Select(request => request.Path));
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) =>
            LoopbackServer.SendHeadAsync(stream, "301 Moved", $"Location: /{(request.Path == "a" ? "b" : "a")}\r\nContent-Length: 0\r\n"));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains("redirects more than 5 times", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("http://example.org/a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a")]
    [InlineData("http://user:word@127.0.0.1/a")]
    public async Task A_redirect_into_the_clear_is_refused(string location)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((_, stream, _) => LoopbackServer.SendHeadAsync(stream, "302 Found", $"Location: {location}\r\nContent-Length: 0\r\n"));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("https://example.org/a", "https://other.example/b", true)]
    [InlineData("https://example.org/a", "http://other.example/b", false)]
    [InlineData("https://example.org/a", "http://127.0.0.1/b", false)]
    [InlineData("http://127.0.0.1/a", "http://localhost/b", true)]
    [InlineData("http://127.0.0.1/a", "https://example.org/b", true)]
    [InlineData("http://127.0.0.1/a", "http://192.168.0.1/b", false)]
    public void A_redirect_never_leads_from_secure_to_plain(string from, string to, bool may) =>
        Assert.Equal(may, PackRules.MayFollow(new Uri(from), new Uri(to)));

    [Theory]
    [InlineData("says nothing")]
    [InlineData("sends headers and nothing")]
    [InlineData("drips headers")]
    [InlineData("drips content")]
    public async Task A_server_that_stalls_is_left_in_time(string how)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (request, stream, stop) =>
        {
            string head = $"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n";
            int sent = how switch { "says nothing" or "drips headers" => 0, _ => head.Length };
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head).AsMemory(0, sent), stop);
            byte[] rest = [.. Encoding.ASCII.GetBytes(head)[sent..], .. Content];
            for (int k = 0; ; k++)
            {
                await Task.Delay(50, stop);
                if (how.StartsWith("drips", StringComparison.Ordinal))
                {
                    await stream.WriteAsync(rest.AsMemory(k, 1), stop);
                }
            }
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        DateTime begun = DateTime.UtcNow;
        await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store, silence: TimeSpan.FromMilliseconds(400)));
        Assert.InRange(DateTime.UtcNow - begun, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(server.Requests.Count, 1, 3);
    }

    [Fact]
    public async Task Nobody_listening_is_a_download_error()
    {
        using var machine = new PackMachine();
        string address;
        using (var server = LoopbackServer.Of(Content))
        {
            address = server["a"];
        }

        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [address])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }
}
