using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>What goes wrong around the tool: terminals, kills, full disks, closed streams, programs that die. Outputs are whole or absent.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Tool = $"{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"} {Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll")}";

    private readonly ScratchFolder _scratch = new();

    public FaultTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a shell, signals and /dev of Linux");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Kill_9_at_any_moment_leaves_the_old_or_the_new_output()
    {
        string reference = Path.Combine(_scratch.Path, "whole.json");
        string audio = Excerpt.OfSample(_scratch, 4);
        var watch = Stopwatch.StartNew();
        (await CliProcess.RunAsync("diarize", audio, "--format", "json", "-o", reference)).Succeeded();
        double length = watch.Elapsed.TotalMilliseconds;
        string whole = File.ReadAllText(reference);
        string folder = Directory.CreateDirectory(Path.Combine(_scratch.Path, "out")).FullName;
        string output = Path.Combine(folder, "result.json");
        var random = new Random(13);
        int killed = 0;
        for (int run = 0; run < 8; run++)
        {
            File.WriteAllText(output, "old");
            using Process tool = CliProcess.Start(["diarize", audio, "--format", "json", "-o", output]);
            await Task.Delay((int)(length * (0.3 + (0.8 * random.NextDouble()))), TestContext.Current.CancellationToken);
            tool.Kill();
            await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
            killed += tool.ExitCode == 137 ? 1 : 0;
            string left = File.ReadAllText(output);
            Assert.True(left == "old" || left == whole, $"{left.Length} characters are neither the old nor the new output");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} of 8 were killed before they ended");
        Assert.NotEqual(0, killed);
    }

    [Fact]
    public async Task A_folder_for_temporary_files_that_cannot_be_written_is_named_with_its_variable()
    {
        string none = _scratch.Write("file", "");
        byte[] telephone = [0, 0, 0, 24, .. "ftypM4A "u8, .. new byte[4000]];

        string error = (await CliProcess.RunAsync(["diarize", "-"], _scratch.Path, telephone, ("TMPDIR", none))).Failed(3);

        Assert.Contains(none, error, StringComparison.Ordinal);
        Assert.Contains("TMPDIR can name another place", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_names_the_conversation_that_simulate_could_not_write()
    {
        string voices = Path.Combine(Repository.Root, "samples", "voices"), output = Path.Combine(_scratch.Path, "out");

        (int code, _, string error) = await Shell($"trap '' XFSZ; ulimit -f 1; DOTNET_EnableDiagnostics=0 DOTNET_EnableWriteXorExecute=0 {Tool} simulate --utterances {voices} --speakers 2 --seconds 10 --output {output}");

        Assert.True(code == 3, $"{code}: {error}");
        Assert.Contains($"{Path.Combine(output, "sim-1-0000")}: cannot be written: the file would be larger than the system permits", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(output));
    }

    [Fact]
    public async Task A_full_disk_is_an_error_with_the_file_and_leaves_nothing()
    {
        // A file may have 512 bytes; the signal that the limit sends is ignored, so that writing fails as on a full disk.
        string output = Path.Combine(_scratch.Path, "out.json");
        string audio = Excerpt.OfSample(_scratch, 4);
        (int code, _, string error) = await Shell($"trap '' XFSZ; ulimit -f 1; DOTNET_EnableDiagnostics=0 DOTNET_EnableWriteXorExecute=0 {Tool} diarize {audio} --format json -o {output}");
        Assert.True(code == 3, $"{code}: {error}");
        Assert.Contains("out.json", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal([audio], Directory.EnumerateFiles(_scratch.Path));
    }

    [Theory]
    [InlineData("> /dev/full")]
    [InlineData(">&-")]
    public async Task Standard_output_that_takes_nothing_is_an_error_and_no_crash(string redirection)
    {
        (int code, _, string error) = await Shell($"{Tool} diarize {Excerpt.OfSample(_scratch, 4)} --format json {redirection}");
        Assert.True(code is 3, $"{code}: {error}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help diarize")]
    [InlineData("diarize --help")]
    [InlineData("--version")]
    [InlineData("packs list")]
    public async Task What_is_said_to_a_full_disk_is_an_error_and_no_crash(string command)
    {
        (int code, _, string error) = await Shell($"{Tool} {command} > /dev/full");
        Assert.Equal(3, code);
        Assert.Equal("diarist: standard output: cannot be written: the disk is full\n", error);
    }

    [Fact]
    public async Task A_session_that_a_full_disk_cannot_take_is_named_and_stays_as_it_was()
    {
        string session = Path.Combine(_scratch.Path, "talk.diarist");
        (await CliProcess.RunAsync("diarize", Excerpt.OfSample(_scratch, 4), "--save", session, "-o", "/dev/null")).Succeeded();
        byte[] before = File.ReadAllBytes(session);
        (int shown, _, string unseen) = await Shell($"{Tool} session show {session} > /dev/full");
        Assert.Equal((3, "diarist: standard output: cannot be written: the disk is full\n"), (shown, unseen));

        (int code, _, string error) = await Shell($"trap '' XFSZ; ulimit -f 1; DOTNET_EnableDiagnostics=0 DOTNET_EnableWriteXorExecute=0 {Tool} session rename {session} SPEAKER_00 Ada");
        Assert.True(code == 3, $"{code}: {error}");
        Assert.StartsWith($"diarist: {session}: cannot be written: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(session));
    }

    [Fact]
    public async Task A_server_whose_port_is_taken_says_so_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string address = other.LocalEndpoint.ToString()!;
        CliResult result = await CliProcess.RunAsync("serve", "--listen", address, "--data", Path.Combine(_scratch.Path, "data"));
        Assert.Equal($"diarist: --listen {address}: the server cannot start: another program listens there; name another address or port; port 0 takes a free one\n", result.Failed(3));
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2> /dev/full")]
    [InlineData("<&-")]
    public async Task Closed_error_and_input_do_not_cost_the_result(string redirection)
    {
        string output = Path.Combine(_scratch.Path, "out.json");
        (int code, _, string error) = await Shell($"{Tool} diarize {Excerpt.OfSample(_scratch, 4)} --format json -o {output} {redirection}");
        Assert.True(code == 0, $"{code}: {error}");
        Assert.StartsWith("{", File.ReadAllText(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_tool_without_a_trace()
    {
        string said = Path.Combine(_scratch.Path, "said");
        (int code, _, _) = await Shell($"{Tool} diarize {Repository.Sample} --format json 2> {said} | head -c 10 > /dev/null");
        Assert.Equal(0, code);
        Assert.DoesNotContain("   at ", File.ReadAllText(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ffmpeg_that_dies_is_told_and_leaves_no_output()
    {
        string program = "";
        foreach (string name in (string[])["ffmpeg", "ffprobe"])
        {
            program = _scratch.Write($"bin/{name}", "#!/bin/sh\necho dying >&2\nkill -9 $$\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        string recording = _scratch.Write("a.m4a", "no format that is decoded here, but long enough to be looked at");
        string output = Path.Combine(_scratch.Path, "out.json");
        CliResult result = await CliProcess.RunAsync(["diarize", recording, "-o", output], null, default, ("PATH", $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}"));
        Assert.Contains("a.m4a", result.Failed(3), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    private async Task<(int Code, string Output, string Error)> Shell(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _scratch.Path };
        using Process shell = Process.Start(start)!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            shell.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"still runs after {Patience.TotalSeconds} s: {command}"));
        }

        return (shell.ExitCode, await output, await error);
    }
}
