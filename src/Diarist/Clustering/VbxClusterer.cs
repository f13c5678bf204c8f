using Diarist.Community1;
using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>A cut through the dendrogram, refined by VBx in the space of a PLDA (pyannote.audio 4).</summary>
internal sealed class VbxClusterer(TrainingSet training, ClusteringRecipe recipe, Plda plda, ParallelOptions parallel)
    : Clusterer(training, recipe, plda.Transform, parallel)
{
    // How far F_B must be from a value that gives another number for a certainty of 63 %, in octaves (factors of two).
    private const double CertaintyScale = 0.5;

    private static readonly VbxOptions Options = new();

    public override Partition FindClusters(bool measureCertainty)
    {
        (PointSet raw, PointSet transformed) = (Points.Raw, Points.Transformed!);
        int[] labels = Linkage.Cluster(Points.Unit, Recipe.Linkage, Parallel).CutAt(Recipe.Threshold);
        VbxPosterior posterior = Vbx.Run(transformed, plda.Phi, labels, ClusterLabels.Count(labels), Options, Parallel);
        int[] survivors = posterior.Surviving(Options.MinimumPrior);
        var centroids = new PointSet(survivors.Length, raw.Dimension);
        Array.Clear(centroids.Weights);
        for (int t = 0; t < raw.Count; t++)
        {
            for (int s = 0; s < survivors.Length; s++)
            {
                double mass = raw.Weights[t] * posterior.Responsibilities[(t * posterior.Speakers) + survivors[s]];
                centroids.Weights[s] += mass;
                VectorMath.AddScaled(centroids[s], mass, raw[t]);
            }
        }

        double total = centroids.Weights.Sum();
        for (int s = 0; s < survivors.Length; s++)
        {
            VectorMath.Scale(centroids[s], 1 / centroids.Weights[s]);
        }

        double margin = measureCertainty
            ? VbxCountEvidence.MarginInOctaves(transformed, plda.Phi, labels, posterior, Options, 4 * CertaintyScale, Parallel)
            : 0;
        return new Partition(centroids, [.. centroids.Weights.Select(weight => weight / total)], Partition.CertaintyOf(margin, CertaintyScale));
    }

    public override Partition FindClusters(int count) => Partition.Of(Points.Raw, KMeans.Cluster(Points.Unit, count, Parallel), certainty: 0);
}
