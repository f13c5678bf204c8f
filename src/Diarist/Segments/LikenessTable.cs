using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>
/// Groups that join, with the score of every pair: how alike they are, or what their join costs. The table works on sums of its own, so that
/// tables of different groups can be worked on at the same time; the joins are made in the groups themselves by <see cref="SpeakerGroups"/>.
/// For each group the best partner is kept, and looked for again only when it has changed and would be the best of all.
/// </summary>
internal sealed class LikenessTable : IDisposable
{
    // Dot products of sums add up like the sums, so that a join need not multiply vectors; for more groups than these they would take too much memory.
    private const int MostDots = 4096;
    private const int FewestToPack = 64;
    private const int PartnersAtOnce = 128;

    private readonly LikenessModel _model;
    private readonly List<(int Into, int Group)> _joins = [];
    private readonly LikenessRows _rows;
    private readonly JoinEvidence _evidence;
    private double? _free;
    private int _rowCount;

    // By place: places keep the order of the numbers.
    private readonly bool[] _gone;
    private readonly double[] _best;
    private readonly int[] _partner;
    private readonly double[] _scores;

    // The partner was joined or has become less alike: what is noted as the best is an upper bound.
    private readonly bool[] _stale;

    /// <summary>Compares all pairs.</summary>
    /// <param name="groups">The groups; not changed.</param>
    /// <param name="among">Numbers of groups, rising.</param>
    /// <param name="veto">When the windows keep a pair apart; never where there is none.</param>
    /// <param name="parallel">How many threads compare, and what stops them; the table is the same for any number.</param>
    public LikenessTable(SpeakerGroups groups, IReadOnlyList<int> among, WindowsVeto? veto, ParallelOptions parallel)
    {
        (_model, Count, _rowCount, _gone) = (groups.Model, among.Count, among.Count, new bool[among.Count]);
        _evidence = new JoinEvidence(groups, among, veto);
        (_best, _partner, _scores, _stale) = (new double[Count], new int[Count], new double[Count], new bool[Count]);
        _rows = new LikenessRows(Arrays.Make(Count, place => groups[among[place]]), keepDots: Count <= MostDots, parallel);
        Parallel.For(0, (Count + PartnersAtOnce - 1) / PartnersAtOnce, parallel, block =>
        {
            double[] scores = new double[Count];
            for (int place = block * PartnersAtOnce; place < Math.Min((block + 1) * PartnersAtOnce, Count); place++)
            {
                FindPartner(place, scores);
            }
        });
    }

    private LikenessTable(LikenessTable other)
    {
        (_model, _free, Count, _rowCount) = (other._model, other._free, other.Count, other._rowCount);
        _joins = [.. other._joins];
        (_rows, _evidence, _gone) = (other._rows.Copy(), other._evidence.Copy(), Rows(other._gone));
        (_best, _partner, _scores, _stale) = (Rows(other._best), Rows(other._partner), new double[_rowCount], Rows(other._stale));

        TElement[] Rows<TElement>(TElement[] all) => all.AsSpan(0, _rowCount).ToArray();
    }

    /// <summary>The number of groups that are left.</summary>
    public int Count { get; private set; }

    /// <summary>The joins so far, as numbers of groups, in order.</summary>
    public IReadOnlyList<(int Into, int Group)> Joins => _joins;

    /// <summary>Seconds of all groups.</summary>
    public double TotalSeconds
    {
        get
        {
            double seconds = 0;
            for (int place = 0; place < _rowCount; place++)
            {
                seconds += _gone[place] ? 0 : _rows.Seconds[place];
            }

            return seconds;
        }
    }

    /// <summary>Gives the memory of the pairs back; only <see cref="Joins"/> and <see cref="Count"/> may be asked for afterwards.</summary>
    public void Dispose() => _rows.Dispose();

    /// <summary>A table that goes on from here by itself.</summary>
    public LikenessTable Copy() => new(this);

    /// <summary>From now on pairs are scored by what their join costs: (threshold − likeness)·√seconds of the one with less speech, negated. The windows have no veto.</summary>
    /// <param name="threshold">The likeness at which a join costs nothing.</param>
    public void ScoreByCost(double threshold)
    {
        _free = threshold;
        _evidence.DropVeto();
        for (int place = 0; place < _rowCount; place++)
        {
            if (!_gone[place])
            {
                FindPartner(place);
            }
        }
    }

    /// <summary>The two groups with the best score, the lowest numbers of equals; <see cref="SpeakerGroups.Never"/> when none may join.</summary>
    /// <returns>Their score, the places of both, and seconds of the one with less speech.</returns>
    public (double Score, int Left, int Right, double Seconds) Best()
    {
        while (true)
        {
            ReadOnlySpan<double> scores = _best.AsSpan(0, _rowCount);
            double best = VectorMath.Max(scores);
            if (!(best > SpeakerGroups.Never))
            {
                return (SpeakerGroups.Never, -1, -1, 0);
            }

            int place = scores.IndexOf(best);
            if (!_stale[place])
            {
                return (best, place, _partner[place], Math.Min(_rows.Seconds[place], _rows.Seconds[_partner[place]]));
            }

            FindPartner(place);
        }
    }

    /// <summary>The same among groups with a limit of their own.</summary>
    /// <param name="least">From a group's fixed label and seconds, the least score from which it joins its best partner; it never does above that of any pair.</param>
    /// <returns>Their score; the place of the one that has that limit is the first.</returns>
    public (double Score, int Place, int Partner, double Seconds) Best(Func<int, double, double> least)
    {
        while (true)
        {
            (double best, int place) = (SpeakerGroups.Never, -1);
            ReadOnlySpan<double> seconds = _rows.Seconds;
            for (int i = 0; i < _rowCount; i++)
            {
                if (_best[i] > best && _best[i] >= least(_evidence.LabelOf(i), seconds[i]))
                {
                    (best, place) = (_best[i], i);
                }
            }

            if (place < 0)
            {
                return (SpeakerGroups.Never, -1, -1, 0);
            }

            if (!_stale[place])
            {
                return (best, place, _partner[place], Math.Min(seconds[place], seconds[_partner[place]]));
            }

            FindPartner(place);
        }
    }

    /// <summary>Adds the group at one place to that at another. Places may be others afterwards.</summary>
    // Compiled in full at once: a command that corrects a session ends before the runtime would do it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Join(int into, int place)
    {
        _joins.Add((_evidence.NumberOf(into), _evidence.NumberOf(place)));
        _rows.Join(into, place);
        _evidence.Join(into, place);
        (_gone[place], _best[place]) = (true, SpeakerGroups.Never);
        Count--;

        // Nobody's best partner is one that is gone: their scores are all Never.
        Score(into, _scores.AsSpan(0, _rowCount));
        ref double scores = ref MemoryMarshal.GetArrayDataReference(_scores), notes = ref MemoryMarshal.GetArrayDataReference(_best);
        ref int partners = ref MemoryMarshal.GetArrayDataReference(_partner);
        Vector256<double> lowest = Vector256.Create(double.MinValue);
        Vector128<int> one = Vector128.Create(into), another = Vector128.Create(place);
        int other = 0;
        for (; other <= _rowCount - Vector256<double>.Count; other += Vector256<double>.Count)
        {
            // Most groups are concerned by no join.
            Vector256<double> noted = Vector256.Max(Vector256.LoadUnsafe(ref notes, (nuint)other), lowest);
            Vector128<int> partner = Vector128.LoadUnsafe(ref partners, (nuint)other);
            if (Vector256.GreaterThanOrEqualAny(Vector256.LoadUnsafe(ref scores, (nuint)other), noted) || (Vector128.Equals(partner, one) | Vector128.Equals(partner, another)) != default)
            {
                for (int lane = 0; lane < Vector256<double>.Count; lane++)
                {
                    Compare(other + lane, into, place);
                }
            }
        }

        for (; other < _rowCount; other++)
        {
            Compare(other, into, place);
        }

        TakeBest(into, _scores.AsSpan(0, _rowCount));
        if (_rowCount >= FewestToPack && Count < _rowCount * 3 / 4)
        {
            Pack();
        }
    }

    /// <summary>What a join means for the best partner of another group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare(int other, int into, int place)
    {
        double score = _scores[other];
        if (score > _best[other] && other != into)
        {
            (_best[other], _partner[other], _stale[other]) = (score, into, false);
        }
        else if (_partner[other] == into || _partner[other] == place)
        {
            _stale[other] = true;
        }
        else if (score == _best[other] && into < _partner[other])
        {
            _partner[other] = into;
        }
    }

    private void FindPartner(int place) => FindPartner(place, _scores);

    private void FindPartner(int place, double[] buffer)
    {
        Span<double> scores = buffer.AsSpan(0, _rowCount);
        Score(place, scores);
        TakeBest(place, scores);
    }

    private void TakeBest(int place, Span<double> scores)
    {
        scores[place] = SpeakerGroups.Never;
        double best = VectorMath.Max(scores);
        (_best[place], _partner[place], _stale[place]) = (best, best > SpeakerGroups.Never ? scores.IndexOf(best) : -1, false);
    }

    /// <summary>Fills the scores of one group with all others; <see cref="SpeakerGroups.Never"/> for those that are gone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(int place, Span<double> scores)
    {
        ReadOnlySpan<double> seconds = _rows.Seconds;
        _rows.Likenesses(place, _model, scores);
        _evidence.AddTo(place, _rows.Weights, seconds, scores);
        for (int other = 0; other < scores.Length && _free is not null; other++)
        {
            double cost = (_free.Value - scores[other]) * Math.Sqrt(Math.Min(seconds[place], seconds[other]));
            scores[other] = scores[other] == SpeakerGroups.Never ? SpeakerGroups.Never : -cost;
        }
    }

    /// <summary>Leaves the groups out that are gone.</summary>
    private void Pack()
    {
        int[] left = Arrays.Where(_rowCount, place => !_gone[place]);
        var moved = new int[_rowCount];
        for (int place = 0; place < left.Length; place++)
        {
            moved[left[place]] = place;
        }

        // A partner that is gone may be noted still: then the note is stale.
        for (int place = 0; place < left.Length; place++)
        {
            int from = left[place];
            (_best[place], _stale[place], _gone[place]) = (_best[from], _stale[from], false);
            _partner[place] = _partner[from] < 0 ? -1 : moved[_partner[from]];
        }

        _rows.Pack(left);
        _evidence.Pack(left);
        _rowCount = left.Length;
    }
}
