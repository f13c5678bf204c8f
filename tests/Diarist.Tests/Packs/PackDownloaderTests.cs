using System.Diagnostics;
using Diarist.Packs;

namespace Diarist.Tests.Packs;

public class PackDownloaderTests
{
    internal const int Length = 10_240;
    internal static readonly byte[] Content = PackMachine.Bytes(Length);

    // Short waits between attempts; the limits on silence stay long, so that a busy machine is not taken for a dead server.
    private static readonly DownloadLimits Hasty = new()
    {
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

    [Fact]
    public async Task Cancelling_stops_within_200_ms_and_keeps_what_came()
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int run = 0; run < 5 && best > TimeSpan.FromMilliseconds(200); run++)
        {
            using var machine = new PackMachine();
            using var server = new LoopbackServer(async (request, stream, stop) =>
            {
                await LoopbackServer.SendAsync(stream, Content, request.From, request.Number == 1 ? 5000 : long.MaxValue);
                await Task.Delay(request.Number == 1 ? Timeout.Infinite : 0, stop);
            });
            PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
            using var downloader = new PackDownloader(store, null, Hasty);
            using var cancel = new CancellationTokenSource();
            var arrived = new TaskCompletionSource();
            Task pull = downloader.PullAsync(downloader.Plan(["mine"]), new Heard(progress => _ = progress.Received == 5000 && arrived.TrySetResult()), cancel.Token);
            await arrived.Task;
            long cancelled = Stopwatch.GetTimestamp();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
            TimeSpan lasted = Stopwatch.GetElapsedTime(cancelled);
            best = lasted < best ? lasted : best;
            await PullAsync(store);
            Assert.Equal(5000, server.Requests[^1].From);
        }

        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
    }

    internal static async Task PullAsync(PackStore store, string? folder = null, TimeSpan? silence = null)
    {
        DownloadLimits limits = silence is { } most ? Hasty with { Headers = most, Idle = most } : Hasty;
        using var downloader = new PackDownloader(store, folder, limits);
        await downloader.PullAsync(downloader.Plan(["mine"]));
    }

    // Nothing is written outside the store, and of what was named only whole files are in it.
    internal static void AssertNothingElse(PackMachine machine)
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
