using System.Text.Json;
using Diarist.Asr.Whisper;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary><c>transcribe --engine whisper</c> with the real native library and a model of generated weights.</summary>
public sealed class TranscribeWhisperTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Words_and_speakers_come_out_together()
    {
        string model = Model();
        string[] arguments = ["transcribe", Excerpt.OfSample(_scratch), "--engine", "whisper", "--model", model];
        string plain = (await CliProcess.RunAsync(arguments)).Succeeded();
        Assert.DoesNotContain("\"speaker\":", plain, StringComparison.Ordinal);
        string spoken = (await CliProcess.RunAsync([.. arguments, "--diarize", "--threads", "2"])).Succeeded();
        using JsonDocument document = JsonDocument.Parse(spoken);
        Assert.Equal(WhisperModelWriter.Language, document.RootElement.GetProperty("language").GetString());
        JsonElement[] segments = [.. document.RootElement.GetProperty("segments").EnumerateArray()];
        Assert.NotEmpty(segments);
        Assert.All(segments, segment => Assert.StartsWith("SPEAKER_", segment.GetProperty("speaker").GetString(), StringComparison.Ordinal));
        Assert.All(segments, segment => Assert.Contains(segment.GetProperty("text").GetString(), WhisperModelWriter.Script));
        Assert.Contains("\"id\": \"silero-vad-v6\"", plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_model_is_told_with_the_file_and_what_to_do()
    {
        string model = Model();
        Assert.Contains("large-v3-turbo, or the path of a model", await Failed(2, "no-such-model"), StringComparison.Ordinal);
        Assert.Contains("whisper knows no language 'xx'", await Failed(2, model, "--language", "xx"), StringComparison.OrdinalIgnoreCase);
        string cut = Path.Combine(_scratch.Path, "cut.bin");
        File.WriteAllBytes(cut, File.ReadAllBytes(model)[..100_000]);
        Assert.Contains($"{cut}: the model is cut off at its end", await Failed(3, cut), StringComparison.Ordinal);
        Assert.Contains("not a Whisper model", await Failed(3, Repository.Sample), StringComparison.Ordinal);
        string missing = await Failed(4, "base", "--offline", "--packs", _scratch.Path);
        Assert.Contains("`diarist packs pull whisper-base`", missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_native_library_its_pack_is_asked_for_and_then_used()
    {
        string model = Model();
        string tool = ToolWithoutRuntime();
        string[] arguments = ["transcribe", Excerpt.OfSample(_scratch), "--engine", "whisper", "--model", model];
        string missing = (await CliProcess.RunAsync([.. arguments, "--offline"], null, default, tool)).Failed(4);
        Assert.Contains("`diarist packs pull whisper-runtime`", missing, StringComparison.Ordinal);
        string doctor = (await CliProcess.RunAsync(["doctor", "--no-test"], null, default, tool)).Succeeded();
        Assert.Contains("does not run", doctor, StringComparison.Ordinal);

        string package = Path.Combine(
            Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
            "whisper.net.runtime", "1.9.1", "whisper.net.runtime.1.9.1.nupkg");
        Assert.SkipUnless(File.Exists(package), "the package that is the pack is not in the cache of packages");
        string packs = Path.Combine(_scratch.Path, "packs");
        Directory.CreateDirectory(Path.Combine(packs, WhisperRuntime.Pack));
        File.Copy(package, Path.Combine(packs, WhisperRuntime.Pack, Path.GetFileName(package)));
        Assert.Contains(WhisperModelWriter.Script[0], (await CliProcess.RunAsync([.. arguments, "--packs", packs], null, default, tool)).Succeeded(), StringComparison.Ordinal);
        doctor = (await CliProcess.RunAsync(["doctor", "--no-test", "--packs", packs], null, default, tool)).Succeeded();
        Assert.Contains("its native library is the pack whisper-runtime", doctor, StringComparison.Ordinal);
    }

    private static async Task<string> Failed(int code, string model, params string[] more) =>
        (await CliProcess.RunAsync(["transcribe", Repository.Sample, "--engine", "whisper", "--model", model, .. more])).Failed(code);

    private string Model()
    {
        Assert.SkipUnless(WhisperRuntime.IsBesideProgram, "Whisper.net's package has no native library for this machine");
        string path = Path.Combine(_scratch.Path, "ggml-generated.bin");
        WhisperModelWriter.Write(path);
        return path;
    }

    // The tool as it is installed: all that lies beside it, without the folder of native libraries.
    private string ToolWithoutRuntime()
    {
        string folder = Path.Combine(_scratch.Path, "tool");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory).Where(file => Path.GetExtension(file) is ".dll" or ".json"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return Path.Combine(folder, "Diarist.Cli.dll");
    }
}
