using System.Diagnostics;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>Ctrl-C and SIGTERM: documented exit codes, nothing left behind. docs/cli.md gives the times.</summary>
public sealed class InterruptionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder _scratch = new();

    public InterruptionTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs signals");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_the_recognizer_with_all_that_it_started_and_deletes_temporary_audio(string signal, int exitCode)
    {
        string started = Path.Combine(_scratch.Path, "started");
        string output = Path.Combine(_scratch.Path, "out.txt");
        string script = _scratch.Write("recognizer.sh", $"sleep 300 & echo $! > {started}.part; echo $$ >> {started}.part; mv {started}.part {started}; sleep 300\n");
        using Process tool = Start(["transcribe", Repository.Sample, "--engine", "process", "--command", $"sh {script}", "-o", output]);
        int[] recognizer = await PidsIn(started);
        Assert.Single(Directory.EnumerateDirectories(Temporary, "diarist-tmp-*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Directory.EnumerateDirectories(Temporary).Single()));
        await SignalAndAssert(tool, signal, exitCode);
        await AssertEnded(recognizer);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path, "out*"));
    }

    [Fact]
    public async Task Control_C_in_a_terminal_ends_the_tool_and_the_recognizer()
    {
        Assert.SkipWhen(Diarist.Processes.ExternalProgram.Find("script") is null, "needs script, which runs a program in a terminal of its own");
        Assert.SkipWhen(IgnoresInterrupts(), "SIGINT is ignored in this process (it runs in the background)");
        string started = Path.Combine(_scratch.Path, "started");
        string output = Path.Combine(_scratch.Path, "out.txt");
        string seen = Path.Combine(_scratch.Path, "seen");
        string script = _scratch.Write("recognizer.sh", $"sleep 300 & echo $! > {started}.part; echo $$ >> {started}.part; mv {started}.part {started}; sleep 300\n");
        string tool = $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll")}";
        var start = new ProcessStartInfo("script", ["-qefc", $"{tool} transcribe {Repository.Sample} --engine process --command 'sh {script}' -o {output}", seen])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = Temporary;
        using Process terminal = Process.Start(start)!;
        try
        {
            int[] recognizer = await PidsIn(started);
            long before = Stopwatch.GetTimestamp();
            await terminal.StandardInput.WriteAsync("\u0003");
            await terminal.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            await terminal.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            TestContext.Current.TestOutputHelper?.WriteLine($"ended after {Stopwatch.GetElapsedTime(before).TotalMilliseconds:0} ms");
            Assert.Equal(130, terminal.ExitCode);
            await AssertEnded(recognizer);
        }
        finally
        {
            // Whatever went wrong, nothing stays behind.
            if (!terminal.HasExited)
            {
                terminal.Kill(entireProcessTree: true);
            }
        }

        Assert.Contains("diarist: cancelled", File.ReadAllText(seen), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
        Assert.Empty(Directory.EnumerateFiles(_scratch.Path, "out*"));
    }

    [Fact]
    public async Task A_signal_ends_an_ffmpeg_that_hangs()
    {
        string started = Path.Combine(_scratch.Path, "started");
        string program = "";
        foreach (string name in (string[])["ffmpeg", "ffprobe"])
        {
            program = _scratch.Write($"bin/{name}", $"#!/bin/sh\necho $$ > {started}.part; mv {started}.part {started}; sleep 300\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        string recording = _scratch.Write("a.m4a", "neither WAV nor FLAC, but long enough to be looked at");
        string path = $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}";
        using Process tool = Start(["transcribe", recording, "--engine", "process", "--command", "cat {wav}"], ("PATH", path));
        int[] ffmpeg = await PidsIn(started);
        await SignalAndAssert(tool, "TERM", 143);
        await AssertEnded(ffmpeg);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
    }

    [Fact]
    public async Task What_a_killed_process_left_is_deleted_by_the_next_and_what_is_in_use_stays()
    {
        string dead = Directory.CreateDirectory(Path.Combine(Temporary, "diarist-tmp-dead")).FullName;
        File.WriteAllText(Path.Combine(dead, ".lock"), "");
        File.WriteAllText(Path.Combine(dead, "audio.wav"), "somebody's voice");
        string alive = Directory.CreateDirectory(Path.Combine(Temporary, "diarist-tmp-alive")).FullName;
        using var held = new FileStream(Path.Combine(alive, ".lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        string other = Directory.CreateDirectory(Path.Combine(_scratch.Path, "elsewhere")).FullName;
        File.WriteAllText(Path.Combine(other, ".lock"), "");
        Directory.CreateSymbolicLink(Path.Combine(Temporary, "diarist-tmp-link"), other);
        using Process tool = Start(["transcribe", Repository.Sample, "--engine", "process", "--command", "echo hello"]);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, tool.ExitCode);
        Assert.False(Directory.Exists(dead));
        Assert.True(File.Exists(Path.Combine(alive, ".lock")));
        Assert.True(File.Exists(Path.Combine(other, ".lock")));
    }

    [Fact]
    public async Task What_a_recognizer_leaves_running_does_not_hold_the_result_back()
    {
        long before = Environment.TickCount64;
        CliResult result = await CliProcess.RunAsync("transcribe", Repository.Sample, "--engine", "process", "--command", "sh -c 'sleep 300 & echo hello'");
        Assert.Equal("hello\n", result.Succeeded());
        Assert.InRange(Environment.TickCount64 - before, 0, 60_000);
    }

    private string Temporary => Directory.CreateDirectory(Path.Combine(_scratch.Path, "tmp")).FullName;

    private Process Start(string[] arguments, params (string Name, string Value)[] environment) =>
        CliProcess.Start(arguments, Repository.Root, [("TMPDIR", Temporary), .. environment]);

    // The runtime keeps its own pipes there as well; they go with it.
    private static async Task SignalAndAssert(Process tool, string signal, int exitCode)
    {
        // A shell ignores SIGINT in what it starts in the background, and every program below inherits that.
        Assert.SkipWhen(signal == "INT" && IgnoresInterrupts(), "SIGINT is ignored in this process (it runs in the background)");

        long before = Stopwatch.GetTimestamp();
        using (Process kill = Process.Start("kill", [$"-{signal}", tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string said = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"SIG{signal}: ended after {Stopwatch.GetElapsedTime(before).TotalMilliseconds:0} ms");
        Assert.Equal(exitCode, tool.ExitCode);
        Assert.Equal("diarist: cancelled\n", said);
    }

    private static async Task<int[]> PidsIn(string file)
    {
        for (long end = Environment.TickCount64 + (long)Patience.TotalMilliseconds; !File.Exists(file); await Task.Delay(20))
        {
            Assert.True(Environment.TickCount64 < end, "the program was not started");
        }

        return [.. File.ReadLines(file).Select(line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static async Task AssertEnded(int[] pids)
    {
        foreach (int pid in pids)
        {
            for (long end = Environment.TickCount64 + 5000; IsRunning(pid); await Task.Delay(20))
            {
                Assert.True(Environment.TickCount64 < end, $"process {pid} still runs");
            }
        }
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            // A process that has ended and whose parent has not asked is a zombie: state Z.
            return !File.Exists($"/proc/{pid}/stat") ? !OperatingSystem.IsLinux() && !Process.GetProcessById(pid).HasExited : !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return false;
        }
    }

    private static UnixFileMode Mode(string folder) => OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(folder);

    private static bool IgnoresInterrupts() => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Any(line => (Convert.ToUInt64(line[7..].Trim(), 16) & 2) != 0);
}
