namespace Diarist.Numerics;

/// <summary>
/// Vectors in double precision, shape (count, dimension), each with a weight: how many embeddings it stands for.
/// The weight is 1 unless a long recording was condensed.
/// </summary>
internal sealed class PointSet
{
    private readonly double[] _values;

    /// <summary>Creates zero vectors of weight 1.</summary>
    public PointSet(int count, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Count = count;
        Dimension = dimension;
        _values = new double[checked(count * dimension)];
        Weights = new double[count];
        Weights.AsSpan().Fill(1);
    }

    /// <summary>The number of vectors.</summary>
    public int Count { get; }

    /// <summary>The length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>How many embeddings each vector stands for.</summary>
    public double[] Weights { get; }

    /// <summary>One vector.</summary>
    public Span<double> this[int index] => _values.AsSpan(index * Dimension, Dimension);

    /// <summary>All vectors of several sets of the same dimension, at least one, in order.</summary>
    public static PointSet Concatenate(IReadOnlyList<PointSet> sets)
    {
        var result = new PointSet(sets.Sum(set => set.Count), sets[0].Dimension);
        int next = 0;
        foreach (PointSet set in sets)
        {
            set._values.CopyTo(result._values.AsSpan(next * result.Dimension));
            set.Weights.CopyTo(result.Weights.AsSpan(next));
            next += set.Count;
        }

        return result;
    }

    /// <summary>The same vectors at length 1 (a zero vector stays zero), with the same weights.</summary>
    public PointSet Normalized()
    {
        var result = new PointSet(Count, Dimension);
        _values.CopyTo(result._values.AsSpan());
        Weights.CopyTo(result.Weights.AsSpan());
        for (int index = 0; index < Count; index++)
        {
            VectorMath.ScaleToNorm(result[index], 1);
        }

        return result;
    }

    /// <summary>The weighted mean of the vectors of every group, in order of index; a group without vectors gives zero.</summary>
    /// <param name="groups">The group of every vector, 0 to <paramref name="groupCount"/> less one; a negative group is left out.</param>
    /// <param name="groupCount">The number of groups; the weight of a group's mean is the sum of its vectors' weights.</param>
    public PointSet GroupMeans(ReadOnlySpan<int> groups, int groupCount)
    {
        var means = new PointSet(groupCount, Dimension);
        Array.Clear(means.Weights);
        for (int index = 0; index < Count; index++)
        {
            int group = groups[index];
            if (group >= 0)
            {
                means.Weights[group] += Weights[index];
                VectorMath.AddScaled(means[group], Weights[index], this[index]);
            }
        }

        for (int group = 0; group < groupCount; group++)
        {
            if (means.Weights[group] > 0)
            {
                VectorMath.Scale(means[group], 1 / means.Weights[group]);
            }
        }

        return means;
    }
}
