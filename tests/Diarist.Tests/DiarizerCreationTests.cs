using Diarist.Models;
using Diarist.Packs;
using Diarist.TestSupport;

namespace Diarist.Tests;

public class DiarizerCreationTests
{
    private const string Pack = "silero-vad-v6";
    private const string File = "silero_vad_16k.safetensors";
    private static readonly DiarizerOptions OneVoice = new() { Recipe = Recipe.VoiceActivity };

    [Fact]
    public async Task Packs_that_are_missing_are_obtained_when_a_downloader_is_given()
    {
        using var machine = new PackMachine().WithoutInside();
        using var server = LoopbackServer.Of(Content());
        PackStore store = machine.Open(null, Catalog(machine, server, PackClass.Default));
        await Assert.ThrowsAsync<MissingPacksException>(() => Diarizer.CreateAsync(store, OneVoice, cancellationToken: TestContext.Current.CancellationToken));
        using var downloader = new PackDownloader(store);
        var diarizer = await Diarizer.CreateAsync(store, OneVoice, downloader, TestContext.Current.CancellationToken);
        Assert.Single(server.Requests);
        Assert.Empty(diarizer.Diarize(new float[16000], cancellationToken: TestContext.Current.CancellationToken).Turns);
    }

    [Fact]
    public async Task An_opt_in_pack_is_obtained_only_when_its_licence_is_accepted()
    {
        using var machine = new PackMachine().WithoutInside();
        using var server = LoopbackServer.Of(Content());
        PackStore store = machine.Open(null, Catalog(machine, server, PackClass.OptIn));
        using var refused = new PackDownloader(store);
        PackException error = await Assert.ThrowsAsync<PackException>(() => Diarizer.CreateAsync(store, OneVoice, refused, TestContext.Current.CancellationToken));
        Assert.Equal(Remedy.AcceptLicense, error.Remedy);
        Assert.Empty(server.Requests);
        using var accepted = new PackDownloader(store) { AcceptedLicenses = [Pack] };
        await Diarizer.CreateAsync(store, OneVoice, accepted, TestContext.Current.CancellationToken);
        Assert.Single(server.Requests);
    }

    private static byte[] Content()
    {
        using Stream inside = ModelFiles.Open(ModelFiles.Names.Single(name => name.EndsWith(File, StringComparison.Ordinal)));
        using var copy = new MemoryStream();
        inside.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Catalog(PackMachine machine, LoopbackServer server, PackClass packClass) => machine.Catalog(new PackDescription
    {
        Id = Pack,
        Title = Pack,
        Network = "silero-vad",
        Purpose = "a test",
        License = "MIT",
        Attribution = "its authors",
        Replaces = true,
        Class = packClass,
        Files = [new PackFile { Name = File, Variants = [new PackFileVariant { Sha256 = PackMachine.Hash(Content()), Bytes = Content().Length, Source = "here", Revision = "1", Addresses = [server["a"]] }] }],
    });
}
