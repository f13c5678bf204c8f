using Diarist.Packs;

namespace Diarist.Tests.Packs;

public class PackPlanTests
{
    private static readonly byte[] Content = PackMachine.Bytes(4000);

    [Fact]
    public void Without_names_all_default_packs_that_addresses_have_are_planned()
    {
        using var machine = new PackMachine();
        using var downloader = new PackDownloader(machine.Open());
        PackPlan plan = downloader.Plan([]);
        Assert.Equal(["pyannote-segmentation-3.0", "wespeaker-resnet34-lm", "pyannote-community-1-plda", "silero-vad-v6"], plan.Packs.Select(pack => pack.Id));
        Assert.Equal(5986908 + 26500000 + 133852 + 134376 + 1239748, plan.Bytes);
        Assert.Empty(plan.MirrorOnly);
        Assert.False(Directory.Exists(machine.UserStore));
    }

    [Fact]
    public void A_pack_that_some_place_has_is_not_planned()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, ["https://example.org/a"]));
        machine.Write("mirror/mine/a.bin", Content);
        using var downloader = new PackDownloader(machine.Open(Path.Combine(machine.Root, "mirror"), catalog));
        PackPlan plan = downloader.Plan(["mine"]);
        Assert.Empty(plan.Files);
        Assert.Equal(PackLevel.Explicit, Assert.Single(plan.AlreadyHere).Source);
    }

    [Fact]
    public void A_folder_named_to_pull_into_is_filled_whatever_other_places_have()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, ["https://example.org/a"]));
        machine.Write("mirror/mine/a.bin", Content);
        using var downloader = new PackDownloader(machine.Open(Path.Combine(machine.Root, "mirror"), catalog), Path.Combine(machine.Root, "new"));
        Assert.Equal(Path.Combine(machine.Root, "new"), downloader.Plan(["mine"]).Target.Folder);
        Assert.Single(downloader.Plan(["mine"]).Files);
    }

    [Fact]
    public void A_damaged_file_in_the_store_is_planned_again()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, ["https://example.org/a"]), ("b.bin", Content, ["https://example.org/b"]));
        machine.Write("home/.local/share/diarist/packs/mine/a.bin", Content);
        machine.Write("home/.local/share/diarist/packs/mine/b.bin", Content[..^1]);
        using var downloader = new PackDownloader(machine.Open(null, catalog));
        Assert.Equal("b.bin", Assert.Single(downloader.Plan(["mine"]).Files).File.Name);
    }

    [Fact]
    public void A_damaged_file_in_another_place_is_an_error_because_it_would_hide_a_good_one()
    {
        using var machine = new PackMachine();
        string catalog = machine.Catalog("mine", ("a.bin", Content, ["https://example.org/a"]));
        string path = machine.Write("mirror/mine/a.bin", Content[..^1]);
        using var downloader = new PackDownloader(machine.Open(Path.Combine(machine.Root, "mirror"), catalog));
        Assert.Contains(path, Assert.Throws<PackException>(() => downloader.Plan(["mine"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diarizen-wavlm")]
    public void An_opt_in_pack_is_refused_until_its_licence_is_accepted_by_name(string id)
    {
        using var machine = new PackMachine();
        using var downloader = new PackDownloader(machine.Open());
        PackException error = Assert.Throws<PackException>(() => downloader.Plan([id]));
        Assert.Equal((Remedy.AcceptLicense, id), (error.Remedy, error.RemedySubject));
        string refusal = error.Message;
        Assert.Contains("CC-BY-NC-4.0", refusal, StringComparison.Ordinal);
        Assert.Contains("cannot be run yet", refusal, StringComparison.Ordinal);
        string accepted = Assert.Throws<PackException>(() => downloader.Plan([id], [id])).Message;
        Assert.Contains("Nothing is fetched", accepted, StringComparison.Ordinal);
    }

    [Fact]
    public void Accepting_one_licence_accepts_no_other()
    {
        using var machine = new PackMachine();
        PackDescription pack = OptIn("mine");
        PackDescription other = OptIn("other");
        using var downloader = new PackDownloader(machine.Open(null, machine.Catalog(pack, other)));
        Assert.Throws<PackException>(() => downloader.Plan(["mine", "other"], ["mine"]));
        Assert.Single(downloader.Plan(["mine"], ["mine"]).Files);
    }

    [Fact]
    public void A_pack_without_addresses_cannot_be_planned_by_name()
    {
        using var machine = new PackMachine();
        using var downloader = new PackDownloader(machine.Open(null, machine.Catalog("mine", ("a.bin", [1], []))));
        Assert.Equal(["mine"], downloader.Plan([]).MirrorOnly.Select(pack => pack.Id));
        Assert.Contains("no address", Assert.Throws<PackException>(() => downloader.Plan(["mine"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_without_a_home_asks_for_a_folder()
    {
        using var machine = new PackMachine();
        machine.Environment = machine.Environment with { Variable = _ => null };
        using var downloader = new PackDownloader(machine.Open());
        Assert.Equal(Remedy.ChooseStore, Assert.Throws<PackException>(() => downloader.Plan([])).Remedy);
    }

    private static PackDescription OptIn(string id) => new()
    {
        Id = id,
        Title = id,
        Network = "n",
        Purpose = "p",
        Class = PackClass.OptIn,
        License = "CC-BY-NC-4.0",
        Attribution = "a",
        Files = [new PackFile { Name = "a.bin", Variants = [new PackFileVariant { Sha256 = PackMachine.Hash(Content), Bytes = 4000, Source = "s", Revision = "r", Addresses = ["https://example.org/a"] }] }],
    };
}
