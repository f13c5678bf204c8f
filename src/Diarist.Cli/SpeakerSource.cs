using Diarist.Attribution;
using Diarist.Formats;
using Diarist.Packs;
using Diarist.Transcripts;

namespace Diarist.Cli;

/// <summary>Turns by recording, and which of them a transcript is to be joined with.</summary>
internal sealed class SpeakerSource(string name, IReadOnlyList<RecordingTurns> recordings, IReadOnlyList<LocatedPack> packs, string? chosen)
{
    /// <summary>What the turns come from when the recording was diarized here; <see langword="null"/> when a file named them.</summary>
    public Diarization? Heard { get; init; }

    /// <summary>
    /// Joins a transcript with its recording's turns; a transcript of several recordings with those of each.
    /// </summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="keepNames">Whether the turns take the names that the transcript has for their speakers.</param>
    /// <param name="stem">The transcript's file name, which tells its recording when it does not itself.</param>
    public AttributedTranscript Assign(Transcript transcript, AttributionPolicy policy, bool keepNames, string stem) =>
        AssignTurns(transcript, policy, keepNames, stem) with { Packs = packs };

    private AttributedTranscript AssignTurns(Transcript transcript, AttributionPolicy policy, bool keepNames, string stem)
    {
        string[] own = [.. transcript.Segments.Select(segment => segment.Recording).OfType<string>().Distinct()];
        if (own.Length <= 1 || recordings.Count == 1)
        {
            return Join(transcript, TurnsOf(own.FirstOrDefault() ?? stem), policy, keepNames);
        }

        var segments = new AttributedSegment[transcript.Segments.Count];
        var warnings = new List<string>();
        foreach (var group in transcript.Segments.Index().GroupBy(pair => pair.Item.Recording ?? stem))
        {
            var part = transcript with { Segments = [.. group.Select(pair => pair.Item)], Turns = [] };
            AttributedTranscript joined = Join(part, TurnsOf(group.Key), policy, keepNames: false);
            warnings.AddRange(joined.Warnings.Select(warning => $"{group.Key}: {warning}"));
            foreach (var ((index, _), segment) in group.Zip(joined.Segments))
            {
                segments[index] = segment;
            }
        }

        return new AttributedTranscript(transcript, segments) { Warnings = warnings };
    }

    private AttributedTranscript Join(Transcript transcript, IReadOnlyList<Turn> turns, AttributionPolicy policy, bool keepNames)
    {
        IReadOnlyList<Turn> named = keepNames ? SpeakerNames.Transfer(turns, transcript.Turns) : turns;
        return Heard is null ? SpeakerAttribution.Assign(transcript, named, policy) : SpeakerAttribution.Assign(transcript, Heard with { Turns = named }, policy);
    }

    private IReadOnlyList<Turn> TurnsOf(string recording)
    {
        string wanted = chosen ?? recording;
        if (recordings.Count == 1 && chosen is null)
        {
            return recordings[0].Turns;
        }

        return recordings.FirstOrDefault(known => known.Recording == wanted)?.Turns
            ?? throw new UsageException($"{name} holds no recording {wanted}; it holds {string.Join(", ", recordings.Take(8).Select(known => known.Recording))}. Name one with --recording.");
    }
}
