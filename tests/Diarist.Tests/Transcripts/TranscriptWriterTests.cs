using System.Text;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Tests.Support;
using Diarist.Transcripts;
using Diarist.Transcripts.TextFormats;
using Diarist.Transcripts.Writing;

namespace Diarist.Tests.Transcripts;

public class TranscriptWriterTests
{
    private static readonly Turn[] Turns = [new(0, 2.1, "SPEAKER_00"), new(2.1, 2.9, "SPEAKER_01"), new(2.9, 5, "SPEAKER_00")];

    [Theory]
    [InlineData(TranscriptFormat.Text, "[0:00] SPEAKER_00: Good morning everyone.\n[0:02] SPEAKER_01: Hello.\n[0:03] SPEAKER_00: How are you?\n")]
    [InlineData(TranscriptFormat.Markdown, "**SPEAKER\\_00** (0:00): Good morning everyone.\n\n**SPEAKER\\_01** (0:02): Hello.\n\n**SPEAKER\\_00** (0:03): How are you?\n")]
    [InlineData(TranscriptFormat.Srt, "1\n00:00:00,500 --> 00:00:02,000\n[SPEAKER_00]: Good morning everyone.\n\n2\n00:00:02,300 --> 00:00:02,700\n[SPEAKER_01]: Hello.\n\n3\n00:00:03,000 --> 00:00:04,000\n[SPEAKER_00]: How are you?\n\n")]
    [InlineData(TranscriptFormat.WebVtt, "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n<v SPEAKER_00>Good morning everyone.</v>\n\n00:00:02.300 --> 00:00:02.700\n<v SPEAKER_01>Hello.</v>\n\n00:00:03.000 --> 00:00:04.000\n<v SPEAKER_00>How are you?</v>\n\n")]
    [InlineData(TranscriptFormat.Stm, "meeting 1 SPEAKER_00 0.500 2.000 Good morning everyone.\nmeeting 1 SPEAKER_01 2.300 2.700 Hello.\nmeeting 1 SPEAKER_00 3.000 4.000 How are you?\n")]
    [InlineData(TranscriptFormat.Rttm, "SPEAKER meeting 1 0.500 1.500 <NA> <NA> SPEAKER_00 <NA> <NA>\nSPEAKER meeting 1 2.300 0.400 <NA> <NA> SPEAKER_01 <NA> <NA>\nSPEAKER meeting 1 3.000 1.000 <NA> <NA> SPEAKER_00 <NA> <NA>\n")]
    [InlineData(TranscriptFormat.Csv, "start,end,speaker,text\n0.500,2.000,SPEAKER_00,Good morning everyone.\n2.300,2.700,SPEAKER_01,Hello.\n3.000,4.000,SPEAKER_00,How are you?\n")]
    public void Segments_are_split_where_the_speaker_changes(TranscriptFormat format, string expected) =>
        Assert.Equal(expected, Write(Greeting(), format));

    [Fact]
    public void CTM_has_a_line_for_each_word()
    {
        string[] lines = Write(Greeting(), TranscriptFormat.Ctm).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.Equal("meeting 1 0.500 0.300 Good 0.93 lex SPEAKER_00", lines[0].Replace("0.930", "0.93", StringComparison.Ordinal));
        Assert.EndsWith("lex SPEAKER_01", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TranscriptFormat.Json)]
    [InlineData(TranscriptFormat.DiarizedJson)]
    [InlineData(TranscriptFormat.SegLst)]
    public void Every_JSON_names_the_networks_once(TranscriptFormat format)
    {
        string json = Write(Greeting() with { Packs = [InsideNetworks.Store.Require("silero-vad-v6")] }, format);
        Assert.Equal(2, json.Split("\"silero-vad-v6\"").Length);
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement holder = format == TranscriptFormat.SegLst ? document.RootElement[0] : document.RootElement;
        Assert.NotEmpty(holder.GetProperty("packs")[0].GetProperty("files")[0].GetProperty("sha256").GetString()!);
        Assert.DoesNotContain("\"packs\"", Write(Greeting(), format), StringComparison.Ordinal);
    }

    [Fact]
    public void SegLST_and_diarized_JSON_have_the_same_stretches()
    {
        JsonElement[] segments = [.. JsonDocument.Parse(Write(Greeting(), TranscriptFormat.SegLst)).RootElement.EnumerateArray()];
        Assert.Equal(["Good morning everyone.", "Hello.", "How are you?"], segments.Select(segment => segment.GetProperty("words").GetString()));
        JsonElement diarized = JsonDocument.Parse(Write(Greeting(), TranscriptFormat.DiarizedJson)).RootElement;
        Assert.Equal("Good morning everyone. Hello. How are you?", diarized.GetProperty("text").GetString());
        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_00"], diarized.GetProperty("segments").EnumerateArray().Select(segment => segment.GetProperty("speaker").GetString()));
        Assert.All(diarized.GetProperty("segments").EnumerateArray(), segment => Assert.Equal("transcript.text.segment", segment.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(TranscriptFormat.Srt)]
    [InlineData(TranscriptFormat.WebVtt)]
    [InlineData(TranscriptFormat.TextGrid)]
    [InlineData(TranscriptFormat.Stm)]
    [InlineData(TranscriptFormat.SegLst)]
    [InlineData(TranscriptFormat.DiarizedJson)]
    public void What_was_written_is_read_again_with_its_speakers(TranscriptFormat format)
    {
        Transcript again = TranscriptDocument.Read(Encoding.UTF8.GetBytes(Write(Greeting(), format)), "again").Transcript;
        Assert.Equal(
            [("Good morning everyone.", "SPEAKER_00", new TimeRange(0.5, 2)), ("Hello.", "SPEAKER_01", new(2.3, 2.7)), ("How are you?", "SPEAKER_00", new(3, 4))],
            again.Segments.Select(segment => (segment.Text, segment.Speaker!, segment.Range!.Value)));
    }

    [Theory]
    [InlineData("whisperx.json")]
    [InlineData("openai.json")]
    [InlineData("plain.srt")]
    [InlineData("nemo-speakers.txt")]
    [InlineData("aws.json")]
    [InlineData("moonshine.json")]
    public void No_word_is_lost_in_any_format_with_or_without_speakers_and_times(string file)
    {
        Transcript transcript = TranscriptFixtures.Read(file).Transcript;
        foreach (Turn[] turns in (Turn[][])[Turns, []])
        {
            AttributedTranscript attributed = SpeakerAttribution.Assign(transcript, turns);
            foreach (TranscriptFormat format in Enum.GetValues<TranscriptFormat>().Where(format => format != TranscriptFormat.Rttm))
            {
                string written = Write(attributed, format).ToUpperInvariant();
                foreach (string word in (string[])["GOOD", "MORNING", "EVERYONE", "HELLO", "HOW", "ARE", "YOU"])
                {
                    Assert.Contains(word, written, StringComparison.Ordinal);
                }

                Assert.Equal(turns.Length > 0, written.Contains("SPEAKER_0", StringComparison.Ordinal) || written.Contains("SPEAKER\\_0", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Names_stand_wherever_the_labels_stood()
    {
        AttributedTranscript named = SpeakerAttribution.Assign(
                new Transcript([TranscriptSegment.FromWords([new("hi", new TimeRange(0, 1))])]),
                [new(0, 1, "SPEAKER_00"), new(0.5, 1, "SPEAKER_01")])
            .WithNames(new Dictionary<string, string> { ["SPEAKER_00"] = "Ann", ["SPEAKER_01"] = "Bob" });
        SpeakerChoice choice = named.Segments[0].Words[0].Choice;
        Assert.Equal(("Ann", "Bob"), (choice.Speaker, choice.RunnerUp));
        Assert.Equal(["Bob"], choice.Overlapping);
        Assert.Equal(["Ann"], named.Speakers);
    }

    [Fact]
    public void Long_lines_are_cut_into_subtitles_at_words()
    {
        Word[] words = [.. Enumerable.Range(0, 60).Select(i => new Word($"word{i}", new TimeRange(i * 0.4, (i * 0.4) + 0.3)))];
        AttributedTranscript attributed = SpeakerAttribution.Assign(Transcript.FromWords(words), [new(0, 60, "A")]);
        Transcript again = TranscriptDocument.Read(Encoding.UTF8.GetBytes(Write(attributed, TranscriptFormat.Srt)), "again").Transcript;
        Assert.Equal(string.Join(' ', words.Select(word => word.Text)), string.Join(' ', again.Segments.Select(segment => segment.Text)));
        Assert.All(again.Segments, segment => Assert.True(segment.Text.Length <= 84 && segment.Range!.Value.Duration <= 7.0001));
    }

    [Fact]
    public void Marks_that_a_format_uses_itself_are_escaped()
    {
        var attributed = SpeakerAttribution.Assign(new Transcript([new("a <b> --> \"c\", d & e", new TimeRange(0, 1), [])]), [new(0, 1, "A<1>")]);
        Assert.Contains("[A<1>]: a <b> -> \"c\", d & e", Write(attributed, TranscriptFormat.Srt), StringComparison.Ordinal);
        Assert.Contains("<v A&lt;1&gt;>a &lt;b&gt; --&gt; \"c\", d &amp; e</v>", Write(attributed, TranscriptFormat.WebVtt), StringComparison.Ordinal);
        Assert.Contains(",A<1>,\"a <b> --> \"\"c\"\", d & e\"", Write(attributed, TranscriptFormat.Csv), StringComparison.Ordinal);
        Assert.Contains("text = \"a <b> --> \"\"c\"\", d & e\"", Write(attributed, TranscriptFormat.TextGrid), StringComparison.Ordinal);
        Assert.Contains("a \\<b\\> --\\> \"c\", d & e", Write(attributed, TranscriptFormat.Markdown), StringComparison.Ordinal);
    }

    [Fact]
    public void RTTM_gives_the_turns_back_to_a_reader()
    {
        Turn[] turns = [.. Assert.Single(Rttm.Read(new StringReader(Write(Greeting(), TranscriptFormat.Rttm)), "test")).Turns];
        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_00"], turns.Select(turn => turn.Speaker));
    }

    private static AttributedTranscript Greeting() => SpeakerAttribution.Assign(TranscriptFixtures.Read("openai-whisper.json").Transcript, Turns);

    private static string Write(AttributedTranscript transcript, TranscriptFormat format)
    {
        var text = new StringWriter();
        TranscriptWriter.Write(text, transcript, format, "meeting");
        return text.ToString();
    }
}
