using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Shapes of transcripts that people have and that were read wrong or refused: pieces of streams, scripts without spaces, lists with holes, tables.</summary>
public class PeoplesTranscriptTests
{
    private const string Three = "0,Hello there everyone.|1,How are you?|0,Very well thanks.";

    [Fact]
    public void Joined_pieces_of_a_stream_count_from_the_start_of_the_first()
    {
        TranscriptDocument document = Read(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:00:00.500 --> 00:00:03.500\nHello there everyone.\n\n"
            + "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:1260000\n\n00:00:00.500 --> 00:00:02.500\nHow <00:00:01.000>are you?\n\n"
            + "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:1530000,LOCAL:00:00:00.000\n00:00:00.500 --> 00:00:04.000\nVery well thanks.\n");

        Assert.Equal(Three, Lines(document));
        Assert.Equal(4.5, document.Transcript.Segments[1].Range!.Value.Start, 3);
        Assert.Contains("line 2", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_clock_of_a_stream_starts_over_after_33_bits() =>
        Assert.Equal("0,Hello.|1,Yes.", Lines(
            "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:8589844592,LOCAL:00:00:00.000\n\n00:00:00.500 --> 00:00:01.500\nHello.\n\n"
            + "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:360000,LOCAL:00:00:00.000\n\n00:00:00.000 --> 00:00:01.500\nYes.\n"));

    [Fact]
    public void A_cue_that_two_pieces_of_a_stream_hold_is_taken_once() =>
        Assert.Equal(Three, Lines(
            "WEBVTT\n\n00:00:00.500 --> 00:00:03.500\nHello there everyone.\n\nWEBVTT\n\n00:00:00.500 --> 00:00:03.500\nHello there everyone.\n\n00:00:04.500 --> 00:00:06.500\nHow are you?\n\n"
            + "WEBVTT\n\n00:00:07.500 --> 00:00:11.000\nVery well thanks.\n"));

    [Fact]
    public void A_map_that_cannot_be_read_is_told() =>
        Assert.Contains("X-TIMESTAMP-MAP cannot be read", Assert.Single(Read("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:x\n\n00:00:00.500 --> 00:00:03.500\nHello.\n").Warnings), StringComparison.Ordinal);

    [Theory]
    [InlineData("สวัสดี", "ทุกคน")]
    [InlineData("ສະບາຍດີ", "ທຸກຄົນ")]
    [InlineData("ជំរាប", "សួរ")]
    [InlineData("မင်္ဂ", "လာပါ")]
    [InlineData("今天", "天气")]
    [InlineData("今日", "は")]
    public void Words_of_scripts_without_spaces_join(string first, string second)
    {
        string words = $$"""[{"word":"{{first}}","start":0.5,"end":1},{"word":"{{second}}","start":1,"end":1.5},{"word":"OK","start":1.5,"end":2},{"word":"fine","start":2,"end":2.5}]""";

        Assert.Equal($"0,{first}{second} OK fine", Lines(words));
        Assert.Equal($"0,{first}{second} OK fine", Lines($"m 1 0.5 0.5 {first}\nm 1 1 0.5 {second}\nm 1 1.5 0.5 OK\nm 1 2 0.5 fine\n"));
    }

    [Theory]
    [InlineData("안녕", "하세요")]
    [InlineData("Hello", "there")]
    public void Words_of_other_scripts_do_not(string first, string second) =>
        Assert.Equal($"0,{first} {second}", Lines($$"""[{"word":"{{first}}","start":0.5,"end":1},{"word":"{{second}}","start":1,"end":1.5}]"""));

    [Theory]
    [InlineData("""{"segments":[null,{"start":0.5,"end":3.5,"text":"Hello."},null,{"start":4.5,"end":6.5,"text":"Yes."}]}""", "2 items of lists are null and were passed over; the first: line 1: byte 13")]
    [InlineData("""[null,{"start":0.5,"end":3.5,"text":"Hello."},{"start":4.5,"end":6.5,"text":"Yes."}]""", "1 item of a list is null")]
    [InlineData("""{"chunks":[null,{"timestamp":[0.5,3.5],"text":"Hello."},{"timestamp":[4.5,6.5],"text":"Yes."}]}""", "1 item of a list is null")]
    [InlineData("""{"segments":[{"start":0.5,"end":3.5,"text":"Hello.","words":[null,{"word":"Hello.","start":0.5,"end":3.5}]},{"start":4.5,"end":6.5,"text":"Yes."}]}""", "1 item of a list is null")]
    public void Null_items_of_lists_are_passed_over_with_a_warning(string json, string warning)
    {
        TranscriptDocument document = Read(json);

        Assert.Equal("0,Hello.|1,Yes.", Lines(document));
        Assert.Contains(warning, Assert.Single(document.Warnings), StringComparison.Ordinal);
        Assert.Throws<AnnotationFormatException>(() => Read(json, Strict));
    }

    [Theory]
    [InlineData("start;end;text\n0,5;3,5;Hello there everyone.\n4,5;6,5;How are you?\n7,5;11,0;Very well thanks.\n")]
    [InlineData("start,duration,text\n0.5,3.0,Hello there everyone.\n4.5,2.0,How are you?\n7.5,3.5,Very well thanks.\n")]
    [InlineData("0.5,3.5,Hello there everyone.\n4.5,6.5,How are you?\n7.5,11.0,Very well thanks.\n")]
    [InlineData("500, 3500, \"Hello there everyone.\"\n4500, 6500, \"How are you?\"\n7500, 11000, \"Very well thanks.\"\n")]
    [InlineData("0,5\t3,5\tHello there everyone.\n4,5\t6,5\tHow are you?\n7,5\t11,0\tVery well thanks.\n")]
    public void Tables_with_decimal_commas_with_durations_and_without_a_header_are_read(string table) => Assert.Equal(Three, Lines(table));

    [Fact]
    public void Frames_in_a_table_are_refused_by_name() =>
        Assert.Contains("frames and time codes are not read", Assert.Throws<AnnotationFormatException>(() => Read("Track,Timecode In,Timecode Out,Text\nA1,01:00:00:12,01:00:03:12,Hello.\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bare_numbers_of_TTML_are_seconds() =>
        Assert.Equal("0,Hello.|1,Yes.", Lines("<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div><p begin=\"0.5\" end=\"3.5\">Hello.</p><p begin=\"4.5\" end=\"6.5\">Yes.</p></div></body></tt>"));

    [Fact]
    public void Words_of_utterances_keep_their_punctuation() =>
        Assert.Equal("0,Hello.|1,Yes.", Lines("""{"results":{"utterances":[{"start":0.5,"end":3.5,"transcript":"Hello.","words":[{"word":"hello","start":0.5,"end":3.5,"punctuated_word":"Hello."}]},{"start":4.5,"end":6.5,"transcript":"Yes.","words":[{"word":"yes","start":4.5,"end":6.5,"punctuated_word":"Yes."}]}]}}"""));

    [Theory]
    [InlineData(@"{\k100}One {\k30}t{\k70}wo {\k200}{\kf100\1c&HFFFFFF&}three{\ko100} four.")]
    [InlineData(@"{\an8}{\K200}One two {\kt400\k200}three four.")]
    public void Karaoke_tags_are_times_of_words(string text) =>
        Assert.Equal("0,One two|1,three four.", Lines($"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:00.50,0:00:06.50,Default,,0,0,0,,{text}\n"));

    [Fact]
    public void Channels_that_follow_each_other_in_the_file_come_out_in_the_order_of_time() =>
        Assert.Equal("0,Hello there.|1,How are you?|0,Fine thanks.", Lines("""
            {"results":{"channels":[
            {"alternatives":[{"transcript":"Hello there. Fine thanks.","words":[
            {"word":"hello","punctuated_word":"Hello","start":0.5,"end":1.0},{"word":"there","punctuated_word":"there.","start":1.0,"end":1.5},
            {"word":"fine","punctuated_word":"Fine","start":7.5,"end":8.0},{"word":"thanks","punctuated_word":"thanks.","start":8.0,"end":8.5}]}]},
            {"alternatives":[{"transcript":"How are you?","words":[
            {"word":"how","punctuated_word":"How","start":4.5,"end":5.0},{"word":"are","punctuated_word":"are","start":5.0,"end":5.5},{"word":"you","punctuated_word":"you?","start":5.5,"end":6.0}]}]}]}}
            """));
}
