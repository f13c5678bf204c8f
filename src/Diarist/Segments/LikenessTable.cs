namespace Diarist.Segments;

/// <summary>
/// The likeness of every pair of some groups, kept up to date while they join: half a square of doubles, and for each group its best
/// partner among those behind it, which is looked for again only when that partner changes.
/// </summary>
internal sealed class LikenessTable
{
    private readonly SpeakerGroups _groups;
    private readonly IReadOnlyList<int> _among;
    private readonly WindowsVeto? _veto;
    private readonly double[][] _rows;
    private readonly bool[] _alive;
    private readonly double[] _best;
    private readonly int[] _partner;

    /// <summary>Compares all pairs.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="among">Numbers of groups, rising; places in this list are what the other members take.</param>
    /// <param name="veto">When the windows keep a pair apart; never where there is none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public LikenessTable(SpeakerGroups groups, IReadOnlyList<int> among, WindowsVeto? veto, CancellationToken cancellationToken)
    {
        (_groups, _among, _veto, Count) = (groups, among, veto, among.Count);
        _rows = new double[Count][];
        _alive = new bool[Count];
        _alive.AsSpan().Fill(true);
        _best = new double[Count];
        _partner = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] row = _rows[i] = new double[Count - i - 1];
            for (int j = i + 1; j < Count; j++)
            {
                row[j - i - 1] = Compare(i, j);
            }

            FindPartner(i);
        }
    }

    /// <summary>The number of groups that are left.</summary>
    public int Count { get; private set; }

    /// <summary>The likeness of two groups that are left.</summary>
    public double this[int left, int right] => left < right ? _rows[left][right - left - 1] : _rows[right][left - right - 1];

    /// <summary>Whether the group at a place is left.</summary>
    public bool IsAlive(int place) => _alive[place];

    /// <summary>Seconds of the one of two groups with less speech.</summary>
    public double SmallerSeconds(int left, int right) => Math.Min(_groups[_among[left]].Seconds, _groups[_among[right]].Seconds);

    /// <summary>The two most alike groups, the lowest places of equals, and their likeness; <see cref="SpeakerGroups.Never"/> when none may join.</summary>
    public double Best(out int left, out int right)
    {
        double best = SpeakerGroups.Never;
        (left, right) = (-1, -1);
        for (int i = 0; i < _best.Length; i++)
        {
            if (_alive[i] && _best[i] > best)
            {
                (best, left, right) = (_best[i], i, _partner[i]);
            }
        }

        return best;
    }

    /// <summary>The group most alike to one, the lowest place of equals.</summary>
    public double Nearest(int place, out int nearest)
    {
        double best = SpeakerGroups.Never;
        nearest = -1;
        for (int other = 0; other < _alive.Length; other++)
        {
            if (other != place && _alive[other] && this[place, other] > best)
            {
                (best, nearest) = (this[place, other], other);
            }
        }

        return best;
    }

    /// <summary>Adds the group at one place to that at another.</summary>
    public void Join(int into, int place)
    {
        _groups.Join(_among[into], _among[place]);
        _alive[place] = false;
        Count--;
        for (int other = 0; other < _alive.Length; other++)
        {
            if (!_alive[other] || other == into)
            {
                continue;
            }

            double likeness = Compare(into, other);
            if (other > into)
            {
                _rows[into][other - into - 1] = likeness;
                if (_partner[other] == place)
                {
                    FindPartner(other);
                }

                continue;
            }

            _rows[other][into - other - 1] = likeness;
            if (_partner[other] == into || _partner[other] == place)
            {
                FindPartner(other);
            }
            else if (likeness > _best[other] || (likeness == _best[other] && into < _partner[other]))
            {
                (_best[other], _partner[other]) = (likeness, into);
            }
        }

        FindPartner(into);
    }

    private double Compare(int left, int right)
    {
        double likeness = _groups.Likeness(_among[left], _among[right]);
        return _veto is not null && _veto.Refuses(likeness, _groups.Links(_among[left], _among[right]), SmallerSeconds(left, right)) ? SpeakerGroups.Never : likeness;
    }

    private void FindPartner(int place)
    {
        (_best[place], _partner[place]) = (SpeakerGroups.Never, -1);
        double[] row = _rows[place];
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] > _best[place] && _alive[place + 1 + i])
            {
                (_best[place], _partner[place]) = (row[i], place + 1 + i);
            }
        }
    }
}
