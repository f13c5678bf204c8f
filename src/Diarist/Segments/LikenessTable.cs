namespace Diarist.Segments;

/// <summary>
/// The likeness of every pair of some groups, kept up to date while they join: half a square of doubles, and for each group its best
/// partner among those behind it, which is looked for again only when that partner changes.
/// </summary>
internal sealed class LikenessTable
{
    // Dot products of sums add up like the sums, so that a join need not multiply vectors; more groups than these would take too much memory.
    private const int MostDots = 4096;
    private const int RowsAtOnce = 8;

    private readonly SpeakerGroups _groups;
    private readonly IReadOnlyList<int> _among;
    private readonly WindowsVeto? _veto;
    private readonly double[][] _rows;
    private readonly double[][]? _dots;
    private readonly bool[] _alive;
    private readonly double[] _best;
    private readonly int[] _partner;

    // The partner was joined or has become less alike: what is noted as the best is an upper bound, and is looked for when it would be the highest.
    private readonly bool[] _stale;

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
        _stale = new bool[Count];
        _dots = Count <= MostDots ? new double[Count][] : null;

        // A few rows at a time stay near the processor while all others pass by.
        for (int first = 0; first < Count; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int last = Math.Min(first + RowsAtOnce, Count);
            for (int i = first; i < last; i++)
            {
                _rows[i] = new double[Count - i - 1];
                if (_dots is not null)
                {
                    _dots[i] = new double[Count - i - 1];
                }
            }

            for (int j = first + 1; j < Count; j++)
            {
                for (int i = first; i < Math.Min(last, j); i++)
                {
                    double dot = groups[among[i]].Dot(groups[among[j]]);
                    _rows[i][j - i - 1] = Compare(i, j, dot);
                    if (_dots is not null)
                    {
                        _dots[i][j - i - 1] = dot;
                    }
                }
            }

            for (int i = first; i < last; i++)
            {
                FindPartner(i);
            }
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
        while (true)
        {
            double best = SpeakerGroups.Never;
            left = -1;
            for (int i = 0; i < _best.Length; i++)
            {
                if (_alive[i] && _best[i] > best)
                {
                    (best, left) = (_best[i], i);
                }
            }

            if (left < 0 || !_stale[left])
            {
                right = left < 0 ? -1 : _partner[left];
                return best;
            }

            FindPartner(left);
        }
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

            double likeness = Compare(into, other, JoinedDot(into, place, other));
            if (other > into)
            {
                _rows[into][other - into - 1] = likeness;
                _stale[other] |= _partner[other] == place;
                continue;
            }

            _rows[other][into - other - 1] = likeness;
            if (likeness > _best[other])
            {
                (_best[other], _partner[other], _stale[other]) = (likeness, into, false);
            }
            else if (_partner[other] == into || _partner[other] == place)
            {
                _stale[other] = true;
            }
            else if (likeness == _best[other] && into < _partner[other])
            {
                _partner[other] = into;
            }
        }

        FindPartner(into);
    }

    /// <summary>S·S' of a group that has grown by another, and a third one.</summary>
    private double JoinedDot(int into, int place, int other) =>
        _dots is null ? _groups[_among[into]].Dot(_groups[_among[other]]) : DotOf(into, other) += DotOf(place, other);

    private ref double DotOf(int left, int right) => ref left < right ? ref _dots![left][right - left - 1] : ref _dots![right][left - right - 1];

    private double Compare(int left, int right, double dot)
    {
        LinkSums links = _groups.Links(_among[left], _among[right]);
        double likeness = _groups.Likeness(_among[left], _among[right], dot, links);
        return _veto is not null && _veto.Refuses(likeness, links, SmallerSeconds(left, right)) ? SpeakerGroups.Never : likeness;
    }

    private void FindPartner(int place)
    {
        (_best[place], _partner[place], _stale[place]) = (SpeakerGroups.Never, -1, false);
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
