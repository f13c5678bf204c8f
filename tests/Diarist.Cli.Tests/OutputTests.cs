using System.Diagnostics;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>Where results go: nothing that is read, and nothing that is no file, is ever replaced.</summary>
public sealed class OutputTests : IDisposable
{
    private const string Words = "[0.50s - 1.00s] hello\n";
    private const string Turns = "SPEAKER meeting 1 0.400 1.400 <NA> <NA> SPEAKER_00 <NA> <NA>\n";

    private readonly ScratchFolder _scratch = new();
    private readonly string _transcript;
    private readonly string _turns;

    public OutputTests()
    {
        _transcript = _scratch.Write("meeting.txt", Words);
        _turns = _scratch.Write("meeting.rttm", Turns);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("meeting.txt")]
    [InlineData("meeting.rttm")]
    public async Task An_output_that_is_read_is_refused_by_every_name(string file)
    {
        string source = Path.Combine(_scratch.Path, file);
        string before = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        string link = Path.Combine(_scratch.Path, "link");
        File.CreateSymbolicLink(link, source);
        string[] names = [source, link, Path.Combine(_scratch.Path, "..", Path.GetFileName(_scratch.Path), file)];
        foreach (string name in names)
        {
            Assert.Contains("which is read", (await Annotate(name)).Failed(2), StringComparison.Ordinal);
        }

        Assert.Equal(before, await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_first_recording_of_a_pattern_is_not_taken_for_the_output()
    {
        string first = _scratch.Write("a.flac", "sound"), second = _scratch.Write("b.flac", "sound");
        CliResult result = await CliProcess.RunAsync("diarize", "--format", "rttm", "-o", first, second);
        Assert.Contains("is the name of a recording, and no sound is written; name a file such as a.rttm", result.Failed(2), StringComparison.Ordinal);
        Assert.Equal("sound", await File.ReadAllTextAsync(first, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("diarize")]
    [InlineData("vad")]
    public async Task Turns_are_not_written_under_the_name_of_captions(string command)
    {
        string captions = Path.Combine(_scratch.Path, "talk.srt");
        CliResult result = await CliProcess.RunAsync(command, Repository.Sample, "-o", captions);
        Assert.Contains("talk.srt: this command does not write .srt; it writes text, rttm, json", result.Failed(2), StringComparison.Ordinal);
        Assert.False(File.Exists(captions));
    }

    [Fact]
    public async Task Turns_that_are_not_there_are_named_as_they_were_given()
    {
        CliResult result = await CliProcess.RunAsync("annotate", _transcript, "--turns", "nowhere.rttm");
        Assert.Equal("diarist: nowhere.rttm: there is no such file\n", result.Failed(3));
    }

    [Fact]
    public async Task A_hard_link_to_an_input_is_the_input()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs ln");
        string link = Path.Combine(_scratch.Path, "hard");
        await Run("ln", _transcript, link);
        Assert.Contains("which is read", (await Annotate(link)).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_followed_and_stays()
    {
        string target = _scratch.Write("target.txt", "old");
        string link = Path.Combine(_scratch.Path, "link.txt");
        File.CreateSymbolicLink(link, target);
        (await Annotate(link)).Succeeded();
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal("[0:00] SPEAKER_00: hello\n", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_FIFO_is_written_to_and_stays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        string fifo = Path.Combine(_scratch.Path, "fifo");
        await Run("mkfifo", fifo);
        Task<string> read = Task.Run(() => File.ReadAllText(fifo), TestContext.Current.CancellationToken);
        (await Annotate(fifo)).Succeeded();
        Assert.Equal("[0:00] SPEAKER_00: hello\n", await read);
        Assert.False(File.ResolveLinkTarget(fifo, true) is not null || new FileInfo(fifo).Length > 0);
    }

    [Fact]
    public async Task A_device_is_written_to_and_a_full_one_is_reported_by_its_name()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        string error = (await Annotate("/dev/full")).Failed(3);
        Assert.Equal("diarist: /dev/full: cannot be written: the disk is full\n", error);
        (await Annotate("/dev/null")).Succeeded();
        Assert.Empty(Directory.EnumerateFiles("/dev", "*.part"));
    }

    [Fact]
    public async Task Messages_name_the_file_and_never_a_temporary_one()
    {
        string error = (await Annotate(Path.Combine(_scratch.Path, "nowhere", "out.txt"))).Failed(3);
        Assert.EndsWith("out.txt: cannot be written: there is no such folder\n", error, StringComparison.Ordinal);
        Assert.DoesNotContain(".diarist-", error, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Standard_error_that_is_full_loses_no_result()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        string tool = Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll");
        foreach (string redirection in (string[])["2>/dev/full", "2>&-"])
        {
            Assert.Equal("[0:00] Ann: hello\n", await Run("sh", "-c", $"dotnet '{tool}' annotate '{_transcript}' --turns '{_turns}' --name SPEAKER_00=Ann --name X=Y {redirection}"));
        }
    }

    [Fact]
    public void Two_inputs_of_one_name_get_two_files()
    {
        string folder = Path.Combine(_scratch.Path, "results");
        string[] inputs = ["a/x.wav", "b/x.wav", "b/X.flac", "y.wav"];
        OutputTarget target = OutputTarget.Create(folder, inputs, [OutputFormats.Rttm]);
        foreach (string input in inputs)
        {
            target.Write(input, OutputFormats.Rttm, stream => stream.WriteByte((byte)'a'));
        }

        Assert.Equal(["X-3.rttm", "x-2.rttm", "x.rttm", "y.rttm"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_name_of_a_file_is_no_folder_for_several_inputs()
    {
        Assert.Contains("several inputs need a folder", Assert.Throws<UsageException>(() => OutputTarget.Create(Path.Combine(_scratch.Path, "both.txt"), ["a", "b"], [OutputFormats.Text])).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<UsageException>(() => OutputTarget.Create(_transcript, ["a", "b"], [OutputFormats.Text])).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_scratch.Path, "both.txt")));
    }

    [Theory]
    [InlineData("out.srt", "1\n00:00:00,500")]
    [InlineData("out.VTT", "WEBVTT")]
    [InlineData("out.json", "{\n \"schema\": \"diarist-transcript/1\"")]
    [InlineData("out.log", "[0:00] SPEAKER_00: hello")]
    public async Task The_extension_decides_the_format(string file, string start)
    {
        string path = Path.Combine(_scratch.Path, file);
        (await Annotate(path)).Succeeded();
        Assert.StartsWith(start, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_formats_go_beside_each_other_and_all_means_all()
    {
        (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--format", "srt,json,rttm", "-o", Path.Combine(_scratch.Path, "out"))).Succeeded();
        Assert.Equal(["out.json", "out.rttm", "out.srt"], Names("out.*"));
        (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--format", "all", "-o", Path.Combine(_scratch.Path, "every") + "/")).Succeeded();
        string[] every = Names("every/*");
        Assert.Equal(AttributionArguments.Known.Count, every.Length);
        Assert.Contains("meeting.seglst.json", every);
        Assert.Contains("several formats need --output", (await CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "--format", "srt,json")).Failed(2), StringComparison.Ordinal);
    }

    private string[] Names(string pattern) =>
        [.. Directory.EnumerateFiles(_scratch.Path, pattern).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private Task<CliResult> Annotate(string output) => CliProcess.RunAsync("annotate", _transcript, "--turns", _turns, "-o", output);

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
