using System.Text;
using Diarist.Attribution;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Times in other units, from other starts, and of other recordings: understood from the whole file, or said.</summary>
public class TimesOfOtherKindsTests
{
    [Theory]
    [InlineData("[{\"start\":500,\"stop\":850,\"text\":\"Hello there everyone.\"},{\"start\":950,\"stop\":1150,\"text\":\"How are you all?\"}]", 5, 11.5)]
    [InlineData("[{\"start\":500,\"end\":3500,\"text\":\"Hello there everyone.\"}]", 0.5, 3.5)]
    [InlineData("[{\"start\":500.25,\"end\":3500.75,\"text\":\"Hello there everyone.\"}]", 0.50025, 3.50075)]
    [InlineData("[{\"start\":5000000,\"end\":35000000,\"text\":\"Hello there everyone.\"}]", 0.5, 3.5)]
    [InlineData("[{\"start\":500000000,\"end\":3500000000,\"text\":\"Hello there everyone.\"}]", 0.5, 3.5)]
    [InlineData("[{\"offset\":500,\"duration\":3000,\"text\":\"Hello there everyone.\"}]", 0.5, 3.5)]
    [InlineData("[{\"start\":0.5,\"end\":30.5,\"text\":\"Yes.\"}]", 0.5, 30.5)]
    [InlineData("[{\"start\":0,\"end\":90,\"text\":\"Hello there everyone.\"}]", 0, 90)]
    [InlineData("{\"results\":[{\"alternatives\":[{\"transcript\":\"Hello\",\"words\":[{\"word\":\"Hello\",\"start_time\":{\"nanos\":500000000},\"end_time\":{\"seconds\":3,\"nanos\":500000000}}]}]}]}", 0.5, 3.5)]
    [InlineData("start,end,text\n500,3500,\" Hello there everyone.\"\n", 0.5, 3.5)]
    [InlineData("start\tend\ttext\n500\t3500\tHello there everyone.\n", 0.5, 3.5)]
    [InlineData("start\tend\ttext\n0.5\t3.5\tHello there everyone.\n", 0.5, 3.5)]
    [InlineData("Start time,End time,Text\n00:00:00.500,00:00:03.500,Hello there everyone.\n", 0.5, 3.5)]
    [InlineData("start_ms;end_ms;text\n500;3500;Hi\n", 0.5, 3.5)]
    public void The_unit_is_that_in_which_people_can_speak(string text, double start, double end)
    {
        TranscriptSegment[] segments = [.. Read(text).Transcript.Segments];
        Assert.Equal(start, segments[0].Range!.Value.Start, 6);
        Assert.Equal(end, segments[^1].Range!.Value.End, 6);
    }

    [Fact]
    public void Texts_where_nobody_speaks_are_counted_with_the_ranges_of_both_sides()
    {
        Transcript transcript = Read("1\n01:00:00,500 --> 01:00:03,500\nHello there.\n\n2\n01:00:04,500 --> 01:00:06,500\nHow are you?\n").Transcript;
        string warning = Assert.Single(SpeakerAttribution.Assign(transcript, T10).Warnings);
        Assert.Contains("2 of 2", warning, StringComparison.Ordinal);
        Assert.Contains("from 3600.5 to 3606.5 s and the turns from 0 to 12 s", warning, StringComparison.Ordinal);
        Assert.Empty(SpeakerAttribution.Assign(transcript, []).Warnings);
    }

    [Fact]
    public void A_few_texts_where_nobody_speaks_are_usual()
    {
        Word[] words = [.. Enumerable.Range(0, 20).Select(i => new Word("word", new TimeRange(i < 19 ? i * 0.5 : 60, i < 19 ? (i * 0.5) + 0.4 : 60.4)))];
        Assert.Empty(SpeakerAttribution.Assign(Transcript.FromWords(words), T10).Warnings);
    }

    [Theory]
    [InlineData("[{\"start\":0.0005,\"end\":0.0035,\"text\":\"Hello there everyone.\"},{\"start\":0.0045,\"end\":0.0065,\"text\":\"How are you?\"}]", "too close together")]
    [InlineData("{\"segments\":[{\"start\":0.5,\"end\":3.5,\"text\":\"Hello.\"}]}{\"segments\":[{\"start\":0.5,\"end\":3.5,\"text\":\"Hello.\"}]}", "comes twice")]
    [InlineData("1\n00:00:00,500 --> 00:00:03,500\nHello.\n\n1\n00:00:00,500 --> 00:00:03,500\nHello.\n", "comes twice")]
    public void Times_that_cannot_be_are_said(string text, string warning) => Assert.Contains(warning, Assert.Single(Read(text).Warnings), StringComparison.Ordinal);

    [Theory]
    [InlineData("<|startoftranscript|><|en|><|0.50|> Hello there.<|3.50|><|4.50|> How are you?<|6.50|><|endoftext|>", "0,Hello there.|1,How are you?")]
    [InlineData("{\"text\":\"<|0.50|> Hello there.<|3.50|><|4.50|> How are you?<|6.50|>\"}", "0,Hello there.|1,How are you?")]
    [InlineData("{\"segments\":[{\"start\":4.5,\"end\":6.5,\"text\":\"<|en|><|4.50|> How <b are |> you?<|6.50|>\"}]}", "1,How <b are |> you?")]
    public void Tokens_are_no_words_and_their_times_count(string text, string expected) => Assert.Equal(expected, Lines(text));

    [Theory]
    [InlineData("<|0.50|> Hello there.<|29.00|><|0.00|> How are you?<|6.50|>", "start over")]
    [InlineData("{\"text\":\"<|0.50|> Hello there.<|29.00|><|0.00|> How are you?<|6.50|>\"}", "start over")]
    [InlineData("{\"message_type\":\"PartialTranscript\",\"text\":\"hel\",\"audio_start\":0,\"audio_end\":900}\n", "only partial results")]
    [InlineData("{\"a.wav\":{\"segments\":[{\"start\":0,\"end\":2,\"text\":\"One.\"}]},\"b.wav\":{\"segments\":[{\"start\":0,\"end\":2,\"text\":\"Two.\"}]}}", "several transcripts")]
    [InlineData("{\"data\":{\"transcript\":\"One two three four five six.\",\"parts\":[{\"start\":0,\"end\":2,\"text\":\"One.\"}]}}", "parts are missing")]
    [InlineData("{\"words\":[{\"word\":\"One\",\"start_timestamp\":{\"relative\":0.5}}],\"text\":\"One\"}", "looks like a time")]
    [InlineData("{1}{50}Hello.\n", "count frames")]
    [InlineData("<tt xmlns=\"http://www.w3.org/ns/ttml\"><body begin=\"10s\"><div><p begin=\"0s\" end=\"1s\">One.</p></div></body></tt>", "count from there")]
    [InlineData("<html><body>One.</body></html>", "XML of <html>")]
    [InlineData("<!DOCTYPE tt [<!ENTITY a \"b\">]><tt><p begin=\"0s\" end=\"1s\">&a;</p></tt>", "document type")]
    public void What_cannot_be_known_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<AnnotationFormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Captions_that_roll_are_taken_once_with_a_note()
    {
        const string Text = "1\n00:00:00,500 --> 00:00:02,000\nHello there\n\n2\n00:00:02,000 --> 00:00:04,500\nHello there\nhow are you\n\n3\n00:00:04,500 --> 00:00:06,500\nhow are you\nvery well thanks\n\n4\n00:00:06,500 --> 00:00:06,510\nvery well thanks\n";
        TranscriptDocument document = Read(Text);
        Assert.Equal("0,Hello there|0,how are you|1,very well thanks", Lines(document));
        Assert.Contains("3 captions repeat lines", Assert.Single(document.Warnings), StringComparison.Ordinal);
        Assert.Equal("0,Yes it is.|0,Yes it is.|1,No.", Lines("1\n00:00:00,500 --> 00:00:02,000\nYes it is.\n\n2\n00:00:02,000 --> 00:00:03,500\nYes it is.\n\n3\n00:00:04,500 --> 00:00:06,500\nNo.\n"));
    }

    [Fact]
    public void Printed_lines_that_begin_with_a_bracket_are_no_XML() =>
        Assert.Equal("0,good", Lines("\n<s> 0.000 0.490 0.999\n<sil> 0.500 0.600 0.9\n</s> 0.600 0.700 1.0\ngood\n<s> 0.800 0.900 0.999\ngood 0.900 1.400 0.8\n</s> 1.410 1.500 1.0\n"));

    [Theory]
    [InlineData("Grüße an alle, “schöne” Tage.", true)]
    [InlineData("Voilà l'été à Noël.", true)]
    [InlineData("a\u00FFb \u00FFc", false)]
    public void Windows_1252_is_read_as_such_and_other_code_pages_are_not_guessed(string said, bool known)
    {
        string text = $"1\n00:00:00,500 --> 00:00:03,500\n{said}\n";
        byte[] bytes = [.. text.Select(character => character switch { '“' => (byte)0x93, '”' => (byte)0x94, _ => (byte)character })];
        TranscriptDocument document = TranscriptDocument.Read(bytes, "test");
        Assert.Equal(known, document.Transcript.Segments[0].Text == said);
        Assert.Contains(known ? "read as Windows-1252" : "U+FFFD", Assert.Single(document.Warnings), StringComparison.Ordinal);
        Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test", Strict));
        Assert.Contains("UTF-16 without its mark", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(Encoding.Unicode.GetBytes("1\n00:00:00,500"), "test")).Message, StringComparison.Ordinal);
    }
}
