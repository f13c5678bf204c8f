using System.Globalization;
using Diarist.Attribution;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Files that were read wrong in silence, or with a warning where a refusal was due, found by trying further cases of known classes.</summary>
public class FurtherTranscriptTests
{
    [Fact]
    public void Starts_in_seconds_and_ends_in_milliseconds_are_told()
    {
        TranscriptDocument document = Read("""{"segments":[{"start":0.5,"end":3500,"text":"Hello there everyone."},{"start":4.5,"end":6500,"text":"How are you?"},{"start":7.5,"end":11000,"text":"Very well thanks."}]}""");

        Assert.Contains("too close together for what is said", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Ends_where_a_CTM_has_lengths_are_told()
    {
        string Lines(Func<int, double> third) => string.Concat(Enumerable.Range(0, 40).Select(index => string.Create(CultureInfo.InvariantCulture, $"talk 1 {index * 0.5:0.00} {third(index):0.00} word 0.9\n")));

        Assert.Contains("ends may stand where lengths are meant", Assert.Single(Read(Lines(index => (index * 0.5) + 0.4)).Warnings), StringComparison.Ordinal);
        Assert.Empty(Read(Lines(_ => 0.4)).Warnings);
    }

    [Theory]
    [InlineData("""{"fragments":[{"begin":"0.5","end":"3.5","lines":["Hello."]},{"begin":"4.5","end":"6.5","Lines":["Yes."]}]}""")]
    [InlineData("""[{"type":"Turn","transcript":"Hello.","words":[]},{"type":"Turn","transcripts":"x","words":[{"start":4500,"end":5000,"text":"Yes"}]}]""")]
    [InlineData("""[{"RecognitionStatus":"Success","DisplayText":"Hello.","Offset":5000000,"Duration":30000000},{"RecognitionStatus":"success!","DisplayText":"Yes.","Offset":45000000,"Duration":20000000}]""")]
    [InlineData("""{"events":[{"tStartMs":500,"dDurationMs":3000,"segs":[{"utf8":"Hello"}]},{"tStartMs":4500,"dDurationMs":2000,"Segs":[{"utf8":"Yes"}]}]}""")]
    public void Texts_under_names_that_are_not_known_are_refused_and_not_lost(string json) => Assert.Throws<AnnotationFormatException>(() => Read(json));

    [Theory]
    [InlineData("""{"segments":[{"in":0.5,"out":3.5,"text":"Hello."},{"in":4.5,"out":6,"text":"Yes."}]}""", "segments[0].in")]
    [InlineData("""{"segments":[{"tc_in":"00:00:00.500","tc_out":"00:00:03.500","text":"Hello."}]}""", "segments[0].tc_in")]
    [InlineData("""[{"time":"0.5-3.5","text":"Hello."},{"time":"4.5-6.5","text":"Yes."}]""", "[0].time")]
    [InlineData("""[{"time":"0.5s – 3.5s","text":"Hello."},{"time":"4.5s – 6.5s","text":"Yes."}]""", "[0].time")]
    public void Times_under_other_names_are_refused_with_their_path(string json, string path) =>
        Assert.Contains($"`{path}` looks like a time", Assert.Throws<AnnotationFormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1764400000.5", "1764400003.5")]
    [InlineData("1764400000500", "1764400003500")]
    public void Times_of_the_clock_on_the_wall_are_refused_and_not_left_out(string start, string end) =>
        Assert.Contains("no time of the file can be used", Assert.Throws<AnnotationFormatException>(() => Read($$"""{"segments":[{"start":{{start}},"end":{{end}},"text":"Hello."},{"start":{{start}},"end":{{end}},"text":"Yes."}]}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void Times_that_a_translator_spaced_out_are_read() =>
        Assert.Equal("0,Hello.|1,Yes.", Lines("1\n00: 00: 00, 500 -> 00: 00: 03, 500\nHello.\n\n2\n00:00:04, 500 --> 00:00:06, 500\nYes.\n"));

    [Fact]
    public void A_table_of_milliseconds_without_a_header_is_no_table_of_seconds() =>
        Assert.Equal("0,Hello there everyone.|1,How are you?|0,Very well thanks.", Lines("500\t3500\tHello there everyone.\n4500\t6500\tHow are you?\n7500\t11000\tVery well thanks.\n"));

    [Fact]
    public void An_emoji_of_its_own_time_does_not_follow_the_word_before()
    {
        TranscriptDocument document = Read("""{"segments":[{"start":0.5,"end":6,"words":[{"word":" hi","start":1,"end":1.5},{"word":" 👩‍👩‍👧","start":4.5,"end":5},{"word":",","start":5,"end":5},{"word":" you","start":5,"end":5.5}]}]}""");

        AttributedTranscript attributed = SpeakerAttribution.Assign(document.Transcript, T10, AttributionPolicy.Nearest with { WholeSentences = false });

        Assert.Equal(["SPEAKER_00", "SPEAKER_01", "SPEAKER_01", "SPEAKER_01"], attributed.Segments.SelectMany(segment => segment.Words).Select(word => word.Choice.Speaker));
    }

    [Theory]
    [InlineData("Dxalogue: 0,0:00:04.50,0:00:06.50,Default,,0,0,0,,How are you?", "0,Hello.|1,How are you?")]
    [InlineData(",0:00:04.50,0:00:06.50,Default,,0,0,0,,How are you?", "0,Hello.|1,How are you?")]
    [InlineData("and more", "0,Hello.|0,and more")]
    public void A_damaged_line_of_SubStation_keeps_its_text(string line, string lines)
    {
        TranscriptDocument document = Read($"[Script Info]\nTitle: x\n\n[Events]\nDialogue: 0,0:00:00.50,0:00:03.50,Default,,0,0,0,,Hello.\n{line}\nComment: 0,0:00:00.50,0:00:03.50,Default,,0,0,0,,not said\n");

        Assert.Equal(lines, Lines(document));
        Assert.Contains("1 text is not where its format expects it", document.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_of_YouTube_without_its_text_is_refused() =>
        Assert.Contains("a piece without `utf8`", Assert.Throws<AnnotationFormatException>(() => Read("""{"events":[{"tStartMs":500,"dDurationMs":3000,"segs":[{"utf9":"Hello"},{"utf8":" there","tOffsetMs":1000}]}]}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_clock_time_in_a_table_of_milliseconds_is_no_number_of_them() =>
        Assert.Equal("0,Hello there everyone.|1,How are you?|0,Very well thanks.", Lines("start,end,text\n500,3500,Hello there everyone.\n00:04.500,00:06.500,How are you?\n8000,10000,Very well thanks.\n"));
}
