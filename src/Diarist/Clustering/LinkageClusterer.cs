using Diarist.Hierarchical;

namespace Diarist.Clustering;

/// <summary>Cuts the dendrogram of a recording's embeddings at the recipe's threshold.</summary>
internal sealed class LinkageClusterer : Clusterer
{
    private readonly LinkageRecipe _recipe;
    private readonly Dendrogram _tree;

    /// <summary>Builds the dendrogram.</summary>
    public LinkageClusterer(TrainingSet training, LinkageRecipe recipe, ParallelOptions parallel)
        : base(training, recipe, transform: null, parallel)
    {
        _recipe = recipe;
        _tree = Linkage.Cluster(Points.Unit, recipe.Linkage, parallel);
    }

    public override Partition FindClusters(bool measureCertainty)
    {
        double margin = measureCertainty ? Margin(4 * _recipe.CertaintyScale) : 0;
        return Partition.Of(Points.Raw, Labels(_recipe.Threshold), Partition.CertaintyOf(margin, _recipe.CertaintyScale));
    }

    public override Partition FindClusters(int count) => Partition.Of(Points.Raw, ClusterLabels.ByFirstAppearance(_tree.CutInto(count)), certainty: 0);

    private int[] Labels(double threshold) => ClusterLabels.ByFirstAppearance(_tree.CutAt(threshold));

    /// <summary>How far the threshold can move before another number of clusters comes out, up to <paramref name="reach"/>; in units of the threshold.</summary>
    private double Margin(double reach)
    {
        const int Steps = 20;
        int present = ClusterLabels.Count(Labels(_recipe.Threshold));
        for (int step = 1; step <= Steps; step++)
        {
            double moved = reach * step / Steps;
            if (ClusterLabels.Count(Labels(_recipe.Threshold - moved)) != present || ClusterLabels.Count(Labels(_recipe.Threshold + moved)) != present)
            {
                return reach * (step - 1) / Steps;
            }
        }

        return reach;
    }
}
