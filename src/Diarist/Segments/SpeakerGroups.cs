namespace Diarist.Segments;

/// <summary>
/// Groups of pieces (or of groups found elsewhere) that grow by joining, with what speaks for and against each join: the voices, the links
/// of the windows, and what is known beforehand. Must-link is a join; cannot-link and different fixed labels forbid one.
/// The numbers of items stay; a group keeps the number of the item that the others joined.
/// </summary>
/// <param name="model">How alike voices are.</param>
/// <param name="linkWeight">What the mean link adds to the likeness.</param>
internal sealed class SpeakerGroups(LikenessModel model, double linkWeight)
{
    /// <summary>The likeness of groups that must not join.</summary>
    public const double Never = double.NegativeInfinity;

    /// <summary>Labels of corrections are smaller, those of known voices begin here.</summary>
    public const int FirstKnownLabel = 1 << 20;

    private readonly List<SpeakerGroup> _groups = [];
    private readonly List<int> _parent = [];
    private readonly List<int> _fixed = [];
    private readonly Dictionary<int, int> _labelled = [];
    private readonly LinkRows _links = new();
    private readonly List<HashSet<int>?> _forbidden = [];

    /// <summary>The number of items that were added.</summary>
    public int Items => _groups.Count;

    /// <summary>How alike voices are.</summary>
    public LikenessModel Model => model;

    /// <summary>What the mean link adds to the likeness.</summary>
    public double LinkWeight => linkWeight;

    /// <summary>The numbers of the groups there are now, rising.</summary>
    public List<int> Alive()
    {
        var alive = new List<int>();
        for (int item = 0; item < Items; item++)
        {
            if (_parent[item] == item)
            {
                alive.Add(item);
            }
        }

        return alive;
    }

    /// <summary>The group with a number.</summary>
    public SpeakerGroup this[int group] => _groups[group];

    /// <summary>The number of the group that an item belongs to.</summary>
    public int GroupOf(int item)
    {
        while (_parent[item] != item)
        {
            item = _parent[item] = _parent[_parent[item]];
        }

        return item;
    }

    /// <summary>The label that a group is fixed to; −1 when it is free.</summary>
    public int FixedLabel(int group) => _fixed[group];

    /// <summary>Adds an item: a piece, or a group from elsewhere, whose sums joins will change.</summary>
    /// <param name="group">The item.</param>
    /// <param name="links">How many links it will get, if that is known.</param>
    /// <returns>Its number.</returns>
    public int Add(SpeakerGroup group, int links = 0)
    {
        _groups.Add(group);
        _parent.Add(Items - 1);
        _fixed.Add(-1);
        _links.AddRow(links);
        _forbidden.Add(null);
        return Items - 1;
    }

    /// <summary>States how often the windows give two items to one local speaker, −1 to 1.</summary>
    public void Link(int left, int right, double link)
    {
        (left, right) = (GroupOf(left), GroupOf(right));
        _links.Add(left, right, new LinkSums(link * _groups[left].Weight * _groups[right].Weight, link, Math.Abs(link)));
    }

    /// <summary>Says that two items are not one person.</summary>
    public void Forbid(int left, int right)
    {
        (left, right) = (GroupOf(left), GroupOf(right));
        (_forbidden[left] ??= []).Add(right);
        (_forbidden[right] ??= []).Add(left);
    }

    /// <summary>Says who an item is: items of one label join at once, those of different labels never.</summary>
    /// <param name="item">The item.</param>
    /// <param name="label">0 or more.</param>
    /// <returns>Whether that agrees with what was said before.</returns>
    public bool Fix(int item, int label)
    {
        int group = GroupOf(item);
        if (_fixed[group] >= 0)
        {
            return _fixed[group] == label;
        }

        _fixed[group] = label;
        if (_labelled.TryGetValue(label, out int other))
        {
            return TryJoin(other, group);
        }

        _labelled.Add(label, group);
        return true;
    }

    /// <summary>Joins the groups of two items unless something forbids it.</summary>
    public bool TryJoin(int left, int right)
    {
        (left, right) = (GroupOf(left), GroupOf(right));
        if (left == right)
        {
            return true;
        }

        if (!MayJoin(left, right))
        {
            return false;
        }

        Join(Math.Min(left, right), Math.Max(left, right));
        return true;
    }

    /// <summary>Whether two groups may be one person.</summary>
    public bool MayJoin(int left, int right) =>
        (_fixed[left] < 0 || _fixed[right] < 0 || _fixed[left] == _fixed[right]) && !(_forbidden[left]?.Contains(right) ?? false);

    /// <summary>How alike two groups are, with their mean link; <see cref="Never"/> where they must not join.</summary>
    public double Likeness(int left, int right)
    {
        if (!MayJoin(left, right))
        {
            return Never;
        }

        double voice = _groups[left].Likeness(_groups[right], model);
        return _links.Of(left, right) is var links && links != default ? voice + (linkWeight * links.Weighted / (_groups[left].Weight * _groups[right].Weight)) : voice;
    }

    /// <summary>What the windows say about groups, by their numbers.</summary>
    public LinkRows Links => _links;

    /// <summary>The groups that a group must not join.</summary>
    public IReadOnlySet<int> ForbiddenTo(int group) => _forbidden[group] ?? NoGroups;

    private static readonly HashSet<int> NoGroups = [];

    /// <summary>Makes joins in order.</summary>
    public void Join(IEnumerable<(int Into, int Group)> joins)
    {
        foreach ((int into, int group) in joins)
        {
            Join(into, group);
        }
    }

    /// <summary>Adds a group to another; the one that is added is no more.</summary>
    public void Join(int into, int group)
    {
        _groups[into].Add(_groups[group]);
        _parent[group] = into;
        _fixed[into] = Math.Max(_fixed[into], _fixed[group]);
        _links.Join(into, group);
        foreach (int other in _forbidden[group] ?? [])
        {
            _forbidden[other]!.Remove(group);
            _forbidden[other]!.Add(into);
            (_forbidden[into] ??= []).Add(other);
        }

        _forbidden[group] = null;
    }
}
