using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Whether the items of a list are words or segments is decided on the whole list.</summary>
public class ItemKindTests
{
    [Theory]
    [InlineData("""[{"start":0,"end":4,"text":"one two"},{"start":4,"end":7,"text":"three"},{"start":7,"end":9,"text":"four."}]""", "0,one two|1,three|0,four.")]
    [InlineData("""{"text":"今天谈种豆带了三包开始吧。","chunks":[{"timestamp":[0,4],"text":"今天谈种豆"},{"timestamp":[4,7],"text":"带了三包"},{"timestamp":[7,12],"text":"开始吧。"}]}""", "0,今天谈种豆|1,带了三包|0,开始吧。")]
    [InlineData("""{"text":"はいそうですねありがとうございます","chunks":[{"timestamp":[0,2.5],"text":"はい"},{"timestamp":[4,6.5],"text":"そうですね"},{"timestamp":[7,9],"text":"ありがとうございます"}]}""", "0,はい|1,そうですね|0,ありがとうございます")]
    [InlineData("""[{"start":0,"end":3,"text":"Yes."},{"start":4,"end":6,"text":"No."},{"start":7,"end":9,"text":"Maybe."}]""", "0,Yes.|1,No.|0,Maybe.")]
    public void Segments_stay_segments(string text, string expected)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(3, document.Transcript.Segments.Count);
        Assert.Equal(expected, Lines(document));
        Assert.Contains("3 segments, 0 words", document.ReadAs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text":" Yes - Hello all you","chunks":[{"timestamp":[0,0.4],"text":" Yes"},{"timestamp":[0.4,0.8],"text":" - Hello"},{"timestamp":[0.8,1.1],"text":" all"},{"timestamp":[1.1,1.5],"text":" you"}]}""", 4)]
    [InlineData("""[{"start":0,"end":0.3,"text":"one"},{"start":0.3,"end":0.5,"text":"two"},{"start":0.5,"end":0.9,"text":"three."}]""", 3)]
    [InlineData("""[{"id":0,"start":0,"end":0.3,"text":"one"},{"id":1,"start":0.3,"end":0.5,"text":"two"}]""", 2)]
    [InlineData("""{"text":"今天谈","chunks":[{"timestamp":[0,0.4],"text":"今天"},{"timestamp":[0.4,0.7],"text":"谈"},{"timestamp":[0.7,1],"text":"种豆"}]}""", 3)]
    public void Words_stay_words(string text, int words)
    {
        TranscriptDocument document = Read(text);
        Assert.Single(document.Transcript.Segments);
        Assert.Equal(words, document.Transcript.Words.Count());
        Assert.Contains($"1 segments, {words} words (", document.ReadAs, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_wins()
    {
        const string List = """[{"start":0,"end":4,"text":"one two"},{"start":4,"end":7,"text":"three"}]""";
        Assert.Equal(2, Read(List, new() { Items = TranscriptItems.Words }).Transcript.Words.Count());
        Assert.Equal(2, Read("""[{"start":0,"end":0.2,"text":"a"},{"start":0.2,"end":0.4,"text":"b"}]""", new() { Items = TranscriptItems.Segments }).Transcript.Segments.Count);
        Assert.Equal(2, Read("""[{"start":0,"end":0.2,"word":"a"},{"start":0.2,"end":0.4,"word":"b"}]""", new() { Items = TranscriptItems.Segments }).Transcript.Segments.Count);
        Assert.Equal(2, Read("1\n00:00:00,000 --> 00:00:00,300\none\n\n2\n00:00:00,300 --> 00:00:00,600\ntwo\n", new() { Items = TranscriptItems.Words }).Transcript.Words.Count());
    }
}
