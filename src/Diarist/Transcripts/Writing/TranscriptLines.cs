using Diarist.Attribution;
using Diarist.Formats;

namespace Diarist.Transcripts.Writing;

/// <summary>A transcript as what one speaker after another says: segments in which the speaker changes are split there, as in every written form.</summary>
public static class TranscriptLines
{
    /// <summary>The lines, in order; a line's speaker is <see langword="null"/> where nobody holds it.</summary>
    /// <param name="transcript">The transcript.</param>
    public static IReadOnlyList<Utterance> Of(AttributedTranscript transcript)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        return [.. SpeakerLine.From(transcript).Select(line => new Utterance(line.Range, line.Speaker, line.Text.Trim()))];
    }
}
