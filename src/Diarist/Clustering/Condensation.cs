namespace Diarist.Clustering;

/// <summary>
/// Makes very long recordings small enough for a clustering that needs quadratic memory. The embeddings, in order of time, are cut into
/// blocks of <see cref="BlockSize"/> (about 25 minutes of audio); in each block the nearest are merged by the recipe's own
/// linkage until as many groups are left as the block's share of half the exact limit. The groups, represented by their
/// means with their sizes as weights, then take the place of the embeddings: linkage goes on from them as if it had made them itself,
/// VBx lets the members of a group share their responsibilities, k-means moves groups as wholes.
/// </summary>
/// <remarks>
/// What is lost: early merges happen within a block only, and a block is merged down to its quota even where it holds more voices than that
/// (some 150 of 2 000 embeddings for a day of audio). Memory: one block's distances, then those of the groups.
/// </remarks>
internal static class Condensation
{
    /// <summary>Embeddings in a block.</summary>
    public const int BlockSize = 2_000;

    /// <summary>Groups embeddings.</summary>
    /// <param name="unit">Unit vectors in order of time.</param>
    /// <param name="method">The linkage of the recipe.</param>
    /// <param name="limit">The most groups that may be left is half of this.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    /// <returns>The group of every embedding, numbered from 0 without gaps.</returns>
    public static int[] Group(PointSet unit, LinkageMethod method, int limit, ParallelOptions parallel)
    {
        var groups = new int[unit.Count];
        double kept = Math.Min(1, limit / 2.0 / unit.Count);
        int next = 0;
        for (int first = 0; first < unit.Count; first += BlockSize)
        {
            int size = Math.Min(BlockSize, unit.Count - first);
            var block = new PointSet(size, unit.Dimension);
            for (int index = 0; index < size; index++)
            {
                unit[first + index].CopyTo(block[index]);
            }

            int[] labels = Linkage.Cluster(block, method, parallel).CutInto(Math.Max(1, (int)(size * kept)));
            for (int index = 0; index < size; index++)
            {
                groups[first + index] = next + labels[index];
            }

            next += ClusterLabels.Count(labels);
        }

        return groups;
    }
}
