namespace Diarist.Segments;

/// <summary>
/// What the windows say about pairs of groups, in a row for each group. Rows are short and in no order: to look through one costs no more than a
/// look-up in a hash table, which takes twice the memory.
/// </summary>
internal sealed class LinkRows
{
    private const int FewestPlaces = 4;

    private readonly List<Row> _rows;

    /// <summary>No rows.</summary>
    public LinkRows() => _rows = [];

    private LinkRows(List<Row> rows) => _rows = rows;

    /// <summary>The groups that a group is linked with.</summary>
    public ReadOnlySpan<int> Linked(int group) => _rows[group].Linked.AsSpan(0, _rows[group].Count);

    /// <summary>What the windows say of each of <see cref="Linked"/>.</summary>
    public ReadOnlySpan<LinkSums> Sums(int group) => _rows[group].Sums.AsSpan(0, _rows[group].Count);

    /// <summary>Adds a row.</summary>
    /// <param name="links">How many links it will get, if that is known.</param>
    public void AddRow(int links) => _rows.Add(new Row(links));

    /// <summary>Adds what is said of two groups.</summary>
    public void Add(int left, int right, LinkSums sums) => _rows[right].Set(left, _rows[left].Add(right, sums));

    /// <summary>What is said of two groups; the default where nothing is.</summary>
    public LinkSums Of(int left, int right) => _rows[left].Of(right);

    /// <summary>One group takes over what is said of another, which has no row any more.</summary>
    public void Join(int into, int group)
    {
        Row gone = _rows[group], grown = _rows[into];
        for (int place = 0; place < gone.Count; place++)
        {
            int other = gone.Linked[place];
            if (other == into)
            {
                grown.Remove(group);
            }
            else
            {
                _rows[other].Replace(group, into, grown.Add(other, gone.Sums[place]));
            }
        }

        _rows[group] = Row.None;
    }

    /// <summary>The same, to be changed apart: what is said of some groups and others of them; no rows for the rest.</summary>
    /// <param name="isAmong">Whether a group is one of them.</param>
    public LinkRows Among(Func<int, bool> isAmong)
    {
        var rows = new List<Row>(_rows.Count);
        for (int group = 0; group < _rows.Count; group++)
        {
            rows.Add(isAmong(group) ? _rows[group].Among(isAmong) : Row.None);
        }

        return new LinkRows(rows);
    }

    /// <summary>The links of one group.</summary>
    private sealed class Row(int places)
    {
        public static readonly Row None = new(0);

        public int Count { get; private set; }

        public int[] Linked { get; private set; } = places == 0 ? [] : new int[places];

        public LinkSums[] Sums { get; private set; } = places == 0 ? [] : new LinkSums[places];

        public LinkSums Of(int other) => PlaceOf(other) is >= 0 and var place ? Sums[place] : default;

        public LinkSums Add(int other, LinkSums sums)
        {
            int place = PlaceOf(other);
            return place < 0 ? Append(other, sums) : Sums[place] += sums;
        }

        public void Set(int other, LinkSums sums)
        {
            int place = PlaceOf(other);
            if (place < 0)
            {
                Append(other, sums);
            }
            else
            {
                Sums[place] = sums;
            }
        }

        public void Replace(int gone, int grown, LinkSums sums)
        {
            int place = PlaceOf(grown);
            if (place >= 0)
            {
                Sums[place] = sums;
                Remove(gone);
            }
            else
            {
                place = PlaceOf(gone);
                (Linked[place], Sums[place]) = (grown, sums);
            }
        }

        public void Remove(int other)
        {
            int place = PlaceOf(other);
            Count--;
            (Linked[place], Sums[place]) = (Linked[Count], Sums[Count]);
        }

        public Row Among(Func<int, bool> isAmong)
        {
            var row = new Row(Count);
            for (int place = 0; place < Count; place++)
            {
                if (isAmong(Linked[place]))
                {
                    row.Append(Linked[place], Sums[place]);
                }
            }

            return row;
        }

        private int PlaceOf(int other) => Linked.AsSpan(0, Count).IndexOf(other);

        private LinkSums Append(int other, LinkSums sums)
        {
            if (Count == Linked.Length)
            {
                int length = Math.Max(FewestPlaces, 2 * Count);
                (int[] linked, LinkSums[] all) = (new int[length], new LinkSums[length]);
                Linked.CopyTo(linked, 0);
                Sums.CopyTo(all, 0);
                (Linked, Sums) = (linked, all);
            }

            (Linked[Count], Sums[Count]) = (other, sums);
            Count++;
            return sums;
        }
    }
}
