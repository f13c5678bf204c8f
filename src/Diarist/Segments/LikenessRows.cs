using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Diarist.Numerics;
using PageMemory = Diarist.Inference.Kernels.PageMemory;

namespace Diarist.Segments;

/// <summary>The numbers of a table of groups: their sums, and the dot products of all pairs.</summary>
internal sealed unsafe class LikenessRows : IDisposable
{
    // Two tiles of vectors stay near the processor while their pairs are multiplied.
    private const int Tile = 32;
    private const int FewestForThreads = 4 * Tile;

    private readonly double[] _expected;
    private readonly double[] _weights;
    private readonly double[] _seconds;

    // What is added to the likeness of a group: 0, and SpeakerGroups.Never for one that is gone.
    private readonly double[] _presence;

    // The products of all pairs, row after row, outside the managed heap: there each row would be new pages, which the collector moves besides.
    private readonly PageMemory? _memory;
    private readonly double* _dots;
    private readonly SpeakerGroup[]? _groups;

    // The join in which a group grew last, and the last one that its products are up to date with, both from 1. Those with a group that grew
    // since then are taken from that group's own when they are needed: to write a column at every join would be most of the work.
    private readonly int[] _grown;
    private readonly int[] _upToDate;
    private int _joins;
    private int _count;

    /// <summary>Multiplies all pairs.</summary>
    /// <param name="groups">The groups; not changed.</param>
    /// <param name="keepDots">Whether the products of all pairs are kept; otherwise each is computed when it is needed.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    public LikenessRows(SpeakerGroup[] groups, bool keepDots, ParallelOptions parallel)
    {
        _count = groups.Length;
        _expected = Arrays.Map<SpeakerGroup, double>(groups, group => group.Expected);
        _weights = Arrays.Map<SpeakerGroup, double>(groups, group => group.Weight);
        _seconds = Arrays.Map<SpeakerGroup, double>(groups, group => group.Seconds);
        _presence = new double[_count];
        (_grown, _upToDate) = (new int[_count], new int[_count]);
        if (!keepDots)
        {
            _groups = [.. groups.Select(group => group.Copy())];
            return;
        }

        // Behind the products the sums, on end, for the multiplication.
        int length = _count == 0 ? 0 : groups[0].Dimension;
        _memory = new PageMemory((nuint)_count * (nuint)(_count + length) * sizeof(double));
        _dots = (double*)_memory.Pointer;
        var sums = new Sums(_dots + (_count * _count), length);
        for (int row = 0; row < _count; row++)
        {
            groups[row].CopySumTo(sums.Of(row, 1));
        }

        int tiles = (_count + Tile - 1) / Tile;
        void Fill(int pair)
        {
            (int one, int other) = Pair(pair);
            FillTile(sums, one * Tile, Math.Min((one + 1) * Tile, _count), other * Tile, Math.Min((other + 1) * Tile, _count));
        }

        int pairs = tiles * (tiles + 1) / 2;
        if (_count < FewestForThreads)
        {
            for (int pair = 0; pair < pairs; pair++)
            {
                Fill(pair);
            }
        }
        else
        {
            Parallel.For(0, pairs, parallel, Fill);
        }
    }

    private LikenessRows(LikenessRows other)
    {
        (_count, _joins) = (other._count, other._joins);
        (_grown, _upToDate) = ([.. other._grown.AsSpan(0, _count)], [.. other._upToDate.AsSpan(0, _count)]);
        (_expected, _weights, _seconds) = ([.. other._expected.AsSpan(0, _count)], [.. other._weights.AsSpan(0, _count)], [.. other._seconds.AsSpan(0, _count)]);
        _presence = [.. other._presence.AsSpan(0, _count)];
        if (other._memory is not null)
        {
            _memory = new PageMemory((nuint)_count * (nuint)_count * sizeof(double));
            _dots = (double*)_memory.Pointer;
            new ReadOnlySpan<double>(other._dots, _count * _count).CopyTo(new Span<double>(_dots, _count * _count));
        }

        _groups = other._groups is null ? null : [.. other._groups.Take(_count).Select(group => group.Copy())];
    }

    /// <summary>W of each group.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

    /// <summary>Seconds of each group.</summary>
    public ReadOnlySpan<double> Seconds => _seconds.AsSpan(0, _count);

    /// <summary>The same numbers, to be changed apart.</summary>
    public LikenessRows Copy() => new(this);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory?.Dispose();

    /// <summary>Adds a group to another one; the one that is added is gone.</summary>
    public void Join(int into, int place)
    {
        _expected[into] += _expected[place];
        _weights[into] += _weights[place];
        _seconds[into] += _seconds[place];
        _presence[place] = SpeakerGroups.Never;
        if (_memory is null)
        {
            _groups![into].Add(_groups[place]);
            return;
        }

        Update(into);
        Update(place);
        VectorMath.AddScaled(Row(into), 1, Row(place));
        _grown[into] = _upToDate[into] = ++_joins;
    }

    /// <summary>How alike a group is to every group, by their voices alone.</summary>
    /// <param name="place">The group.</param>
    /// <param name="model">How alike voices are.</param>
    /// <param name="likenesses">Receives one value for each group; <see cref="SpeakerGroups.Never"/> for one that is gone.</param>
    // Compiled in full at once: a command that corrects a session ends before the runtime would do it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Likenesses(int place, LikenessModel model, Span<double> likenesses)
    {
        if (_memory is null)
        {
            for (int other = 0; other < _count; other++)
            {
                likenesses[other] = model.Of(_groups![place].Dot(_groups[other]), _expected[place] * _expected[other], _weights[place] * _weights[other]) + _presence[other];
            }

            return;
        }

        Update(place);
        ReadOnlySpan<double> dots = Row(place);
        ref double dot = ref MemoryMarshal.GetReference(dots);
        ref double to = ref MemoryMarshal.GetReference(likenesses);
        Vector256<double> ownExpected = Vector256.Create(_expected[place]), ownWeight = Vector256.Create(_weights[place]), strangers = Vector256.Create(model.Strangers);
        int index = 0;
        for (; index <= _count - Vector256<double>.Count; index += Vector256<double>.Count)
        {
            Vector256<double> weights = ownWeight * Vector256.LoadUnsafe(ref _weights[0], (nuint)index);
            Vector256<double> expected = ownExpected * Vector256.LoadUnsafe(ref _expected[0], (nuint)index);
            (LikenessModel.Of(Vector256.LoadUnsafe(ref dot, (nuint)index), expected, weights, strangers) + Vector256.LoadUnsafe(ref _presence[0], (nuint)index)).StoreUnsafe(ref to, (nuint)index);
        }

        for (; index < _count; index++)
        {
            likenesses[index] = model.Of(dots[index], _expected[place] * _expected[index], _weights[place] * _weights[index]) + _presence[index];
        }
    }

    /// <summary>Keeps some of the groups only.</summary>
    /// <param name="left">Their places, rising.</param>
    public void Pack(ReadOnlySpan<int> left)
    {
        int before = _count;
        _count = left.Length;
        for (int place = 0; place < left.Length; place++)
        {
            int from = left[place];
            (_expected[place], _weights[place], _seconds[place], _presence[place]) = (_expected[from], _weights[from], _seconds[from], _presence[from]);
            (_grown[place], _upToDate[place]) = (_grown[from], _upToDate[from]);
            if (_memory is null)
            {
                _groups![place] = _groups[from];
                continue;
            }

            // To the front of the memory: a value never goes behind the place that it is read from.
            double* target = _dots + (place * left.Length), source = _dots + (from * before);
            for (int column = 0; column < left.Length; column++)
            {
                target[column] = source[left[column]];
            }
        }
    }

    /// <summary>The products of a group with every group.</summary>
    private Span<double> Row(int place) => new(_dots + (place * _count), _count);

    /// <summary>Brings the products of a group up to date.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(int place)
    {
        if (_upToDate[place] == _joins)
        {
            return;
        }

        double* row = _dots + (place * _count);
        Vector256<int> known = Vector256.Create(_upToDate[place]);
        for (int first = 0; first < _count; first += Vector256<int>.Count)
        {
            int end = Math.Min(first + Vector256<int>.Count, _count);
            if (end - first < Vector256<int>.Count || Vector256.GreaterThanAny(Vector256.LoadUnsafe(ref _grown[first]), known))
            {
                for (int other = first; other < end; other++)
                {
                    row[other] = _grown[other] > _upToDate[place] ? _dots[(other * _count) + place] : row[other];
                }
            }
        }

        _upToDate[place] = _joins;
    }

    /// <summary>Multiplies the groups of two tiles; where they are one tile, every pair once at least.</summary>
    private void FillTile(Sums sums, int first, int end, int firstOther, int endOther)
    {
        Span<double> dots = stackalloc double[8];
        int row = first;
        for (; row + 1 < end; row += 2)
        {
            int column = first == firstOther ? row : firstOther;
            for (; column + 3 < endOther; column += 4)
            {
                VectorMath.Dots(sums.Of(row, 2), sums.Of(column, 4), dots);
                dots[..4].CopyTo(Row(row)[column..]);
                dots[4..].CopyTo(Row(row + 1)[column..]);
                for (int dot = 0; dot < 4; dot++)
                {
                    double* mirror = _dots + ((column + dot) * _count) + row;
                    (mirror[0], mirror[1]) = (dots[dot], dots[dot + 4]);
                }
            }

            for (; column < endOther; column++)
            {
                Put(row, column, VectorMath.Dot(sums.Of(row, 1), sums.Of(column, 1)));
                Put(row + 1, column, VectorMath.Dot(sums.Of(row + 1, 1), sums.Of(column, 1)));
            }
        }

        for (int column = first == firstOther ? row : firstOther; row < end && column < endOther; column++)
        {
            Put(row, column, VectorMath.Dot(sums.Of(row, 1), sums.Of(column, 1)));
        }
    }

    private void Put(int row, int column, double dot) => _dots[(row * _count) + column] = _dots[(column * _count) + row] = dot;

    /// <summary>The pair of tiles with a number, the first never behind the second.</summary>
    private static (int One, int Other) Pair(int number)
    {
        int other = (int)((Math.Sqrt((8.0 * number) + 1) - 1) / 2);
        while ((other + 1) * (other + 2) / 2 <= number)
        {
            other++;
        }

        while (other * (other + 1) / 2 > number)
        {
            other--;
        }

        return (number - (other * (other + 1) / 2), other);
    }

    /// <summary>S of each group, row after row.</summary>
    private readonly struct Sums(double* start, int length)
    {
        public Span<double> Of(int row, int rows) => new(start + (row * length), rows * length);
    }
}
