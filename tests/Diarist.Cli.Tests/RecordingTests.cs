using System.Diagnostics;
using System.Globalization;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>Recordings as people have them, through the tool.</summary>
public sealed class RecordingTests : IClassFixture<RecordingTests.OneVoice>, IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly OneVoice _voice;

    public RecordingTests(OneVoice voice)
    {
        Installed.Require("ffmpeg");
        _voice = voice;
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_sound_track_that_starts_late_keeps_its_times_in_every_command()
    {
        string excerpt = Excerpt.OfSample(_scratch);
        string video = Ffmpeg("off.mp4", "-f", "lavfi", "-i", "color=s=64x64:r=10:d=20", "-itsoffset", "5", "-i", excerpt, "-map", "0:v", "-map", "1:a", "-c:v", "mpeg4", "-c:a", "aac");
        double first = Start(await Rttm("diarize", excerpt));

        Assert.InRange(first, 0.2, 0.6);
        Assert.InRange(Start(await Rttm("diarize", video)) - first, 4.98, 5.02);
        double speech = Start(await Rttm("vad", excerpt));
        Assert.InRange(Start(await Rttm("vad", video)) - speech, 4.96, 5.04);
        string transcript = _scratch.Write("words.json", """[{"word":"early","start":0.5,"end":1},{"word":"late","start":5.5,"end":6}]""");
        string annotated = (await Run("annotate", transcript, "--audio", video, "--format", "ctm", "--policy", "none")).Succeeded();
        Assert.Contains(" early\n", annotated, StringComparison.Ordinal);
        Assert.Contains("late <NA> lex SPEAKER_00", annotated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec dotnet {tool} diarize <(ffmpeg -v error -i {wav} -f mp3 -) --format rttm --recipe one-voice")]
    [InlineData("mkfifo {dir}/pipe; (ffmpeg -v error -y -i {wav} -f mp3 {dir}/pipe &) ; exec dotnet {tool} diarize {dir}/pipe --format rttm --recipe one-voice")]
    [InlineData("ffmpeg -v error -i {wav} -f mp3 - | exec dotnet {tool} diarize /dev/stdin --format rttm --recipe one-voice")]
    [InlineData("cat {m4a} | exec dotnet {tool} diarize - --format rttm --recipe one-voice")]
    [InlineData("exec dotnet {tool} diarize - --format rttm --recipe one-voice < {m4a}")]
    [InlineData("exec dotnet {tool} diarize /dev/stdin --format rttm --recipe one-voice < {m4a}")]
    [InlineData("cat {m4a} | exec dotnet {tool} diarize - --format rttm --channels separate --speakers-per-channel 1")]
    public async Task What_cannot_be_read_twice_is_read_once_from_its_start(string command)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");
        (string wav, string mono, string delayed, string expected) = await _voice.Forms.Value;
        string m4a = command.Contains("separate", StringComparison.Ordinal) ? delayed : mono;
        string line = command.Replace("{tool}", Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll"), StringComparison.Ordinal)
            .Replace("{wav}", wav, StringComparison.Ordinal).Replace("{m4a}", m4a, StringComparison.Ordinal).Replace("{dir}", _scratch.Path, StringComparison.Ordinal);
        (int code, string output, string error) = await Bash(line);

        Assert.True(code == 0, error);

        // MP3 on a pipe does not state its coder's delay; what was lost before was seconds.
        Assert.Equal(Start(expected), Start(output), 0.1);
        Assert.Equal(Turns(expected).Last().Start, Turns(output).Last(turn => turn.Speaker != "CH2").Start, 0.2);
    }

    [Fact]
    public async Task An_inverted_channel_is_heard_and_told()
    {
        string inverted = Ffmpeg("inv.wav", "-i", Excerpt.OfSample(_scratch), "-af", "pan=stereo|c0=c0|c1=-1*c0");

        CliResult result = await Run("diarize", inverted, "--format", "rttm", "--recipe", "one-voice");

        Assert.Equal(Start(await Rttm("diarize", Path.Combine(_scratch.Path, "excerpt.wav"), "--recipe", "one-voice")), Start(result.Succeeded()), 0.05);
        Assert.Contains("the channels cancel each other", result.Error, StringComparison.Ordinal);
        Assert.Contains("the channels cancel each other", (await Run("vad", inverted)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tracks_are_chosen_or_joined()
    {
        string excerpt = Excerpt.OfSample(_scratch);
        string two = Ffmpeg("two.mka", "-i", Excerpt.Silence(_scratch, 13), "-i", excerpt, "-map", "0", "-map", "1", "-c:a", "flac", "-disposition:a:0", "default", "-disposition:a:1", "0");

        CliResult standard = await Run("diarize", two, "--format", "rttm", "--recipe", "one-voice");
        Assert.Empty(standard.Succeeded());
        Assert.Contains("holds 2 audio tracks", standard.Error, StringComparison.Ordinal);
        Assert.Contains("SPEAKER_00", await Rttm("diarize", two, "--track", "2", "--recipe", "one-voice"), StringComparison.Ordinal);
        Assert.Contains("TRACK2", await Rttm("diarize", two, "--track", "all", "--speakers-per-channel", "1"), StringComparison.Ordinal);
        Assert.Contains("no audio track 3", (await Run("diarize", two, "--track", "3")).Failed(3), StringComparison.Ordinal);
        (await Run("diarize", two, "--track", "none")).Failed(2);
    }

    [Fact]
    public async Task Channels_are_chosen_separated_or_mixed()
    {
        // anna on the left, ben on the right.
        string excerpt = Excerpt.OfSample(_scratch);
        string right = Ffmpeg("right.wav", "-i", excerpt, "-af", "volume=0:enable='lt(t,6.8)'");
        string left = Ffmpeg("left.wav", "-i", excerpt, "-af", "volume=0:enable='gt(t,6.8)'");
        string stereo = Ffmpeg("stereo.wav", "-i", left, "-i", right, "-filter_complex", "[0][1]amerge=inputs=2");

        string separate = await Rttm("diarize", stereo, "--channels", "separate", "--speakers-per-channel", "1");
        Assert.All(Turns(separate), turn => Assert.Equal(turn.Start < 6.8 ? "CH1" : "CH2", turn.Speaker));
        Assert.True(Turns(separate).Select(turn => turn.Speaker).Distinct().Count() == 2);
        Assert.All(Turns(await Rttm("diarize", stereo, "--channels", "2", "--recipe", "one-voice")), turn => Assert.True(turn.Start > 6.5));
        Assert.Equal(await Rttm("diarize", stereo, "--recipe", "one-voice"), await Rttm("diarize", stereo, "--channels", "mix", "--recipe", "one-voice"));
        string tracks = await Rttm("diarize", "--tracks", left, right, "--speakers-per-channel", "1");
        Assert.All(Turns(tracks), turn => Assert.Equal(turn.Start < 6.8 ? "left" : "right", turn.Speaker));
        Assert.Single(tracks.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]).Distinct());
        Assert.Contains("no channel 3", (await Run("vad", stereo, "--channels", "3")).Failed(3), StringComparison.Ordinal);
        (await Run("diarize", stereo, "--speakers-per-channel", "1")).Failed(2);
        (await Run("diarize", stereo, "--channels", "left")).Failed(2);
    }

    [Fact]
    public async Task Files_of_one_name_are_two_recordings()
    {
        string excerpt = Excerpt.OfSample(_scratch, 4);
        string[] inputs = [.. new[] { "a/audio.wav", "b/audio.wav", "my call.wav", "my_call.wav" }.Select(name => Path.Combine(_scratch.Path, name))];
        foreach (string input in inputs)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(input)!);
            File.Copy(excerpt, input);
        }

        string output = await Rttm("vad", inputs);
        Assert.Equal(output, await Rttm("vad", [.. inputs, inputs[0], Path.Combine(_scratch.Path, "a/../b/audio.wav")]));

        Assert.Equal(["a/audio", "b/audio", "my%20call", "my_call"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]).Distinct());
    }

    [Fact]
    public async Task Headerless_files_are_refused_with_the_option_that_states_what_they_hold()
    {
        string raw = Ffmpeg("a.ul", "-i", Excerpt.OfSample(_scratch), "-ar", "8000", "-ac", "1", "-f", "mulaw");

        Assert.Contains("with --raw", (await Run("diarize", raw)).Failed(3), StringComparison.Ordinal);
        Assert.Equal(Start(await Rttm("vad", Path.Combine(_scratch.Path, "excerpt.wav"))), Start(await Rttm("vad", raw, "--raw", "ul:8000:1")), 0.1);
        string pcm = _scratch.Write("a.raw", new string('x', 4000)), text = _scratch.Write("a.txt", new string('x', 4000));
        Assert.Contains("where it has no header, say what its samples are with --raw", (await Run("diarize", pcm)).Failed(3), StringComparison.Ordinal);
        Assert.DoesNotContain("--raw", (await Run("diarize", text)).Failed(3), StringComparison.Ordinal);
        (await Run("vad", raw, "--raw", "ul:8000")).Failed(2);
        (await Run("vad", raw, "--raw", "xx:8000:1")).Failed(2);
    }

    [Fact]
    public async Task The_recording_is_checked_before_packs_are_asked_for()
    {
        string missing = Path.Combine(_scratch.Path, "nowhere.wav");
        foreach (string[] arguments in (string[][])[["diarize", missing], ["vad", missing], ["annotate", _scratch.Write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nA.\n"), "--audio", missing]])
        {
            CliResult result = await CliProcess.RunAsync([.. arguments, "--offline"], _scratch.Path, default, ("DIARIST_PACKS", _scratch.Path), ("XDG_DATA_HOME", _scratch.Path));
            Assert.Contains("there is no such file", result.Failed(3), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_name_that_is_not_utf8_is_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash on Linux");
        string excerpt = Excerpt.OfSample(_scratch);
        string tool = Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll");

        (int code, string output, string error) = await Bash($"f={_scratch.Path}/$'caf\\xe9.wav'; cp {excerpt} \"$f\"; dotnet {tool} vad \"$f\" --format rttm; code=$?; rm \"$f\"; exit $code");

        Assert.True(code == 0, error);
        Assert.Contains("SPEAKER caf", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_without_a_header_are_answered_with_the_option_that_states_them()
    {
        string pcm = _scratch.Write("a.pcm", "");
        var random = new Random(7);
        byte[] samples = new byte[20_000];
        random.NextBytes(samples);
        samples[0] = 2;
        samples[1] = 0;
        await File.WriteAllBytesAsync(pcm, samples, TestContext.Current.CancellationToken);

        Assert.Contains("--raw", (await CliProcess.RunAsync("vad", pcm)).Failed(3), StringComparison.Ordinal);
        Assert.DoesNotContain("--raw", (await CliProcess.RunAsync("vad", _scratch.Write("a.wav", "no audio at all"))).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_a_name_that_is_not_utf8_says_so_and_a_transcript_of_such_a_name_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash on Linux");
        string transcript = _scratch.Write("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nA.\n");
        string turns = _scratch.Write("a.rttm", "SPEAKER a 1 0.5 2 <NA> <NA> X <NA> <NA>\n");
        string tool = Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll");

        (int code, string output, string error) = await Bash($"cd {_scratch.Path}; mkdir in; echo x > in/$'caf\\xe9.wav'; mv {transcript} $'caf\\xe9.srt'; dotnet {tool} batch in -o out; dotnet {tool} annotate $'caf\\xe9.srt' --turns {turns}; code=$?; rm -r in caf*; exit $code");

        Assert.True(code == 0, error);
        Assert.Contains("X: A.", output, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8, so that it cannot be opened here", error, StringComparison.Ordinal);
        Assert.Contains("convmv", error, StringComparison.Ordinal);
    }

    private static IEnumerable<(double Start, string Speaker)> Turns(string rttm) =>
        rttm.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(fields => (double.Parse(fields[3], CultureInfo.InvariantCulture), fields[7]));

    private static double Start(string rttm) => Turns(rttm).First().Start;

    private static Task<CliResult> Run(params string[] arguments) => CliProcess.RunAsync(arguments, Repository.Root);

    private static async Task<string> Rttm(string command, params string[] arguments) => (await Run([command, .. arguments, "--format", "rttm"])).Succeeded();

    private static async Task<(int Code, string Output, string Error)> Bash(string line)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }

    private string Ffmpeg(string name, params string[] arguments) => Ffmpeg(_scratch, name, arguments);

    private static string Ffmpeg(ScratchFolder folder, string name, params string[] arguments)
    {
        string path = Path.Combine(folder.Path, name);
        using Process process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-y", .. arguments, path]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>An excerpt in the forms in which it comes on a pipe, and its turns: made once for all pipes.</summary>
    public sealed class OneVoice : IDisposable
    {
        private readonly ScratchFolder _folder = new();

        /// <summary>Prepares the making.</summary>
        public OneVoice() => Forms = new(MakeAsync);

        /// <summary>The WAV, the same as M4A, the same in the left channel of an M4A with a silent right one, and the turns of the WAV.</summary>
        public Lazy<Task<(string Wav, string Mono, string Delayed, string Expected)>> Forms { get; }

        public void Dispose() => _folder.Dispose();

        private async Task<(string Wav, string Mono, string Delayed, string Expected)> MakeAsync()
        {
            string wav = Excerpt.OfSample(_folder);
            return (
                wav,
                Ffmpeg(_folder, "b.m4a", "-i", wav, "-c:a", "aac"),
                Ffmpeg(_folder, "a.m4a", "-i", wav, "-ac", "2", "-af", "adelay=0|20000", "-c:a", "aac"),
                await Rttm("diarize", wav, "--recipe", "one-voice"));
        }
    }
}
