using System.Text;
using Diarist.Packs;

namespace Diarist.Tests.Packs;

public class PackDownloaderTests
{
    private const int Length = 10_240;
    private static readonly byte[] Content = PackMachine.Bytes(Length);

    private static readonly DownloadLimits Hasty = new()
    {
        Connect = TimeSpan.FromSeconds(5),
        Headers = TimeSpan.FromMilliseconds(400),
        Idle = TimeSpan.FromMilliseconds(400),
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(4),
        LongestRetryAfter = TimeSpan.FromSeconds(3),
        Attempts = 3,
    };

    [Fact]
    public async Task A_pull_brings_the_file_and_says_where_it_came_from()
    {
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        LocatedPack pack = store.Require("mine");
        Assert.Equal(Content, File.ReadAllBytes(pack.PathOf("a.bin")));
        Assert.Equal(PackLevel.UserStore, pack.Source);
        string description = File.ReadAllText(Path.Combine(pack.Folder, "pack.json"));
        Assert.Contains(server["a"], description, StringComparison.Ordinal);
        Assert.Contains("the authors of mine", description, StringComparison.Ordinal);
        AssertNothingElse(machine);
    }

    // The classes of places to be cut at: nothing, one byte, and both sides of the kilobyte and the buffer, and of the end.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(4096)]
    [InlineData(8191)]
    [InlineData(8192)]
    [InlineData(Length - 1025)]
    [InlineData(Length - 1024)]
    [InlineData(Length - 1)]
    public async Task A_cut_connection_is_taken_up_where_it_broke(int cut)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) =>
            LoopbackServer.SendAsync(stream, Content, request.From, request.Number == 1 ? cut : long.MaxValue));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
        Assert.Equal([0, cut], server.Requests.Select(request => request.From));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(1024)]
    [InlineData(1031)]
    public async Task A_connection_that_breaks_again_and_again_gets_there(int piece)
    {
        byte[] content = PackMachine.Bytes(piece * 40);
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) => LoopbackServer.SendAsync(stream, content, request.From, piece));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
    }

    [Fact]
    public async Task A_pull_that_gave_up_is_taken_up_by_the_next()
    {
        using var machine = new PackMachine();
        bool broken = true;
        using var server = new LoopbackServer(async (request, stream, _) =>
        {
            if (broken && request.Number > 1)
            {
                await LoopbackServer.SendHeadAsync(stream, "500 Out of order");
            }
            else
            {
                await LoopbackServer.SendAsync(stream, Content, request.From, broken ? 3000 : long.MaxValue);
            }
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.Contains("500", error.Message, StringComparison.Ordinal);
        Assert.Null(store.Find("mine"));
        broken = false;
        await PullAsync(store);
        Assert.Equal(3000, server.Requests[^1].From);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
        AssertNothingElse(machine);
    }

    [Theory]
    [InlineData("a part of something else")]
    [InlineData("a part that is too long")]
    [InlineData("a whole part")]
    [InlineData("a part of the right length and wrong content")]
    public async Task Whatever_an_earlier_pull_left_only_the_right_content_is_installed(string left)
    {
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        byte[] part = left switch
        {
            "a part of something else" => PackMachine.Bytes(5000, seed: 9),
            "a part that is too long" => PackMachine.Bytes(Length + 7, seed: 9),
            "a whole part" => Content,
            _ => PackMachine.Bytes(Length, seed: 9),
        };
        machine.Write($"home/.local/share/diarist/packs/.partial/{PackMachine.Hash(Content)}", part);
        await PullAsync(store);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
        Assert.Equal(left == "a whole part" ? 0 : left == "a part of something else" ? 2 : 1, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_without_ranges_begins_again()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer((request, stream, _) => LoopbackServer.SendAsync(stream, Content, 0, request.Number == 1 ? 5000 : long.MaxValue));
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
    }

    [Theory]
    [InlineData("206 from elsewhere")]
    [InlineData("416")]
    public async Task A_server_that_confuses_ranges_is_asked_for_the_whole(string confusion)
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (request, stream, _) =>
        {
            if (request.From == 0)
            {
                await LoopbackServer.SendAsync(stream, Content, 0, request.Number == 1 ? 5000 : long.MaxValue);
            }
            else if (confusion == "416")
            {
                await LoopbackServer.SendHeadAsync(stream, "416 Range Not Satisfiable", $"Content-Range: bytes */{Length}\r\nContent-Length: 0\r\n");
            }
            else
            {
                await LoopbackServer.SendAsync(stream, Content, request.From - 1);
            }
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        await PullAsync(store);
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
        Assert.Equal([0, 5000, 0], server.Requests.Select(request => request.From));
    }

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
        await Assert.ThrowsAsync<PackDownloadException>(() => PullAsync(store));
        Assert.InRange(DateTime.UtcNow - begun, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(3, server.Requests.Count);
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

    [Fact]
    public async Task Cancelling_stops_within_200_ms_and_keeps_what_came()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (request, stream, stop) =>
        {
            await LoopbackServer.SendAsync(stream, Content, request.From, request.Number == 1 ? 5000 : long.MaxValue);
            await Task.Delay(request.Number == 1 ? Timeout.Infinite : 0, stop);
        });
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        using var downloader = new PackDownloader(store, null, Hasty with { Idle = TimeSpan.FromMinutes(1) });
        using var cancel = new CancellationTokenSource();
        DateTime cancelled = default;
        Task pull = downloader.PullAsync(
            downloader.Plan(["mine"]),
            new Heard(progress =>
            {
                if (progress.Received == 5000)
                {
                    cancelled = DateTime.UtcNow;
                    cancel.Cancel();
                }
            }),
            cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
        Assert.InRange(DateTime.UtcNow - cancelled, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        await PullAsync(store);
        Assert.Equal(5000, server.Requests[^1].From);
    }

    internal static async Task PullAsync(PackStore store, string? folder = null)
    {
        using var downloader = new PackDownloader(store, folder, Hasty);
        await downloader.PullAsync(downloader.Plan(["mine"]));
    }

    // Nothing is written outside the store, and of what was named only whole files are in it.
    private static void AssertNothingElse(PackMachine machine)
    {
        string[] written = [.. Directory.GetFiles(machine.Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(machine.Root, file).Replace('\\', '/'))];
        Assert.All(
            written.Where(file => !file.StartsWith("catalog", StringComparison.Ordinal)),
            file => Assert.StartsWith("home/.local/share/diarist/packs/", file, StringComparison.Ordinal));
        Assert.All(
            written.Where(file => file.EndsWith("mine/a.bin", StringComparison.Ordinal)),
            file => Assert.Equal(Content, File.ReadAllBytes(Path.Combine(machine.Root, file))));
    }

    private sealed class Heard(Action<PackProgress> hear) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => hear(value);
    }
}
