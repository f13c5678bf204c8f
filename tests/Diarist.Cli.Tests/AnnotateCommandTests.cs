using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public sealed class AnnotateCommandTests : IDisposable
{
    private const string Words = """{"text":"Good day. Hello.","segments":[{"start":0.5,"end":3,"text":" Good day. Hello.","words":[{"word":" Good","start":0.5,"end":1},{"word":" day.","start":1,"end":1.5},{"word":" Hello.","start":2.2,"end":3}]}],"custom":[1,2,{"a":null}]}""";
    private const string Turns = "SPEAKER meeting 1 0.400 1.400 <NA> <NA> SPEAKER_00 <NA> <NA>\nSPEAKER meeting 1 2.000 1.200 <NA> <NA> SPEAKER_01 <NA> <NA>\n";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task JSON_comes_back_byte_for_byte_with_speaker_members_inserted()
    {
        string output = await Annotate("--format", "same");
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement[] words = [.. json.RootElement.GetProperty("segments")[0].GetProperty("words").EnumerateArray()];
        Assert.Equal(["SPEAKER_00", "SPEAKER_00", "SPEAKER_01"], words.Select(word => word.GetProperty("speaker").GetString()));
        Assert.Equal(Words, System.Text.RegularExpressions.Regex.Replace(output, ",\"speaker[a-z_]*\":(\"[^\"]*\"|[0-9.]+|true|\\[[^\\]]*\\])", ""));
    }

    [Fact]
    public async Task Without_turns_in_the_file_JSON_comes_back_unchanged()
    {
        string transcript = _scratch.Write("meeting.json", Words);
        string turns = _scratch.Write("empty.rttm", ";; nobody speaks\n");
        CliResult result = await CliProcess.RunAsync("annotate", transcript, "--turns", turns);
        Assert.Equal(Words, result.Succeeded());
        Assert.Contains("empty.rttm: warning: it holds no turns, so no word gets a speaker", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_in_another_encoding_is_refused_with_the_option_that_reads_it()
    {
        string transcript = _scratch.Write("talk.srt", "");
        await File.WriteAllBytesAsync(transcript, [.. "1\n00:00:00,500 --> 00:00:01,500\n"u8, 0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2, (byte)'\n'], TestContext.Current.CancellationToken);
        string turns = _scratch.Write("talk.rttm", Turns);

        CliResult refused = await CliProcess.RunAsync("annotate", transcript, "--turns", turns);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("--encoding NAME states it", refused.Error, StringComparison.Ordinal);
        Assert.Contains("SPEAKER_00: Привет", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--encoding", "windows-1251")).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(2, (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--encoding", "nonsense")).ExitCode);
    }

    [Fact]
    public async Task Text_names_the_speakers_and_names_replace_labels() =>
        Assert.Equal("[0:00] Ann: Good day.\n[0:02] SPEAKER_01: Hello.\n", await Annotate("--format", "text", "--name", "SPEAKER_00=Ann"));

    [Theory]
    [InlineData("srt", "[SPEAKER_01]: Hello.")]
    [InlineData("vtt", "<v SPEAKER_01>Hello.</v>")]
    [InlineData("markdown", "**SPEAKER\\_01** (0:02): Hello.")]
    [InlineData("json", "\"diarist-transcript/1\"")]
    [InlineData("diarized_json", "transcript.text.segment")]
    [InlineData("ctm", "meeting 1 2.200 0.800 Hello. <NA> lex SPEAKER_01")]
    [InlineData("stm", "meeting 1 SPEAKER_01 2.200 3.000 Hello.")]
    [InlineData("seglst", "\"session_id\"")]
    [InlineData("rttm", "SPEAKER meeting 1 2.200 0.800 <NA> <NA> SPEAKER_01 <NA> <NA>")]
    [InlineData("textgrid", "name = \"SPEAKER_01\"")]
    [InlineData("csv", "2.200,3.000,SPEAKER_01,Hello.")]
    public async Task Every_format_has_the_speakers(string format, string expected)
    {
        string output = await Annotate("--format", format);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains(format == "markdown" ? "SPEAKER\\_00" : "SPEAKER_00", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("same")]
    [InlineData("json")]
    [InlineData("diarized_json")]
    [InlineData("seglst")]
    public async Task Speakers_found_in_the_audio_come_with_the_networks_that_found_them(string format)
    {
        string transcript = _scratch.Write("meeting.json", Words);
        string output = (await CliProcess.RunAsync("annotate", transcript, "--audio", Excerpt.OfSample(_scratch), "--format", format)).Succeeded();
        Assert.Contains("SPEAKER_0", output, StringComparison.Ordinal);
        foreach (string network in (string[])["pyannote-segmentation-3.0", "wespeaker-resnet34-lm"])
        {
            Assert.Equal(2, output.Split($"\"{network}\"").Length);
        }
    }

    [Fact]
    public async Task A_number_of_speakers_that_the_voices_do_not_have_is_said()
    {
        string transcript = _scratch.Write("meeting.json", Words);
        CliResult result = await CliProcess.RunAsync("annotate", transcript, "--audio", Excerpt.OfSample(_scratch), "--speakers", "500");
        result.Succeeded();
        Assert.Contains("500 speakers were asked for", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_goes_to_the_file_that_is_named()
    {
        string target = Path.Combine(_scratch.Path, "out.txt");
        Assert.Equal("", await Annotate("--format", "text", "--output", target));
        Assert.Equal("[0:00] SPEAKER_00: Good day.\n[0:02] SPEAKER_01: Hello.\n", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task Standard_input_is_a_transcript_as_well()
    {
        string turns = _scratch.Write("meeting.rttm", Turns);
        CliResult result = await CliProcess.RunAsync(["annotate", "-", "--turns", turns, "--format", "csv"], null, Encoding.UTF8.GetBytes(Words));
        Assert.Contains("SPEAKER_01,Hello.", result.Succeeded(), StringComparison.Ordinal);
        Assert.StartsWith("diarist: standard input: line 1: ", (await CliProcess.RunAsync("annotate", "-", "--turns", turns)).Failed(3));
    }

    [Theory]
    [InlineData("annotate")]
    [InlineData("diarize")]
    public async Task A_closed_standard_input_is_an_error_and_nothing_waits(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a shell of Unix closes it");
        string tool = Path.Combine(AppContext.BaseDirectory, "Diarist.Cli.dll");
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" <&-", "sh", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", tool, command, "-"]) { RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        try
        {
            string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(("diarist: standard input: it is closed\n", 3), (error, process.ExitCode));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Same_is_for_JSON()
    {
        string transcript = _scratch.Write("a.srt", "1\n00:00:00,500 --> 00:00:01,000\nHello\n");
        string turns = _scratch.Write("meeting.rttm", Turns);
        Assert.Contains("for JSON", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--format", "same")).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_with_speakers_is_refused_without_overwrite()
    {
        string transcript = _scratch.Write("a.json", """[{"word":"a","start":0.5,"end":1,"speaker":"X"}]""");
        string turns = _scratch.Write("meeting.rttm", Turns);
        Assert.Contains("--overwrite", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns)).Failed(3), StringComparison.Ordinal);
        Assert.Equal(
            """[{"word":"a","start":0.5,"end":1,"speaker":"SPEAKER_00","speaker_confidence":0.965}]""",
            (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--overwrite")).Succeeded());
    }

    [Fact]
    public async Task Speakers_that_the_transcript_carries_can_be_used_instead_of_turns()
    {
        string transcript = _scratch.Write("moss.txt", "[0.5][S01] Good day.[1.5][2.2][S02] Hello.[3.0]");
        Assert.Equal("[0:00] Ann: Good day.\n[0:02] S02: Hello.\n", (await CliProcess.RunAsync("annotate", transcript, "--name", "S01=Ann")).Succeeded());
    }

    [Fact]
    public async Task Acoustic_speakers_can_take_the_names_that_the_transcript_has()
    {
        string transcript = _scratch.Write("a.vtt", "WEBVTT\n\n00:00.500 --> 00:01.500\n<v Ann>Good day.\n\n00:02.200 --> 00:03.000\nHello.\n");
        string turns = _scratch.Write("meeting.rttm", Turns);
        Assert.Equal("[0:00] Ann: Good day.\n[0:02] SPEAKER_01: Hello.\n", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--keep-names", "--format", "text")).Succeeded());
    }

    [Fact]
    public async Task The_recording_is_found_by_name_or_named()
    {
        string transcript = _scratch.Write("meeting.json", Words);
        string turns = _scratch.Write("all.rttm", Turns + Turns.Replace("meeting", "other", StringComparison.Ordinal).Replace("SPEAKER_0", "OTHER_", StringComparison.Ordinal));
        Assert.Contains("SPEAKER_00", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns)).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("OTHER_0", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--recording", "other")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("meeting, other", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--recording", "third")).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_of_several_recordings_takes_the_turns_of_each()
    {
        string transcript = _scratch.Write("all.stm", "meeting 1 - 0.50 1.50 Good day.\nother 1 - 0.50 1.50 Hello.\n".Replace(" - ", " x ", StringComparison.Ordinal));
        string turns = _scratch.Write("all.rttm", Turns + Turns.Replace("meeting", "other", StringComparison.Ordinal).Replace("SPEAKER_0", "OTHER_", StringComparison.Ordinal));
        Assert.Equal(
            "meeting 1 SPEAKER_00 0.500 1.500 Good day.\nother 1 OTHER_0 0.500 1.500 Hello.\n",
            (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--overwrite", "--format", "stm")).Succeeded());
    }

    [Theory]
    [InlineData(2, "--format", "nonsense")]
    [InlineData(2, "--name", "nonsense")]
    [InlineData(2, "--policy", "nonsense")]
    [InlineData(2, "--max-gap", "-1")]
    [InlineData(2, "--uncertain-below", "2")]
    [InlineData(2, "--audio", "x.wav")]
    public async Task Mistakes_in_use_are_named(int code, params string[] arguments)
    {
        string transcript = _scratch.Write("meeting.json", Words);
        string turns = _scratch.Write("meeting.rttm", Turns);
        (await CliProcess.RunAsync(["annotate", transcript, "--turns", turns, .. arguments])).Failed(code);
    }

    [Fact]
    public async Task Without_speakers_from_anywhere_it_asks_for_them()
    {
        string transcript = _scratch.Write("meeting.json", Words);
        Assert.Contains("--turns", (await CliProcess.RunAsync("annotate", transcript)).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_and_malformed_files_are_named_with_the_place()
    {
        string turns = _scratch.Write("meeting.rttm", Turns);
        Assert.Contains("nowhere.json", (await CliProcess.RunAsync("annotate", Path.Combine(_scratch.Path, "nowhere.json"), "--turns", turns)).Failed(3), StringComparison.Ordinal);
        string cut = _scratch.Write("cut.json", Words[..60]);
        Assert.Contains("cut.json: line 1: byte ", (await CliProcess.RunAsync("annotate", cut, "--turns", turns)).Failed(3), StringComparison.Ordinal);
        string transcript = _scratch.Write("meeting.json", Words);
        string broken = _scratch.Write("broken.rttm", "SPEAKER meeting 1 x 1 <NA> <NA> A <NA> <NA>\n");
        Assert.Contains("broken.rttm: line 1", (await CliProcess.RunAsync("annotate", transcript, "--turns", broken)).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_go_to_standard_error_and_strict_refuses()
    {
        string transcript = _scratch.Write("a.json", """{"segments":[{"start":0.5,"end":1,"text":"Hi","words":[{"word":"Hi","start":0.5,"end":1,"score":NaN}]}]}""");
        string turns = _scratch.Write("meeting.rttm", Turns);
        CliResult result = await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--format", "csv");
        Assert.Equal("start,end,speaker,text\n0.500,1.000,SPEAKER_00,Hi\n", result.Succeeded());
        Assert.Contains("warning: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("line 1", result.Error, StringComparison.Ordinal);
        (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--strict")).Failed(3);
    }

    [Fact]
    public async Task What_a_list_was_read_as_is_said_and_can_be_decided()
    {
        string transcript = _scratch.Write("a.json", """[{"start":0.4,"end":1.8,"text":"one two"},{"start":2,"end":3.2,"text":"three"}]""");
        string turns = _scratch.Write("meeting.rttm", Turns);
        CliResult result = await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--verbose", "--format", "csv");
        Assert.Contains("SPEAKER_01,three", result.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("read as timings, 2 segments, 0 words", result.Error, StringComparison.Ordinal);
        Assert.Contains("1 segments, 2 words (as asked)", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns, "--verbose", "--items", "words")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_speaker_is_no_speaker_with_and_without_turns()
    {
        string transcript = _scratch.Write("a.json", """{"segments":[{"start":0.5,"end":1,"text":"Hi","speaker":null}]}""");
        string turns = _scratch.Write("meeting.rttm", Turns);
        Assert.Contains("names no speakers", (await CliProcess.RunAsync("annotate", transcript)).Failed(2), StringComparison.Ordinal);
        Assert.Contains("SPEAKER_00", (await CliProcess.RunAsync("annotate", transcript, "--turns", turns)).Succeeded(), StringComparison.Ordinal);
    }

    private async Task<string> Annotate(params string[] arguments)
    {
        string transcript = _scratch.Write("meeting.json", Words);
        string turns = _scratch.Write("meeting.rttm", Turns);
        return (await CliProcess.RunAsync(["annotate", transcript, "--turns", turns, .. arguments])).Succeeded();
    }
}
