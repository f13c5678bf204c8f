using System.Text;
using System.Text.Json;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>One answer to whether a file names speakers, and every copy of them agrees after overwriting or the file is refused.</summary>
public class SpeakersInFilesTests
{
    [Theory]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":null}]}""", false)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":""}]}""", false)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":" "}]}""", false)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker_confidence":null,"speaker_spans":null}]}""", false)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker_id":"speaker_1"}]}""", true)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":0}]}""", true)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":{"id":1,"name":"speaker_1"}}]}""", true)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","speaker":{"id":null}}]}""", false)]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","words":[{"word":"Hi","start":0,"end":1,"speaker":"A"}]}]}""", true)]
    public void One_rule_answers_whether_speakers_are_named(string text, bool named)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(named, document.HasSpeakers);
        Assert.Equal(named, document.Transcript.HasSpeakers);
        AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, T10);
        if (named)
        {
            Assert.Throws<InputException>(() => document.Annotate(attributed));
        }

        string written = Encoding.UTF8.GetString(document.Annotate(attributed, overwrite: true));
        Assert.Contains("\"speaker\":\"SPEAKER_00\"", written, StringComparison.Ordinal);
        Assert.DoesNotContain("speaker_1", written, StringComparison.Ordinal);
        foreach (JsonElement segment in JsonDocument.Parse(written).RootElement.GetProperty("segments").EnumerateArray())
        {
            Assert.Single(segment.EnumerateObject(), member => member.Name == "speaker");
        }
    }

    [Fact]
    public void Nobody_leaves_an_empty_speaker_as_it_is()
    {
        TranscriptDocument document = Read("""{"segments":[{"start":50,"end":51,"text":"Hi","speaker":null}]}""");
        Assert.Equal(document.Bytes.ToArray(), document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10)));
    }

    [Theory]
    [InlineData("""{"results":{"channels":[{"alternatives":[{"transcript":"one two","words":[{"word":"one","start":0,"end":1,"speaker":5},{"word":"two","start":5,"end":6,"speaker":6}],"paragraphs":{"transcript":"one two","paragraphs":[{"start":0,"end":1,"speaker":5},{"start":5,"end":6,"speaker":6}]}}]}],"utterances":[{"start":0,"end":1,"speaker":5,"transcript":"one","words":[{"word":"one","start":0,"end":1,"speaker":5}]},{"start":5,"end":6,"speaker":6,"transcript":"two","words":[{"word":"two","start":5,"end":6,"speaker":6}]}]}}""", 4)]
    [InlineData("""{"results":{"transcripts":[{"transcript":"one two"}],"speaker_labels":{"speakers":2,"segments":[{"start_time":"0","end_time":"1","speaker_label":"spk_5","items":[{"start_time":"0","end_time":"1","speaker_label":"spk_5"}]},{"start_time":"5","end_time":"6","speaker_label":"spk_6","items":[{"start_time":"5","end_time":"6","speaker_label":"spk_6"}]}]},"items":[{"type":"pronunciation","start_time":"0","end_time":"1","speaker_label":"spk_5","alternatives":[{"content":"one"}]},{"type":"pronunciation","start_time":"5","end_time":"6","speaker_label":"spk_6","alternatives":[{"content":"two"}]}],"audio_segments":[{"id":0,"transcript":"one","start_time":"0","end_time":"1","speaker_label":"spk_5","items":[0]},{"id":1,"transcript":"two","start_time":"5","end_time":"6","speaker_label":"spk_6","items":[1]}]}}""", 4)]
    [InlineData("""{"speakers":[{"speaker":"X5","timestamp":[0,1.5],"text":" one one"},{"speaker":"X6","timestamp":[5,6.5],"text":" two two"}],"chunks":[{"timestamp":[0,1.5],"text":" one one"},{"timestamp":[5,6.5],"text":" two two"}],"text":" one one two two"}""", 2)]
    [InlineData("""{"id":"a","audio_url":"x","text":"one two","words":[{"text":"one","start":0,"end":1000,"speaker":"A5"},{"text":"two","start":5000,"end":6000,"speaker":"A6"}],"utterances":[{"speaker":"A5","text":"one","start":0,"end":1000,"words":[{"text":"one","start":0,"end":1000,"speaker":"A5"}]},{"speaker":"A6","text":"two","start":5000,"end":6000,"words":[{"text":"two","start":5000,"end":6000,"speaker":"A6"}]}]}""", 3)]
    [InlineData("""{"schema":"diarist-transcript/1","speakers":["A5","A6"],"segments":[{"start":0,"end":1,"text":"one","speaker":"A5","words":[]},{"start":5,"end":6,"text":"two","speaker":"A6","words":[]}]}""", 1)]
    public void Every_copy_agrees_after_overwriting(string text, int copies)
    {
        TranscriptDocument document = Read(text);
        Assert.True(document.HasSpeakers);
        string written = Encoding.UTF8.GetString(document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10), overwrite: true));
        using JsonDocument json = JsonDocument.Parse(written);
        foreach (string old in (string[])["spk_5", "spk_6", "X5", "X6", "A5", "A6", "\"speaker\":5", "\"speaker\":6"])
        {
            Assert.DoesNotContain(old, written, StringComparison.Ordinal);
        }

        Assert.InRange(written.Split("\"speaker\":\"SPEAKER_00\"").Length - 1, copies, copies + 1);
        Assert.Equal(copies, written.Split("\"speaker\":\"SPEAKER_01\"").Length - 1);
        Assert.False(Read(text).Transcript.Turns.Count == 0 && !Read(text).Transcript.HasSpeakers);
    }

    [Theory]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi"}],"people":[{"speaker":"Ann","seconds":1}]}""", "people[0].speaker")]
    [InlineData("""{"results":{"channels":[{"alternatives":[{"transcript":"one","words":[{"word":"one","start":0,"end":1,"speaker":0}],"paragraphs":{"transcript":"\nSpeaker 0: one","paragraphs":[]}}]}]}}""", "results.channels[0].alternatives[0].paragraphs.transcript")]
    public void A_copy_that_cannot_be_replaced_is_refused_with_its_path(string text, string path)
    {
        TranscriptDocument document = Read(text);
        Assert.True(document.HasSpeakers);
        Assert.Contains(path, document.UnreadSpeakers);
        Assert.Contains(path, Assert.Throws<InputException>(() => document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10), overwrite: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TranscriptFormat.Text, "[0:01] SPEAKER_00: Seeds?\n[0:04] SPEAKER_01: Yes, three.\n")]
    [InlineData(TranscriptFormat.Srt, "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: Seeds?\n\n2\n00:00:04,500 --> 00:00:06,000\n[SPEAKER_01]: Yes, three.\n\n")]
    [InlineData(TranscriptFormat.Csv, "start,end,speaker,text\n1.000,2.000,SPEAKER_00,Seeds?\n4.500,6.000,SPEAKER_01,\"Yes, three.\"\n")]
    public void Splitting_a_segment_keeps_its_punctuation(TranscriptFormat format, string expected) =>
        Assert.Equal(expected, Write(SpeakerAttribution.Assign(Read(Seeds).Transcript, T10), format));

    [Theory]
    [InlineData("""{"segments":[{"start":0,"end":7,"text":"It was 12,5 % (roughly). “Yes!” he said","words":[{"word":"It","start":0,"end":0.5},{"word":"was","start":0.5,"end":1},{"word":"twelve","start":1,"end":2},{"word":"roughly","start":2,"end":3},{"word":"Yes","start":4.5,"end":5},{"word":"he","start":5,"end":5.5},{"word":"said","start":5.5,"end":6}]}]}""", "0,\"It was 12,5 % (roughly).\"|1,“Yes!” he said")]
    [InlineData("""{"segments":[{"start":0,"end":7,"text":"one two","words":[{"word":"one","start":0,"end":0.5},{"word":"two","start":0.5,"end":1},{"word":"three","start":4.5,"end":5}]}]}""", "0,one two|1,three")]
    [InlineData("""{"segments":[{"start":0,"end":7,"text":"one two three four","words":[{"word":"one","start":0,"end":0.5},{"word":"four","start":4.5,"end":5}]}]}""", "0,one two three|1,four")]
    [InlineData("""{"segments":[{"start":0,"end":7,"text":"","words":[{"word":"one","start":0,"end":0.5},{"word":"four","start":4.5,"end":5}]}]}""", "0,one|1,four")]
    [InlineData("""{"text":"今天种。豆","segments":[{"start":0,"end":7,"text":"今天种。豆","words":[{"word":"今天","start":0,"end":0.5},{"word":"种","start":1,"end":1.5},{"word":"豆","start":4.5,"end":5}]}]}""", "0,今天种。|1,豆")]
    public void The_text_is_cut_where_its_words_stand_and_neither_loses_a_word(string text, string expected) => Assert.Equal(expected, Lines(text));

    private const string Seeds = """{"task":"transcribe","duration":7,"text":"Seeds? Yes, three.","segments":[{"id":0,"start":1,"end":6,"text":"Seeds? Yes, three."}],"words":[{"word":"Seeds","start":1,"end":2},{"word":"Yes","start":4.5,"end":5},{"word":"three","start":5,"end":6}]}""";
}
