using Diarist.Packs;

namespace Diarist.Tests.Packs;

public class StoreWriterTests
{
    private static readonly byte[] Content = PackMachine.Bytes(60_000);

    [Fact]
    public async Task Two_pulls_at_once_fetch_every_file_once()
    {
        using var machine = new PackMachine();
        using var server = new LoopbackServer(async (request, stream, stop) =>
        {
            await Task.Delay(100, stop);
            await LoopbackServer.SendAsync(stream, Content, request.From);
        });
        using var other = LoopbackServer.Of(Content[..999]);
        string catalog = machine.Catalog("mine", ("a.bin", Content, [server["a"]]), ("b.bin", Content[..999], [other["b"]]));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PackDownloaderTests.PullAsync(machine.Open(null, catalog))));
        Assert.Single(server.Requests);
        Assert.Single(other.Requests);
        Assert.Equal(Content, File.ReadAllBytes(machine.Open(null, catalog).Require("mine").PathOf("a.bin")));
    }

    [Fact]
    public async Task A_store_that_stays_locked_is_given_up()
    {
        using var machine = new PackMachine();
        using StoreWriter held = await StoreWriter.OpenAsync(machine.UserStore, TimeSpan.Zero, null, default);
        bool waited = false;
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(
            () => StoreWriter.OpenAsync(machine.UserStore, TimeSpan.FromSeconds(0.3), () => waited = true, default));
        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
        Assert.True(waited);
    }

    [Fact]
    public async Task A_full_disk_is_seen_before_anything_is_fetched()
    {
        using var machine = new PackMachine();
        machine.Environment = machine.Environment with { FreeBytes = _ => Content.Length - 1 };
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PackDownloaderTests.PullAsync(store));
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_disk_that_fills_up_while_writing_is_named_as_such()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, the file that is always full");
        IOException error = Assert.ThrowsAny<IOException>(() => File.WriteAllBytes("/dev/full", Content));
        Assert.Contains("the disk is full", StoreWriter.Trouble("store", error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_is_reported()
    {
        using var machine = new PackMachine();
        machine.Write("home/.local/share/diarist", "a file where the folder should be");
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PackDownloaderTests.PullAsync(store));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_read_only_store_is_reported()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("needs file modes");
            return;
        }

        // Modes do not bind the superuser; the file system of processes takes no folders from anybody.
        using var machine = new PackMachine();
        bool bound = Environment.UserName != "root";
        Assert.SkipUnless(bound || Directory.Exists("/proc"), "needs a user whom file modes bind, or /proc");
        string store = bound ? Directory.CreateDirectory(Path.Combine(machine.Root, "read-only")).FullName : "/proc/diarist-packs";
        if (bound)
        {
            File.SetUnixFileMode(store, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        using var server = LoopbackServer.Of(Content);
        PackStore packs = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PackDownloaderTests.PullAsync(packs, store));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("mine")]
    [InlineData(".partial")]
    public async Task Nothing_is_written_through_a_symbolic_link_in_the_store(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making symbolic links needs a privilege on Windows");
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        string outside = Directory.CreateDirectory(Path.Combine(machine.Root, "outside")).FullName;
        Directory.CreateDirectory(machine.UserStore);
        Directory.CreateSymbolicLink(Path.Combine(machine.UserStore, folder), outside);
        PackDownloadException error = await Assert.ThrowsAsync<PackDownloadException>(() => PackDownloaderTests.PullAsync(store));
        Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task A_link_in_place_of_a_file_is_replaced_and_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making symbolic links needs a privilege on Windows");
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        string outside = machine.Write("outside/a.bin", "precious");
        Directory.CreateDirectory(Path.Combine(machine.UserStore, "mine"));
        File.CreateSymbolicLink(Path.Combine(machine.UserStore, "mine", "a.bin"), outside);
        await PackDownloaderTests.PullAsync(store);
        Assert.Equal("precious", File.ReadAllText(outside));
        Assert.Equal(Content, File.ReadAllBytes(store.Require("mine").PathOf("a.bin")));
    }
}
