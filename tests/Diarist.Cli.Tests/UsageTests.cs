using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>Mistakes in a command line are refused in one line, in the words of its user.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("--threshold 0,5", "decimals have a point, not a comma")]
    [InlineData("--step 1,0", "decimals have a point, not a comma")]
    [InlineData("--step ۱", "takes a number")]
    [InlineData("--step 1e-9", "from 0.1 to 10 seconds")]
    [InlineData("--step 0.01", "from 0.1 to 10 seconds")]
    [InlineData("--step NaN", "takes a number")]
    [InlineData("--threads 2147483647", "from 0 to 256")]
    [InlineData("--threads 99999999999999999999", "from 0 to 256")]
    [InlineData("--threads 1.5", "takes a whole number")]
    [InlineData("--num-speakers 0", "--num-speakers 0 is out of range: from 1 to 1000")]
    [InlineData("--speakers two", "--speakers takes a whole number, not 'two'")]
    [InlineData("--speaker 2", "there is no option --speaker; did you mean --speakers?")]
    [InlineData("-x", "there is no option -x.")]
    [InlineData("-q -v", "--quiet and --verbose exclude each other")]
    public async Task Options_are_refused_with_the_range_or_a_suggestion(string options, string expected)
    {
        CliResult result = await CliProcess.RunAsync(["diarize", Repository.Sample, .. options.Split(' ')]);
        string error = result.Failed(2);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.InRange(error.Count(letter => letter == '\n'), 1, 2);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("diarist d", "diarize", "doctor")]
    [InlineData("diarist session un", "undo")]
    [InlineData("diarist diarize --precis", "--precision")]
    public async Task A_shell_learns_what_may_follow_an_unfinished_line(string line, params string[] expected)
    {
        CliResult result = await CliProcess.RunAsync([$"[suggest:{line.Length}]", line]);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        string[] words = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.All(expected, word => Assert.Contains(word, words));
    }

    [Fact]
    public async Task A_file_whose_name_looks_like_an_option_is_named_as_a_file()
    {
        using var folder = new ScratchFolder();
        folder.Write("-take.wav", "");
        CliResult result = await CliProcess.RunAsync(["diarize", "-take.wav"], folder.Path);
        Assert.Contains("the file of this name is ./-take.wav", result.Failed(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diarise x.wav", "did you mean diarize?", "`diarist --help`")]
    [InlineData("score der a b", "'a' is one argument too many", "`diarist score der --help`")]
    [InlineData("packs pul", "did you mean pull?", "`diarist packs --help`")]
    [InlineData("diarize", "diarize needs audio", "`diarist diarize --help`")]
    [InlineData("", "a command is needed: diarize", "`diarist --help`")]
    public async Task Commands_are_suggested_and_the_hint_is_the_whole_command(string line, string expected, string hint)
    {
        string error = (await CliProcess.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Failed(2);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains(hint, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SPEAKER_00=")]
    [InlineData("SPEAKER_00=  ")]
    [InlineData("=Ann")]
    public async Task An_empty_name_is_refused(string name) =>
        Assert.Contains("LABEL=NAME", (await CliProcess.RunAsync("annotate", "-", "--name", name)).Failed(2), StringComparison.Ordinal);

    [Theory]
    [InlineData("audio is empty", "diarize", "")]
    [InlineData("transcript is empty", "annotate", "", "--turns", "a.rttm")]
    [InlineData("--reference is empty", "score", "der", "--reference", "", "--hypothesis", "h.rttm")]
    [InlineData("--save is empty", "diarize", "a.wav", "--save", "")]
    [InlineData("--packs is empty", "diarize", "a.wav", "--packs", "")]
    [InlineData("--names is empty", "diarize", "a.wav", "--names", "")]
    [InlineData("--names needs a value.", "diarize", "a.wav", "--names=")]
    [InlineData("--recipe takes segments, community-1, ahc, vad-ahc, one-voice, nemotron3, not 'segment'; did you mean segments?", "diarize", "a.wav", "--recipe", "segment")]
    [InlineData("The least number of speakers (5) is above the largest (2).", "diarize", "a.wav", "--min-speakers", "5", "--max-speakers", "2")]
    public async Task What_is_empty_unknown_or_contradicts_is_named(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await CliProcess.RunAsync(arguments)).Failed(2), StringComparison.Ordinal);

    [Fact]
    public async Task Help_is_a_command_and_usage_lines_say_diarist()
    {
        string help = (await CliProcess.RunAsync("help", "packs", "pull")).Succeeded();
        Assert.Equal((await CliProcess.RunAsync("packs", "pull", "--help")).Succeeded(), help);
        Assert.Contains("diarist packs pull", help, StringComparison.Ordinal);
        Assert.DoesNotContain("Diarist.Cli", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("diarize")]
    [InlineData("vad")]
    [InlineData("annotate")]
    [InlineData("transcribe")]
    [InlineData("score der")]
    [InlineData("simulate")]
    [InlineData("packs list")]
    public async Task Quiet_and_verbose_are_in_every_command(string command)
    {
        string help = (await CliProcess.RunAsync([.. command.Split(' '), "--help"])).Succeeded();
        Assert.Contains("-q, --quiet", help, StringComparison.Ordinal);
        Assert.Contains("-v, --verbose", help, StringComparison.Ordinal);
    }
}
