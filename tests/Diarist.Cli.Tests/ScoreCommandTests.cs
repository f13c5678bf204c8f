using System.Text.Json;
using Diarist.Cli.Tests.Support;

namespace Diarist.Cli.Tests;

public sealed class ScoreCommandTests : IDisposable
{
    private const string Toy = """
        SPEAKER r 1 0 10 <NA> <NA> A <NA> <NA>
        SPEAKER r 1 12 8 <NA> <NA> B <NA> <NA>
        SPEAKER r 1 24 3 <NA> <NA> A <NA> <NA>
        SPEAKER r 1 30 10 <NA> <NA> C <NA> <NA>
        """;

    private const string ToyHypothesis = """
        SPEAKER another 1 2 11 <NA> <NA> a <NA> <NA>
        SPEAKER another 1 13 1 <NA> <NA> d <NA> <NA>
        SPEAKER another 1 14 6 <NA> <NA> b <NA> <NA>
        SPEAKER another 1 22 16 <NA> <NA> c <NA> <NA>
        SPEAKER another 1 38 2 <NA> <NA> d <NA> <NA>
        """;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Der_is_a_table_with_its_split_and_mapping()
    {
        string text = (await Score("der", _folder.Write("ref", Toy), _folder.Write("hyp", ToyHypothesis))).Succeeded();
        string[] lines = text.Split('\n');
        Assert.Equal(["recording", "DER", "%", "missed", "%"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]);
        Assert.Equal(["r", "51.61", "6.45", "22.58", "22.58", "31.000", "2.000", "7.000", "7.000"], lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["all", "51.61"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]);
        Assert.Contains("r: A = a, B = b, C = c, (nobody) = d", text);
        Assert.Contains("collar 0 s on each side", text);
    }

    [Fact]
    public async Task Der_is_json_with_its_conventions()
    {
        using JsonDocument score = JsonDocument.Parse((await Score(
            "der", _folder.Write("ref", Toy), _folder.Write("hyp", ToyHypothesis), "--format", "json", "--collar", "1", "--collar-convention", "total")).Succeeded());
        Assert.Equal("diarist-score/1", score.RootElement.GetProperty("schema").GetString());
        Assert.Equal("total", score.RootElement.GetProperty("collarConvention").GetString());
        JsonElement recording = score.RootElement.GetProperty("recordings")[0];
        Assert.Equal("r", recording.GetProperty("recording").GetString());
        Assert.Equal(31 - 4, recording.GetProperty("total").GetDouble(), 9);
        Assert.Equal("a", recording.GetProperty("mapping")[0].GetProperty("hypothesis").GetString());
        Assert.Equal(recording.GetProperty("rate").GetDouble(), score.RootElement.GetProperty("pooled").GetProperty("rate").GetDouble(), 12);
    }

    [Fact]
    public async Task Every_turn_metric_is_0_against_itself()
    {
        string file = _folder.Write("ref", Toy);
        foreach (string[] arguments in new[] { (string[])["der"], ["der", "--skip-overlap", "--collar", "0.25"], ["jer"] })
        {
            Assert.Equal(0, await PooledRate(arguments[0], file, file, arguments[1..]));
        }
    }

    [Fact]
    public async Task Word_metrics_read_transcripts()
    {
        string reference = _folder.Write("ref.stm", "r 1 A 0 3 a b c\nr 1 B 3 5 d e\n");
        string hypothesis = _folder.Write("hyp.json", """
            [{"session_id": "s", "speaker": "x", "start_time": 0, "end_time": 2, "words": "a b"},
             {"session_id": "s", "speaker": "y", "start_time": 2, "end_time": 5, "words": "C d e"}]
            """);
        Assert.Equal(0.2, await PooledRate("wer", reference, hypothesis));
        Assert.Equal(0, await PooledRate("wer", reference, hypothesis, "--normalize", "lowercase"));
        Assert.Equal(0.4, await PooledRate("cpwer", reference, hypothesis));
        Assert.Equal(0.4, await PooledRate("tcpwer", reference, hypothesis, "--collar", "1"));
        Assert.Equal(0.2, await PooledRate("wder", reference, hypothesis));
        Assert.Equal(0.2, await PooledRate("wder", reference, hypothesis, "--collar", "1000"));
    }

    [Fact]
    public async Task The_collar_of_tcpwer_is_five_seconds_unless_told()
    {
        string reference = _folder.Write("ref.stm", "r 1 A 0 1 a\nr 1 A 10 11 b\n");
        string hypothesis = _folder.Write("hyp.stm", "r 1 x 0 1 a\nr 1 x 20 21 b\n");
        Assert.Equal(1, await PooledRate("tcpwer", reference, hypothesis));
        Assert.Equal(0, await PooledRate("tcpwer", reference, hypothesis, "--collar", "10"));
        Assert.Equal(0, await PooledRate("cpwer", reference, hypothesis));
    }

    [Fact]
    public async Task A_recording_that_the_hypothesis_lacks_is_all_missed()
    {
        _folder.Write("ref/a.rttm", "SPEAKER a 1 0 6 <NA> <NA> A <NA> <NA>");
        _folder.Write("ref/b.rttm", "SPEAKER b 1 0 2 <NA> <NA> A <NA> <NA>");
        string hypothesis = _folder.Write("hyp.rttm", "SPEAKER a 1 0 6 <NA> <NA> x <NA> <NA>");
        Assert.Equal(0.25, await PooledRate("der", Path.Combine(_folder.Path, "ref"), hypothesis));
        Assert.Equal(0.5, await PooledRate("jer", Path.Combine(_folder.Path, "ref"), hypothesis));
        Assert.Equal(1, await PooledRate("der", Path.Combine(_folder.Path, "ref"), _folder.Write("nobody.rttm", ";; nobody\n")));
    }

    [Fact]
    public async Task A_recording_that_the_reference_lacks_is_an_error_unless_the_uem_names_it()
    {
        string reference = _folder.Write("ref.rttm", "SPEAKER a 1 0 6 <NA> <NA> A <NA> <NA>");
        string hypothesis = _folder.Write("hyp.rttm", "SPEAKER a 1 0 6 <NA> <NA> x <NA> <NA>\nSPEAKER silent 1 0 3 <NA> <NA> x <NA> <NA>");
        Assert.Contains("\"silent\" is not in the reference", (await Score("der", reference, hypothesis)).Failed(3));
        Assert.Equal(0.5, await PooledRate("der", reference, hypothesis, "--uem", _folder.Write("all.uem", "a 1 0 10\nsilent 1 0 10\n")));
    }

    [Fact]
    public async Task A_uem_says_what_is_scored()
    {
        string reference = _folder.Write("ref.rttm", "SPEAKER a 1 0 6 <NA> <NA> A <NA> <NA>\nSPEAKER b 1 0 6 <NA> <NA> A <NA> <NA>");
        string hypothesis = _folder.Write("hyp.rttm", "SPEAKER a 1 0 5 <NA> <NA> x <NA> <NA>\nSPEAKER b 1 0 6 <NA> <NA> x <NA> <NA>");
        CliResult result = await Score("der", reference, hypothesis, "--uem", _folder.Write("a.uem", "a 1 2 6\n"), "--format", "json");
        using JsonDocument score = JsonDocument.Parse(result.Succeeded());
        Assert.Equal(0.25, score.RootElement.GetProperty("pooled").GetProperty("rate").GetDouble());
        Assert.Contains("\"b\" is not in the UEM", result.Error);
        Assert.Contains("nothing to score", (await Score("der", reference, hypothesis, "--uem", _folder.Write("c.uem", "c 1 2 6\n"))).Failed(3));
    }

    [Fact]
    public async Task Mistakes_in_use_exit_with_2()
    {
        string file = _folder.Write("ref", Toy);
        (await Score("der", file, file, "--collar", "-1")).Failed(2);
        (await Score("der", file, file, "--collar", "NaN")).Failed(2);
        (await Score("der", file, file, "--collar-convention", "both")).Failed(2);
        (await Score("jer", file, file, "--collar", "1")).Failed(2);
        (await Score("xer", file, file)).Failed(2);
        (await CliProcess.RunAsync("score", "der", "--reference", file)).Failed(2);
    }

    [Fact]
    public async Task Bad_input_exits_with_3_and_names_file_and_line()
    {
        string good = _folder.Write("ref", Toy);
        string bad = _folder.Write("bad.rttm", "SPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKER r 1 1 -1 <NA> <NA> A <NA> <NA>\n");
        Assert.Contains("bad.rttm: line 2: ", (await Score("der", good, bad)).Failed(3));
        Assert.Contains("holds no utterances", (await Score("cpwer", good, good)).Failed(3));
        Assert.Contains("missing.rttm", (await Score("der", good, Path.Combine(_folder.Path, "missing.rttm"))).Failed(3));
        string untimed = _folder.Write("untimed.json", """[{"session_id": "r", "speaker": "x", "words": "a"}]""");
        Assert.Contains("has no times", (await Score("tcpwer", untimed, untimed)).Failed(3));
        string everybody = _folder.Write("everybody.stm", string.Join('\n', Enumerable.Range(0, 2001).Select(i => $"r 1 s{i} {i} {i + 1} word")));
        Assert.Contains("(2001), and these are too many", (await Score("cpwer", everybody, everybody)).Failed(3));
    }

    private static Task<CliResult> Score(string metric, string reference, string hypothesis, params string[] more) =>
        CliProcess.RunAsync(["score", metric, "--reference", reference, "--hypothesis", hypothesis, .. more]);

    private static async Task<double> PooledRate(string metric, string reference, string hypothesis, params string[] more)
    {
        using JsonDocument score = JsonDocument.Parse((await Score(metric, reference, hypothesis, ["--format", "json", .. more])).Succeeded());
        return score.RootElement.GetProperty("pooled").GetProperty("rate").GetDouble();
    }
}
