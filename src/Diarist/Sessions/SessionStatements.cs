using Diarist.Segments;

namespace Diarist.Sessions;

/// <summary>
/// What all corrections together say of the pieces. What is said of a turn counts more than what is said of a speaker: a merge speaks of the
/// pieces of two speakers except those of turns that were corrected themselves. The last word on a turn's speaker counts.
/// </summary>
internal sealed class SessionStatements
{
    private readonly Dictionary<string, string> _sameAs = new(StringComparer.Ordinal);
    private readonly Dictionary<int, int> _parent = [];
    private readonly Dictionary<int, string> _personOf = [];
    private readonly List<(int Left, int Right)> _different = [];
    private readonly List<(int Left, int Right)> _same = [];

    private SessionStatements()
    {
    }

    /// <summary>Pieces that stand for each speaker who was ever mentioned, in the order of mention.</summary>
    public List<KeyValuePair<string, int[]>> People { get; } = [];

    /// <summary>Whose the pieces of corrected turns are.</summary>
    public SortedDictionary<int, string> Pins { get; } = [];

    /// <summary>Whose other pieces are held to be: those of the speakers of corrected turns as they were, with what went along. The last correction counts.</summary>
    public SortedDictionary<int, string> Seeds { get; } = [];

    /// <summary>The pieces of turns that were corrected themselves.</summary>
    public IReadOnlySet<int> Said { get; private set; } = new HashSet<int>();

    /// <summary>For the grouping.</summary>
    public GroupingConstraints Constraints { get; private set; } = GroupingConstraints.None;

    /// <summary>The speaker that a label stands for now.</summary>
    public string PersonOf(string label)
    {
        while (_sameAs.TryGetValue(label, out string? other))
        {
            label = other;
        }

        return label;
    }

    /// <summary>Puts corrections together.</summary>
    /// <param name="edits">In order.</param>
    /// <returns>What they say; <see langword="null"/> when they contradict each other.</returns>
    public static SessionStatements? Of(IReadOnlyList<SessionEdit> edits)
    {
        var statements = new SessionStatements();
        return statements.Build(edits) ? statements : null;
    }

    /// <summary>Puts corrections together of which only the last may contradict others.</summary>
    /// <exception cref="SessionEditException">It does; the message names both.</exception>
    public static SessionStatements Require(IReadOnlyList<SessionEdit> edits)
    {
        if (Of(edits) is { } statements)
        {
            return statements;
        }

        for (int other = edits.Count - 2; other >= 0; other--)
        {
            if (Of([.. edits.Take(other), .. edits.Skip(other + 1)]) is not null)
            {
                throw new SessionEditException($"That {edits[^1]} contradicts an earlier correction: {edits[other]}. Undo that one first.");
            }
        }

        throw new SessionEditException($"That {edits[^1]} contradicts several earlier corrections together, the last of which is: {edits[^2]}.");
    }

    private bool Build(IReadOnlyList<SessionEdit> edits)
    {
        var touched = new HashSet<int>();
        var pinned = new HashSet<int>();
        var named = new SortedSet<string>(StringComparer.Ordinal);
        foreach (SessionEdit edit in edits)
        {
            People.AddRange(edit.Anchors.Where(pair => People.TrueForAll(person => person.Key != pair.Key)));
            if (edit.Kind == SessionEditKind.Merge && PersonOf(edit.Speaker!) is var kept && PersonOf(edit.Other!) is var other && kept != other)
            {
                _sameAs[other] = kept;
            }
            else if (edit.Kind == SessionEditKind.Assign && edit.Constrains && edit.Pieces.Count > 0)
            {
                foreach (int piece in edit.Pieces[0])
                {
                    Pins[piece] = edit.Speaker!;
                }

                named.UnionWith([edit.Speaker!, edit.Turns[0].Speaker]);
                foreach ((string label, int[] pieces) in edit.Seeds)
                {
                    foreach (int piece in pieces)
                    {
                        Seeds[piece] = label;
                    }
                }
            }
            else if (edit.Kind == SessionEditKind.Speakers)
            {
                // Other speakers are looked for: whose turns were not corrected is open again.
                Seeds.Clear();
            }

            if (edit.Kind != SessionEditKind.Merge)
            {
                touched.UnionWith(edit.Pieces.SelectMany(pieces => pieces));
            }

            if (edit.Kind is SessionEditKind.Split || (edit.Kind is SessionEditKind.Assign && edit.Constrains))
            {
                pinned.UnionWith(edit.Pieces.SelectMany(pieces => pieces));
            }
        }

        return Splits(edits) && Assignments() && Merges(edits, touched) && Finish(touched, named, pinned);
    }

    private bool Splits(IReadOnlyList<SessionEdit> edits)
    {
        foreach (SessionEdit split in edits.Where(edit => edit.Kind == SessionEditKind.Split))
        {
            foreach (int[] pieces in split.Pieces)
            {
                if (!JoinAll(pieces))
                {
                    return false;
                }
            }

            for (int left = 0; left < split.Pieces.Count; left++)
            {
                for (int right = left + 1; right < split.Pieces.Count; right++)
                {
                    if (Find(split.Pieces[left][0]) == Find(split.Pieces[right][0]))
                    {
                        return false;
                    }

                    _different.Add((split.Pieces[left][0], split.Pieces[right][0]));
                }
            }
        }

        return true;
    }

    private bool Assignments() => Pins.All(pin => Name(pin.Key, PersonOf(pin.Value)));

    // Everybody who is named twice is one group, so joining each with the first one is enough.
    private bool Name(int piece, string person)
    {
        int root = Find(piece);
        if (_personOf.TryGetValue(root, out string? known))
        {
            return known == person;
        }

        foreach ((int other, string name) in _personOf)
        {
            if (name == person)
            {
                return Join(other, root);
            }
        }

        _personOf.Add(root, person);
        return true;
    }

    private bool Merges(IReadOnlyList<SessionEdit> edits, HashSet<int> touched)
    {
        foreach (SessionEdit merge in edits.Where(edit => edit.Kind == SessionEditKind.Merge && edit.Pieces.Count == 2))
        {
            HashSet<int> left = [.. merge.Pieces[0]], right = [.. merge.Pieces[1]];
            foreach (SessionEdit split in edits.Where(edit => edit.Kind == SessionEditKind.Split))
            {
                bool apart = split.Pieces.Any(pieces => left.Overlaps(pieces)) && split.Pieces.Any(pieces => right.Overlaps(pieces))
                    && split.Pieces.Index().Any(one => left.Overlaps(one.Item) && split.Pieces.Index().Any(other => other.Index != one.Index && right.Overlaps(other.Item)));
                if (apart)
                {
                    return false;
                }
            }

            int first = -1;
            foreach (int piece in merge.Pieces[0].Concat(merge.Pieces[1]).Where(piece => !touched.Contains(piece) && IsOf(piece, merge.Speaker!)))
            {
                if (first < 0)
                {
                    first = piece;
                }
                else
                {
                    Join(first, piece);
                }
            }
        }

        return true;
    }

    private bool IsOf(int piece, string label) => !Seeds.TryGetValue(piece, out string? seed) || PersonOf(seed) == PersonOf(label);

    private bool Finish(HashSet<int> touched, SortedSet<string> named, HashSet<int> pinned)
    {
        // Where nothing else was said of them; the few pieces that stand for a speaker only where no others do.
        Said = touched;
        foreach ((int piece, string label) in Seeds.Where(seed => !touched.Contains(seed.Key)))
        {
            Name(piece, PersonOf(label));
        }

        HashSet<string> seeded = [.. Seeds.Values.Select(PersonOf)];
        foreach (string label in named.Where(label => !seeded.Contains(PersonOf(label))))
        {
            foreach (int piece in People.Where(person => person.Key == label).SelectMany(person => person.Value).Where(piece => !touched.Contains(piece)))
            {
                Name(piece, PersonOf(label));
            }
        }

        var fixedLabels = new SortedDictionary<int, int>();
        string[] order = [.. _personOf.Values.Distinct().Order(StringComparer.Ordinal)];
        foreach ((int root, string person) in _personOf)
        {
            fixedLabels.Add(root, Array.IndexOf(order, person));
        }

        Constraints = new GroupingConstraints { MustLink = [.. _same], CannotLink = [.. _different], FixedLabels = fixedLabels, Pinned = pinned };
        return true;
    }

    private bool JoinAll(int[] pieces) => pieces.Skip(1).All(piece => Join(pieces[0], piece));

    private bool Join(int left, int right)
    {
        (int into, int root) = (Find(left), Find(right));
        if (into == root)
        {
            return true;
        }

        bool forbidden = _different.Exists(pair => (Find(pair.Left), Find(pair.Right)) is var ends && (ends == (into, root) || ends == (root, into)));
        string? one = _personOf.GetValueOrDefault(into), other = _personOf.GetValueOrDefault(root);
        if (forbidden || (one is not null && other is not null && one != other))
        {
            return false;
        }

        _same.Add((left, right));
        _parent[root] = into;
        if (other is not null)
        {
            _personOf.Remove(root);
            _personOf[into] = other;
        }

        return true;
    }

    private int Find(int piece)
    {
        while (_parent.TryGetValue(piece, out int above))
        {
            piece = above;
        }

        return piece;
    }
}
