using Diarist.Attribution;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Words of WhisperX's <c>word_segments</c> that stand in no segment are segments of their own and not lost.</summary>
public class StrayWordsTests
{
    private const string Hello = """{"start":0.5,"end":1.5,"text":"Hello there","words":[{"word":"Hello","start":0.5,"end":1},{"word":"there","start":1,"end":1.5}]}""";
    private const string Thanks = """{"start":8,"end":8.5,"text":"Thanks","words":[{"word":"Thanks","start":8,"end":8.5}]}""";
    private const string Repeated = """{"word":"Hello","start":0.5,"end":1},{"word":"there","start":1,"end":1.5}""";

    [Theory]
    [InlineData(Hello, Repeated + """,{"word":"How","start":4.5,"end":5},{"word":"are","start":5,"end":5.3},{"word":"you?","start":5.3,"end":6}""", "0,Hello there|1,How are you?")]
    [InlineData(Hello + "," + Thanks, Repeated + """,{"word":"Yes","start":4.5,"end":5},{"word":"Thanks","start":8,"end":8.5}""", "0,Hello there|1,Yes|0,Thanks")]
    [InlineData(Thanks, """{"word":"So","start":0.5,"end":1},{"word":"yes","start":4.5,"end":5},{"word":"Thanks","start":8,"end":8.5}""", "0,So|1,yes|0,Thanks")]
    [InlineData("", Repeated + """,{"word":"Yes","start":4.5,"end":5}""", "0,Hello there|1,Yes")]
    [InlineData(Hello, Repeated, "0,Hello there")]
    public void They_come_at_their_times(string segments, string repeated, string lines)
    {
        TranscriptDocument document = Read($$"""{"segments":[{{segments}}],"word_segments":[{{repeated}}]}""");

        Assert.Equal(lines, Lines(document));
        byte[] annotated = document.Annotate(SpeakerAttribution.Assign(document.Transcript, T10));
        Assert.Equal(lines, Lines(TranscriptDocument.Read(annotated, "test")));
        Assert.Equal(document.Bytes.ToArray(), TranscriptDocument.Read(annotated, "test").WithoutSpeakers());
    }

    [Fact]
    public void Words_inside_a_segment_that_its_text_lacks_are_told() =>
        Assert.Contains("parts are missing", Assert.Throws<AnnotationFormatException>(() => Read($$"""{"segments":[{{Hello}}],"word_segments":[{{Repeated}},{"word":"everyone","start":1.2,"end":1.4}]}""")).Message, StringComparison.Ordinal);
}
