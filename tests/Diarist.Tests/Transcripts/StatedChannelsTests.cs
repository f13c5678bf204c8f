using Diarist.Attribution;
using Diarist.Transcripts;
using static Diarist.Tests.Transcripts.Reading;

namespace Diarist.Tests.Transcripts;

/// <summary>Transcripts of calls whose sides were recognized each by itself: every word goes to its own side, also where both talk.</summary>
public class StatedChannelsTests
{
    // Both hold the word at 2.0–2.4 s whole; the lower label would get it without its channel.
    private static readonly Turn[] Call = [new(0, 2.5, "CH1"), new Turn(1.8, 5, "CH2") { Channel = 2 }];

    [Theory]
    [InlineData("""{"results":{"channels":[{"alternatives":[{"transcript":"one","words":[{"word":"one","start":1,"end":1.4}]}]},{"alternatives":[{"transcript":"two","words":[{"word":"two","start":2,"end":2.4}]}]}]}}""", "deepgram")]
    [InlineData("""{"results":{"channels":[{"alternatives":[{"transcript":"one"}]},{"alternatives":[{"transcript":"two"}]}],"utterances":[{"start":1,"end":1.4,"channel":0,"transcript":"one"},{"start":2,"end":2.4,"channel":1,"transcript":"two"}]}}""", "deepgram")]
    [InlineData("""{"results":{"transcripts":[{"transcript":"one two"}],"items":[{"start_time":"1","end_time":"1.4","type":"pronunciation","channel_label":"ch_0","alternatives":[{"content":"one","confidence":"0.9"}]},{"start_time":"2","end_time":"2.4","type":"pronunciation","channel_label":"ch_1","alternatives":[{"content":"two","confidence":"0.9"}]}]}}""", "aws")]
    [InlineData("""{"results":[{"channelTag":1,"alternatives":[{"transcript":"one","words":[{"word":"one","startTime":"1s","endTime":"1.4s"}]}]},{"channelTag":2,"alternatives":[{"transcript":"two","words":[{"word":"two","startTime":"2s","endTime":"2.4s"}]}]}]}""", "google")]
    [InlineData("""{"text":"one two","audio_duration":5,"utterances":[{"channel":"1","start":1000,"end":1400,"text":"one","words":[{"text":"one","start":1000,"end":1400}]},{"channel":"2","start":2000,"end":2400,"text":"two","words":[{"text":"two","start":2000,"end":2400}]}]}""", "assemblyai")]
    [InlineData("""{"recognizedPhrases":[{"channel":0,"offsetInTicks":10000000,"durationInTicks":4000000,"nBest":[{"display":"one"}]},{"channel":1,"offsetInTicks":20000000,"durationInTicks":4000000,"nBest":[{"display":"two"}]}]}""", "azure-batch")]
    [InlineData("""{"results":[{"type":"word","channel":"channel_1","start_time":1,"end_time":1.4,"alternatives":[{"content":"one","confidence":1}]},{"type":"word","channel":"channel_2","start_time":2,"end_time":2.4,"alternatives":[{"content":"two","confidence":1}]}]}""", "speechmatics")]
    [InlineData("""{"transcription":{"full_transcript":"one two","utterances":[{"channel":0,"start":1,"end":1.4,"text":"one"},{"channel":1,"start":2,"end":2.4,"text":"two"}]}}""", "gladia")]
    [InlineData("{\"type\":\"Results\",\"channel_index\":[0,2],\"is_final\":true,\"start\":1,\"duration\":0.4,\"channel\":{\"alternatives\":[{\"transcript\":\"one\",\"words\":[{\"word\":\"one\",\"start\":1,\"end\":1.4}]}]}}\n{\"type\":\"Results\",\"channel_index\":[1,2],\"is_final\":true,\"start\":2,\"duration\":0.4,\"channel\":{\"alternatives\":[{\"transcript\":\"two\",\"words\":[{\"word\":\"two\",\"start\":2,\"end\":2.4}]}]}}", "live-events")]
    [InlineData("call 1 1.0 0.4 one\ncall 2 2.0 0.4 two\n", "ctm")]
    [InlineData("call A 1.0 0.4 one\ncall B 2.0 0.4 two\n", "ctm")]
    public void A_word_goes_to_the_channel_that_it_was_recognized_on(string text, string dialect)
    {
        TranscriptDocument document = Read(text);
        Assert.Equal(dialect, document.Transcript.Dialect);
        AttributedSegment[] segments = [.. SpeakerAttribution.Assign(document.Transcript, Call).Segments];
        (string? Speaker, string Text)[] said = [.. segments.SelectMany(segment =>
            segment.Words.Count == 0 ? [(segment.Choice.Speaker, segment.Segment.Text)] : segment.Words.Select(word => (word.Choice.Speaker, word.Word.Text)))];
        Assert.Equal([("CH1", "one"), ("CH2", "two")], said);
    }

    [Fact]
    public void A_single_channel_may_be_a_mix()
    {
        TranscriptDocument document = Read("""{"recognizedPhrases":[{"channel":0,"offsetInTicks":10000000,"durationInTicks":4000000,"nBest":[{"display":"one"}]},{"channel":0,"offsetInTicks":30000000,"durationInTicks":4000000,"nBest":[{"display":"two"}]}]}""");
        Assert.All(document.Transcript.Segments, segment => Assert.Null(segment.Channel));
        Assert.Equal(["CH1", "CH2"], SpeakerAttribution.Assign(document.Transcript, Call).Segments.Select(segment => segment.Choice.Speaker));
    }

    [Fact]
    public void What_leaked_from_another_channel_goes_to_who_says_it_there()
    {
        SpeakerChoice choice = Choose(new Word("leak", new TimeRange(0.5, 0.9)) { Channel = 2 }, Call);
        Assert.Equal("CH1", choice.Speaker);
    }

    [Fact]
    public void Who_talks_on_another_channel_is_no_rival()
    {
        SpeakerChoice choice = Choose(new Word("word", new TimeRange(2, 2.4)) { Channel = 2 }, Call);
        Assert.Equal(("CH2", null), (choice.Speaker, choice.RunnerUp));
        Assert.Equal(["CH1"], choice.Overlapping);
        Assert.InRange(choice.Confidence, 0.8, 1);
        Assert.False(choice.Uncertain);
    }

    [Fact]
    public void Turns_of_one_channel_decide_as_ever() =>
        Assert.Equal("A", Choose(new Word("word", new TimeRange(2, 2.4)) { Channel = 2 }, [new(0, 2.5, "A"), new(1.8, 5, "B")]).Speaker);

    [Fact]
    public void Sentences_do_not_run_over_channels()
    {
        Word[] words = [new("no", new TimeRange(1, 1.2)) { Channel = 1 }, new("but", new TimeRange(2, 2.2)) { Channel = 2 }, new("I", new TimeRange(2.2, 2.3)) { Channel = 1 }, new("am.", new TimeRange(2.3, 2.45)) { Channel = 1 }];
        Assert.Equal(["CH1", "CH2", "CH1", "CH1"], SpeakerAttribution.Assign(words, Call).Select(choice => choice.Speaker));
    }

    private static SpeakerChoice Choose(Word word, Turn[] turns) => SpeakerAttribution.Assign([word], turns)[0];
}
