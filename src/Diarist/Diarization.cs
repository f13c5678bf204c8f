using Diarist.Identity;
using Diarist.Packs;

namespace Diarist;

/// <summary>Who spoke when in one recording, and how that was found.</summary>
public sealed record Diarization
{
    internal Diarization()
    {
    }

    /// <summary>All turns by start time, overlap kept; boundaries lie on the grid of the network's frames: 16.875 ms, with <see cref="Recipe.Nemotron3"/> 10 ms.</summary>
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

    /// <summary>Who each speaker is among the voices that were looked for; empty when none were. Labels in it stay anonymous.</summary>
    public IReadOnlyList<SpeakerIdentity> Identities { get; init; } = [];

    /// <summary>How contested each moment is; <see langword="null"/> when the recipe does not say, or the turns were read from elsewhere.</summary>
    internal SpeakerEvidence? Evidence { get; init; }

    /// <summary>How probable the network holds each speaker at each moment; <see langword="null"/> when the recipe clusters, or the turns were read from elsewhere.</summary>
    internal SpeakerProbabilities? Probabilities { get; init; }

    /// <summary>The same with the names of the voices that were recognized.</summary>
    public Diarization WithRecognizedNames() =>
        WithNames(Identities.Where(identity => identity.Name is not null).ToDictionary(identity => identity.Label, identity => identity.Name!, StringComparer.Ordinal));

    /// <summary>The same with names for some labels. Labels that get one name become one speaker; labels that are not there are left alone.</summary>
    /// <param name="names">Names by label.</param>
    public Diarization WithNames(IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
        {
            return this;
        }

        string NameOf(string label) => names.GetValueOrDefault(label, label);
        Turn[] Rename(IReadOnlyList<Turn> turns) => [.. turns.Select(turn => turn with { Speaker = NameOf(turn.Speaker) })];
        return (this with
        {
            // Two labels with one name may overlap or follow each other.
            Turns = ReadableTurns.Join(Rename(Turns), 0),
            ExclusiveTurns = ReadableTurns.Join(Rename(ExclusiveTurns), 0),
            Speakers = [.. Speakers.GroupBy(speaker => NameOf(speaker.Label), StringComparer.Ordinal).Select(group => group.First() with { Label = group.Key, IsGhost = group.All(speaker => speaker.IsGhost) })],
            SpeakerEmbeddings = SpeakerEmbeddings?
                .GroupBy(pair => NameOf(pair.Key), StringComparer.Ordinal)
                .Where(group => group.Count() == 1)
                .ToDictionary(group => group.Key, group => group.First().Value, StringComparer.Ordinal),
            Probabilities = Probabilities?.WithNames(NameOf),
        }).Summarized();
    }

    /// <summary>Turns shorter than this are seldom worth reading, in seconds.</summary>
    public const double BriefestReadableTurn = 0.1;

    /// <summary>The same with turns that are worth reading: pauses inside a speaker's speech closed, then what is still short left out.</summary>
    /// <param name="minimumTurn">Turns shorter than this are left out, in seconds.</param>
    /// <param name="minimumGap">Two turns of one speaker with a pause shorter than this between them become one, in seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of seconds is negative or not finite.</exception>
    public Diarization WithReadableTurns(double minimumTurn, double minimumGap)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumTurn);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumGap);
        if (!double.IsFinite(minimumTurn) || !double.IsFinite(minimumGap))
        {
            throw new ArgumentOutOfRangeException(nameof(minimumTurn), "Seconds must be finite.");
        }

        return minimumTurn == 0 && minimumGap == 0
            ? this
            : (this with
            {
                Turns = ReadableTurns.Select(Turns, minimumTurn, minimumGap, exclusive: false),
                ExclusiveTurns = ReadableTurns.Select(ExclusiveTurns, minimumTurn, minimumGap, exclusive: true),
            }).Summarized();
    }

    // A speaker whose turns were all too short to show is still one that was found.
    private Diarization Summarized()
    {
        var own = new Dictionary<string, List<Turn>>(StringComparer.Ordinal);
        foreach (Turn turn in Turns)
        {
            if (!own.TryGetValue(turn.Speaker, out List<Turn>? turns))
            {
                own.Add(turn.Speaker, turns = []);
            }

            turns.Add(turn);
        }

        return this with { Speakers = [.. Speakers.Select(speaker => SpeakerSummary.Of(speaker.Label, own.GetValueOrDefault(speaker.Label) ?? [], speaker.IsGhost))] };
    }
}
