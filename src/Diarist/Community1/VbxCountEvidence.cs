using Diarist.Clustering;
using Diarist.Numerics;

namespace Diarist.Community1;

/// <summary>
/// How firmly VBx holds on to the number of speakers that it found: F_B, the weight of a speaker model's cost, is raised and
/// lowered until another number comes out. (The lower bounds of different numbers say little: VBx keeps two clear voices
/// apart although one speaker has the higher bound.)
/// </summary>
internal static class VbxCountEvidence
{
    private const double OctavesPerStep = 0.25;

    // Runs with more speakers start from the surviving ones and so many of the largest clusters of the first clustering beside them.
    private const int ExtraClusters = 5;

    /// <summary>The least change of F_B, in octaves (factors of two) either way, that gives another number of speakers; at most <paramref name="reach"/>.</summary>
    /// <param name="x">Embeddings in the PLDA space.</param>
    /// <param name="phi">Φ.</param>
    /// <param name="firstLabels">The clustering from which VBx began.</param>
    /// <param name="posterior">What it found.</param>
    /// <param name="options">What steered it.</param>
    /// <param name="reach">How far to look, in octaves.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public static double MarginInOctaves(
        PointSet x, double[] phi, int[] firstLabels, VbxPosterior posterior, VbxOptions options, double reach, ParallelOptions parallel)
    {
        int[] survivors = posterior.Surviving(options.MinimumPrior);
        int[] found = Hard(posterior, survivors, x.Count);
        int[] finer = WithLargestClusters(found, survivors.Length, firstLabels, x.Weights);
        for (double octaves = OctavesPerStep; octaves <= reach; octaves += OctavesPerStep)
        {
            if (CountAt(found, Math.Pow(2, octaves)) != survivors.Length || CountAt(finer, Math.Pow(2, -octaves)) != survivors.Length)
            {
                return octaves - OctavesPerStep;
            }
        }

        return reach;

        int CountAt(int[] labels, double factor)
        {
            VbxPosterior result = Vbx.Run(x, phi, labels, ClusterLabels.Count(labels), options with { Fb = options.Fb * factor }, parallel);
            return result.Surviving(options.MinimumPrior).Length;
        }
    }

    /// <summary>The surviving speaker with the greatest responsibility for every embedding.</summary>
    private static int[] Hard(VbxPosterior posterior, int[] survivors, int count)
    {
        var labels = new int[count];
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<double> row = posterior.Responsibilities.AsSpan(t * posterior.Speakers, posterior.Speakers);
            for (int s = 1; s < survivors.Length; s++)
            {
                labels[t] = row[survivors[s]] > row[survivors[labels[t]]] ? s : labels[t];
            }
        }

        return labels;
    }

    /// <summary>The speakers found, with the largest clusters of the first clustering cut out of them as speakers of their own.</summary>
    private static int[] WithLargestClusters(int[] found, int speakers, int[] firstLabels, double[] weights)
    {
        double[] sizes = ClusterLabels.Sizes(firstLabels, weights);
        int[] largest = [.. Enumerable.Range(0, sizes.Length).OrderByDescending(cluster => sizes[cluster]).Take(speakers + ExtraClusters)];
        int[] place = new int[sizes.Length];
        place.AsSpan().Fill(-1);
        for (int index = 0; index < largest.Length; index++)
        {
            place[largest[index]] = speakers + index;
        }

        return ClusterLabels.ByFirstAppearance([.. found.Select((speaker, t) => place[firstLabels[t]] >= 0 ? place[firstLabels[t]] : speaker)]);
    }
}
