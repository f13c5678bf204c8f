namespace Diarist.Clustering;

/// <summary>Operations on flat clusterings: one cluster number per item, −1 for none.</summary>
internal static class ClusterLabels
{
    /// <summary>The same clusters numbered from 0 in the order in which they first appear; negative labels stay.</summary>
    public static int[] ByFirstAppearance(ReadOnlySpan<int> labels)
    {
        var numbers = new Dictionary<int, int>();
        var result = new int[labels.Length];
        for (int index = 0; index < labels.Length; index++)
        {
            if (labels[index] < 0)
            {
                result[index] = labels[index];
                continue;
            }

            if (!numbers.TryGetValue(labels[index], out int number))
            {
                number = numbers.Count;
                numbers.Add(labels[index], number);
            }

            result[index] = number;
        }

        return result;
    }

    /// <summary>One more than the highest label; 0 without labels.</summary>
    public static int Count(ReadOnlySpan<int> labels)
    {
        int count = 0;
        foreach (int label in labels)
        {
            count = Math.Max(count, label + 1);
        }

        return count;
    }

    /// <summary>The summed weight of every cluster.</summary>
    public static double[] Sizes(ReadOnlySpan<int> labels, ReadOnlySpan<double> weights)
    {
        var sizes = new double[Count(labels)];
        for (int index = 0; index < labels.Length; index++)
        {
            if (labels[index] >= 0)
            {
                sizes[labels[index]] += weights[index];
            }
        }

        return sizes;
    }
}
