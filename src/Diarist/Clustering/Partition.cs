using Diarist.Community1;
using Diarist.Hierarchical;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>The clusters that the training embeddings of a recording form.</summary>
/// <param name="Centroids">The mean raw embedding of every cluster.</param>
/// <param name="Shares">Every cluster's share of the embeddings, summing to 1.</param>
/// <param name="Certainty">0 to 1: how sure the number of clusters is.</param>
internal sealed record Partition(PointSet Centroids, double[] Shares, double Certainty)
{
    /// <summary>For an <see cref="EvidenceRecipe"/>, by how much one more speaker is less probable (natural logarithm).</summary>
    public double Gap { get; init; }

    /// <summary>The number of clusters.</summary>
    public int Count => Centroids.Count;

    /// <summary>A partition by flat labels, numbered from 0 without gaps.</summary>
    public static Partition Of(PointSet raw, int[] labels, double certainty)
    {
        PointSet centroids = raw.GroupMeans(labels, ClusterLabels.Count(labels));
        double total = raw.Weights.Sum();
        return new Partition(centroids, [.. centroids.Weights.Select(weight => weight / total)], certainty);
    }

    /// <summary>A certainty of 0 where a neighbouring number is as good, 63 % at a margin of one <paramref name="scale"/>, towards 1 beyond.</summary>
    public static double CertaintyOf(double margin, double scale) => 1 - Math.Exp(-margin / scale);
}

/// <summary>The clustering of one recording's training embeddings, condensed where they are too many.</summary>
internal sealed class Partitioning
{
    private readonly PointSet _raw;
    private readonly PointSet _unit;
    private readonly PointSet? _plda;
    private readonly double[] _phi;
    private readonly ClusteringRecipe _recipe;
    private readonly EvidenceClustering? _evidence;
    private readonly ParallelOptions _parallel;
    private AgglomerativeClustering? _tree;
    private int[] _labels = [];

    /// <summary>Prepares the embeddings.</summary>
    /// <param name="training">The training embeddings in order of time, at least two.</param>
    /// <param name="recipe">How they will be clustered.</param>
    /// <param name="plda">The transform that a <see cref="VbxRecipe"/> needs.</param>
    /// <param name="evidence">The same embeddings as an <see cref="EvidenceRecipe"/> needs them.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public Partitioning(TrainingSet training, ClusteringRecipe recipe, Plda? plda, EvidenceClustering? evidence, ParallelOptions parallel)
    {
        if (recipe is VbxRecipe && plda is null)
        {
            throw new ArgumentException($"The recipe {recipe.Name} needs a PLDA.", nameof(plda));
        }

        _recipe = recipe;
        _evidence = evidence;
        _parallel = parallel;
        _phi = plda?.Phi ?? [];
        Func<PointSet, PointSet>? transform = recipe is VbxRecipe ? plda!.Transform : null;
        Condensed = evidence is null && training.Pairs.Count > recipe.ExactLimit; // k-means needs no quadratic memory
        (_raw, _unit, _plda) = Condensed
            ? Condensation.Of(training, transform, recipe.Linkage, Math.Min(recipe.CondensedTo, recipe.ExactLimit / 2), parallel)
            : new Condensation(training.Points, training.Points.Normalized(), transform?.Invoke(training.Points));
    }

    /// <summary>Whether embeddings were merged into groups first (<see cref="Condensation"/>).</summary>
    public bool Condensed { get; }

    /// <summary>The most clusters that these embeddings can form.</summary>
    public int MaximumCount => _raw.Count;

    /// <summary>The clusters that the recipe finds by itself.</summary>
    /// <param name="measureCertainty">Whether to work out how sure their number is; 0 otherwise.</param>
    public Partition Automatic(bool measureCertainty) => _recipe switch
    {
        VbxRecipe vbx => ByVbx(vbx, measureCertainty),
        AgglomerativeRecipe agglomerative => ByTree(agglomerative, measureCertainty),
        EvidenceRecipe => ByEvidence(),
        _ => throw new NotSupportedException($"The recipe {_recipe.Name} is of an unknown kind."),
    };

    /// <summary>A given number of clusters; fewer when fewer embeddings differ, or when nothing speaks for more voices. Called after <see cref="Automatic"/>.</summary>
    public Partition Into(int count)
    {
        if (_evidence is not null)
        {
            return Partition.Of(_unit, _evidence.Towards(count, _labels), certainty: 0);
        }

        int[]? labels = _recipe is AgglomerativeRecipe { Forcing: CountForcing.TreeCut } && _tree is not null ? _tree.ClusterInto(count, _parallel.CancellationToken) : null;
        return Partition.Of(_raw, labels ?? KMeans.Cluster(_unit, count, _parallel), certainty: 0);
    }

    private Partition ByTree(AgglomerativeRecipe recipe, bool measureCertainty)
    {
        _tree = new AgglomerativeClustering(_unit, recipe, _parallel);
        double margin = measureCertainty ? _tree.Margin(4 * recipe.CertaintyScale) : 0;
        return Partition.Of(_raw, _tree.Cluster(), Partition.CertaintyOf(margin, recipe.CertaintyScale));
    }

    private Partition ByEvidence()
    {
        (_labels, double gap) = _evidence!.Run();
        return Partition.Of(_unit, _labels, certainty: 0) with { Gap = gap };
    }

    private Partition ByVbx(VbxRecipe recipe, bool measureCertainty)
    {
        int[] labels = Linkage.Cluster(_unit, recipe.Linkage, _parallel).CutAt(recipe.Threshold);
        VbxPosterior posterior = Vbx.Run(_plda!, _phi, labels, ClusterLabels.Count(labels), recipe.Vbx, _parallel);
        int[] survivors = posterior.Surviving(recipe.Vbx.MinimumPrior);
        var centroids = new PointSet(survivors.Length, _raw.Dimension);
        Array.Clear(centroids.Weights);
        for (int t = 0; t < _raw.Count; t++)
        {
            for (int s = 0; s < survivors.Length; s++)
            {
                double mass = _raw.Weights[t] * posterior.Responsibilities[(t * posterior.Speakers) + survivors[s]];
                centroids.Weights[s] += mass;
                VectorMath.AddScaled(centroids[s], mass, _raw[t]);
            }
        }

        double total = centroids.Weights.Sum();
        for (int s = 0; s < survivors.Length; s++)
        {
            VectorMath.Scale(centroids[s], 1 / centroids.Weights[s]);
        }

        double margin = measureCertainty
            ? VbxCountEvidence.MarginInOctaves(_plda!, _phi, labels, posterior, recipe.Vbx, 4 * recipe.CertaintyScale, _parallel)
            : 0;
        return new Partition(centroids, [.. centroids.Weights.Select(weight => weight / total)], Partition.CertaintyOf(margin, recipe.CertaintyScale));
    }
}
