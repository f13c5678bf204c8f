using Diarist.Hierarchical;

namespace Diarist.Clustering;

/// <summary>Cuts the dendrogram of a recording's embeddings at the recipe's threshold.</summary>
internal sealed class LinkageClusterer : Clusterer
{
    // How far the threshold must be from one that gives another number for a certainty of 63 %, in units of the threshold.
    private const double CertaintyScale = 0.05;

    private readonly Dendrogram _tree;

    /// <summary>Builds the dendrogram.</summary>
    public LinkageClusterer(TrainingSet training, ClusteringRecipe recipe, ParallelOptions parallel)
        : base(training, recipe, transform: null, parallel) =>
        _tree = Linkage.Cluster(Points.Unit, recipe.Linkage, parallel);

    public override Partition FindClusters(bool measureCertainty)
    {
        double margin = measureCertainty ? Margin(4 * CertaintyScale) : 0;
        return Partition.Of(Points.Raw, Labels(Recipe.Threshold), Partition.CertaintyOf(margin, CertaintyScale));
    }

    public override Partition FindClusters(int count) => Partition.Of(Points.Raw, ClusterLabels.ByFirstAppearance(_tree.CutInto(count)), certainty: 0);

    private int[] Labels(double threshold) => ClusterLabels.ByFirstAppearance(_tree.CutAt(threshold));

    /// <summary>How far the threshold can move before another number of clusters comes out, up to <paramref name="reach"/>; in units of the threshold.</summary>
    private double Margin(double reach)
    {
        const int Steps = 20;
        int present = ClusterLabels.Count(Labels(Recipe.Threshold));
        for (int step = 1; step <= Steps; step++)
        {
            double moved = reach * step / Steps;
            if (ClusterLabels.Count(Labels(Recipe.Threshold - moved)) != present || ClusterLabels.Count(Labels(Recipe.Threshold + moved)) != present)
            {
                return reach * (step - 1) / Steps;
            }
        }

        return reach;
    }
}
