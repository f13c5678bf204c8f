namespace Diarist.Segments;

/// <summary>
/// What speaks for and against each join of a <see cref="LikenessTable"/> besides the voices: the links of the windows and their veto, fixed
/// labels, and pairs that must not join.
/// </summary>
internal sealed class JoinEvidence
{
    private readonly double _linkWeight;
    private WindowsVeto? _veto;
    private int _count;

    // By the numbers of groups.
    private readonly int[] _placeOf;
    private readonly LinkRows _links;

    // By place. What is in the sets are numbers of groups.
    private readonly int[] _numbers;
    private readonly int[] _labels;
    private readonly HashSet<int>?[] _forbidden;

    /// <summary>Takes what is known of some groups.</summary>
    /// <param name="groups">The groups; not changed.</param>
    /// <param name="among">Numbers of groups, rising.</param>
    /// <param name="veto">When the windows keep a pair apart; never where there is none.</param>
    public JoinEvidence(SpeakerGroups groups, IReadOnlyList<int> among, WindowsVeto? veto)
    {
        (_linkWeight, _veto, _count) = (groups.LinkWeight, veto, among.Count);
        _placeOf = new int[groups.Items];
        _placeOf.AsSpan().Fill(-1);
        (_numbers, _labels, _forbidden) = ([.. among], new int[_count], new HashSet<int>?[_count]);
        for (int place = 0; place < _count; place++)
        {
            (_placeOf[among[place]], _labels[place]) = (place, groups.FixedLabel(among[place]));
        }

        _links = groups.Links.Among(group => _placeOf[group] >= 0);
        for (int place = 0; place < _count; place++)
        {
            foreach (int other in groups.ForbiddenTo(among[place]))
            {
                if (_placeOf[other] >= 0)
                {
                    (_forbidden[place] ??= []).Add(other);
                }
            }
        }
    }

    private JoinEvidence(JoinEvidence other)
    {
        (_linkWeight, _veto, _count) = (other._linkWeight, other._veto, other._count);
        (_placeOf, _numbers, _labels) = ([.. other._placeOf], [.. other._numbers.AsSpan(0, _count)], [.. other._labels.AsSpan(0, _count)]);
        _links = other._links.Among(_ => true);
        _forbidden = [.. other._forbidden.Take(_count).Select(forbidden => forbidden is null ? null : new HashSet<int>(forbidden))];
    }

    /// <summary>The same, to be changed apart.</summary>
    public JoinEvidence Copy() => new(this);

    /// <summary>The number of the group at a place.</summary>
    public int NumberOf(int place) => _numbers[place];

    /// <summary>The label that the group at a place is fixed to; −1 when it is free.</summary>
    public int LabelOf(int place) => _labels[place];

    /// <summary>From now on the windows keep no pair apart.</summary>
    public void DropVeto() => _veto = null;

    /// <summary>The group at one place takes over what is known of that at another.</summary>
    public void Join(int into, int place)
    {
        (int grown, int gone) = (_numbers[into], _numbers[place]);
        _labels[into] = Math.Max(_labels[into], _labels[place]);
        _links.Join(grown, gone);
        foreach (int number in _forbidden[place] ?? [])
        {
            HashSet<int> others = _forbidden[_placeOf[number]]!;
            others.Remove(gone);
            others.Add(grown);
            (_forbidden[into] ??= []).Add(number);
        }

        _forbidden[place] = null;
    }

    /// <summary>Adds what the windows say to the likenesses of one group with all others; <see cref="SpeakerGroups.Never"/> where something forbids the join.</summary>
    /// <param name="place">The group.</param>
    /// <param name="weights">W of each group.</param>
    /// <param name="seconds">Seconds of each group.</param>
    /// <param name="likenesses">One value for each group; changed.</param>
    public void AddTo(int place, ReadOnlySpan<double> weights, ReadOnlySpan<double> seconds, Span<double> likenesses)
    {
        ReadOnlySpan<int> linked = _links.Linked(_numbers[place]);
        ReadOnlySpan<LinkSums> sums = _links.Sums(_numbers[place]);
        for (int index = 0; index < linked.Length; index++)
        {
            (int other, LinkSums links) = (_placeOf[linked[index]], sums[index]);
            likenesses[other] += _linkWeight * links.Weighted / (weights[place] * weights[other]);
            if (_veto is not null && _veto.Refuses(likenesses[other], links, Math.Min(seconds[place], seconds[other])))
            {
                likenesses[other] = SpeakerGroups.Never;
            }
        }

        for (int other = 0; _labels[place] >= 0 && other < likenesses.Length; other++)
        {
            if (_labels[other] >= 0 && _labels[place] != _labels[other])
            {
                likenesses[other] = SpeakerGroups.Never;
            }
        }

        foreach (int number in _forbidden[place] ?? [])
        {
            likenesses[_placeOf[number]] = SpeakerGroups.Never;
        }
    }

    /// <summary>Keeps some of the groups only.</summary>
    /// <param name="left">Their places, rising.</param>
    public void Pack(ReadOnlySpan<int> left)
    {
        _count = left.Length;
        for (int place = 0; place < left.Length; place++)
        {
            int from = left[place];
            (_numbers[place], _labels[place], _forbidden[place]) = (_numbers[from], _labels[from], _forbidden[from]);
            _placeOf[_numbers[place]] = place;
        }
    }
}
