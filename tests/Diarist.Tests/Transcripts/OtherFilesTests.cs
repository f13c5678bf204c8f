using System.Text;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Files that are given as transcripts and are none: each is named, with what to do.</summary>
public class OtherFilesTests
{
    [Theory]
    [InlineData("49443304000000000000", "a recording (MP3)")]
    [InlineData("FFFB9064000F", "a recording (MP3)")]
    [InlineData("524946462400000057415645666D7420", "a recording (WAV)")]
    [InlineData("664C614300000022", "a recording (FLAC)")]
    [InlineData("0000002066747970", "a recording (MP4 or QuickTime)")]
    [InlineData("255044462D312E34", "a PDF document")]
    [InlineData("504B03041400000008", "a ZIP archive")]
    [InlineData("504B0304140006000800000021000000000000000000000000000C00000073657373696F6E2E6A736F6E", "a session")]
    public void Recordings_and_documents_are_named(string hexadecimal, string named) =>
        Assert.Contains($"this is no transcript but {named}", Refused(Convert.FromHexString(hexadecimal)), StringComparison.Ordinal);

    [Fact]
    public void Letters_that_other_formats_begin_with_are_text()
    {
        byte[] cyrillic = CodePagesEncodingProvider.Instance.GetEncoding("windows-1251")!.GetBytes("яы\n1\n00:00:00,500 --> 00:00:03,500\nДа\n");
        Assert.Equal("яы", TranscriptDocument.Read(cyrillic, "test", new TranscriptReading { Encoding = CodePagesEncodingProvider.Instance.GetEncoding("windows-1251")! }).Transcript.Segments[0].Text);
        Assert.Equal("0,ID3", Lines("1\n00:00:00,500 --> 00:00:03,500\nID3\n"));
    }

    [Theory]
    [InlineData("""{"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}}""", "\"Incorrect API key provided.\"")]
    [InlineData("""{"error": "upload url\n is expired"}""", "\"upload url is expired\"")]
    [InlineData("""{"err_code":"INVALID_AUTH","err_msg":"Invalid credentials.","request_id":"x"}""", "\"Invalid credentials.\"")]
    [InlineData("""{"id":"abc","status":"error","error":"Transcoding failed","text":null,"words":null}""", "\"Transcoding failed\"")]
    [InlineData("""{"detail":[{"type":"missing","loc":["body","file"],"msg":"Field required"}]}""", "\"Field required\"")]
    [InlineData("""{"message":"Unauthorized"}""", "\"Unauthorized\"")]
    [InlineData("""{"id":"abc","status":"processing","text":null,"audio_url":"https://example.org/a"}""", "had not finished (`processing`)")]
    [InlineData("""{"TranscriptionJob":{"TranscriptionJobName":"x","TranscriptionJobStatus":"IN_PROGRESS"}}""", "had not finished (`IN_PROGRESS`)")]
    [InlineData("""{"jobName":"x","status":"FAILED","results":{"transcripts":[],"items":[]}}""", "its work failed (`FAILED`)")]
    public void What_a_service_says_instead_of_a_transcript_is_passed_on(string text, string said)
    {
        string message = Refused(Encoding.UTF8.GetBytes(text));
        Assert.Contains("this is no transcript", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transcript_with_a_status_and_a_message_is_read() =>
        Assert.Equal("0,A.", Lines("""{"status":"failed","message":"no summary","error":"x","segments":[{"start":0.5,"end":3.5,"text":"A."}]}"""));

    [Fact]
    public void Tables_of_unknown_columns_and_of_commas_for_everything_are_refused_with_the_remedy()
    {
        Assert.Contains("(Wer, Los, Schluss, Gesagt) hold start, end and text; call them", Refused("Wer;Los;Schluss;Gesagt\nA;0,50;1,40;Drei.\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("line 2: byte 16: commas separate the cells here and divide the numbers too", Refused("Start,Ende,Text\n0,50,1,40,Drei Taschen\n2,20,3,40,lagen hier.\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Equal("0,\"10, 20, 30\"", Lines("start,end,text\n1,2,\"10, 20, 30\"\n"));
    }

    [Theory]
    [InlineData("Start;Ende;Text\r\n0,50;1,40;Drei.\r\n4,20;6,00;Vier.\r\n", "0,Drei.|1,Vier.")]
    [InlineData("\uFEFFNr;Anfang;Ende;Inhalt\n1;0,50;1,40;Drei.\n2;4,20;6,00;Vier.\n", "0,Drei.|1,Vier.")]
    [InlineData("Sprecher;Beginn;Dauer;Text\nAnna;00:00:00,500;00:00:01,400;Drei.\nBernd;00:00:04,200;00:00:01,800;Vier.\n", "0,Drei.|1,Vier.")]
    [InlineData("Début;Fin;Locuteur;Texte\n0,50;1,40;Anne;Trois.\n4,20;6,00;Bruno;Quatre.\n", "0,Trois.|1,Quatre.")]
    public void Headers_in_other_languages_are_read(string text, string expected) => Assert.Equal(expected, Lines(text));

    [Theory]
    [InlineData("{'segments': [{'start': 0.5, 'end': 1.5, 'text': ' Hello.'}]}\n")]
    [InlineData("[{'start': 0.5, 'end': 1.5, 'text': ' Hello.'}]\n")]
    [InlineData("Segment(id=1, seek=0, start=0.5, end=1.5, text=' Hello.', words=None)\nSegment(id=2, seek=0, start=4.5, end=5.5, text=' B.', words=None)\n")]
    public void What_Python_prints_is_named(string text) => Assert.Contains("this is how Python prints its own objects", Refused(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    private static string Refused(byte[] bytes) => Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test")).Message;
}
