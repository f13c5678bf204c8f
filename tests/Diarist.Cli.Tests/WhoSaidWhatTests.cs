using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary>A real recognizer, the diarizer and the scorer, each as users run it: the numbers of docs/accuracy.md.</summary>
public sealed class WhoSaidWhatTests : IDisposable
{
    private const string Recognizer = "pocketsphinx_continuous -infile {wav} -time yes -remove_noise no -logfn /dev/null";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Of_the_words_of_the_sample_that_a_recognizer_hears_at_most_a_tenth_has_the_wrong_speaker()
    {
        (double wer, double cpwer, double wder) = await Measure(Repository.Sample, Path.ChangeExtension(Repository.Sample, ".stm"));
        Assert.InRange(wder, 0, 0.10);
        Assert.InRange(wer, 0, 0.65);
        Assert.InRange(cpwer, wer, wer + 0.10);
    }

    [Fact]
    public async Task The_telephone_conversation_is_reported_with_two_speakers_given()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "parity", "rec02");
        Assert.SkipUnless(Directory.Exists(folder), "needs ../shared/parity/rec02");
        (double wer, double cpwer, double wder) = await Measure(Path.Combine(folder, "audio.wav"), Path.Combine(folder, "human.stm"), "--speakers", "2");
        Assert.InRange(wder, 0, 0.152);
        Assert.InRange(wer, 0, 0.90);
        Assert.InRange(cpwer, 0, wer + 0.10); // below the WER where people speak at once: each speaker's words have an order of their own
    }

    /// <summary>Transcribes and diarizes a recording, and scores what came out; shares, not percentages.</summary>
    private async Task<(double Wer, double CpWer, double Wder)> Measure(string audio, string truth, params string[] options)
    {
        Installed.Require("pocketsphinx_continuous");
        string words = Path.Combine(_scratch.Path, "hypothesis.ctm");
        (await Run(["transcribe", audio, "--engine", "process", "--command", Recognizer, "--diarize", "--format", "ctm", "--output", words, .. options])).Succeeded();
        var rates = new List<double>();
        foreach (string metric in (string[])["wer", "cpwer", "wder"])
        {
            string score = (await Run(["score", metric, "--reference", truth, "--hypothesis", words, "--normalize", "both", "--format", "json"])).Succeeded();
            using JsonDocument json = JsonDocument.Parse(score);
            rates.Add(json.RootElement.GetProperty("pooled").GetProperty("rate").GetDouble());
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(audio)}: {metric} {100 * rates[^1]:0.00} %"));
        }

        return (rates[0], rates[1], rates[2]);
    }

    private static Task<CliResult> Run(string[] arguments) => CliProcess.RunAsync(arguments, Repository.Root);
}
