using Diarist.Formats;

namespace Diarist.Cli.Commands;

/// <summary>One recording of both sides.</summary>
/// <param name="Recording">Its id in the reference.</param>
/// <param name="Reference">The reference's entries.</param>
/// <param name="Hypothesis">The hypothesis' entries.</param>
/// <param name="Regions">The regions to score; <see langword="null"/> for everything.</param>
internal sealed record ScoredRecording<T>(
    string Recording, IReadOnlyList<T> Reference, IReadOnlyList<T> Hypothesis, IReadOnlyList<TimeRange>? Regions);

/// <summary>Reads what is compared and puts together what belongs together.</summary>
internal static class ScoreInputs
{
    /// <summary>Pairs the turns of both sides.</summary>
    public static List<ScoredRecording<Turn>> Turns(string[] reference, string[] hypothesis, string[] uem) => Pair(
        [.. AnnotationReader.ReadTurns(reference).Select(recording => (recording.Recording, recording.Turns))],
        [.. AnnotationReader.ReadTurns(hypothesis).Select(recording => (recording.Recording, recording.Turns))],
        string.Join(", ", hypothesis),
        uem.Length == 0 ? null : AnnotationReader.ReadRegions(uem),
        string.Join(", ", uem));

    /// <summary>Pairs the utterances of both sides.</summary>
    public static List<ScoredRecording<Utterance>> Utterances(string[] reference, string[] hypothesis) => Pair(
        [.. AnnotationReader.ReadUtterances(reference).Select(recording => (recording.Recording, recording.Utterances))],
        [.. AnnotationReader.ReadUtterances(hypothesis).Select(recording => (recording.Recording, recording.Utterances))],
        string.Join(", ", hypothesis),
        null,
        "");

    private static List<ScoredRecording<T>> Pair<T>(
        List<(string Recording, IReadOnlyList<T> Entries)> reference,
        List<(string Recording, IReadOnlyList<T> Entries)> hypothesis,
        string hypothesisName,
        IReadOnlyList<RecordingRegions>? uem,
        string uemName)
    {
        bool single = reference.Count == 1 && hypothesis.Count <= 1;
        if (single && (uem is null || uem.Count == 1))
        {
            return [new(reference[0].Recording, reference[0].Entries, hypothesis.Count == 1 ? hypothesis[0].Entries : [], uem?[0].Regions)];
        }

        var truth = reference.ToDictionary(recording => recording.Recording, recording => recording.Entries, StringComparer.Ordinal);
        var claim = single && hypothesis.Count == 1
            ? new Dictionary<string, IReadOnlyList<T>>(StringComparer.Ordinal) { [reference[0].Recording] = hypothesis[0].Entries }
            : hypothesis.ToDictionary(recording => recording.Recording, recording => recording.Entries, StringComparer.Ordinal);
        var regions = uem?.ToDictionary(recording => recording.Recording, recording => recording.Regions, StringComparer.Ordinal);

        // A recording that the UEM names and the reference does not is one without speech.
        foreach ((string id, IReadOnlyList<T> entries) in claim)
        {
            if (entries.Count > 0 && !truth.ContainsKey(id) && regions?.ContainsKey(id) != true)
            {
                throw new InputException(hypothesisName, $"the recording \"{id}\" is not in the reference; rename it, take it out, or name it in a UEM if nobody speaks in it");
            }
        }

        string[] ids = [.. truth.Keys.Concat(claim.Keys.Where(id => !truth.ContainsKey(id) && claim[id].Count > 0))];
        List<ScoredRecording<T>> pairs =
        [
            .. ids.Where(id => regions is null || regions.ContainsKey(id))
                .Select(id => new ScoredRecording<T>(id, truth.GetValueOrDefault(id) ?? [], claim.GetValueOrDefault(id) ?? [], regions?[id])),
        ];
        if (pairs.Count == 0)
        {
            throw regions is null
                ? new InputException(hypothesisName, "neither side holds a recording")
                : new InputException(uemName, "this UEM names none of the recordings, so there is nothing to score");
        }

        foreach (string id in ids.Where(id => regions?.ContainsKey(id) == false))
        {
            Console.Error.WriteLine($"diarist: {uemName}: the recording \"{id}\" is not in the UEM and is not scored.");
        }

        return pairs;
    }
}
