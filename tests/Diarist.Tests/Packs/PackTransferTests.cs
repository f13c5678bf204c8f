using System.Runtime.InteropServices;
using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Packs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Packs;

public class PackTransferTests
{
    private static readonly PackClaim Mine = new("mine", "MIT", "our speech group");

    [Fact]
    public async Task A_file_that_the_catalog_knows_becomes_part_of_its_pack()
    {
        using var machine = new PackMachine();
        string renamed = machine.Write("downloads/model (1).safetensors", File.ReadAllBytes(SileroFile));
        LocatedPack pack = await new NetworkImporter(machine.Open()).ImportFileAsync(renamed);
        Assert.Equal("silero-vad-v6", pack.Pack.Id);
        Assert.Equal(PackLevel.UserStore, machine.Open().Require("silero-vad-v6").Source);
    }

    [Fact]
    public async Task A_network_of_a_known_architecture_becomes_a_pack_with_its_provenance()
    {
        using var machine = new PackMachine();
        string file = Changed(machine, 1f);
        LocatedPack imported = await new NetworkImporter(machine.Open()).ImportFileAsync(file, Mine);
        LocatedPack pack = machine.Open().Require("mine");
        Assert.Equal("silero-vad", pack.Pack.Network);
        Assert.Equal("MIT", pack.Pack.License);
        Assert.Equal(Path.GetFullPath(file), pack.Pack.Provenance!.Origin);
        Assert.Equal("imported", pack.Pack.Provenance.Means);
        Assert.NotNull(SileroVad.Load(pack.PathOf("silero_vad_16k.safetensors")));
        Assert.Contains(machine.Open().All(), entry => entry.Pack.Id == "mine" && entry.Found is not null);
        Assert.Null(KnownAnswers.Check(pack, null, default).Holds);

        byte[] damaged = File.ReadAllBytes(pack.PathOf("silero_vad_16k.safetensors"));
        damaged[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(imported.Folder, "silero_vad_16k.safetensors"), damaged);
        Assert.Throws<PackException>(() => machine.Open().Require("mine").PathOf("silero_vad_16k.safetensors"));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Numbers_that_are_not_finite_are_refused(float value)
    {
        using var machine = new PackMachine();
        PackException error = await Assert.ThrowsAsync<PackException>(() => new NetworkImporter(machine.Open()).ImportFileAsync(Changed(machine, value), Mine));
        Assert.Contains("finite", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(machine.UserStore, "mine")));
    }

    [Fact]
    public async Task A_safetensors_file_of_another_network_is_refused_with_the_reason()
    {
        using var machine = new PackMachine();
        string file = machine.Write("plain.safetensors", [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        PackException error = await Assert.ThrowsAsync<PackException>(() => new NetworkImporter(machine.Open()).ImportFileAsync(file, Mine));
        Assert.Contains("no network that Diarist runs", error.Message, StringComparison.Ordinal);
        Assert.Contains("silero-vad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_neither_onnx_nor_safetensors_is_refused()
    {
        using var machine = new PackMachine();
        var importer = new NetworkImporter(machine.Open());
        await Assert.ThrowsAsync<PackException>(() => importer.ImportFileAsync(machine.Write("noise.onnx", PackMachine.Bytes(5000)), Mine));
        await Assert.ThrowsAsync<PackException>(() => importer.ImportFileAsync(machine.Write("empty.onnx", ""), Mine));
        await Assert.ThrowsAsync<InputException>(() => importer.ImportFileAsync(Path.Combine(machine.Root, "nowhere.onnx"), Mine));
    }

    [Fact]
    public async Task An_unknown_file_needs_a_name_that_is_free_and_safe()
    {
        using var machine = new PackMachine();
        var importer = new NetworkImporter(machine.Open());
        string file = Changed(machine, 1f);
        Assert.Equal(Remedy.DescribeFile, (await Assert.ThrowsAsync<PackException>(() => importer.ImportFileAsync(file))).Remedy);
        foreach (string id in (string[])["silero-vad-v6", "../evil", "a/b", "Upper"])
        {
            await Assert.ThrowsAsync<PackException>(() => importer.ImportFileAsync(file, Mine with { Id = id }));
        }

        Assert.False(Directory.Exists(machine.UserStore));
    }

    [Fact]
    public async Task A_graph_with_its_weights_in_a_second_file_is_refused()
    {
        string graph = Path.Combine(Shared.Require("packs-incomplete/wespeaker-resnet34-lm"), "wespeaker_resnet34_lm.graph.onnx");
        using var machine = new PackMachine();
        string file = machine.Write("export/wespeaker.onnx", File.ReadAllBytes(graph));
        await Assert.ThrowsAsync<PackException>(() => new NetworkImporter(machine.Open()).ImportFileAsync(file, Mine));
        machine.Write("export/wespeaker_resnet34_lm.onnx.data", MemoryMarshal.AsBytes(Enumerable.Repeat(0.001f, 7_000_000).ToArray().AsSpan()).ToArray());
        PackException error = await Assert.ThrowsAsync<PackException>(() => new NetworkImporter(machine.Open()).ImportFileAsync(file, Mine));
        Assert.Contains("from this file alone", error.Message, StringComparison.Ordinal);
        Assert.Null(machine.Open().Find("mine"));
    }

    [Fact]
    public async Task A_damaged_pack_is_not_exported_or_imported()
    {
        using var machine = new PackMachine();
        byte[] content = PackMachine.Bytes(100);
        string catalog = machine.Catalog("mine", ("a.bin", content, []));
        machine.Write("mirror/mine/a.bin", content[..99]);
        string mirror = Path.Combine(machine.Root, "mirror");
        await Assert.ThrowsAsync<PackException>(() => new PackExporter(machine.Open(mirror, catalog)).ExportAsync(Path.Combine(machine.Root, "out"), []));
        await Assert.ThrowsAsync<PackException>(() => new PackImporter(machine.Open(null, catalog)).ImportMirrorAsync(mirror));
        Assert.Null(machine.Open(null, catalog).Find("mine"));
    }

    [Fact]
    public async Task A_folder_without_packs_is_not_a_mirror()
    {
        using var machine = new PackMachine();
        Directory.CreateDirectory(Path.Combine(machine.Root, "empty", "photos"));
        await Assert.ThrowsAsync<PackException>(() => new PackImporter(machine.Open()).ImportMirrorAsync(Path.Combine(machine.Root, "empty")));
    }

    private static string SileroFile => InsideNetworks.PathOf("silero-vad-v6/silero_vad_16k.safetensors");

    // The detector of speech with its last number changed.
    private static string Changed(PackMachine machine, float value)
    {
        byte[] bytes = File.ReadAllBytes(SileroFile);
        MemoryMarshal.Write(bytes.AsSpan(bytes.Length - sizeof(float)), value);
        return machine.Write("changed.safetensors", bytes);
    }
}
