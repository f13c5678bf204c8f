namespace Diarist.Attribution;

/// <summary>
/// Turns cut at every boundary into elementary intervals, each with its speakers: the form in which the overlap of a
/// word is a walk over the one or two intervals that it touches, whatever order the turns came in.
/// </summary>
internal sealed class TurnTimeline
{
    private readonly long[] _boundaries;
    private readonly int[] _first;
    private readonly int[] _speakers;
    private readonly double[] _confidences;
    private int _hint;

    /// <summary>Builds the timeline; empty, backward and NaN turns hold nothing and are left out.</summary>
    public TurnTimeline(IReadOnlyList<Turn> turns)
        : this(turns, [.. turns.Select(turn => turn.Speaker).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])
    {
    }

    /// <summary>Builds the timeline of some of the turns, with the labels of all of them in ordinal order.</summary>
    public TurnTimeline(IReadOnlyList<Turn> turns, string[] labels)
    {
        Labels = labels;
        List<Piece> pieces = Disjoint(turns, Labels);

        var edges = new long[2 * pieces.Count];
        for (int i = 0; i < pieces.Count; i++)
        {
            edges[2 * i] = pieces[i].Start;
            edges[(2 * i) + 1] = pieces[i].End;
        }

        Array.Sort(edges);
        _boundaries = [.. edges.Distinct()];

        int intervals = Math.Max(0, _boundaries.Length - 1);
        _first = new int[intervals + 1];
        var spans = new (int From, int To)[pieces.Count];
        for (int i = 0; i < pieces.Count; i++)
        {
            spans[i] = (Array.BinarySearch(_boundaries, pieces[i].Start), Array.BinarySearch(_boundaries, pieces[i].End));
            for (int interval = spans[i].From; interval < spans[i].To; interval++)
            {
                _first[interval + 1]++;
            }
        }

        for (int interval = 0; interval < intervals; interval++)
        {
            _first[interval + 1] += _first[interval];
        }

        _speakers = new int[_first[intervals]];
        _confidences = new double[_first[intervals]];
        int[] next = [.. _first];
        for (int i = 0; i < pieces.Count; i++)
        {
            for (int interval = spans[i].From; interval < spans[i].To; interval++)
            {
                int slot = next[interval]++;
                _speakers[slot] = pieces[i].Speaker;
                _confidences[slot] = pieces[i].Confidence;
            }
        }
    }

    /// <summary>The speakers' labels in ordinal order; a speaker is its index here.</summary>
    public string[] Labels { get; }

    /// <summary>The first boundary; meaningless when <see cref="IsEmpty"/>.</summary>
    public long Start => _boundaries[0];

    /// <summary>The last boundary; meaningless when <see cref="IsEmpty"/>.</summary>
    public long End => _boundaries[^1];

    /// <summary>Whether no turn holds any time.</summary>
    public bool IsEmpty => _boundaries.Length < 2;

    /// <summary>The number of elementary intervals.</summary>
    public int Count => _first.Length - 1;

    /// <summary>The speakers of an elementary interval, in ascending order.</summary>
    public ReadOnlySpan<int> SpeakersOf(int interval) => _speakers.AsSpan(_first[interval], _first[interval + 1] - _first[interval]);

    /// <summary>The confidences of the turns behind <see cref="SpeakersOf"/>, in the same order.</summary>
    public ReadOnlySpan<double> ConfidencesOf(int interval) =>
        _confidences.AsSpan(_first[interval], _first[interval + 1] - _first[interval]);

    /// <summary>The bounds of an elementary interval, half-open.</summary>
    public (long Start, long End) BoundsOf(int interval) => (_boundaries[interval], _boundaries[interval + 1]);

    /// <summary>
    /// The interval that holds <paramref name="time"/>: −1 before the first, <see cref="Count"/> at or after the end.
    /// Times asked for in rising order are found by stepping on from the last answer.
    /// </summary>
    public int IntervalAt(long time)
    {
        if (IsEmpty || time < _boundaries[0])
        {
            return -1;
        }

        if (_hint >= Count || _boundaries[_hint] > time)
        {
            int found = Array.BinarySearch(_boundaries, time);
            _hint = Math.Min(found >= 0 ? found : ~found - 1, Count);
        }

        while (_hint < Count && _boundaries[_hint + 1] <= time)
        {
            _hint++;
        }

        return _hint;
    }

    /// <summary>The first elementary interval that may share time with something that starts at <paramref name="start"/>.</summary>
    public int FirstFrom(long start) => Math.Max(0, IntervalAt(start));

    /// <summary>
    /// The time that an elementary interval shares with [start, end), an instant counting as one step; false from the
    /// first interval on that lies wholly after it.
    /// </summary>
    public bool TryShare(int interval, long start, long end, out long time)
    {
        end = Math.Max(end, start + 1);
        if (interval >= Count || _boundaries[interval] >= end)
        {
            time = 0;
            return false;
        }

        time = Math.Min(end, _boundaries[interval + 1]) - Math.Max(start, _boundaries[interval]);
        return true;
    }

    private static List<Piece> Disjoint(IReadOnlyList<Turn> turns, string[] labels)
    {
        var pieces = new List<Piece>(turns.Count);
        foreach (Turn turn in turns)
        {
            if (Ticks.TryFrom(turn.Range, out long start, out long end) && end > start)
            {
                double confidence = turn.Confidence is { } known ? (known > 0 ? Math.Min(known, 1) : 0) : 1;
                int speaker = Array.BinarySearch(labels, turn.Speaker, StringComparer.Ordinal);
                pieces.Add(new Piece(speaker, start, end, confidence));
            }
        }

        // One speaker's overlapping turns must not count twice: the earlier one keeps the shared time.
        pieces.Sort();
        int kept = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            Piece piece = pieces[i];
            if (kept > 0 && pieces[kept - 1].Speaker == piece.Speaker)
            {
                piece = piece with { Start = Math.Max(piece.Start, pieces[kept - 1].End) };
            }

            if (piece.End > piece.Start)
            {
                pieces[kept++] = piece;
            }
        }

        pieces.RemoveRange(kept, pieces.Count - kept);
        return pieces;
    }

    private readonly record struct Piece(int Speaker, long Start, long End, double Confidence) : IComparable<Piece>
    {
        public int CompareTo(Piece other) =>
            (Speaker, Start, End, Confidence).CompareTo((other.Speaker, other.Start, other.End, other.Confidence));
    }
}
