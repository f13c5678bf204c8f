using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>The speakers of a recording's pieces.</summary>
/// <param name="Used">The pieces that took part in the grouping, rising.</param>
/// <param name="Labels">The group of each of them, from 0.</param>
/// <param name="Groups">The groups.</param>
/// <param name="Model">The likeness model of this recording.</param>
/// <param name="WeakestJoin">The least likeness of two groups of 3 s and more that joined, before small ones were placed; 1 where none did.</param>
internal sealed record PieceGroups(int[] Used, int[] Labels, IReadOnlyList<SpeakerGroup> Groups, LikenessModel Model, double WeakestJoin)
{
    /// <summary>The group of each known voice; −1 where corrections took its pieces away.</summary>
    public int[] Known { get; init; } = [];
}

/// <summary>From pieces to groups of one person each, within bounds on their number.</summary>
internal static class SpeakerGrouping
{
    // A join of less speech says little about the number.
    private const double TellingSeconds = 3;

    /// <summary>Groups the pieces of a recording.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="parameters">The constants.</param>
    /// <param name="least">At least so many groups: finer groups first.</param>
    /// <param name="most">At most so many: then the cheapest joins.</param>
    /// <param name="constraints">What is known of the pieces.</param>
    /// <param name="threads">Threads to work on; the groups do not depend on it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static PieceGroups Run(
        HeardSpeech heard, SegmentsParameters parameters, int least = 1, int most = int.MaxValue, GroupingConstraints? constraints = null, int threads = 1, CancellationToken cancellationToken = default) =>
        Run(heard.Pieces, heard.Links, parameters, least, most, constraints, heard.Known, threads, heard.GroupingFor(parameters), cancellationToken);

    /// <summary>Groups pieces with their links. What <paramref name="memory"/> holds is of the same pieces, links and constants.</summary>
    public static PieceGroups Run(
        PieceVectors vectors,
        PieceLinks allLinks,
        SegmentsParameters parameters,
        int least = 1,
        int most = int.MaxValue,
        GroupingConstraints? constraints = null,
        IReadOnlyList<KnownGroup>? known = null,
        int threads = 1,
        GroupingMemory? memory = null,
        CancellationToken cancellationToken = default)
    {
        constraints ??= GroupingConstraints.None;
        known ??= [];
        memory ??= GroupingMemory.Of(vectors, allLinks, parameters);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        HashSet<int> mentioned = ReferenceEquals(constraints, GroupingConstraints.None) && known.Count == 0 ? [] : [.. constraints.Mentioned(), .. known.SelectMany(voice => voice.Pieces)];
        int[] used = mentioned.Count == 0 ? memory.Used : GroupingMemory.Choose(vectors, parameters, mentioned);
        PieceLinks links = used.AsSpan().SequenceEqual(memory.Used) ? memory.Links : allLinks.Among(used);
        LikenessModel model = memory.Model;
        SpeakerGroups Start()
        {
            SpeakerGroups fresh = Create(vectors, used, links, constraints, model, parameters.LinkWeight);
            AddKnown(fresh, used, known);
            return fresh;
        }

        SpeakerGroups groups = Start();
        var blocks = new BlockMemory(memory, used, item => !mentioned.Contains(used[item]));
        BlockMerging.Merge(groups, parameters, parallel, blocks);
        using var table = new LikenessTable(groups, groups.Alive(), parameters.Veto, parallel);
        double weakest = 1;
        foreach (GroupMerging.Step step in GroupMerging.Merge(table, parameters.MergeThreshold, cancellationToken))
        {
            weakest = step.Seconds >= TellingSeconds ? Math.Min(weakest, step.Likeness) : weakest;
        }

        GroupMerging.PlaceSmall(table, parameters, SpeakerGroups.Never, cancellationToken);
        SpeakerGroups? finer = table.Count < least ? Start() : null;
        if (finer is not null && FinerGroups.Find(finer, table.Count, least, parameters, parallel, blocks))
        {
            groups = finer;
        }
        else
        {
            GroupMerging.ReduceTo(table, most, parameters.MergeThreshold, cancellationToken);
            groups.Join(table.Joins);
        }

        // Copies: a piece that stayed alone would keep the vectors of all pieces.
        List<int> alive = groups.Alive();
        int[] labels = Arrays.Make(used.Length, item => alive.BinarySearch(groups.GroupOf(item)));
        return new PieceGroups(used, labels, Arrays.Make(alive.Count, place => groups[alive[place]].Copy()), model, weakest)
        {
            Known = [.. known.Select(voice => OwnerOf(voice, used, labels, vectors.Seconds))],
        };
    }

    /// <summary>Every piece as a group of its own, with its links and what is known of it.</summary>
    internal static SpeakerGroups Create(PieceVectors vectors, int[] used, PieceLinks links, GroupingConstraints constraints, LikenessModel model, double linkWeight)
    {
        var groups = new SpeakerGroups(model, linkWeight);
        for (int item = 0; item < used.Length; item++)
        {
            groups.Add(SpeakerGroup.Of(vectors.Vector(used[item]), vectors.Seconds[used[item]], model), links.Of(item).Length);
        }

        for (int item = 0; item < used.Length; item++)
        {
            foreach ((int other, double link) in links.Of(item))
            {
                if (other > item)
                {
                    groups.Link(item, other, link);
                }
            }
        }

        int Item(int piece) => Array.BinarySearch(used, piece) is var item and >= 0
            ? item
            : throw new ArgumentException($"Piece {piece} has no voice of its own.", nameof(constraints));
        if (ReferenceEquals(constraints, GroupingConstraints.None))
        {
            return groups;
        }

        foreach ((int left, int right) in constraints.CannotLink)
        {
            groups.Forbid(Item(left), Item(right));
        }

        bool agrees = constraints.FixedLabels.All(known => groups.Fix(Item(known.Key), known.Value))
            && constraints.MustLink.All(pair => groups.TryJoin(Item(pair.Left), Item(pair.Right)));
        return agrees ? groups : throw new ArgumentException("What is known of the pieces contradicts itself.", nameof(constraints));
    }

    /// <summary>
    /// Known voices: the pieces in which each was recognized become one group with a label that no other known voice has, and its sums from
    /// elsewhere join them. What corrections say of a piece counts more.
    /// </summary>
    private static void AddKnown(SpeakerGroups groups, int[] used, IReadOnlyList<KnownGroup> known)
    {
        for (int number = 0; number < known.Count; number++)
        {
            int[] items = [.. known[number].Pieces.Select(piece => Array.BinarySearch(used, piece)).Where(item => item >= 0)];
            int[] free = [.. items.Where(item => groups.FixedLabel(groups.GroupOf(item)) < 0)];
            if (free.Length < items.Length || free.Length == 0)
            {
                continue;
            }

            groups.Fix(free[0], SpeakerGroups.FirstKnownLabel + number);
            foreach (int item in free[1..])
            {
                groups.TryJoin(free[0], item);
            }

            if (known[number].Seed is { } seed)
            {
                groups.TryJoin(free[0], groups.Add(KnownGroup.Bounded(seed)));
            }
        }
    }

    /// <summary>The group with most of a known voice's pieces.</summary>
    private static int OwnerOf(KnownGroup voice, int[] used, int[] labels, double[] seconds)
    {
        var weights = new SortedDictionary<int, double>();
        foreach (int piece in voice.Pieces)
        {
            if (Array.BinarySearch(used, piece) is >= 0 and var item)
            {
                weights[labels[item]] = weights.GetValueOrDefault(labels[item]) + seconds[piece];
            }
        }

        return weights.Count == 0 ? -1 : weights.MaxBy(pair => pair.Value).Key;
    }
}
