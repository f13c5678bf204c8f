using System.Text.Json;
using Diarist.Cli.Tests.Support;
using Diarist.Packs;
using Diarist.Tests.Networks.Nemotron3;

namespace Diarist.Cli.Tests.Packs;

/// <summary>
/// The way of Nemotron 3's pack from refusal to use, with the small network of generated weights in the place of the published file and a local server in the place of
/// the published address; then every command and format on what it labels.
/// </summary>
public sealed class Nemotron3PackTests : IDisposable
{
    private const string Pack = "nemotron3-diarization";
    private const string FileName = "Nemotron-3-Diarization.q8_0.gguf";
    private const string Words = """{"text":"Good day. Hello.","segments":[{"start":3,"end":9,"text":" Good day. Hello.","words":[{"word":" Good","start":3,"end":4},{"word":" day.","start":4,"end":5},{"word":" Hello.","start":8,"end":9}]}]}""";

    private static readonly Lazy<byte[]> Network = new(() => SmallNetwork.Gguf().ToArray());

    private readonly PackMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_pack_is_refused_until_it_is_named_and_its_licence_accepted_and_is_then_fetched_and_verified()
    {
        using var server = LoopbackServer.Of(Network.Value);
        string catalog = Catalog(server[FileName]);

        string missing = (await Run(catalog, "diarize", Repository.Sample, "--networks", "nemotron3")).Failed(4);
        Assert.Contains(Pack, missing, StringComparison.Ordinal);
        string refused = (await Run(catalog, "packs", "pull", Pack, "--yes")).Failed(4);
        Assert.Contains($"--accept-license {Pack}", refused, StringComparison.Ordinal);
        (await Run(catalog, "packs", "pull", Pack, "--yes", "--accept-license", "another")).Failed(4);
        Assert.Empty(server.Requests);

        CliResult pulled = await Run(catalog, "packs", "pull", Pack, "--yes", "--accept-license", Pack);
        Assert.Contains("here and checked", pulled.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("OpenMDW-1.1", pulled.Output, StringComparison.Ordinal);
        Assert.Contains("NVIDIA", pulled.Output, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal(Network.Value, File.ReadAllBytes(Path.Combine(_machine.UserStore, Pack, FileName)));

        string verified = (await Run(catalog, "packs", "verify", Pack, "--known-answers")).Succeeded();
        Assert.Contains($"ok       {Pack}: mean difference", verified, StringComparison.Ordinal);
        Assert.Contains("no answer of NVIDIA's own program is known", verified, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_and_format_works_on_its_labels()
    {
        string catalog = Catalog();
        _machine.Write($"home/.local/share/diarist/packs/{Pack}/{FileName}", Network.Value);
        string json = (await Run(catalog, "diarize", Repository.Sample, "--networks", "nemotron3", "--format", "json")).Succeeded();
        using JsonDocument result = JsonDocument.Parse(json);
        JsonElement[] turns = [.. result.RootElement.GetProperty("turns").EnumerateArray()];
        Assert.NotEmpty(turns);
        Assert.All(turns, turn => Assert.InRange(turn.GetProperty("confidence").GetDouble(), 0.5, 1));
        string turnsFile = _machine.Write("turns.json", json), words = _machine.Write("words.json", Words);
        string speaker = turns[0].GetProperty("speaker").GetString()!;
        foreach (string format in (string[])["text", "json", "rttm"])
        {
            Assert.Contains(speaker, (await Run(catalog, "diarize", Repository.Sample, "--networks", "nemotron3", "--format", format)).Succeeded(), StringComparison.Ordinal);
        }

        foreach (string format in (string[])["same", "text", "srt", "vtt", "markdown", "json", "diarized_json", "ctm", "stm", "seglst", "rttm", "textgrid", "csv"])
        {
            string annotated = (await Run(catalog, "annotate", words, "--turns", turnsFile, "--format", format)).Succeeded();
            Assert.Contains(format == "markdown" ? "SPEAKER\\_0" : "SPEAKER_0", annotated, StringComparison.Ordinal);
        }

        string transcribed = (await Run(
            catalog, "transcribe", Repository.Sample, "--engine", "process", "--command", $"cat {words}", "--diarize", "--networks", "nemotron3", "--format", "json")).Succeeded();
        Assert.Contains("SPEAKER_0", transcribed, StringComparison.Ordinal);
        Assert.Contains("confidence", transcribed, StringComparison.Ordinal);

        string rttm = _machine.Write("turns.rttm", (await Run(catalog, "diarize", Repository.Sample, "--networks", "nemotron3", "--format", "rttm")).Succeeded());
        string scored = (await Run(catalog, "score", "der", "--reference", rttm, "--hypothesis", rttm, "--format", "json")).Succeeded();
        using JsonDocument score = JsonDocument.Parse(scored);
        Assert.Equal(0, score.RootElement.GetProperty("pooled").GetProperty("rate").GetDouble());

        int found = result.RootElement.GetProperty("speakers").GetArrayLength();
        Assert.True(found > 2);
        string fewer = (await Run(catalog, "diarize", Repository.Sample, "--networks", "nemotron3", "--speakers", "2", "--format", "json")).Succeeded();
        using JsonDocument merged = JsonDocument.Parse(fewer);
        Assert.Equal(2, merged.RootElement.GetProperty("speakers").GetArrayLength());
    }

    private Task<CliResult> Run(string catalog, params string[] arguments) => CliProcess.RunAsync(
        arguments,
        _machine.WorkingDirectory,
        environment: [("HOME", Path.Combine(_machine.Root, "home")), ("XDG_DATA_HOME", ""), ("DIARIST_PACKS", ""), ("DIARIST_CATALOG", catalog), ("DOTNET_NOLOGO", "1")]);

    private string Catalog(params string[] addresses) => _machine.Catalog(PackCatalog.BuiltIn.Find(Pack)! with
    {
        Replaces = true,
        Files =
        [
            new PackFile
            {
                Name = FileName,
                Variants = [new PackFileVariant { Sha256 = PackMachine.Hash(Network.Value), Bytes = Network.Value.Length, Source = "here", Revision = "1", Addresses = addresses }],
            },
        ],
    });
}
