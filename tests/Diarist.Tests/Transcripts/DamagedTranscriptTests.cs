using System.Text;
using Diarist.Attribution;
using Diarist.Transcripts;
using Diarist.Transcripts.Writing;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Bad numbers and bytes in files that are good otherwise: put right, counted and placed; refused when strict.</summary>
public class DamagedTranscriptTests
{
    [Theory]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","words":[{"word":"Hi","start":0,"end":1,"score":NaN}]}]}""", "0,Hi", "1 number is not usable")]
    [InlineData("""{"segments":[{"start":0,"end":1,"text":"Hi","words":[{"word":"Hi","start":NaN,"end":Infinity,"score":-Infinity}]}]}""", "0,Hi", "3 numbers are not usable")]
    [InlineData("""{"segments":[{"start":0,"end":2,"text":"NaN Infinity"}]}""", "0,NaN Infinity", null)]
    [InlineData("""{"segments":[{"start":2,"end":1,"text":"a"},{"start":5,"end":4.5,"text":"b"}]}""", "0,a|1,b", "2 times end before they start")]
    [InlineData("""{"segments":[{"start":-0.02,"end":1,"text":"a"},{"start":5,"end":6,"text":"b"}]}""", "0,a|1,b", "1 time is negative")]
    [InlineData("""{"segments":[{"start":1e999,"end":1e999,"text":"a"},{"start":5,"end":6,"text":"b"}]}""", "0,a|1,b", "2 numbers are not usable")]
    [InlineData("""{"segments":[{"start":"nan","end":"","text":"a"},{"start":5,"end":6,"text":"b"}]}""", "0,a|1,b", "2 numbers")]
    [InlineData("1\n00:00:02,000 --> 00:00:01,000\na\n\n2\n00:00:05,000 --> 00:00:06,000\nb\n", "0,a|1,b", "line 2: ")]
    [InlineData("2.0\t1.0\ta\n5.0\t6.0\tb\n", "0,a|1,b", "line 1: ")]
    [InlineData("-0.5\t1.0\ta\n5.0\t6.0\tb\n", "0,a|1,b", "negative")]
    [InlineData("[2.00s - 1.00s] a\n[5.00s - 6.00s] b\n", "0,a|1,b", "line 1: ")]
    [InlineData("r 1 A 2.0 1.0 a\nr 1 A 5 6 b\n", "0,a|1,b", "line 1: ")]
    [InlineData("r 1 -0.5 1.0 a\nr 1 5 1 b\n", "0,a|1,b", "line 1: ")]
    [InlineData("start\tend\ttext\n2000\t1000\ta\n5000\t6000\tb\n", "0,a|1,b", "line 2: ")]
    public void Bad_numbers_are_put_right_and_said(string text, string expected, string? warned)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(expected, Lines(document));
        if (warned is null)
        {
            Assert.Empty(document.Warnings);
            return;
        }

        Assert.Contains(document.Warnings, warning => warning.Contains(warned, StringComparison.Ordinal));
        Assert.All(document.Warnings, warning => Assert.Contains("line ", warning, StringComparison.Ordinal));
        Assert.Throws<AnnotationFormatException>(() => Read(text, Strict));
        if (document.IsJson)
        {
            byte[] same = document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10));
            Assert.Equal(text, Encoding.UTF8.GetString(TranscriptDocument.Read(same, "again").WithoutSpeakers()));
        }
    }

    [Theory]
    [InlineData("""{"segments":[{"start":4,"end":7,"text":"one two","words":[{"word":"one","start":100,"end":101},{"word":"two","start":101,"end":102}]}]}""")]
    [InlineData("""{"segments":[{"start":4,"end":7,"text":"one two","words":[{"word":"one","start":0,"end":0.1},{"word":"two","start":0.1,"end":0.2}]}]}""")]
    [InlineData("""{"text":"one two","segments":[{"start":4,"end":7,"text":"one two"}],"words":[{"word":"one","start":100,"end":101},{"word":"two","start":101,"end":102}]}""")]
    [InlineData("""{"text":"one two","segments":[{"start":4,"end":7,"text":"one two"}],"words":[{"word":"eins","start":100,"end":101},{"word":"zwei","start":101,"end":102}]}""")]
    public void Word_times_outside_their_segment_are_not_believed(string text)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal("1,one two", Lines(document));
        Assert.Contains("outside", Assert.Single(document.Warnings), StringComparison.Ordinal);
        Assert.All(SpeakerAttribution.Assign(document.Transcript, T10).Segments[0].Words, word => Assert.True(word.Choice.Approximate));
        Assert.Throws<AnnotationFormatException>(() => Read(text, Strict));
    }

    [Theory]
    [InlineData("""{"segments":[{"start":0,"end":3,"text":"one two","words":[{"word":"two","start":2,"end":3},{"word":"one","start":0,"end":1}]}]}""", "1 word lies before the word that it is written behind")]
    [InlineData("""[{"word":"three","start":2,"end":3},{"word":"two","start":1,"end":2},{"word":"one","start":0,"end":1}]""", "2 words lie before the words that they are written behind")]
    [InlineData("""{"segments":[{"start":0,"end":3,"text":"one two","words":[{"word":"one","start":0,"end":2},{"word":"two","start":1,"end":3}]}]}""", null)]
    public void Words_in_another_order_than_their_times_are_said(string text, string? warning)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(warning is null ? 0 : 1, document.Warnings.Count);
        Assert.Contains(warning ?? "", string.Join('|', document.Warnings), StringComparison.Ordinal);
        if (warning is not null)
        {
            Assert.Throws<AnnotationFormatException>(() => Read(text, Strict));
        }
    }

    [Fact]
    public void Captions_and_rows_come_in_the_order_of_time_and_joined_files_as_they_are()
    {
        const string Captions = "2\n00:00:04,200 --> 00:00:06,500\nTwo.\n\n1\n00:00:00,500 --> 00:00:03,800\nOne.\n\n3\n00:00:07,100 --> 00:00:10,000\nThree.\n";
        const string Joined = "1\n00:00:00,500 --> 00:00:03,500\nOne.\n\n2\n00:00:04,200 --> 00:00:06,500\nTwo.\n\n1\n00:00:01,000 --> 00:00:03,800\nThree.\n\n2\n00:00:04,000 --> 00:00:06,000\nFour.\n";
        foreach (string text in (string[])[Captions, "start,end,text\n4.2,6.5,Two.\n0.5,3.8,One.\n7.1,10,Three.\n"])
        {
            Assert.Equal("0,One.|1,Two.|0,Three.", Lines(text));
            Assert.Contains("1 text lies before the one that it is written behind, so the texts were put in the order of time", Assert.Single(Read(text).Warnings), StringComparison.Ordinal);
            Assert.Throws<AnnotationFormatException>(() => Read(text, Strict));
        }

        Assert.Equal(["One.", "Two.", "Three.", "Four."], Read(Joined).Transcript.Segments.Select(segment => segment.Text));
        Assert.Contains("the times start over once", Assert.Single(Read(Joined).Warnings), StringComparison.Ordinal);
        Assert.Empty(Read("1\n00:00:01,000 --> 00:00:03,000\nOne.\n\n2\n00:00:00,500 --> 00:00:02,000\nTwo.\n").Warnings);
    }

    [Fact]
    public void Word_times_outside_their_segment_are_not_believed_of_code_either()
    {
        var segment = new TranscriptSegment("one two", new TimeRange(4, 7), [new("one", new TimeRange(100, 101)), new("two", new TimeRange(101, 102))]);
        Assert.Equal("SPEAKER_01", SpeakerAttribution.Assign(new Transcript([segment]), T10).Segments[0].Words[1].Choice.Speaker);
    }

    [Fact]
    public void Times_inside_a_cue_that_lie_outside_it_are_not_believed() =>
        Assert.Equal("1,one two", Lines("WEBVTT\n\n00:00:04.000 --> 00:00:07.000\none <00:01:05.000>two\n"));

    [Theory]
    [InlineData("{\"transcription\":[{\"offsets\":{\"from\":0,\"to\":900},\"text\":\" a\u00FF b\"}]}")]
    [InlineData("1\n00:00:00,000 --> 00:00:00,900\na\u00FF b\n")]
    [InlineData("[00:00:00.000 --> 00:00:00.900] a\u00FF b\n")]
    public void Broken_UTF_8_stays_in_the_bytes_and_is_shown_as_U_FFFD(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        TranscriptDocument document = TranscriptDocument.Read(bytes, "test");
        Assert.Equal("a\uFFFD b", document.Transcript.Text);
        Assert.Contains("U+FFFD", Assert.Single(document.Warnings), StringComparison.Ordinal);
        Assert.Contains("convert the file", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test", Strict)).Message, StringComparison.Ordinal);
        if (document.IsJson)
        {
            byte[] same = document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10));
            Assert.Contains((byte)0xFF, same);
            Assert.Equal(bytes, TranscriptDocument.Read(same, "again").WithoutSpeakers());
        }
    }

    [Theory]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\\ud800 b\"}]}", "a\uFFFD b")]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"a\\u0000 b\"}]}", "a\uFFFD b")]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":1,\"text\":\"\\u0001 b\",\"words\":[{\"word\":\"\\u0001\",\"start\":0,\"end\":0.5},{\"word\":\"b\",\"start\":0.5,\"end\":1}]}]}", "\uFFFD b")]
    [InlineData("1\n00:00:00,000 --> 00:00:00,900\na\0 b\n", "a\uFFFD b")]
    public void Characters_that_no_format_can_carry_are_replaced_and_every_format_is_written(string text, string expected)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(expected, document.Transcript.Text);
        Assert.Contains("U+FFFD", Assert.Single(document.Warnings), StringComparison.Ordinal);
        foreach (TranscriptFormat format in Enum.GetValues<TranscriptFormat>())
        {
            Assert.NotEmpty(Write(SpeakerAttribution.Assign(document.Transcript, T10), format));
        }
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1e300, 1e301)]
    [InlineData(2e8, 3e8)]
    [InlineData(-5, -4)]
    [InlineData(2, 1)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void Every_format_writes_whatever_code_puts_into_a_transcript(double start, double end)
    {
        var range = new TimeRange(start, end);
        var words = new Word[] { new("a\0\nb", range) { Confidence = double.NaN }, new("\u0001", range) { Confidence = 7 }, new("\ud800", null) };
        var transcript = new Transcript([new TranscriptSegment("a\0\n\nb", range, words), new TranscriptSegment("c", range, [])]);
        foreach (TranscriptFormat format in Enum.GetValues<TranscriptFormat>())
        {
            foreach (Turn[] turns in (Turn[][])[T10, []])
            {
                Write(SpeakerAttribution.Assign(transcript, turns), format);
            }
        }
    }

    [Theory]
    [InlineData("۰۰:۰۰:۰۱,۰۰۰ --> ۰۰:۰۰:۰۲,۰۰۰\na\n")]
    [InlineData("[۰۰:۰۰:۰۰.۰۰۰ --> ۰۰:۰۰:۰۱.۰۰۰] a\n")]
    [InlineData("[۰.۵][S۰۱] a[۲.۰]")]
    [InlineData("<|spltoken۰|> a")]
    [InlineData("a\n<s> ۰.۰ ۰.۱ ۰.۹\na ۰.۲ ۰.۳ ۰.۵\n</s> ۰.۳ ۰.۴ ۱.۰\n")]
    [InlineData("۱.۰\t۲.۰\ta\n")]
    [InlineData("[۰:۰۰] Ann: a\n")]
    public void Digits_of_other_scripts_are_no_times(string text)
    {
        try
        {
            Assert.All(Read(text).Transcript.Segments, segment => Assert.Null(segment.Range));
        }
        catch (AnnotationFormatException)
        {
        }
    }

    [Theory]
    [InlineData("99999:99999:59 --> 99999:99999:60\na\n")]
    [InlineData("{\"segments\":[{\"start\":\"999999:00:00\",\"end\":\"999999:00:01\",\"text\":\"a\"}]}")]
    [InlineData("{\"segments\":[{\"start\":3e8,\"end\":4e8,\"text\":\"a\"}]}")]
    [InlineData("r 1 3e8 1 a\n")]
    [InlineData("<|spltoken0|><|t:999999999|> a <|t:999999999|>")]
    public void Times_beyond_the_longest_recording_count_as_absent_in_every_format(string text)
    {
        TranscriptDocument document = Read(text);
        foreach (TranscriptFormat format in Enum.GetValues<TranscriptFormat>())
        {
            Write(SpeakerAttribution.Assign(document.Transcript, T10), format);
        }
    }

    [Fact]
    public void An_empty_segment_and_unfinished_JSON_are_typed_errors()
    {
        Assert.Throws<AnnotationFormatException>(() => Read("""{"segments":[{}]}"""));
        Assert.DoesNotContain("deeper", Assert.Throws<AnnotationFormatException>(() => Read("""{"segments":[{"text":"a"},""")).Message, StringComparison.Ordinal);
        Assert.Contains("ends inside", Assert.Throws<AnnotationFormatException>(() => Read("""{"segments":[{"text":"a"}""")).Message, StringComparison.Ordinal);
    }
}
