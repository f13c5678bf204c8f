using Diarist.Packs;
using Diarist.Transcripts;

namespace Diarist.Attribution;

/// <summary>Who said a word or a segment, how sure that is, and who else it could have been.</summary>
public sealed record SpeakerChoice
{
    /// <summary>Nobody: no turn overlaps and none is near enough.</summary>
    public static SpeakerChoice Nobody { get; } = new();

    /// <summary>The speaker's label; <see langword="null"/> when nobody holds it.</summary>
    public string? Speaker { get; init; }

    /// <summary>
    /// The probability, 0 to 1, that the speaker is the right one: what turns say of others at and near the time of the words, and, for a recording
    /// that was diarized here, what was heard of others there. 0 when the choice rests on nearness alone.
    /// </summary>
    public double Confidence { get; init; }

    /// <summary>The speaker with the second longest overlap; <see langword="null"/> when there is none.</summary>
    public string? RunnerUp { get; init; }

    /// <summary>The other speakers who talk at the same time, in the order of their labels.</summary>
    public IReadOnlyList<string> Overlapping { get; init; } = [];

    /// <summary>Whether the confidence is below <see cref="AttributionPolicy.UncertainBelow"/>; never for nobody.</summary>
    public bool Uncertain { get; init; }

    /// <summary>Whether it was decided without times of its own: by the whole segment, or by the words beside it.</summary>
    public bool Approximate { get; init; }
}

/// <summary>A word with its speaker.</summary>
/// <param name="Word">The word as its recognizer wrote it.</param>
/// <param name="Choice">Who said it.</param>
public sealed record AttributedWord(Word Word, SpeakerChoice Choice);

/// <summary>A segment with its speaker and those of its words.</summary>
/// <param name="Segment">The segment as its recognizer wrote it.</param>
/// <param name="Choice">Who said most of it.</param>
/// <param name="Words">Its words, in order.</param>
public sealed record AttributedSegment(TranscriptSegment Segment, SpeakerChoice Choice, IReadOnlyList<AttributedWord> Words);

/// <summary>A transcript whose words and segments have speakers.</summary>
/// <param name="Transcript">The transcript as it was.</param>
/// <param name="Segments">Its segments, in order.</param>
public sealed record AttributedTranscript(Transcript Transcript, IReadOnlyList<AttributedSegment> Segments)
{
    /// <summary>The packs of the networks that made the turns, for attribution; empty when the turns came from elsewhere.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; init; } = [];

    /// <summary>What speaks against the join as a whole: many texts where nobody speaks, with the ranges of both sides.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The labels that hold a word or a segment, in the order of their labels.</summary>
    public IReadOnlyList<string> Speakers =>
        [.. Segments.SelectMany(segment => segment.Words.Select(word => word.Choice.Speaker).Append(segment.Choice.Speaker))
            .OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The same with labels replaced by names wherever they stand; labels without a name stay.</summary>
    /// <param name="names">Names by label.</param>
    public AttributedTranscript WithNames(IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return this with
        {
            Segments =
            [
                .. Segments.Select(segment => segment with
                {
                    Choice = Rename(segment.Choice),
                    Words = [.. segment.Words.Select(word => word with { Choice = Rename(word.Choice) })],
                }),
            ],
        };

        SpeakerChoice Rename(SpeakerChoice choice) => choice with
        {
            Speaker = NameOf(choice.Speaker),
            RunnerUp = NameOf(choice.RunnerUp),
            Overlapping = [.. choice.Overlapping.Select(label => NameOf(label)!)],
        };

        string? NameOf(string? label) => label is not null && names.TryGetValue(label, out string? name) ? name : label;
    }
}
