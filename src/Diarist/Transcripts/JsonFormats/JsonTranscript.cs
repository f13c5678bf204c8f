using Diarist.Formats;

namespace Diarist.Transcripts.JsonFormats;

/// <summary>A place in a JSON transcript that can take speaker members.</summary>
/// <param name="Object">The object that they are inserted into.</param>
/// <param name="Segment">Whose speaker: the segment's index.</param>
/// <param name="Word">And the word's index in it; −1 for the segment itself.</param>
internal readonly record struct SpeakerSlot(JsonValue Object, int Segment, int Word)
{
    /// <summary>
    /// Set when the object holds its words in parallel arrays rather than in objects: then the members are one array,
    /// <c>speaker_words</c>, over the segments from <see cref="Segment"/> up to and without this one.
    /// </summary>
    public int? ListUpTo { get; init; }

    /// <summary>Set for an object that repeats a stretch of the transcript: its speaker is that of most of the word time in the interval.</summary>
    public TimeRange? Repeats { get; init; }
}

/// <summary>A transcript with the places of its JSON text that can take its speakers.</summary>
/// <param name="Json">The text.</param>
/// <param name="Transcript">What it says.</param>
/// <param name="Slots">The places.</param>
/// <param name="ReadAs">What its items were read as.</param>
internal sealed record JsonTranscript(JsonIndex Json, Transcript Transcript, IReadOnlyList<SpeakerSlot> Slots, string ReadAs);
