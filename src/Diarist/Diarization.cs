using Diarist.Packs;

namespace Diarist;

/// <summary>Who spoke when in one recording, and how that was found.</summary>
public sealed record Diarization
{
    /// <summary>All turns by start time, overlap kept; boundaries lie on the 16.875 ms grid of the segmentation frames.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>The turns with at most one speaker at a time.</summary>
    public required IReadOnlyList<Turn> ExclusiveTurns { get; init; }

    /// <summary>The speakers in the order of their first turns.</summary>
    public required IReadOnlyList<SpeakerSummary> Speakers { get; init; }

    /// <summary>How many speakers were found, how many were asked for, and how certain that is.</summary>
    public required SpeakerCountReport Count { get; init; }

    /// <summary>The length of the recording in seconds.</summary>
    public required double Duration { get; init; }

    /// <summary>The recipe that ran.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The options as they were in force.</summary>
    public required DiarizerOptions Options { get; init; }

    /// <summary>The networks that were used, for credits.</summary>
    public IReadOnlyList<LocatedPack> Packs { get; init; } = [];

    /// <summary>Things that the user should know, one sentence each: audio cut short, a bound that could not hold.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Seconds of work by stage, added over threads; <see langword="null"/> without <see cref="DiarizerOptions.Clock"/>.</summary>
    public DiarizationTiming? Timing { get; init; }

    /// <summary>One unit-length embedding for each speaker, by label; <see langword="null"/> unless <see cref="DiarizerOptions.KeepEmbeddings"/> asked for them.</summary>
    public IReadOnlyDictionary<string, float[]>? SpeakerEmbeddings { get; init; }
}

/// <summary>One speaker of a recording.</summary>
/// <param name="Label">The anonymous label, numbered by first appearance.</param>
/// <param name="Duration">Seconds spoken, overlap included.</param>
/// <param name="Turns">The number of turns.</param>
/// <param name="Longest">The longest turn in seconds.</param>
/// <param name="IsGhost">Whether the evidence is so thin that this speaker may not exist.</param>
public sealed record SpeakerSummary(string Label, double Duration, int Turns, double Longest, bool IsGhost)
{
    /// <summary>A speaker's share of the turns of a recording.</summary>
    internal static SpeakerSummary Of(string label, IReadOnlyList<Turn> turns, bool ghost)
    {
        Turn[] own = [.. turns.Where(turn => turn.Speaker == label)];
        return new SpeakerSummary(label, own.Sum(turn => turn.Duration), own.Length, own.Select(turn => turn.Duration).DefaultIfEmpty().Max(), ghost);
    }
}
