using Diarist.Numerics;

namespace Diarist.Hierarchical;

/// <summary>How far two vectors are apart.</summary>
internal interface IDistance
{
    /// <summary>The distance; the same for both orders of its arguments.</summary>
    static abstract double Between(ReadOnlySpan<double> left, ReadOnlySpan<double> right);
}

/// <summary>‖a − b‖².</summary>
internal readonly struct SquaredEuclideanDistance : IDistance
{
    public static double Between(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => VectorMath.SquaredDistance(left, right);
}

/// <summary>1 − a·b: the cosine distance of unit vectors, and the mean cosine distance of two groups when a and b are means of unit vectors.</summary>
internal readonly struct CosineDistance : IDistance
{
    public static double Between(ReadOnlySpan<double> left, ReadOnlySpan<double> right) => 1 - VectorMath.Dot(left, right);
}

/// <summary>
/// The distances between n points, each pair once (8 bytes × n(n − 1)/2: 100 MB for 5 000 points, 1.6 GB for 20 000).
/// Row i holds the distances to i + 1 … n − 1 and is contiguous.
/// </summary>
internal sealed class DistanceMatrix
{
    /// <summary>The most points whose distances fit in one array.</summary>
    public const int MaximumCount = 65_000;

    // Rows whose vectors stay in the first-level cache while all later vectors stream past them once.
    private const int RowsPerTile = 8;

    private readonly double[] _values;

    private DistanceMatrix(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaximumCount);
        Count = count;
        _values = new double[(long)count * (count - 1) / 2];
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>The distance between two points, <paramref name="low"/> &lt; <paramref name="high"/>.</summary>
    public ref double this[int low, int high] => ref _values[RowOffset(low) + high];

    /// <summary>The distance between two different points in either order.</summary>
    public ref double Between(int first, int second) => ref first < second ? ref this[first, second] : ref this[second, first];

    /// <summary>The distances of point <paramref name="low"/> to the points after it, the first to <paramref name="low"/> + 1.</summary>
    public Span<double> Row(int low) => _values.AsSpan((int)RowOffset(low) + low + 1, Count - low - 1);

    /// <summary>Computes all distances; rows are shared between threads, each distance is the same whoever computes it.</summary>
    public static DistanceMatrix Of<TDistance>(PointSet points, ParallelOptions options)
        where TDistance : struct, IDistance
    {
        var matrix = new DistanceMatrix(points.Count);
        int tiles = (points.Count + RowsPerTile - 1) / RowsPerTile;
        Parallel.For(0, tiles, options, tile =>
        {
            int first = tile * RowsPerTile;
            int end = Math.Min(first + RowsPerTile, points.Count);
            for (int high = first + 1; high < points.Count; high++)
            {
                ReadOnlySpan<double> point = points[high];
                for (int low = first; low < Math.Min(end, high); low++)
                {
                    matrix[low, high] = TDistance.Between(points[low], point);
                }
            }
        });
        return matrix;
    }

    private long RowOffset(int low) => ((long)low * ((2L * Count) - low - 1) / 2) - low - 1;
}
