using System.Diagnostics;
using System.Text;
using Diarist.Cli.Tests.Support;
using Diarist.Processes;

namespace Diarist.Cli.Tests;

/// <summary>The question of consent on a terminal: only a yes keeps a voice.</summary>
public sealed class ConsentTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ScratchFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "voices");

    private string Key => Path.Combine(_folder.Path, "voices.key");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("n")]
    [InlineData("")]
    [InlineData("yess")]
    public async Task Whatever_is_not_a_yes_keeps_nothing(string answer)
    {
        (int exitCode, string seen) = await EnrollAsync(answer);
        Assert.Equal(2, exitCode);
        Assert.Contains("diarist: without consent nothing was enrolled", seen, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
        Assert.False(File.Exists(Key));
    }

    [Fact]
    public async Task A_yes_keeps_the_voice()
    {
        (int exitCode, string seen) = await EnrollAsync("y");
        Assert.True(exitCode == 0, seen);
        Assert.Contains("A voiceprint of Anna will be made. It is biometric data", seen, StringComparison.Ordinal);
        Assert.Contains("The voice of Anna is kept in", seen, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Store, "*.voice"));
        Assert.Contains("Anna", (await CliProcess.RunAsync("voices", "list", "--store", Store, "--key", Key)).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_and_without_the_option_nothing_is_kept()
    {
        CliResult refused = await CliProcess.RunAsync(["voices", "enroll", "Anna", Voice, "--store", Store, "--key", Key], workingDirectory: null, Encoding.ASCII.GetBytes("y\n"));
        Assert.Contains("there is no terminal to ask on; give --consent", refused.Failed(2), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Store));
    }

    private static string Voice => Path.Combine(Repository.Root, "samples", "voices", "anna.flac");

    /// <summary>Enrols in a terminal of its own, and answers when the question is there.</summary>
    private async Task<(int ExitCode, string Seen)> EnrollAsync(string answer)
    {
        Assert.SkipWhen(ExternalProgram.Find("script") is null, "needs script, which runs a program in a terminal of its own");
        string tool = $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll")}";
        var start = new ProcessStartInfo("script", ["-qefc", $"{tool} voices enroll Anna {Voice} --store {Store} --key {Key}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process terminal = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var seen = new StringBuilder();
        try
        {
            bool answered = false;
            char[] block = new char[1024];
            for (int read; (read = await terminal.StandardOutput.ReadAsync(block, limit.Token)) > 0;)
            {
                seen.Append(block, 0, read);
                if (!answered && seen.ToString().Contains("[y/N]", StringComparison.Ordinal))
                {
                    answered = true;
                    await terminal.StandardInput.WriteAsync($"{answer}\r");
                    await terminal.StandardInput.FlushAsync(limit.Token);
                }
            }

            await terminal.WaitForExitAsync(limit.Token);
            Assert.True(answered, seen.ToString());
            return (terminal.ExitCode, seen.ToString());
        }
        finally
        {
            if (!terminal.HasExited)
            {
                terminal.Kill(entireProcessTree: true);
            }
        }
    }
}
