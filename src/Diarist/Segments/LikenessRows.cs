using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Diarist.Numerics;

namespace Diarist.Segments;

/// <summary>The numbers of a table of groups: their sums, and the dot products of all pairs.</summary>
internal sealed class LikenessRows
{
    // Two tiles of vectors stay near the processor while their pairs are multiplied.
    private const int Tile = 32;
    private const int FewestForThreads = 4 * Tile;

    private readonly double[] _expected;
    private readonly double[] _weights;
    private readonly double[] _seconds;
    private readonly double[][]? _dots;
    private readonly SpeakerGroup[]? _groups;
    private int _count;

    /// <summary>Multiplies all pairs.</summary>
    /// <param name="groups">The groups; not changed.</param>
    /// <param name="keepDots">Whether the products of all pairs are kept; otherwise each is computed when it is needed.</param>
    /// <param name="parallel">Threads, and what stops them.</param>
    public LikenessRows(SpeakerGroup[] groups, bool keepDots, ParallelOptions parallel)
    {
        _count = groups.Length;
        _expected = [.. groups.Select(group => group.Expected)];
        _weights = [.. groups.Select(group => group.Weight)];
        _seconds = [.. groups.Select(group => group.Seconds)];
        if (!keepDots)
        {
            _groups = [.. groups.Select(group => group.Copy())];
            return;
        }

        _dots = new double[_count][];
        for (int row = 0; row < _count; row++)
        {
            _dots[row] = GC.AllocateUninitializedArray<double>(_count);
        }

        int tiles = (_count + Tile - 1) / Tile;
        void Fill(int pair)
        {
            (int one, int other) = Pair(pair);
            for (int i = one * Tile; i < Math.Min((one + 1) * Tile, _count); i++)
            {
                for (int j = Math.Max(i, other * Tile); j < Math.Min((other + 1) * Tile, _count); j++)
                {
                    _dots[i][j] = _dots[j][i] = groups[i].Dot(groups[j]);
                }
            }
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
        _count = other._count;
        (_expected, _weights, _seconds) = ([.. other._expected.AsSpan(0, _count)], [.. other._weights.AsSpan(0, _count)], [.. other._seconds.AsSpan(0, _count)]);
        _dots = other._dots is null ? null : [.. other._dots.Take(_count).Select(row => row.AsSpan(0, _count).ToArray())];
        _groups = other._groups is null ? null : [.. other._groups.Take(_count).Select(group => group.Copy())];
    }

    /// <summary>W of each group.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, _count);

    /// <summary>Seconds of each group.</summary>
    public ReadOnlySpan<double> Seconds => _seconds.AsSpan(0, _count);

    /// <summary>The same numbers, to be changed apart.</summary>
    public LikenessRows Copy() => new(this);

    /// <summary>Adds a group to another one.</summary>
    public void Join(int into, int place)
    {
        _expected[into] += _expected[place];
        _weights[into] += _weights[place];
        _seconds[into] += _seconds[place];
        if (_dots is null)
        {
            _groups![into].Add(_groups[place]);
            return;
        }

        VectorMath.AddScaled(_dots[into].AsSpan(0, _count), 1, _dots[place].AsSpan(0, _count));
        double[] row = _dots[into];
        for (int other = 0; other < _count; other++)
        {
            _dots[other][into] = row[other];
        }
    }

    /// <summary>How alike a group is to every group, by their voices alone.</summary>
    /// <param name="place">The group.</param>
    /// <param name="model">How alike voices are.</param>
    /// <param name="likenesses">Receives one value for each group.</param>
    public void Likenesses(int place, LikenessModel model, Span<double> likenesses)
    {
        if (_dots is null)
        {
            for (int other = 0; other < _count; other++)
            {
                likenesses[other] = model.Of(_groups![place].Dot(_groups[other]), _expected[place] * _expected[other], _weights[place] * _weights[other]);
            }

            return;
        }

        ReadOnlySpan<double> dots = _dots[place].AsSpan(0, _count);
        ref double dot = ref MemoryMarshal.GetReference(dots);
        ref double to = ref MemoryMarshal.GetReference(likenesses);
        Vector256<double> ownExpected = Vector256.Create(_expected[place]), ownWeight = Vector256.Create(_weights[place]), strangers = Vector256.Create(model.Strangers);
        int index = 0;
        for (; index <= _count - Vector256<double>.Count; index += Vector256<double>.Count)
        {
            Vector256<double> weights = ownWeight * Vector256.LoadUnsafe(ref _weights[0], (nuint)index);
            Vector256<double> expected = ownExpected * Vector256.LoadUnsafe(ref _expected[0], (nuint)index);
            LikenessModel.Of(Vector256.LoadUnsafe(ref dot, (nuint)index), expected, weights, strangers).StoreUnsafe(ref to, (nuint)index);
        }

        for (; index < _count; index++)
        {
            likenesses[index] = model.Of(dots[index], _expected[place] * _expected[index], _weights[place] * _weights[index]);
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
            (_expected[place], _weights[place], _seconds[place]) = (_expected[from], _weights[from], _seconds[from]);
            if (_dots is null)
            {
                _groups![place] = _groups[from];
                continue;
            }

            double[] row = _dots[from];
            for (int column = 0; column < left.Length; column++)
            {
                row[column] = row[left[column]];
            }

            _dots[place] = row;
        }
    }

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
}
