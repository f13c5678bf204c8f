using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public sealed class TranscribeCommandTests : IDisposable
{
    private static readonly string Sample = FindSample();

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Without_diarize_the_recognizers_output_comes_out_byte_for_byte()
    {
        CliResult result = await CliProcess.RunAsync("transcribe", Sample, "--engine", "process", "--command", "sh -c 'printf \" any thing\\r\\nat all \"'");
        Assert.Equal(" any thing\r\nat all ", result.Succeeded());
    }

    [Fact]
    public async Task A_format_converts_the_output()
    {
        CliResult result = await CliProcess.RunAsync("transcribe", Sample, "--engine", "process", "--format", "csv", "--command", "printf '[0.50s - 1.00s] hello\\n'");
        Assert.Equal("start,end,speaker,text\n0.500,1.000,,hello\n", result.Succeeded());
    }

    [Theory]
    [InlineData("needs --command", "--engine", "process")]
    [InlineData("needs --endpoint", "--engine", "http")]
    [InlineData("complete http or https address", "--engine", "http", "--endpoint", "nonsense", "--model", "m")]
    [InlineData("is not set", "--engine", "http", "--endpoint", "http://127.0.0.1:9/", "--model", "m", "--key-env", "DIARIST_NO_SUCH_KEY")]
    [InlineData("needs --library", "--engine", "sherpa-onnx")]
    [InlineData("out of range", "--engine", "pocketsphinx", "--timeout", "0")]
    [InlineData("nonsense", "--engine", "nonsense")]
    [InlineData("is not closed", "--engine", "process", "--command", "a 'b")]
    public async Task Mistakes_in_use_are_named(string expected, params string[] arguments) =>
        Assert.Contains(expected, (await CliProcess.RunAsync(["transcribe", Sample, .. arguments])).Failed(2), StringComparison.Ordinal);

    [Fact]
    public async Task A_recognizer_that_fails_is_told_with_its_reason()
    {
        Assert.Contains("no model", (await CliProcess.RunAsync("transcribe", Sample, "--engine", "process", "--command", "sh -c 'echo no model >&2; exit 1'")).Failed(3), StringComparison.Ordinal);
        string missing = Path.Combine(_scratch.Path, "nowhere.wav");
        Assert.Contains("nowhere.wav", (await CliProcess.RunAsync("transcribe", missing, "--engine", "process", "--command", "true")).Failed(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_put_right_in_the_recognizers_output_is_told()
    {
        string output = _scratch.Write("out.json", """{"segments":[{"start":2,"end":1,"text":"backward"},{"start":3,"end":4,"text":"forward"}]}""");
        CliResult result = await CliProcess.RunAsync("transcribe", Sample, "--engine", "process", "--format", "csv", "--command", $"cat {output}");
        Assert.Contains("forward", result.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("warning", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_of_another_recording_is_told()
    {
        string output = _scratch.Write("out.json", """{"segments":[{"start":3600,"end":3601,"text":"an hour"},{"start":3602,"end":3603,"text":"too late"}]}""");
        CliResult result = await CliProcess.RunAsync("transcribe", Sample, "--engine", "process", "--diarize", "--format", "csv", "--command", $"cat {output}");
        Assert.Contains("too late", result.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("because nobody speaks there", result.Error, StringComparison.Ordinal);
    }

    private static string FindSample()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Diarist.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "samples", "conversation.flac");
    }
}
