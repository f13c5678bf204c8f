using System.Text;
using Diarist.Cli.Tests.Support;
using Diarist.Transcripts;

namespace Diarist.Cli.Tests;

/// <summary><c>annotate --audio</c> and <c>transcribe --diarize</c>: the diarizer itself says who spoke the words.</summary>
public sealed class SpeakersFromAudioTests : IDisposable
{
    private const string Words = """{"segments":[{"start":0.5,"end":6.5,"text":" Good morning.","words":[{"word":" Good","start":0.5,"end":0.7},{"word":" morning.","start":0.7,"end":6.5}]},{"start":7.5,"end":13,"text":" Yes, let us.","words":[{"word":" Yes,","start":7.5,"end":8},{"word":" let","start":8,"end":9},{"word":" us.","start":9,"end":12.5}]}],"other":{"a":[1]}}""";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("text", "Ann: Good morning.", "SPEAKER_01: Yes, let us.")]
    [InlineData("markdown", "**Ann** (0:00): Good morning.", "**SPEAKER\\_01** (0:07): Yes, let us.")]
    [InlineData("srt", "[Ann]: Good morning.", "[SPEAKER_01]: Yes, let us.")]
    [InlineData("vtt", "<v Ann>Good morning.</v>", "<v SPEAKER_01>Yes, let us.</v>")]
    [InlineData("json", "\"speaker\": \"Ann\"", "\"speaker\": \"SPEAKER_01\"")]
    [InlineData("diarized_json", "\"speaker\": \"Ann\"", "\"speaker\": \"SPEAKER_01\"")]
    [InlineData("ctm", "excerpt 1 0.500 0.200 Good <NA> lex Ann", "excerpt 1 9.000 3.500 us. <NA> lex SPEAKER_01")]
    [InlineData("stm", "excerpt 1 Ann 0.500 6.500 Good morning.", "excerpt 1 SPEAKER_01 7.500 13.000 Yes, let us.")]
    [InlineData("seglst", "\"Ann\"", "\"SPEAKER_01\"")]
    [InlineData("rttm", "SPEAKER excerpt 1 0.500 6.000 <NA> <NA> Ann <NA> <NA>", "<NA> <NA> SPEAKER_01 <NA> <NA>")]
    [InlineData("textgrid", "name = \"Ann\"", "name = \"SPEAKER_01\"")]
    [InlineData("csv", ",Ann,Good morning.", ",SPEAKER_01,\"Yes, let us.\"")]
    [InlineData("same", "\"text\":\" Good morning.\",\"words\"", "\"speaker\":\"SPEAKER_01\"")]
    public async Task Every_format_of_transcribe_has_the_speakers_and_their_names(string format, string first, string second)
    {
        Installed.RequireShell();
        string transcript = _scratch.Write("words.json", Words);
        string output = (await Run("transcribe", Excerpt.OfSample(_scratch), "--engine", "process", "--command", $"cat '{transcript}'", "--diarize", "--format", format, "--name", "SPEAKER_00=Ann")).Succeeded();
        Assert.Contains(first, output, StringComparison.Ordinal);
        Assert.Contains(second, output, StringComparison.Ordinal);
        Assert.Contains("Ann", output, StringComparison.Ordinal);
        Assert.DoesNotContain("SPEAKER_00", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Annotate_with_audio_inserts_speakers_and_nothing_else()
    {
        string output = (await Run("annotate", _scratch.Write("words.json", Words), "--audio", Excerpt.OfSample(_scratch))).Succeeded();
        Assert.Matches("\"word\":\" Good\",[^}]*\"speaker\":\"SPEAKER_00\"", output);
        Assert.Matches("\"word\":\" us.\",[^}]*\"speaker\":\"SPEAKER_01\"", output);
        Assert.Contains("\"speaker_packs\"", output, StringComparison.Ordinal);
        Assert.Equal(Words, Encoding.UTF8.GetString(TranscriptDocument.Read(Encoding.UTF8.GetBytes(output), "output").WithoutSpeakers()));
    }

    [Fact]
    public async Task Annotate_with_audio_where_nobody_speaks_gives_the_same_bytes()
    {
        Assert.Equal(Words, (await Run("annotate", _scratch.Write("words.json", Words), "--audio", Excerpt.Silence(_scratch, 14))).Succeeded());
    }

    [Fact]
    public async Task Speakers_of_a_transcript_are_kept_unless_they_are_to_be_replaced_or_to_lend_their_names()
    {
        string excerpt = Excerpt.OfSample(_scratch);
        string transcript = _scratch.Write("talk.vtt", "WEBVTT\n\n00:00.500 --> 00:06.500\n<v Zoe>Good morning.\n\n00:07.500 --> 00:12.500\nYes, let us.\n");
        Assert.Contains("--overwrite", (await Run("annotate", transcript, "--audio", excerpt)).Failed(3), StringComparison.Ordinal);
        Assert.Equal(
            "[0:00] SPEAKER_00: Good morning.\n[0:07] SPEAKER_01: Yes, let us.\n",
            (await Run("annotate", transcript, "--audio", excerpt, "--overwrite")).Succeeded());
        Assert.Equal(
            "[0:00] Zoe: Good morning.\n[0:07] SPEAKER_01: Yes, let us.\n",
            (await Run("annotate", transcript, "--audio", excerpt, "--keep-names")).Succeeded());
    }

    [Fact]
    public async Task A_recognizer_s_own_speakers_give_way_to_those_that_are_heard()
    {
        Installed.RequireShell();
        string transcript = _scratch.Write("words.json", """[{"word":"a","start":0.5,"end":1,"speaker":"X"}]""");
        string output = (await Run("transcribe", Excerpt.OfSample(_scratch), "--engine", "process", "--command", $"cat '{transcript}'", "--diarize")).Succeeded();
        Assert.StartsWith("""[{"word":"a","start":0.5,"end":1,"speaker":"SPEAKER_00",""", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recordings_that_cannot_be_used_are_named()
    {
        string transcript = _scratch.Write("words.json", Words);
        string missing = Path.Combine(_scratch.Path, "nowhere.wav");
        Assert.Contains("nowhere.wav", (await Run("annotate", transcript, "--audio", missing)).Failed(3), StringComparison.Ordinal);
        string text = _scratch.Write("text.wav", "RIFF this is no recording at all");
        Assert.Contains("text.wav", (await Run("annotate", transcript, "--audio", text)).Failed(3), StringComparison.Ordinal);
        Assert.Contains("text.wav", (await Run("transcribe", text, "--engine", "process", "--command", "cat {audio}", "--diarize")).Failed(3), StringComparison.Ordinal);
        Assert.Contains("needs a file", (await Run("transcribe", "-", "--engine", "pocketsphinx", "--diarize")).Failed(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transcript_that_breaks_its_format_is_told_with_its_place_and_nothing_is_written()
    {
        Installed.RequireShell();
        string output = Path.Combine(_scratch.Path, "out.srt");
        CliResult result = await Run("transcribe", Excerpt.OfSample(_scratch, 2), "--engine", "process", "--command", "printf '{\"text\":'", "--diarize", "--format", "srt", "--output", output);
        Assert.Contains("line 1: byte", result.Failed(3), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    private static Task<CliResult> Run(params string[] arguments) => CliProcess.RunAsync(arguments, Repository.Root);
}
