using Diarist.Asr;

namespace Diarist.Tests.Asr;

public class SherpaOnnxTests
{
    private static readonly Dictionary<string, string> MissingModel = new() { ["moonshine.encoder"] = "/nowhere/encode.onnx", ["tokens"] = "/nowhere/tokens.txt" };

    [Fact]
    public void The_structure_is_laid_out_as_the_header_has_it()
    {
        // Offsets computed from c-api.h by a C-compatible layout (ctypes), and confirmed by what 1.13.8 prints of a filled structure.
        IReadOnlyDictionary<string, int> offsets = SherpaOnnxConfiguration.Offsets;
        Assert.Equal(0, offsets["feat.sample_rate"]);
        Assert.Equal(8, offsets["transducer.encoder"]);
        Assert.Equal(48, offsets["whisper.encoder"]);
        Assert.Equal(104, offsets["tokens"]);
        Assert.Equal(160, offsets["sense_voice.model"]);
        Assert.Equal(592, offsets["hr.lexicon"]);
        Assert.Equal(SherpaOnnxConfiguration.Size, offsets["hr.rule_fsts"] + 8);
    }

    [Fact]
    public void Unknown_members_and_values_that_are_no_numbers_are_refused()
    {
        Assert.Contains("no member 'whisper.nonsense'", Assert.Throws<ArgumentException>(() => new SherpaOnnxConfiguration(new Dictionary<string, string> { ["whisper.nonsense"] = "x" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SherpaOnnxConfiguration(new Dictionary<string, string> { ["num_threads"] = "many" }));
    }

    [Fact]
    public void A_missing_model_is_refused_with_its_path()
    {
        var error = Assert.Throws<TranscriberException>(() => new SherpaOnnxConfiguration(MissingModel));
        Assert.Contains("/nowhere/encode.onnx", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.12.0")]
    [InlineData("2.0.0")]
    [InlineData("")]
    public void An_unknown_version_is_refused(string version) =>
        Assert.Contains("only 1.13.4 to 1.13.8 are known", Assert.Throws<TranscriberException>(() => SherpaOnnxLibrary.RequireKnown(version, "lib")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_library_is_refused_with_its_path()
    {
        string path = Path.GetTempFileName();
        Assert.Contains(path, Assert.Throws<TranscriberException>(() => new SherpaOnnxTranscriber(path, MissingModel)).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Fact]
    public void The_real_library_reports_its_version_and_refuses_what_it_cannot_use()
    {
        string path = RealLibrary();
        TestContext.Current.TestOutputHelper?.WriteLine($"sherpa-onnx {new SherpaOnnxLibrary(path).Version}");
        Assert.StartsWith("1.13.", new SherpaOnnxLibrary(path).Version, StringComparison.Ordinal);
        Assert.Contains("/nowhere/encode.onnx", Assert.Throws<TranscriberException>(() => new SherpaOnnxTranscriber(path, MissingModel)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<TranscriberException>(() => new SherpaOnnxTranscriber(path, new Dictionary<string, string> { ["num_threads"] = "1" }));
        Assert.Contains("refuses this configuration", error.Message, StringComparison.Ordinal);
    }

    private static string RealLibrary()
    {
        string? path = Environment.GetEnvironmentVariable("DIARIST_TEST_SHERPA_ONNX");
        Assert.SkipUnless(path is not null && File.Exists(path), "needs DIARIST_TEST_SHERPA_ONNX = the path of libsherpa-onnx-c-api (npm: sherpa-onnx-linux-x64)");
        return path!;
    }
}
