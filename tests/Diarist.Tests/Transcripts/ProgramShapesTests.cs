using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Shapes that programs really write, of which something was lost or misread: a word's time, a text, or what the numbers count.</summary>
public class ProgramShapesTests
{
    [Theory]
    [InlineData("[{\"key\":\"a\",\"text\":\"<|en|><|HAPPY|><|Speech|><|withitn|>Seeds? Three bags.\",\"timestamp\":[[500,1500],[4500,5000],[5000,6000]]}]", "0,Seeds?|1,Three bags.")]
    [InlineData("[{\"text\":\"Seeds? It's 20.5% more.\",\"words\":[\"Seeds?\",\"It's\",\"20.5%\",\"more.\"],\"timestamp\":[[500,1500],[4500,5000],[5000,6000],[6000,6500]]}]", "0,Seeds?|1,It's 20.5% more.")]
    [InlineData("{\"audio_filepath\":\"a.wav\",\"text\":\"Seeds? Three.\",\"words\":[{\"word\":\"Seeds?\",\"start\":0.5,\"end\":1.5},{\"word\":\"Three.\",\"start\":4.5,\"end\":6}]}", "0,Seeds?|1,Three.")]
    [InlineData("{\"audio_filepath\":\"a.wav\",\"text\":\"Seeds? Three.\",\"segments\":[{\"text\":\"Seeds?\",\"start\":0.5,\"end\":1.5},{\"text\":\"Three.\",\"start\":4.5,\"end\":6}]}", "0,Seeds?|1,Three.")]
    [InlineData("{\"audio_info\":{\"duration\":10000},\"result\":{\"text\":\"How many seeds? Three bags.\",\"utterances\":[{\"start_time\":500,\"end_time\":3500,\"text\":\"How many seeds?\",\"words\":[{\"start_time\":500,\"end_time\":3500,\"text\":\"How many seeds\"}]},{\"start_time\":4500,\"end_time\":6500,\"text\":\"Three bags.\",\"words\":[{\"start_time\":4500,\"end_time\":6500,\"text\":\"Three bags\"}]}]}}", "0,How many seeds?|1,Three bags.")]
    [InlineData("{\"0\":{\"start\":0.5,\"end\":3.5,\"text\":\"How many seeds?\"},\"1\":{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"}}", "0,How many seeds?|1,Three bags.")]
    [InlineData("```json\n[{\"start\":0.5,\"end\":3.5,\"text\":\"How many seeds?\"},{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"},]\n```\n", "0,How many seeds?|1,Three bags.")]
    [InlineData("```srt\n1\n00:00:01,000 --> 00:00:03,000\nA.\n\n2\n00:00:05,000 --> 00:00:07,000\nB.\n```\n", "0,A.|1,B.")]
    [InlineData("1\n\u200e00:00:01,000\u200e --> 00:00:03,000\nA.\n\n2\n\ufeff00:00:05,000 --> \u202a00:00:07,000\u202c\nB.\n", "0,A.|1,B.")]
    [InlineData("1\n00：00：01，000 --> 00：00：03，000\nA.\n\n2\n00：00：05，000-->00：00：07，000\nB.\n", "0,A.|1,B.")]
    [InlineData("1\n00:00:01,000 ——> 00:00:03,000\nA.\n\n2\n00:00:05,000 ---> 00:00:07,000\nB.\n", "0,A.|1,B.")]
    [InlineData("[5][35]How many|/seeds?\n[45][65]Three bags.\n[80][]Good.\n", "0,How many seeds?|1,Three bags.|0,Good.")]
    [InlineData("[{\"start\":50,\"end\":350,\"text\":\"How many bags of seeds?\"},{\"start\":450,\"end\":650,\"text\":\"Three bags.\"},{\"start\":800,\"end\":1000,\"text\":\"Good.\"}]", "0,How many bags of seeds?|1,Three bags.|0,Good.")]
    [InlineData("0:00 How many bags?\n0:04 Three bags.\n0:08 Good.\n", "0,How many bags?|1,Three bags.|0,Good.")]
    [InlineData("WEBVTT\n\n00:00:00.500 --> 00:00:02.000\n \nYes,<00:00:01.000><c> seeds?</c>\n\n00:00:02.000 --> 00:00:02.010\nYes, seeds?\n \n\n00:00:04.500 --> 00:00:06.000\nYes, seeds?\nThree.\n\n00:00:06.000 --> 00:00:06.010\nThree.\n \n\n00:00:06.010 --> 00:00:08.000\nThree.\nThree.\n", "0,\"Yes, seeds?\"|1,Three.|0,Three.")]
    public void What_a_program_writes_is_read_as_it_means_it(string text, string expected)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(expected, Lines(document));
        Assert.DoesNotContain(document.Warnings, warning => !warning.Contains("on the screen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[{\"start\":0,\"end\":0.4,\"text\":null},{\"start\":0.5,\"end\":3.5,\"text\":\"How many seeds?\"},{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"}]", "1 text is null and counts as empty")]
    [InlineData("{\"segments\":[{\"start\":0.5,\"end\":3.5,\"text\":\"How many seeds?\"},{\"start\":4,\"end\":4.2,\"text\":null},{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"}]}", "1 text is null and counts as empty")]
    [InlineData("{\"segments\":[{\"start\":0.5,\"end\":3.5,\"text\":\"How many seeds?\",\"words\":[{\"word\":\"How many seeds?\",\"start\":0.5,\"end\":3.5},{\"word\":null,\"start\":null,\"end\":null}]},{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"}]}", "1 text is null and counts as empty")]
    [InlineData("[{\"text\":\"How many seeds?\",\"timestamp\":[[500,3500]]},{\"text\":\"Three bags.\",\"timestamp\":[[4500,6500]]}]", "2 texts have another number of words than times")]
    public void What_cannot_be_used_is_told(string text, string warning)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal("0,How many seeds?|1,Three bags.", Lines(document).Replace("0,|", "", StringComparison.Ordinal).Replace("1,|", "", StringComparison.Ordinal));
        Assert.Contains(document.Warnings, told => told.Contains(warning, StringComparison.Ordinal));
        Assert.Throws<AnnotationFormatException>(() => Read(text, Strict));
    }

    [Fact]
    public void Numbers_that_count_the_texts_are_no_times() =>
        Assert.Equal("0,A. B.", Lines("[{\"line\":1,\"letters\":20,\"text\":\"A.\"},{\"line\":2,\"letters\":30,\"text\":\"B.\"}]").Replace("|0,", " ", StringComparison.Ordinal));

    [Fact]
    public void Partial_results_that_grow_are_told() =>
        Assert.Contains("later form", Assert.Single(Read("[{\"start\":0.5,\"end\":1.5,\"text\":\"How many\"},{\"start\":0.5,\"end\":3.5,\"text\":\"How many bags of seeds?\"},{\"start\":4.5,\"end\":6.5,\"text\":\"Three bags.\"}]").Warnings), StringComparison.Ordinal);

    [Fact]
    public void A_negative_time_of_a_caption_is_no_text()
    {
        TranscriptDocument document = Read("1\n-00:00:00,500 --> 00:00:03,000\nA.\n\n2\n00:00:05,000 --> 00:00:07,000\nB.\n");
        Assert.Equal("0,A.|1,B.", Lines(document));
        Assert.Contains("negative", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_translation_on_a_tier_of_its_own_is_told()
    {
        const string Elan = """<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="3500"/></TIME_ORDER><TIER TIER_ID="A"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="x" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b"><ANNOTATION_VALUE>How many?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER><TIER TIER_ID="A-de" PARENT_REF="A"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="y" ANNOTATION_REF="x"><ANNOTATION_VALUE>Wie viele?</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>""";
        Assert.Contains("depends on another one", Assert.Single(Read(Elan).Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\":\"1\\n00:00:01,000 --> 00:00:03,000\\nA.\\n\\n2\\n00:00:05,000 --> 00:00:07,000\\nB.\\n\"}", "holds captions or lines with times")]
    [InlineData("{\"text\":\"[00:00.000 --> 00:03.000]  A.\\n[00:05.000 --> 00:07.000]  B.\\n\",\"segments\":[]}", "holds captions or lines with times")]
    [InlineData("{\"text\":\"A. B.\",\"chunks\":[{\"timestamp\":\"(0.5, 3.5)\",\"text\":\"A.\"},{\"timestamp\":\"(4.5, 6.5)\",\"text\":\"B.\"}]}", "`chunks[0].timestamp` looks like a time")]
    [InlineData("[{\"st\":0.5,\"ed\":3.5,\"text\":\"A.\"},{\"st\":4.5,\"ed\":6.5,\"text\":\"B.\"}]", "`[0].st` grows from text to text")]
    [InlineData("[{\"id\":0,\"left\":500,\"right\":3500,\"text\":\"A.\"},{\"id\":1,\"left\":4500,\"right\":6500,\"text\":\"B.\"}]", "`[0].left` grows from text to text")]
    [InlineData("[{\"position\":0.5,\"length\":3,\"text\":\"A.\"},{\"position\":4.5,\"length\":2,\"text\":\"B.\"},{\"position\":8,\"length\":2,\"text\":\"C.\"}]", "`[0].position` grows from text to text")]
    [InlineData("1\n00:00:01:00 --> 00:00:03:00\nA.\n\n2\n00:00:05:00 --> 00:00:07:00\nB.\n", "no time of the file can be used")]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE Trans SYSTEM \"trans-14.dtd\">\n<Trans><Turn startTime=\"0\">A.</Turn></Trans>\n", "XML or HTML of <Trans>")]
    [InlineData("<SAMI><BODY>\n<SYNC Start=500><P>A.\n</BODY></SAMI>\n", "XML or HTML of <SAMI>")]
    [InlineData("[INFORMATION]\n[TITLE]x\n[END INFORMATION]\n00:00:00.50,00:00:03.50\nA.\n", "SubViewer")]
    [InlineData("Loading the model\n{\"segments\":[{\"start\":0.5,\"end\":3.5,\"text\":\"A.\"}]}\n", "line 2: byte 18: JSON begins here among other text")]
    public void What_is_not_read_is_refused_by_what_it_is(string text, string message) =>
        Assert.Contains(message, Assert.Throws<AnnotationFormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("utf-32", "UTF-32")]
    [InlineData("utf-16", "UTF-16 without its mark")]
    public void Another_encoding_is_named(string encoding, string named)
    {
        byte[] bytes = System.Text.Encoding.GetEncoding(encoding).GetBytes((encoding == "utf-32" ? "\ufeff" : "") + "{\"segments\":[]}");
        Assert.Contains(named, Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_lines_without_times_and_objects_of_many_numbers_take_no_more_than_their_length()
    {
        TranscriptDocument subtitles = Read("[0][10]One.\n" + string.Concat(Enumerable.Repeat("more\n", 300_000)));
        Assert.Equal(4 + (300_000 * 5), Assert.Single(subtitles.Transcript.Segments).Text.Length);
        string numbers = string.Concat(Enumerable.Range(0, 40_000).Select(i => $",\"n{i}\":1"));
        Assert.Equal(2, Read($$"""[{"text":"One."{{numbers}}},{"text":"Two."{{numbers}}}]""").Transcript.Segments.Count);
    }
}
