using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>
/// Makes very long recordings small enough for a clustering that needs quadratic memory. The embeddings, in order of time, are cut into
/// blocks of <see cref="BlockSize"/> (about 25 minutes of audio); in each block the nearest are merged by the recipe's own
/// linkage until as many groups are left as the block's share of all. The groups, represented by their
/// means with their sizes as weights, then take the place of the embeddings: linkage goes on from them as if it had made them itself,
/// VBx lets the members of a group share their responsibilities, k-means moves groups as wholes.
/// </summary>
/// <remarks>
/// What is lost: early merges happen within a block only, and a block is merged down to its quota even where it holds more voices than that
/// (some 90 to 130 for a day of audio). Memory: one block's distances, then those of the groups.
/// </remarks>
/// <param name="Raw">The mean raw embedding of every group.</param>
/// <param name="Unit">The mean unit vector of every group.</param>
/// <param name="Transformed">The mean transformed vector of every group; <see langword="null"/> without a transform.</param>
internal sealed record Condensation(PointSet Raw, PointSet Unit, PointSet? Transformed)
{
    /// <summary>Embeddings in a block.</summary>
    public const int BlockSize = 2_000;

    /// <summary>Groups embeddings.</summary>
    /// <param name="training">Raw embeddings in order of time; only one block of them at a time is copied.</param>
    /// <param name="transform">What leads to the space where they are clustered further, if it is another.</param>
    /// <param name="method">The linkage of the recipe.</param>
    /// <param name="groups">At most so many groups are left, one per block at least.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    public static Condensation Of(TrainingSet training, Func<PointSet, PointSet>? transform, LinkageMethod method, int groups, ParallelOptions parallel)
    {
        double kept = Math.Min(1, groups / (double)training.Pairs.Count);
        var rawMeans = new List<PointSet>();
        var unitMeans = new List<PointSet>();
        var transformedMeans = new List<PointSet>();
        for (int first = 0; first < training.Pairs.Count; first += BlockSize)
        {
            PointSet block = training.Range(first, Math.Min(BlockSize, training.Pairs.Count - first));
            PointSet unit = block.Normalized();
            int own = Math.Max(1, (int)(block.Count * kept));
            int[] labels = Linkage.Cluster(unit, method, parallel).CutInto(own);
            rawMeans.Add(block.GroupMeans(labels, own));
            unitMeans.Add(unit.GroupMeans(labels, own));
            if (transform is not null)
            {
                transformedMeans.Add(transform(block).GroupMeans(labels, own));
            }
        }

        return new Condensation(
            PointSet.Concatenate(rawMeans),
            PointSet.Concatenate(unitMeans),
            transform is null ? null : PointSet.Concatenate(transformedMeans));
    }
}
