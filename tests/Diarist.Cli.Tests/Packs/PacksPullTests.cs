using Diarist.Cli.Commands;
using Diarist.Packs;

namespace Diarist.Cli.Tests.Packs;

public class PacksPullTests
{
    private static readonly byte[] Content = PackMachine.Bytes(3000);

    [Fact]
    public async Task A_command_that_lacks_packs_fetches_them_after_yes()
    {
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        LocatedPack pack = Assert.Single(await PacksPull.RequireAsync(store, new PacksConsent(yes: true, offline: false), ["mine"], default));
        Assert.Equal(Content, File.ReadAllBytes(pack.PathOf("a.bin")));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Without_consent_or_offline_the_missing_packs_are_named_and_nothing_is_fetched(bool yes, bool offline)
    {
        Assert.SkipUnless(yes || Console.IsInputRedirected || Console.IsErrorRedirected, "this run has a terminal to ask on");
        using var machine = new PackMachine();
        using var server = LoopbackServer.Of(Content);
        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [server["a"]])));
        MissingPacksException error = await Assert.ThrowsAsync<MissingPacksException>(() => PacksPull.RequireAsync(store, new PacksConsent(yes, offline), ["mine"], default));
        Assert.Equal("1 pack is needed and not here: mine (MIT, 3.0 kB). Get it with `diarist packs pull`, or name a mirror with --packs DIR.", ErrorHints.Describe(error));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Yes_without_a_connection_names_the_missing_packs_as_before()
    {
        using var machine = new PackMachine();
        string address;
        using (var server = LoopbackServer.Of(Content))
        {
            address = server["a"];
        }

        PackStore store = machine.Open(null, machine.Catalog("mine", ("a.bin", Content, [address])));
        PackException error = await Assert.ThrowsAsync<PackException>(() => PacksPull.RequireAsync(store, new PacksConsent(yes: true, offline: false), ["mine"], default));
        Assert.StartsWith("1 pack is needed and not here: mine", error.Message);
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pack_that_only_mirrors_have_is_not_asked_for()
    {
        using var machine = new PackMachine();
        MissingPacksException error = await Assert.ThrowsAsync<MissingPacksException>(
            () => PacksPull.RequireAsync(machine.Open(null, machine.Catalog("mine", ("a.bin", [1], []))), new PacksConsent(yes: true, offline: false), ["mine"], default));
        Assert.False(Assert.Single(error.Packs).CanBePulled);
        Assert.Contains("mirror only", ErrorHints.Describe(error), StringComparison.Ordinal);
    }
}
