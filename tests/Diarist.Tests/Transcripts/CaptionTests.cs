using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>A line with an arrow begins a cue, and nothing that was said is lost, however the lines around it are damaged.</summary>
public class CaptionTests
{
    private const string A = "00:00:01,000 --> 00:00:03,000\n";
    private const string B = "00:00:05,000 --> 00:00:07,000\n";

    [Theory]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u0085")]
    [InlineData("\r")]
    public void Lines_may_end_in_any_way_that_Unicode_knows(string end)
    {
        string[] lines = ["1", "00:00:01,000 --> 00:00:03,000", "One.", "", "2", "00:00:05,000 --> 00:00:06,000", "Two.", ""];
        Assert.Equal("0,One.|1,Two.", Reading.Lines(string.Join(end, lines)));
    }

    [Theory]
    [InlineData("1\n" + A + "A.\n2\n" + B + "B.\n", "0,A.|1,B.", null)]
    [InlineData("1\n" + A + "\nA.\n\n2\n" + B + "\nB.\n", "0,A.|1,B.", null)]
    [InlineData("x-1\n1\n" + A + "A.\n\nx-2\n2\n" + B + "B.\n", "0,A.|1,B.", null)]
    [InlineData("1\n00:00:01,000 -> 00:00:03,000\nA.\n\n2\n00:00:05,000 -> 00:00:07,000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("1\n" + A + "A.\n\nand more\n\n2\n" + B + "B.\n", "0,A. and more|1,B.", "line 5")]
    [InlineData("1\n" + A + "42\n\n2\n" + B + "7\n", "0,42|1,7", null)]
    [InlineData("1\n" + A + "How many?\n42\n2\n" + B + "B.\n", "0,How many? 42|1,B.", null)]
    [InlineData(A + "A.\n" + B + "B.\n", "0,A.|1,B.", null)]
    [InlineData("Title of it\n\n1\n" + A + "A.\n\n2\n" + B + "B.\n", "0,Title of it|0,A.|1,B.", "line 1")]
    [InlineData("1\n" + A + "A.\n\n2\n00:00:0x,000 --> 00:00:07,000\nB.\n", "0,A.|0,B.", "line 6")]
    [InlineData("1\n" + A + "A.\n\n2\n00:00:06,000 --> 00:00:05,000\nB.\n", "0,A.|1,B.", "line 6")]
    [InlineData("1\n" + A + "A.\n\n2\n", "0,A. 2", "line 5")]
    [InlineData("1\n" + "00:00:01,000 --> 00:00:03,000 A.\n\n2\n" + B + "B.\n", "0,A.|1,B.", "line 2")]
    [InlineData("1\n" + A + "A." + B + "B.\n", "0,A.|1,B.", "line 3")]
    [InlineData("1\n00:00:01,000 --> 00:00:03,000 X1:40 X2:600 Y1:20 Y2:50\nA.\n", "0,A.", null)]
    [InlineData("1\r" + "00:00:01,000 --> 00:00:03,000\rA.\r\r2\r00:00:05,000 --> 00:00:07,000\rB.\r", "0,A.|1,B.", null)]
    [InlineData("1\r\r\n00:00:01,000 --> 00:00:03,000\r\r\nA.\r\r\n\r\r\n2\r\r\n00:00:05,000 --> 00:00:07,000\r\r\nB.\r\r\n", "0,A.|1,B.", null)]
    [InlineData("1\n00:00:01,000 -- > 00:00:03,000\nA.\n\n2\n00:00:05,000 - -> 00:00:07,000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("1\n00:00:01,000 --&gt; 00:00:03,000\nA.\n\n2\n00:00:05,000 --&gt; 00:00:07,000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("1\n00:00:01:000 --> 00:00:03:000\nA.\n\n2\n00:00:05:000 --> 00:00:07:000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("1\n00:00:01:00 --> 00:00:03:00\nA.\n", "0,A.", "line 2")]
    [InlineData("1 " + A + "A.\n\n2 " + B + "B.\n", "0,A.|1,B.", null)]
    [InlineData("1 " + A + "A.\n\n42 " + B + "B.\n", "0,A. 42|1,B.", "line 4")]
    [InlineData("00:00:01,000 --> 00:00:03,000: A.\n00:00:05,000 --> 00:00:07,000: B.\n", "0,A.|1,B.", "line 1")]
    public void SubRip_loses_nothing(string text, string expected, string? warned) => Check(text, expected, warned);

    [Theory]
    [InlineData("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n\nThe seeds are here.\n", "0,The seeds are here.", null)]
    [InlineData("WEBVTT\n\nThis was said first of all here.\n\n00:00:01.000 --> 00:00:03.000\nA.\n", "0,This was said first of all here.|0,A.", "line 3")]
    [InlineData("WEBVTT\n00:00:01.000 --> 00:00:03.000\nA.\n00:00:05.000 --> 00:00:07.000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("WEBVTT Title\nKind: captions\n\nNOTE\nno speech\n\nSTYLE\n::cue {}\n\nintro\n00:00:01.000 --> 00:00:03.000\nA.\n\nNOTE not said\nat all\n\n2\n00:00:05.000 --> 00:00:07.000\nB.\n", "0,A.|1,B.", null)]
    [InlineData("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nA.\n\nNOTES from the meeting\n", "0,A. NOTES from the meeting", "line 6")]
    [InlineData("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nA <i>b</i> <v Ann>c &amp; d</v>\n", "0,A b|0,c & d", null)]
    [InlineData("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\na < b <c\n", "0,a < b <c", null)]
    public void WebVTT_loses_nothing(string text, string expected, string? warned) => Check(text, expected, warned);

    [Theory]
    [InlineData("whisper_init_from_file: loading model\n[00:00:01.000 --> 00:00:03.000]   A.\n[00:00:05.000 --> 00:00:07.000]   B.\n", "0,A.|1,B.", "line 1")]
    [InlineData("[00:00:01.000 --> 00:00:03.000]   A.\n[00:00:0x.000 --> 00:00:07.000]   B.\n", "0,A.|0,B.", "line 2")]
    [InlineData("[00:00:01.000 --> 00:00:03.000]   A.\nwent on here\n[00:00:05.000 --> 00:00:07.000]   B.\n", "0,A. went on here|1,B.", "line 2")]
    [InlineData("[00:00:01.000 --> 00:00:03.000]   A.\nwhisper_print_timings:     load time =   100 ms\n", "0,A.", "line 2")]
    public void Printed_lines_lose_nothing(string text, string expected, string? warned) => Check(text, expected, warned);

    [Theory]
    [InlineData("WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAnn Lee: one: two.\n\n2\n00:00:05.000 --> 00:00:07.000\nBob: Three.\n")]
    [InlineData("1\n00:00:01,000 --> 00:00:03,000\nAnn Lee: one: two.\n\n2\n00:00:05,000 --> 00:00:07,000\nBob: Three.\n")]
    [InlineData("WEBVTT\n\n1 \"Ann Lee\" (3021)\n00:00:01.000 --> 00:00:03.000\none: two.\n\n2 \"Bob\" (77)\n00:00:05.000 --> 00:00:07.000\nThree.\n")]
    [InlineData("WEBVTT\n\nAnn Lee\n00:00:01.000 --> 00:00:03.000\none: two.\n\nBob\n00:00:05.000 --> 00:00:07.000\nThree.\n")]
    [InlineData("WEBVTT\n\n4fe2-8c1/12-0\n00:00:01.000 --> 00:00:03.000\n<v Ann Lee>one: two.</v>\n\n4fe2-8c1/13-0\n00:00:05.000 --> 00:00:07.000\n<v Bob>Three.</v>\n")]
    [InlineData("[00:00:01.000 --> 00:00:03.000] Ann Lee: one: two.\n[00:00:05.000 --> 00:00:07.000] Bob: Three.\n")]
    [InlineData("[Ann Lee] 00:00:01\none: two.\n\n[Bob] 00:00:05\nThree.\n")]
    [InlineData("Ann Lee\n0:01\none: two.\n\nBob\n0:05\nThree.\n")]
    [InlineData("Ann Lee  0:01\none: two.\n\nBob  0:05\nThree.\n")]
    [InlineData("\"Ann Lee\" (3021)\t00:01\none: two.\n\n\"Bob\" (77)\t00:05\nThree.\n")]
    public void Meeting_programs_name_their_speakers(string text)
    {
        Transcript transcript = Read(text, new() { NamesInText = true }).Transcript;
        Assert.Equal([("Ann Lee", "one: two.", 1.0), ("Bob", "Three.", 5.0)], transcript.Segments.Select(segment => (segment.Speaker!, segment.Text, segment.Range!.Value.Start)));
    }

    [Fact]
    public void Names_are_text_unless_asked_for_and_that_is_said()
    {
        TranscriptDocument document = Read("WEBVTT\n\n1\n00:00:01.000 --> 00:00:03.000\nAnn Lee: One.\n");
        Assert.Equal("0,Ann Lee: One.", Lines(document));
        Assert.Contains("may be a name", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    private static void Check(string text, string expected, string? warned)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(expected, Lines(document));
        if (warned is null)
        {
            Assert.Empty(document.Warnings);
        }
        else
        {
            Assert.Contains(document.Warnings, warning => warning.Contains(warned + ":", StringComparison.Ordinal));
        }
    }
}
