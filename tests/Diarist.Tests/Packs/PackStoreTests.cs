using Diarist.Packs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Packs;

public class PackStoreTests
{
    private static readonly byte[] Content = PackMachine.Bytes(5000);

    [Fact]
    public void Each_place_shadows_the_next_and_says_its_name()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        string settings = machine.Write("work/diarist.json", "{ \"packSources\": [\"../mirror-one\", \"../mirror-two\"] }");
        machine["DIARIST_PACKS"] = Path.Combine(machine.Root, "variable");
        string[] folders = ["explicit", "variable", "mirror-one", "mirror-two", "home/.local/share/diarist/packs"];
        string[] names = [PackLevel.Explicit, PackLevel.Variable, settings, settings, PackLevel.UserStore];
        foreach (string folder in folders)
        {
            machine.Write($"{folder}/mine/a.bin", Content);
        }

        for (int k = 0; k < folders.Length; k++)
        {
            string? explicitly = k == 0 ? Path.Combine(machine.Root, "explicit") : null;
            LocatedPack found = machine.Open(explicitly, catalog).Require("mine");
            Assert.Equal(names[k], found.Source);
            Assert.Equal(Path.Combine(machine.Root, folders[k], "mine"), found.Folder);
            Assert.Equal(Path.Combine(found.Folder, "a.bin"), found.PathOf("a.bin"));
            Directory.Delete(Path.Combine(machine.Root, folders[k], "mine"), recursive: true);
        }

        Assert.Null(machine.Open(null, catalog).Find("mine"));
    }

    [Fact]
    public void Only_the_nearest_settings_count_and_they_are_relative_to_themselves()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        machine.Write("work/diarist.json", "{ \"packSources\": [\"far\"] }");
        machine.Write("work/far/mine/a.bin", Content);
        Assert.NotNull(machine.Open(null, catalog).Find("mine"));
        machine.Write("work/project/diarist.json", "{ // nothing here yet\n }");
        Assert.Null(machine.Open(null, catalog).Find("mine"));
    }

    [Fact]
    public void The_variable_may_list_several_folders()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        machine.Write("two/mine/a.bin", Content);
        machine["DIARIST_PACKS"] = string.Join(Path.PathSeparator, Path.Combine(machine.Root, "one"), Path.Combine(machine.Root, "two"));
        Assert.Equal(Path.Combine(machine.Root, "two", "mine"), machine.Open(null, catalog).Require("mine").Folder);
    }

    [Fact]
    public void An_incomplete_pack_is_passed_over_and_named_when_no_whole_one_is_there()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []), ("b.bin", Content, []));
        machine.Write("explicit/mine/a.bin", Content);
        PackStore store = machine.Open(Path.Combine(machine.Root, "explicit"), catalog);
        MissingPacksException error = Assert.Throws<MissingPacksException>(() => store.Require("mine"));
        Assert.Contains($"{Path.Combine(machine.Root, "explicit", "mine")} lacks b.bin", error.Message, StringComparison.Ordinal);
        machine.Write("home/.local/share/diarist/packs/mine/a.bin", Content);
        machine.Write("home/.local/share/diarist/packs/mine/b.bin", Content);
        Assert.Equal(PackLevel.UserStore, store.Require("mine").Source);
    }

    [Fact]
    public void Missing_packs_are_named_together_with_licences_sizes_and_the_command()
    {
        using var machine = new PackMachine();
        MissingPacksException error = Assert.Throws<MissingPacksException>(
            () => machine.Open(null, machine.Catalog("mine", ("a.bin", [1], ["https://example.org/a"])), machine.Catalog("other", ("b.bin", new byte[1_500_000], [])))
                .RequireAll("mine", "pyannote-segmentation-3.0", "other"));
        Assert.Equal("2 packs are needed and not here: mine (MIT, 1 B), other (MIT, 1.5 MB).", error.Message);
    }

    [Fact]
    public void A_pack_without_addresses_is_said_to_come_with_a_mirror_only()
    {
        using var machine = new PackMachine();
        MissingPacksException error = Assert.Throws<MissingPacksException>(() => machine.Open(null, machine.Catalog("mine", ("a.bin", [1], []))).Require("mine"));
        Assert.Equal(
            "1 pack is needed and not here: mine (MIT, 1 B).",
            error.Message);
        Assert.Equal(Remedy.ObtainPacks, error.Remedy);
        Assert.False(Assert.Single(error.Packs).CanBePulled);
    }

    [Fact]
    public void A_pack_that_nobody_knows_is_an_error_of_its_own()
    {
        using var machine = new PackMachine();
        PackException error = Assert.Throws<PackException>(() => machine.Open().Require("unheard-of"));
        Assert.Contains("silero-vad-v6", error.Message, StringComparison.Ordinal);
        Assert.Null(machine.Open().Find("../../etc"));
    }

    [Fact]
    public void A_folder_given_that_is_not_there_is_an_error()
    {
        using var machine = new PackMachine();
        Assert.Throws<PackException>(() => machine.Open(Path.Combine(machine.Root, "nowhere")));
    }

    [Fact]
    public void A_flipped_byte_names_the_file_and_both_hashes()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        byte[] flipped = [.. Content];
        flipped[4321] ^= 1;
        string path = machine.Write("explicit/mine/a.bin", flipped);
        LocatedPack pack = machine.Open(Path.Combine(machine.Root, "explicit"), catalog).Require("mine");
        PackException error = Assert.Throws<PackException>(() => pack.PathOf("a.bin"));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(PackMachine.Hash(Content), error.Message, StringComparison.Ordinal);
        Assert.Contains(PackMachine.Hash(flipped), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_network_names_every_accepted_hash()
    {
        using var machine = new PackMachine();
        string path = machine.Write("explicit/pyannote-segmentation-3.0/segmentation-3.0.onnx", Content);
        PackException error = Assert.Throws<PackException>(
            () => machine.Open(Path.Combine(machine.Root, "explicit")).Require("pyannote-segmentation-3.0").PathOf("segmentation-3.0.onnx"));
        Assert.Contains("057ee564753071c0b09b5b611648b50ac188d50846bff5f01e9f7bbf1591ea25 or 5bbb237b767041a2e4016d9e6d08ed491fc532e64da5105706e9c27f99bc017d", error.Message, StringComparison.Ordinal);
        Assert.Contains(PackMachine.Hash(File.ReadAllBytes(path)), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_builds_of_a_file_are_accepted()
    {
        using var machine = new PackMachine();
        byte[] other = PackMachine.Bytes(300, seed: 2);
        string catalog = machine.Catalog(new PackDescription
        {
            Id = "mine",
            Title = "t",
            Network = "n",
            Purpose = "p",
            License = "MIT",
            Attribution = "a",
            Files =
            [
                new PackFile
                {
                    Name = "a.bin",
                    Variants =
                    [
                        new PackFileVariant { Sha256 = PackMachine.Hash(Content), Bytes = Content.Length, Source = "one", Revision = "1" },
                        new PackFileVariant { Sha256 = PackMachine.Hash(other), AboutBytes = 310, Source = "two", Revision = "2" },
                    ],
                },
            ],
        });
        machine.Write("one/mine/a.bin", Content);
        machine.Write("two/mine/a.bin", other);
        Assert.Equal("one", machine.Open(Path.Combine(machine.Root, "one"), catalog).Require("mine").Variant("a.bin").Source);
        Assert.Equal("two", machine.Open(Path.Combine(machine.Root, "two"), catalog).Require("mine").Variant("a.bin").Source);
    }

    [Theory]
    [InlineData("{ \"packSources\": \"x\" }")]
    [InlineData("{ \"packSources\": [1] }")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Broken_settings_are_named(string content)
    {
        using var machine = new PackMachine();
        string settings = machine.Write("work/diarist.json", content);
        InputException error = Assert.Throws<InputException>(() => machine.Open());
        Assert.StartsWith(settings, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "HOME", "/h", "/h/.local/share/diarist/packs")]
    [InlineData(0, "XDG_DATA_HOME", "/x", "/x/diarist/packs")]
    [InlineData(0, "XDG_DATA_HOME", "relative", null)]
    [InlineData(1, "HOME", "/h", "/h/Library/Application Support/diarist/packs")]
    [InlineData(2, "LOCALAPPDATA", "/l", "/l/diarist/packs")]
    [InlineData(0, "HOME", "", null)]
    public void The_store_of_the_user_is_where_the_system_keeps_such_things(int platform, string variable, string value, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs paths that begin with a slash");
        var environment = new PackEnvironment { Platform = (PlatformFolders)platform, Variable = name => name == variable ? value : null };
        Assert.Equal(expected, environment.UserStore);
    }

    [Fact]
    public void Symbolic_links_may_stay_inside_a_mirror_and_not_leave_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making symbolic links needs a privilege on Windows");
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        machine.Write("mirror/objects/one", Content);
        string outside = machine.Write("outside/mine/a.bin", Content);
        string folder = Directory.CreateDirectory(Path.Combine(machine.Root, "mirror", "mine")).FullName;
        string link = Path.Combine(folder, "a.bin");
        PackStore store = machine.Open(Path.Combine(machine.Root, "mirror"), catalog);

        File.CreateSymbolicLink(link, "../objects/one");
        Assert.Equal(link, store.Require("mine").PathOf("a.bin"));

        File.Delete(link);
        File.CreateSymbolicLink(link, outside);
        PackException error = Assert.Throws<PackException>(() => store.Require("mine").PathOf("a.bin"));
        Assert.Contains("symbolic link", error.Message, StringComparison.Ordinal);

        Directory.Delete(folder, recursive: true);
        Directory.CreateSymbolicLink(folder, Path.GetDirectoryName(outside)!);
        Assert.Throws<PackException>(() => store.Require("mine").PathOf("a.bin"));
    }

    [Fact]
    public void A_mirror_that_is_itself_a_link_is_fine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making symbolic links needs a privilege on Windows");
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, []));
        machine.Write("disk/packs/mine/a.bin", Content);
        Directory.CreateSymbolicLink(Path.Combine(machine.Root, "mirror"), Path.Combine(machine.Root, "disk", "packs"));
        Assert.NotEmpty(machine.Open(Path.Combine(machine.Root, "mirror"), catalog).Require("mine").PathOf("a.bin"));
    }

    [Fact]
    public void The_shared_mirror_holds_what_the_catalog_names()
    {
        string mirror = Shared.Require("packs");
        using var machine = new PackMachine();
        PackStore store = machine.Open(mirror);
        foreach (string id in (string[])["pyannote-segmentation-3.0", "pyannote-community-1-plda", "silero-vad-v6", "wespeaker-resnet34-lm"])
        {
            LocatedPack pack = store.Require(id);
            Assert.All(pack.PresentFiles, file => Assert.NotNull(pack.Variant(file.Name)));
        }
    }
}
