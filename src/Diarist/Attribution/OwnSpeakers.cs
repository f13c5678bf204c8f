using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>The attribution that a transcript carries itself, for those whose speakers have no times.</summary>
public static class OwnSpeakers
{
    /// <summary>
    /// Gives every segment and word the speaker that the transcript names for it; where it names speakers only as turns beside
    /// its texts, those.
    /// </summary>
    public static AttributedTranscript Of(Transcript transcript) =>
        transcript.Turns.Count > 0 && transcript.Segments.All(segment => segment.Speaker is null && segment.Words.All(word => word.Speaker is null))
            ? SpeakerAttribution.Assign(transcript, transcript.Turns)
            : FromTexts(transcript);

    private static AttributedTranscript FromTexts(Transcript transcript) => new(transcript,
        [.. transcript.Segments.Select(segment => new AttributedSegment(
            segment,
            Choice(segment.Speaker),
            [.. segment.Words.Select(word => new AttributedWord(word, Choice(word.Speaker ?? segment.Speaker)))]))]);

    private static SpeakerChoice Choice(string? speaker) => speaker is null ? SpeakerChoice.Nobody : new SpeakerChoice { Speaker = speaker, Confidence = 1 };
}
