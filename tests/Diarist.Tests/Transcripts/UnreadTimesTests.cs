using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Times that stand in a file are read, or the file is refused with their path; silence is only for texts without any.</summary>
public class UnreadTimesTests
{
    [Theory]
    [InlineData("{\"start\":0,\"end\":2,\"text\":\"One.\"}\n{\"start\":4,\"end\":7,\"text\":\"Two.\"}\n", "0,One.|1,Two.")]
    [InlineData("{\"start\":4,\"end\":7,\"text\":\"Two.\"}", "1,Two.")]
    [InlineData("[{\"timestamp\":[0,3.5],\"text\":\"One is long.\"},{\"timestamp\":[4,7],\"text\":\"Two is long.\"}]", "0,One is long.|1,Two is long.")]
    [InlineData("{\"begin\":0,\"end\":2,\"text\":\"One.\"}\n{\"begin\":4,\"end\":7,\"text\":\"Two.\"}\n", "0,One.|1,Two.")]
    [InlineData("{\"segments\":[{\"start\":0,\"stop\":2,\"text\":\"One.\"},{\"start\":4,\"stop\":7,\"text\":\"Two.\"}]}", "0,One.|1,Two.")]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":2000,\"text\":\"One.\"},{\"start\":4000,\"end\":7000,\"text\":\"Two.\"}]}", "0,One.|1,Two.")]
    [InlineData("{\"segments\":[{\"start\":0,\"end\":2,\"transcript\":\"One.\"},{\"start\":4,\"end\":7,\"transcript\":\"Two.\"}]}", "0,One.|1,Two.")]
    [InlineData("{\"text\":\"One. Two.\",\"timestamp\":[[0,900],[4500,6000]],\"sentence_info\":[{\"text\":\"One.\",\"start\":0,\"end\":900,\"spk\":0},{\"text\":\"Two.\",\"start\":4500,\"end\":6000,\"spk\":1}]}", "0,One.|1,Two.")]
    [InlineData("[{\"key\":\"a\",\"text\":\"one two\",\"timestamp\":[[0,900],[4500,6000]]}]", "0,one|1,two")]
    [InlineData("{\"type\":\"transcript.text.delta\",\"delta\":\"One.\"}\n{\"type\":\"transcript.text.segment\",\"id\":\"a\",\"start\":0,\"end\":2,\"text\":\"One.\"}\n{\"type\":\"transcript.text.segment\",\"id\":\"b\",\"start\":4,\"end\":7,\"text\":\"Two.\"}\n{\"type\":\"transcript.text.done\",\"text\":\"One. Two.\"}\n", "0,One.|1,Two.")]
    [InlineData("event: a\ndata: {\"type\":\"transcript.text.segment\",\"start\":0,\"end\":2,\"text\":\"One.\"}\n\ndata: {\"type\":\"transcript.text.segment\",\"start\":4,\"end\":7,\"text\":\"Two.\"}\n\ndata: {\"type\":\"transcript.text.done\",\"text\":\"One. Two.\"}\n\ndata: [DONE]\n", "0,One.|1,Two.")]
    [InlineData("{\"type\":\"transcript.text.delta\",\"delta\":\"One. \"}\n{\"type\":\"transcript.text.delta\",\"delta\":\"Two.\"}\n", "0,One. Two.")]
    [InlineData("{\"text\":\"One. Two.\",\"segments\":[]}", "0,One. Two.")]
    [InlineData("{\"results\":[{\"alternatives\":[{\"transcript\":\"One.\"}],\"resultEndTime\":\"3.5s\"},{\"alternatives\":[{\"transcript\":\"Two.\"}],\"resultEndTime\":\"7s\"}]}", "0,One.|1,Two.")]
    [InlineData("{\"text\":\"One. Two.\",\"chunks\":[]}", "0,One. Two.")]
    [InlineData("{\"text\":\"Hello.\",\"usage\":{\"type\":\"duration\",\"seconds\":7},\"duration\":7.5,\"processing_time\":1.5,\"created_at\":1700000000}", "0,Hello.")]
    [InlineData("{\"results\":{\"channels\":[{\"alternatives\":[{\"transcript\":\"One. Two.\",\"words\":[]}]}],\"utterances\":[{\"start\":0.2,\"end\":1,\"transcript\":\"One.\"},{\"start\":4.2,\"end\":5,\"transcript\":\"Two.\"}]}}", "0,One.|1,Two.")]
    [InlineData("{\"text\":\"One.\",\"start\":0.1,\"end\":2,\"is_final\":true}\n{\"text\":\"Tw\",\"start\":4.2,\"end\":5,\"is_final\":false}\n{\"text\":\"Two.\",\"start\":4.2,\"end\":6,\"is_final\":true}\n", "0,One.|1,Two.")]
    [InlineData("<transcript><text start=\"0.2\" dur=\"1\">It&amp;#39;s one.</text><text start=\"4.2\" dur=\"1\">Two &amp;amp; more.</text></transcript>", "0,It's one.|1,Two & more.")]
    [InlineData("<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div><p><span begin=\"0.2s\" end=\"1s\">One.</span> <span begin=\"4.2s\" end=\"5s\">Two.</span></p></div></body></tt>", "0,One.|1,Two.")]
    public void Times_are_read_where_they_stand(string text, string expected) => Assert.Equal(expected, Lines(text));

    [Theory]
    [InlineData("{\"t_start\":0,\"text\":\"One.\",\"t_stop\":4}", "`t_start`")]
    [InlineData("{\"text\":\"One two.\",\"results\":{\"parts\":[{\"t\":\"One\",\"start\":0.5,\"end\":1}]}}", "`results.parts[0].start`")]
    [InlineData("{\"text\":\"One two.\",\"offsets\":[0,1.5]}", "`offsets[0]`")]
    [InlineData("{\"text\":\"One two.\",\"times\":[[0,1.5],[2,3]]}", "`times")]
    [InlineData("{\"segments\":[{\"text\":\"One two.\",\"start\":0,\"finish\":4}]}", "`segments[0].finish`")]
    [InlineData("{\"segments\":[{\"text\":\"One two.\",\"time\":\"00:00:04.000\"}]}", "`segments[0].time`")]
    [InlineData("{\"chunks\":[{\"text\":\"One two.\",\"begin_time\":0,\"end_time\":4}]}", "`chunks[0].begin_time`")]
    [InlineData("[{\"text\":\"One\",\"begin_time\":0,\"end_time\":900},{\"text\":\"two\",\"begin_time\":900,\"end_time\":1900}]", "begin_time`")]
    [InlineData("{\"text\":\"One.\"}\n{\"text\":\"Two.\",\"startSec\":4}\n", "value 2.startSec")]
    [InlineData("[{\"timestamp\":\"00:00 - 00:02\",\"text\":\"One.\"},{\"timestamp\":\"00:04 --> 00:06\",\"text\":\"Two.\"}]", "`[0].timestamp`")]
    public void Times_that_no_dialect_reads_are_refused_with_their_path(string text, string path)
    {
        string message = Assert.Throws<AnnotationFormatException>(() => Read(text)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("looks like a time", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_any_times_is_read_with_a_warning()
    {
        TranscriptDocument document = Read("{\"text\":\"One two.\"}");
        Assert.Contains("has no times", Assert.Single(document.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_text_of_which_most_parts_are_missing_is_refused() =>
        Assert.Contains("parts are missing", Assert.Throws<AnnotationFormatException>(() => Read("{\"text\":\"One two three four five.\",\"segments\":[{\"start\":0,\"end\":1,\"text\":\"One\"}]}")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_dialect_is_named_as_unknown_with_the_known_ones()
    {
        string message = Assert.Throws<AnnotationFormatException>(() => Read("{\"hello\":1}")).Message;
        Assert.Contains("unrecognized transcript format; known are ", message, StringComparison.Ordinal);
        Assert.Contains("Speechmatics", message, StringComparison.Ordinal);
        Assert.Contains("no line has a time", Assert.Throws<AnnotationFormatException>(() => Read("Just a text.\nAnother line.\n")).Message, StringComparison.Ordinal);
    }
}
