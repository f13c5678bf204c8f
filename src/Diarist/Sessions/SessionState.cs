using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>The turns that follow from what was heard and from corrections.</summary>
internal sealed class SessionState
{
    private const double PinnedWeight = 1000;

    private SessionState(Diarization labelled, Dictionary<string, string> names, SessionStatements statements) =>
        (Labelled, Names, Statements) = (labelled, names, statements);

    /// <summary>The turns with labels.</summary>
    public Diarization Labelled { get; }

    /// <summary>Names by label.</summary>
    public Dictionary<string, string> Names { get; }

    /// <summary>What the corrections say of the pieces.</summary>
    public SessionStatements Statements { get; }

    /// <summary>The groups behind the turns; <see langword="null"/> without voices.</summary>
    public ClusteredSpeech? Clustered { get; private init; }

    /// <summary>The labels of <see cref="ClusteredSpeech.Clusters"/>.</summary>
    public IReadOnlyList<string> ClusterLabels { get; private init; } = [];

    /// <summary>The turns with names.</summary>
    public Diarization Named => Names.Count == 0 ? Labelled : Labelled with
    {
        Turns = [.. Labelled.Turns.Select(Name)],
        ExclusiveTurns = [.. Labelled.ExclusiveTurns.Select(Name)],
        Speakers = [.. Labelled.Speakers.Select(speaker => speaker with { Label = NameOf(speaker.Label) })],
    };

    /// <summary>The name of a label; the label itself where there is none.</summary>
    public string NameOf(string label) => Names.GetValueOrDefault(label, label);

    /// <summary>The groups' number of a label; −1 when no voice is behind it.</summary>
    public int GroupOf(string label)
    {
        int index = Array.IndexOf([.. ClusterLabels], label);
        return index >= 0 && Clustered is { } clustered && clustered.Clusters[index] < clustered.Found.Kept.Length ? clustered.Found.Kept[clustered.Clusters[index]] : -1;
    }

    /// <summary>Works out the state.</summary>
    /// <param name="heard">What was heard; <see langword="null"/> where voices were forgotten.</param>
    /// <param name="kept">The turns without corrections, when nothing was heard; otherwise options, packs and warnings.</param>
    /// <param name="edits">The corrections that hold.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="remembered">Clusterings of the same recording that were worked out before.</param>
    /// <exception cref="SessionEditException">The last correction contradicts another.</exception>
    public static SessionState Of(HeardSpeech? heard, Diarization kept, IReadOnlyList<SessionEdit> edits, CancellationToken cancellationToken, ClusteringMemory? remembered = null)
    {
        SessionStatements statements = SessionStatements.Require(edits);
        ClusteredSpeech? clustered = null;
        string[] labels = [];
        Diarization result = kept;
        if (heard is not null)
        {
            DiarizerOptions options = kept.Options;
            if (edits.LastOrDefault(edit => edit.Kind == SessionEditKind.Speakers) is { } said)
            {
                options = options with { Speakers = said.Count, MinimumSpeakers = null, MaximumSpeakers = null };
            }

            GroupingConstraints? constraints = edits.Any(edit => edit.Constrains) ? statements.Constraints : null;
            clustered = (remembered ?? new ClusteringMemory()).Cluster(heard, options, constraints, cancellationToken);
            labels = Labels(heard, clustered, statements);
            Dictionary<string, string> renamed = labels.Select((label, index) => (label, index)).ToDictionary(pair => TurnReconstruction.Label(pair.index), pair => pair.label);
            result = clustered.Diarization with { Packs = kept.Packs, Identities = kept.Identities, Warnings = [.. kept.Warnings, .. clustered.Diarization.Warnings] };
            if (renamed.Any(pair => pair.Key != pair.Value))
            {
                result = result with
                {
                    Turns = Sorted(result.Turns.Select(turn => turn with { Speaker = renamed[turn.Speaker] })),
                    ExclusiveTurns = Sorted(result.ExclusiveTurns.Select(turn => turn with { Speaker = renamed[turn.Speaker] })),
                    Speakers = [.. result.Speakers.Select(speaker => speaker with { Label = renamed[speaker.Label] })],
                };
            }
        }

        result = WithTurnEdits(result, edits, statements, heard is not null);
        Dictionary<string, string> names = KnownNames(heard, clustered, labels);
        foreach (SessionEdit edit in edits.Where(edit => edit.Name is not null))
        {
            names[statements.PersonOf(edit.Speaker!)] = edit.Name!;
        }

        return new SessionState(result, names, statements) { Clustered = clustered, ClusterLabels = labels };
    }

    /// <summary>The names of the voices that were recognized, by the labels of the speakers who hold their pieces now.</summary>
    private static Dictionary<string, string> KnownNames(HeardSpeech? heard, ClusteredSpeech? clustered, string[] labels)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int number = 0; number < (heard?.Known.Count ?? 0); number++)
        {
            int place = Array.IndexOf(clustered!.Found.Kept, clustered.Found.Groups.Known[number]);
            int index = place < 0 ? -1 : clustered.Clusters.ToList().IndexOf(place);
            if (index >= 0)
            {
                names.TryAdd(labels[index], heard!.Known[number].Name);
            }
        }

        return names;
    }

    private static Diarization WithTurnEdits(Diarization result, IReadOnlyList<SessionEdit> edits, SessionStatements statements, bool voices)
    {
        SessionEdit[] changes = [.. edits.Where(edit => edit.Kind is SessionEditKind.Assign or SessionEditKind.Nobody or SessionEditKind.Boundary || (!voices && edit.Kind == SessionEditKind.Merge))];
        if (changes.Length == 0)
        {
            return result;
        }

        List<Turn> turns = [.. result.Turns], exclusive = [.. result.ExclusiveTurns];
        foreach (SessionEdit edit in changes)
        {
            // Who speaks over somebody else is not in the exclusive timeline, whoever it is.
            bool Speaks(Turn own) => edit.Turns.Count > 0 && own.Speaker == statements.PersonOf(edit.Turns[0].Speaker) && own.Range.Overlap(edit.Turns[0].Range) > 0;
            bool over = edit.Kind is SessionEditKind.Assign or SessionEditKind.Nobody && turns.Any(Speaks) && !exclusive.Any(Speaks);
            foreach (List<Turn> list in over ? (List<Turn>[])[turns] : [turns, exclusive])
            {
                bool alone = list == exclusive;
                if (edit.Kind == SessionEditKind.Merge)
                {
                    TurnChanges.Relabel(list, edit.Other!, edit.Speaker!);
                    continue;
                }

                Turn turn = edit.Turns[0] with { Speaker = statements.PersonOf(edit.Turns[0].Speaker) };
                if (edit.Kind == SessionEditKind.Boundary)
                {
                    TurnChanges.Move(list, turn, edit.Range!.Value, alone);
                }
                else
                {
                    TurnChanges.Assign(list, turn.Range, turn.Speaker, edit.Kind == SessionEditKind.Nobody ? null : statements.PersonOf(edit.Speaker!), alone);
                }
            }
        }

        Dictionary<string, bool> ghosts = result.Speakers.ToDictionary(speaker => speaker.Label, speaker => speaker.IsGhost);
        SpeakerSummary[] speakers = [.. turns.Select(turn => turn.Speaker).Distinct().Select(label => SpeakerSummary.Of(label, turns, ghosts.GetValueOrDefault(label)))];
        SpeakerEvidence? evidence = result.Evidence?.Settle(changes.Where(edit => edit.Kind != SessionEditKind.Merge).Select(edit => edit.Range ?? edit.Turns[0].Range));
        return result with { Turns = turns, ExclusiveTurns = exclusive, Speakers = speakers, Count = result.Count with { Found = speakers.Length }, Evidence = evidence };
    }

    /// <summary>Speakers keep the label under which they were mentioned: the one whose pieces they hold.</summary>
    private static string[] Labels(HeardSpeech heard, ClusteredSpeech clustered, SessionStatements statements)
    {
        string?[] labels = new string?[clustered.Clusters.Count];
        var weights = new Dictionary<(int Index, string Person), double>();
        PieceGroups groups = clustered.Found.Groups;
        List<int> clusters = [.. clustered.Clusters];
        void Count(int piece, string label, double weight)
        {
            int item = Array.BinarySearch(groups.Used, piece);
            int place = item < 0 ? -1 : Array.BinarySearch(clustered.Found.Kept, groups.Labels[item]);
            int index = place < 0 ? -1 : clusters.IndexOf(place);
            if (index >= 0)
            {
                (int, string) key = (index, statements.PersonOf(label));
                weights[key] = weights.GetValueOrDefault(key) + (weight * heard.Pieces.Seconds[piece]);
            }
        }

        foreach ((string label, int[] pieces) in statements.People)
        {
            foreach (int piece in pieces)
            {
                Count(piece, label, 1);
            }
        }

        foreach ((int piece, string label) in statements.Seeds)
        {
            Count(piece, label, 1);
        }

        foreach ((int piece, string label) in statements.Pins)
        {
            Count(piece, label, PinnedWeight);
        }

        foreach (((int index, string person), double _) in weights.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key.Index).ThenBy(pair => pair.Key.Person, StringComparer.Ordinal))
        {
            if (labels[index] is null && !labels.Contains(person))
            {
                labels[index] = person;
            }
        }

        HashSet<string> taken = [.. statements.People.Select(person => person.Key), .. labels.OfType<string>()];
        for (int index = 0; index < labels.Length; index++)
        {
            string own = TurnReconstruction.Label(index);
            labels[index] ??= taken.Add(own) ? own : Free(taken);
        }

        return [.. labels.Select(label => label!)];
    }

    /// <summary>The first label that is not taken; it is then.</summary>
    internal static string Free(HashSet<string> taken)
    {
        for (int number = 0; ; number++)
        {
            if (taken.Add(TurnReconstruction.Label(number)))
            {
                return TurnReconstruction.Label(number);
            }
        }
    }

    private static Turn[] Sorted(IEnumerable<Turn> turns) => [.. turns.OrderBy(turn => turn.Start).ThenBy(turn => turn.Speaker, StringComparer.Ordinal)];

    private Turn Name(Turn turn) => turn with { Speaker = NameOf(turn.Speaker) };
}
