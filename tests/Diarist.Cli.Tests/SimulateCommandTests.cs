using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public sealed class SimulateCommandTests
{
    [Fact]
    public async Task The_same_seed_writes_the_same_bytes()
    {
        using var folder = new ScratchFolder();
        WriteVoices(folder.Path);
        string first = Path.Combine(folder.Path, "first");
        string second = Path.Combine(folder.Path, "second");

        string said = (await Simulate(folder, first)).Succeeded();
        (await Simulate(folder, second)).Succeeded();

        Assert.Contains("sim-5-0000", said);
        Assert.Contains("sim-5-0001", said);
        string[] names = [.. Directory.GetFiles(first).Select(file => Path.GetFileName(file)).Order()];
        Assert.Equal(["sim-5-0000.flac", "sim-5-0000.rttm", "sim-5-0000.stm", "sim-5-0001.flac", "sim-5-0001.rttm", "sim-5-0001.stm"], names);
        foreach (string name in names)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(first, name)), await File.ReadAllBytesAsync(Path.Combine(second, name)));
        }
    }

    [Theory]
    [InlineData("--output out", 2)]
    [InlineData("--utterances voices --script a.tsv --output out", 2)]
    [InlineData("--utterances voices", 2)]
    [InlineData("--utterances voices --output out --speakers two", 2)]
    [InlineData("--utterances voices --output out --speakers 9", 2)]
    [InlineData("--utterances voices --output out --overlap 80", 2)]
    [InlineData("--utterances voices --output out --count 0", 2)]
    [InlineData("--utterances voices --output out --format mp3", 2)]
    [InlineData("--script a.tsv --output out --speakers 3", 2)]
    [InlineData("--script a.tsv --output out", 3)]
    [InlineData("--utterances none --output out", 3)]
    [InlineData("--utterances voices --output voices/1-a.wav --speakers 2", 3)]
    public async Task Mistakes_end_in_one_line_and_a_code(string arguments, int code)
    {
        using var folder = new ScratchFolder();
        WriteVoices(folder.Path);

        (await CliProcess.RunAsync(["simulate", .. arguments.Split(' ')], folder.Path)).Failed(code);

        Assert.False(Directory.Exists(Path.Combine(folder.Path, "out")));
    }

    [Theory]
    [InlineData("--seconds 5 --turns 7-8", "and not 5, because each of its 2 speakers has a turn")]
    [InlineData("--seconds 5-6 --turns 7-8", "and not 5-6, because each of its 2 speakers has a turn")]
    [InlineData("--seconds 300", "and not 300, because its speakers have no more recordings")]
    [InlineData("--seconds 5-300 --turns 1", null)]
    public async Task A_length_that_is_not_kept_is_said(string options, string? warning)
    {
        using var folder = new ScratchFolder();
        string voices = Path.Combine(Repository.Root, "samples", "voices");

        CliResult result = await CliProcess.RunAsync(["simulate", "--utterances", voices, "--speakers", "2", "--output", folder.Path, .. options.Split(' ')]);

        result.Succeeded();
        if (warning is null)
        {
            Assert.Empty(result.Error);
        }
        else
        {
            Assert.Contains(warning, result.Error, StringComparison.Ordinal);
        }
    }

    private static Task<CliResult> Simulate(ScratchFolder folder, string output) => CliProcess.RunAsync(
        ["simulate", "--utterances", "voices", "--speakers", "2", "--seconds", "5", "--noise", "20-30", "--reverb", "0.2", "--count", "2", "--seed", "5", "--output", output],
        folder.Path);

    private static void WriteVoices(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "voices"));
        var random = new Random(3);
        foreach (string name in (string[])["1-a", "2-a", "2-b"])
        {
            var data = new byte[2 * 16000 * 4];
            random.NextBytes(data.AsSpan(8000, 100_000));
            byte[] header = [.. "RIFF"u8, .. BitConverter.GetBytes(36 + data.Length), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0, 0x7D, 0, 0, 2, 0, 16, 0, .. "data"u8, .. BitConverter.GetBytes(data.Length)];
            File.WriteAllBytes(Path.Combine(folder, "voices", name + ".wav"), [.. header, .. data]);
        }
    }
}
