using System.Text;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Transcripts in other encodings than UTF-8: refused or read as stated, never a transcript of U+FFFD.</summary>
public class EncodingTests
{
    public static TheoryData<string, string> Foreign => new()
    {
        { "windows-1251", "Привет всем" },
        { "windows-1251", "Да" },
        { "koi8-r", "Доброе утро" },
        { "gb18030", "早上好,今天" },
        { "big5", "早上好" },
        { "shift_jis", "おはようございます" },
        { "euc-kr", "안녕하세요" },
        { "windows-1253", "Καλημέρα" },
        { "windows-1256", "صباح الخير" },
        { "windows-874", "สวัสดี" },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Other_encodings_are_refused_with_advice_and_read_when_stated(string name, string said)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        foreach (string text in (string[])[$"1\n00:00:00,500 --> 00:00:03,500\n{said}\n", $$"""{"segments":[{"start":0.5,"end":3.5,"text":"{{said}}"}]}"""])
        {
            byte[] bytes = encoding.GetBytes(text);

            AnnotationFormatException error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test"));
            Assert.Equal(Remedy.StateEncoding, error.Remedy);
            Assert.Contains("state its encoding", error.Message, StringComparison.Ordinal);

            TranscriptDocument document = TranscriptDocument.Read(bytes, "test", new TranscriptReading { Encoding = encoding });
            Assert.Equal("0," + (said.Contains(',', StringComparison.Ordinal) ? $"\"{said}\"" : said), Lines(document));
            Assert.Empty(document.Warnings);
        }
    }

    [Fact]
    public void Bytes_that_are_not_in_the_stated_encoding_are_refused_with_their_place()
    {
        byte[] bytes = [.. "1\n00:00:00,500 --> 00:00:03,500\na"u8, 0xFF, (byte)'\n'];

        Assert.Contains("line 3", Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(bytes, "test", new TranscriptReading { Encoding = Encoding.UTF8 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void JSON_in_UTF_16_is_read_by_its_mark_and_comes_out_in_UTF_8(bool bigEndian)
    {
        const string Text = """{"segments":[{"start":0.5,"end":3.5,"text":"Grüße"}]}""";
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        TranscriptDocument document = TranscriptDocument.Read([.. encoding.Preamble, .. encoding.GetBytes(Text)], "test");

        Assert.Equal("0,Grüße", Lines(document));
        Assert.Empty(document.Warnings);
        Assert.Equal(Text, Encoding.UTF8.GetString(document.Bytes.Span));
        AnnotationFormatException error = Assert.Throws<AnnotationFormatException>(() => TranscriptDocument.Read(encoding.GetBytes(Text), "test"));
        Assert.Equal(Remedy.StateEncoding, error.Remedy);
        Assert.Contains(bigEndian ? "utf-16be" : "utf-16le", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("E4BDA0E5A5")]
    [InlineData("BDA0E5A5BDE4")]
    [InlineData("61FF62")]
    public void Characters_that_were_cut_are_damage_and_no_other_encoding(string hexadecimal)
    {
        byte[] bytes = [.. "1\n00:00:00,500 --> 00:00:03,500\n"u8, .. Convert.FromHexString(hexadecimal), (byte)'\n'];

        Assert.Contains("U+FFFD", Assert.Single(TranscriptDocument.Read(bytes, "test").Warnings), StringComparison.Ordinal);
    }
}
