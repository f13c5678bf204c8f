using System.Diagnostics;
using System.Text.Json;
using Diarist.Audio;
using Diarist.Cli.Tests.Support;
using Diarist.Packs;
using Diarist.Tests.Networks.Nemotron3;

namespace Diarist.Cli.Tests;

/// <summary><c>diarist live</c> on a pipe, with the small network of generated weights: its end by a signal, by its reader and by a full disk, and what it says of the sound.</summary>
public sealed class LiveCommandTests : IDisposable
{
    private const string Pack = "nemotron3-diarization";
    private const string FileName = "Nemotron-3-Diarization.q8_0.gguf";
    private static readonly string[] Live = ["live", "-", "--raw", "s16:16000:1"];
    private static readonly Lazy<byte[]> Network = new(() => SmallNetwork.Gguf().ToArray());
    private static readonly Lazy<byte[]> TenSeconds = new(Samples);

    private readonly PackMachine _machine = new();
    private readonly (string Name, string Value)[] _environment;

    public LiveCommandTests()
    {
        string catalog = _machine.Catalog(PackCatalog.BuiltIn.Find(Pack)! with
        {
            Replaces = true,
            Files = [new PackFile { Name = FileName, Variants = [new PackFileVariant { Sha256 = PackMachine.Hash(Network.Value), Bytes = Network.Value.Length, Source = "here", Revision = "1", Addresses = [] }] }],
        });
        _machine.Write($"home/.local/share/diarist/packs/{Pack}/{FileName}", Network.Value);
        _environment = [("HOME", Path.Combine(_machine.Root, "home")), ("XDG_DATA_HOME", ""), ("DIARIST_PACKS", ""), ("DIARIST_CATALOG", catalog)];
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_pipe_that_ends_within_a_sample_is_labelled_until_there_with_a_warning()
    {
        CliResult whole = await CliProcess.RunAsync(Live, _machine.Root, TenSeconds.Value, _environment);
        CliResult cut = await CliProcess.RunAsync(Live, _machine.Root, (byte[])[.. TenSeconds.Value, 1], _environment);

        Assert.NotEmpty(whole.Succeeded());
        Assert.Equal(whole.Output, cut.Succeeded());
        Assert.Contains("standard input: warning: it ends in the middle of a sample", cut.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_it_with_all_that_was_heard(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");
        using Process tool = CliProcess.Start([.. Live, "--format", "jsonl"], _machine.Root, _environment);
        await tool.StandardInput.BaseStream.WriteAsync(TenSeconds.Value, TestContext.Current.CancellationToken);
        await tool.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();

        // Of ten seconds three steps of 2.56 s are labelled; the rest waits for more.
        for (int line = 0; line < 3; line++)
        {
            lines.Add((await tool.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        }

        using (Process kill = Process.Start("kill", [$"-{signal}", $"{tool.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        lines.AddRange((await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        string said = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(exitCode, tool.ExitCode);
        Assert.Contains("ended by a signal; what was heard until 0:", said, StringComparison.Ordinal);
        using JsonDocument last = JsonDocument.Parse(lines[^1]);
        Assert.True(last.RootElement.GetProperty("last").GetBoolean());
        Assert.InRange(last.RootElement.GetProperty("labelled").GetDouble(), 9.5, 10);
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_it_any_more()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs poll");
        using Process tool = CliProcess.Start(Live, _machine.Root, _environment);
        tool.StandardOutput.Close();
        Task<string> error = tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await tool.StandardInput.BaseStream.WriteAsync(TenSeconds.Value, TestContext.Current.CancellationToken);
            await tool.StandardInput.BaseStream.FlushAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It ended before it had read everything.
        }

        // Its input stays open.
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.Equal(3, tool.ExitCode);
        Assert.Contains("standard output: cannot be written: nobody reads it any more", await error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_named_as_standard_output()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        string raw = _machine.Write("ten.raw", TenSeconds.Value);
        string command = $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll")} {string.Join(' ', Live)} < {raw} > /dev/full";
        var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true };
        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        using Process shell = Process.Start(start)!;
        string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, shell.ExitCode);
        Assert.Contains("standard output: cannot be written: the disk is full", error, StringComparison.Ordinal);
    }

    private static byte[] Samples()
    {
        float[] sound = AudioReader.ReadMono(Repository.Sample)[..(10 * MonoStream.SampleRate)];
        return [.. sound.SelectMany(sample => BitConverter.GetBytes((short)(32767 * sample)))];
    }
}
