using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

/// <summary><c>transcribe --vad</c>: the recognizer gets only what is speech.</summary>
public sealed class TranscribeSpeechTests : IDisposable
{
    // Says two words for each piece; the first is its length in bytes.
    private const string Lengths = "sh -c 'printf \"[0.20s - 0.30s] %s\\n[8.00s - 8.50s] end\\n\" $(wc -c < \"$0\")' {wav}";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_span_of_speech_is_recognized_and_its_times_are_the_recording_s()
    {
        Require();
        string[] lines = (await Run("transcribe", Repository.Sample, "--engine", "process", "--command", Lengths, "--vad", "--format", "csv")).Succeeded().TrimEnd('\n').Split('\n');
        using JsonDocument vad = JsonDocument.Parse((await Run("vad", Repository.Sample, "--format", "json")).Succeeded());
        double[] starts = [.. vad.RootElement.GetProperty("speech").EnumerateArray().Select(span => span.GetProperty("start").GetDouble())];
        string[][] said = [.. lines.Skip(1).Select(line => line.Split(','))];
        Assert.InRange(said.Length, 8, 20);

        // The first word is said 0.2 s into its piece, which begins up to 0.2 s before its speech does.
        double[] words = [.. said.Where((_, i) => i % 2 == 0).Select(word => double.Parse(word[0], CultureInfo.InvariantCulture))];
        Assert.All(words, word => Assert.Contains(starts, start => word - start is > -0.002 and < 0.202));
        Assert.Equal(words.Order(), words);

        // All of the speech and little else: 83 of 91 s.
        long bytes = said.Where((_, i) => i % 2 == 0).Sum(word => long.Parse(word[3], CultureInfo.InvariantCulture));
        Assert.InRange(bytes / 32_000, 83, 91);
    }

    [Fact]
    public async Task What_comes_out_is_JSON_of_Diarist_s_own_and_speakers_join_in_when_asked_for()
    {
        Require();
        string excerpt = Excerpt.OfSample(_scratch);
        string[] arguments = ["transcribe", excerpt, "--engine", "process", "--command", Lengths, "--vad"];
        string plain = (await Run(arguments)).Succeeded();
        Assert.Contains("\"schema\": \"diarist-transcript/1\"", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("\"speaker\"", plain, StringComparison.Ordinal);
        Assert.Contains("\"id\": \"silero-vad-v6\"", plain, StringComparison.Ordinal);
        string spoken = (await Run([.. arguments, "--diarize"])).Succeeded();
        Assert.Contains("\"schema\": \"diarist-transcript/1\"", spoken, StringComparison.Ordinal);
        Assert.Contains("\"speaker\": \"SPEAKER_00\"", spoken, StringComparison.Ordinal);
        Assert.Contains("\"speaker\": \"SPEAKER_01\"", spoken, StringComparison.Ordinal);
        Assert.Contains("\"id\": \"silero-vad-v6\"", spoken, StringComparison.Ordinal);
        Assert.Contains("\"id\": \"wespeaker-resnet34-lm\"", spoken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_single_output_of_the_recognizer_to_give() =>
        Assert.Contains("--vad", (await Run("transcribe", Repository.Sample, "--engine", "process", "--command", "true", "--vad", "--format", "same")).Failed(2), StringComparison.Ordinal);

    [Fact]
    public async Task A_recognizer_that_fails_is_told_with_the_span()
    {
        Require();
        string failing = "sh -c 'echo no model >&2; exit 1'";
        string error = (await Run("transcribe", Excerpt.OfSample(_scratch), "--engine", "process", "--command", failing, "--vad")).Failed(3);
        Assert.Matches(@"excerpt\.wav, speech from 0\.\d{3} to \d+\.\d{3} s: sh failed with exit code 1: no model", error);
    }

    [Fact]
    public async Task Where_nobody_speaks_the_transcript_is_empty()
    {
        Require();
        string output = (await Run("transcribe", Excerpt.Silence(_scratch, 3), "--engine", "process", "--command", "no-such-recognizer", "--vad")).Succeeded();
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(0, json.RootElement.GetProperty("segments").GetArrayLength());
    }

    [Fact]
    public async Task Each_channel_of_a_call_is_recognized_by_itself_and_words_under_overlap_go_to_their_sides()
    {
        Require();
        string call = Excerpt.Call(_scratch);

        const string Word = "sh -c 'printf \"[0.50s - 0.90s] word\\n\"' {wav}";
        string[] arguments = ["transcribe", call, "--engine", "process", "--command", Word, "--vad", "--diarize", "--channels", "separate", "--speakers-per-channel", "1"];
        using JsonDocument json = JsonDocument.Parse((await Run(arguments)).Succeeded());
        JsonElement[] segments = [.. json.RootElement.GetProperty("segments").EnumerateArray()];
        (int Channel, string Speaker)[] first = [.. segments.Where(segment => segment.GetProperty("start").GetDouble() < 1.5).Select(segment => (segment.GetProperty("channel").GetInt32(), segment.GetProperty("speaker").GetString()!)).Distinct().Order()];
        Assert.Equal([(1, "CH1"), (2, "CH2")], first);
        Assert.All(segments, segment => Assert.Equal($"CH{segment.GetProperty("channel").GetInt32()}", segment.GetProperty("speaker").GetString()));
        string lines = (await Run([.. arguments, "--format", "csv"])).Succeeded();
        Assert.Contains("CH1", lines, StringComparison.Ordinal);
        Assert.Contains("CH2", lines, StringComparison.Ordinal);
    }

    private static void Require()
    {
        Installed.RequireShell();
    }

    private static Task<CliResult> Run(params string[] arguments) => CliProcess.RunAsync(arguments, Repository.Root);
}
