using System.Text.Json;
using Diarist.Packs;

namespace Diarist.Tests.Packs;

public class PackCatalogTests
{
    private static readonly string GoodHash = new('a', 64);

    [Fact]
    public void The_built_in_catalog_has_the_five_default_packs_and_two_opt_in_ones()
    {
        Assert.Equal(
            ["pyannote-segmentation-3.0", "wespeaker-resnet34-lm", "pyannote-community-1-plda", "silero-vad-v6"],
            PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.Default).Select(pack => pack.Id));
        Assert.Equal(
            ["nemotron3-diarization", "diarizen-wavlm"],
            PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.OptIn).Select(pack => pack.Id));
    }

    [Fact]
    public void The_built_in_catalog_is_what_the_reader_of_other_catalogs_makes_of_it_and_keeps_their_rules()
    {
        using Stream stream = PackCatalog.Resource("Diarist.Packs.catalog.json");
        IReadOnlyList<PackDescription> expected = PackCatalog.Parse(stream, "the built-in catalog");
        Assert.Equal(expected.Count, PackCatalog.BuiltIn.Packs.Count);
        Assert.All(
            expected.Zip(PackCatalog.BuiltIn.Packs),
            pair => Assert.Equal(JsonSerializer.Serialize(pair.First, PackJson.Default.PackDescription), JsonSerializer.Serialize(pair.Second, PackJson.Default.PackDescription)));
    }

    [Fact]
    public void Opt_in_packs_that_cannot_run_yet_are_non_commercial_and_not_pulled() =>
        Assert.All(
            PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.OptIn && pack.Id != "nemotron3-diarization"),
            pack =>
            {
                Assert.Equal("CC-BY-NC-4.0", pack.License);
                Assert.NotNull(pack.CannotRunYet);
                Assert.NotNull(pack.Terms);
                Assert.False(pack.CanBePulled);
            });

    [Fact]
    public void Nemotron_3_is_pulled_only_when_named_and_says_whom_to_name()
    {
        PackDescription pack = PackCatalog.BuiltIn.Find("nemotron3-diarization")!;
        Assert.Equal((PackClass.OptIn, "OpenMDW-1.1", 107012128, true), (pack.Class, pack.License, (int)pack.Bytes, pack.CanBePulled));
        Assert.Contains("NVIDIA", pack.Attribution, StringComparison.Ordinal);
        Assert.Null(pack.CannotRunYet);
        Assert.Equal(["Nemotron-3-Diarization.q8_0.gguf", "model.safetensors"], pack.Files.Select(file => file.Name));
        Assert.DoesNotContain(pack.Id, Diarizer.PacksFor());
    }

    [Fact]
    public void Whisper_s_models_and_its_library_are_free_and_pulled_only_when_named()
    {
        PackDescription[] packs = [.. PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.OnRequest)];
        Assert.Equal(["whisper-tiny", "whisper-base", "whisper-small", "whisper-medium", "whisper-large-v3-turbo", "whisper-runtime"], packs.Select(pack => pack.Id));
        Assert.All(packs, pack => Assert.Equal(("MIT", true, "whisper"), (pack.License, pack.CanBePulled, pack.Network)));
        Assert.Equal([77_691_713L, 147_951_465L, 487_601_967L, 1_533_763_059L, null, 18_482_556L], packs.Select(pack => pack.Files[0].Variants[0].Bytes));
    }

    [Fact]
    public void Default_packs_are_free_for_every_use_and_say_whom_to_name() =>
        Assert.All(
            PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.Default),
            pack =>
            {
                Assert.Contains(pack.License, (string[])["MIT", "CC-BY-4.0"]);
                Assert.False(string.IsNullOrWhiteSpace(pack.Attribution));
            });

    [Fact]
    public void The_segmentation_network_has_two_accepted_builds_of_one_file()
    {
        PackFile file = Assert.Single(PackCatalog.BuiltIn.Find("pyannote-segmentation-3.0")!.Files);
        Assert.Equal([5986908L, 5916681L], file.Variants.Select(variant => variant.Bytes));
    }

    [Fact]
    public void Every_default_pack_has_an_address() =>
        Assert.All(PackCatalog.BuiltIn.Packs.Where(pack => pack.Class == PackClass.Default), pack => Assert.True(pack.CanBePulled));

    [Fact]
    public void A_catalog_of_the_user_adds_packs()
    {
        using var machine = new PackMachine();
        PackCatalog catalog = PackCatalog.BuiltIn.With(machine.Catalog("mine", ("a.bin", [1], [])));
        Assert.NotNull(catalog.Find("mine"));
        Assert.Equal(PackCatalog.BuiltIn.Packs.Count + 1, catalog.Packs.Count);
    }

    [Fact]
    public void A_known_pack_is_replaced_only_when_the_catalog_says_so()
    {
        using var machine = new PackMachine();
        string path = machine.Catalog("silero-vad-v6", ("a.bin", [1], []));
        InputException error = Assert.Throws<InputException>(() => PackCatalog.BuiltIn.With(path));
        Assert.Contains("already known", error.Message, StringComparison.Ordinal);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"title\"", "\"replaces\": true, \"title\"", StringComparison.Ordinal));
        Assert.Equal("the authors of silero-vad-v6", PackCatalog.BuiltIn.With(path).Find("silero-vad-v6")!.Attribution);
    }

    [Theory]
    [InlineData("../evil", "a.bin", "https://example.org/a")]
    [InlineData("evil/..", "a.bin", "https://example.org/a")]
    [InlineData("..", "a.bin", "https://example.org/a")]
    [InlineData("Upper", "a.bin", "https://example.org/a")]
    [InlineData("", "a.bin", "https://example.org/a")]
    [InlineData("good", "../a.bin", "https://example.org/a")]
    [InlineData("good", "/etc/passwd", "https://example.org/a")]
    [InlineData("good", "folder/a.bin", "https://example.org/a")]
    [InlineData("good", "folder\\a.bin", "https://example.org/a")]
    [InlineData("good", "C:a.bin", "https://example.org/a")]
    [InlineData("good", "a..bin", "https://example.org/a")]
    [InlineData("good", ".hidden", "https://example.org/a")]
    [InlineData("good", "pack.json", "https://example.org/a")]
    [InlineData("good", "PACK.JSON", "https://example.org/a")]
    [InlineData("good", "a.bin", "http://example.org/a")]
    [InlineData("good", "a.bin", "file:///etc/passwd")]
    [InlineData("good", "a.bin", "ftp://example.org/a")]
    [InlineData("good", "a.bin", "https://name:word@example.org/a")]
    [InlineData("good", "a.bin", "a")]
    public void What_is_unsafe_in_a_catalog_is_refused(string id, string file, string address)
    {
        using var machine = new PackMachine();
        string path = machine.Write("catalog.json", Entry(id, file, address, GoodHash, "\"bytes\": 1"));
        InputException error = Assert.Throws<InputException>(() => PackCatalog.BuiltIn.With(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xyz", "\"bytes\": 1")]
    [InlineData("", "\"bytes\": 0")]
    [InlineData("", "\"bytes\": -5")]
    [InlineData("", "\"bytes\": 1, \"aboutBytes\": 1")]
    [InlineData("", "\"source\": \"x\"")]
    [InlineData("", "\"bytes\": 1, \"unheardOf\": 1")]
    public void A_wrong_hash_or_length_is_refused(string hash, string length)
    {
        using var machine = new PackMachine();
        string path = machine.Write("catalog.json", Entry("good", "a.bin", "https://example.org/a", hash.Length > 0 ? hash : GoodHash, length));
        Assert.Throws<InputException>(() => PackCatalog.BuiltIn.With(path));
    }

    [Fact]
    public void A_good_entry_passes_the_same_checks()
    {
        using var machine = new PackMachine();
        string path = machine.Write("catalog.json", Entry("good", "a.bin", "http://127.0.0.1:8080/a", GoodHash, "\"bytes\": 1"));
        Assert.NotNull(PackCatalog.BuiltIn.With(path).Find("good"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"schema\": \"other/1\", \"packs\": []}")]
    [InlineData("{\"schema\": \"diarist-packs/1\"}")]
    [InlineData("{\"schema\": \"diarist-packs/1\", \"packs\": [null]}")]
    [InlineData("{\"schema\": \"diarist-packs/1\", \"packs\": [{\"id\": \"a\"}]}")]
    public void A_broken_catalog_is_named(string content)
    {
        using var machine = new PackMachine();
        string path = machine.Write("catalog.json", content);
        InputException error = Assert.Throws<InputException>(() => PackCatalog.BuiltIn.With(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schema\": \"diarist-packs/1\"}", "line 1: properties are missing: 'packs'.")]
    [InlineData("{\"schema\": \"diarist-packs/1\",\n\"packet\": []}", "line 2: the property 'packet' is unknown.")]
    [InlineData("{\"schema\": \"diarist-packs/1\",\n\"packs\": 7}", "line 2: the value of $.packs is of the wrong kind.")]
    public void What_is_wrong_is_said_without_names_of_types(string content, string expected)
    {
        using var machine = new PackMachine();
        string path = machine.Write("catalog.json", content);
        InputException error = Assert.Throws<InputException>(() => PackCatalog.BuiltIn.With(path));
        Assert.Equal($"{path}: {expected}", error.Message);
    }

    private static string Entry(string id, string file, string address, string hash, string length) => $$"""
        {
          "schema": "diarist-packs/1",
          "packs": [{
            "id": "{{id}}", "title": "t", "network": "n", "purpose": "p", "license": "MIT", "attribution": "a",
            "files": [{
              "name": "{{file.Replace("\\", "\\\\", StringComparison.Ordinal)}}",
              "variants": [{ "sha256": "{{hash}}", {{length}}, "source": "s", "revision": "r", "addresses": ["{{address}}"] }]
            }]
          }]
        }
        """;
}
