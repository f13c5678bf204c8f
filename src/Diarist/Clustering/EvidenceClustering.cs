using Diarist.Embedding;
using Diarist.Segmentation;

namespace Diarist.Clustering;

/// <summary>
/// Chooses the number of speakers by the evidence for it. For every number, k-means makes that many clusters; each is scored
/// by how much likelier its vectors are as one speaker's than as nobody's in particular, under the two-covariance model of
/// <see cref="SpeakerDiscriminant"/> (within-speaker covariance I, between-speaker covariance diag(Φ)).
/// </summary>
/// <remarks>
/// <para>For a cluster with n observations of mean m the logarithm of that ratio is
/// Σ_d ½·(n·m_d)²·Φ_d / (1 + n·Φ_d) − ½·ln(1 + n·Φ_d): the by-the-book scoring of PLDA
/// (Brümmer and de Villiers, "The speaker partitioning problem", Odyssey 2010).</para>
/// <para>Observations are not independent: windows overlap and neighbouring vectors share audio. So n is seconds of speech
/// times a small weight, tuned on the development data.</para>
/// <para>A channel spreads or squeezes all vectors of a recording: telephone speech is half as far apart as broadband. The
/// scatter of the vectors within a speaker's window measures that, without knowing the speakers; vectors are scaled by
/// (scatter of the training data / scatter of the recording). One set of numbers then serves both channels.</para>
/// </remarks>
internal sealed class EvidenceClustering
{
    // k-means is given up on after so many numbers in a row that scored less than the best.
    private const int Patience = 4;

    private readonly EvidenceRecipe _recipe;
    private readonly PointSet _points;
    private readonly PointSet _unit;
    private readonly double[] _observations;
    private readonly double _scale;
    private readonly ParallelOptions _parallel;
    private readonly Lazy<Dendrogram?> _tree;

    /// <summary>Prepares the vectors of a recording.</summary>
    /// <param name="training">Projected vectors and the speech behind them.</param>
    /// <param name="step">Seconds between windows.</param>
    /// <param name="scatter">The recording's scatter; <see langword="null"/> when it cannot be measured.</param>
    /// <param name="recipe">Weights and limits.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    public EvidenceClustering(TrainingSet training, double step, double? scatter, EvidenceRecipe recipe, ParallelOptions parallel)
    {
        (_points, _recipe, _parallel) = (training.Points, recipe, parallel);
        _unit = _points.Normalized();

        // The tree needs quadratic memory; where that is too much, k-means finds its own starts alone.
        _tree = new(() => _points.Count <= recipe.ExactLimit ? Linkage.AverageCosine(_unit, parallel) : null);
        _observations = [.. training.Seconds.Select(seconds => recipe.EvidencePerSecond * step * EffectiveSeconds(seconds))];
        _scale = scatter is > 0 ? recipe.Discriminant.Scatter / scatter.Value : 1;
    }

    /// <summary>The clusters of the most probable number of speakers.</summary>
    /// <returns>The cluster of every vector, and by how much (in natural logarithms) the next best number was less probable.</returns>
    public (int[] Labels, double Margin) Run()
    {
        int most = Math.Min(_recipe.MaximumSpeakers, _points.Count);
        int[] best = new int[_points.Count];
        double highest = double.NegativeInfinity;
        double second = double.NegativeInfinity;
        for (int count = 1, since = 0; count <= most && since < Patience; count++, since++)
        {
            (int[] labels, double evidence) = Into(count);
            evidence -= _recipe.SpeakerCost * count;
            if (evidence > highest)
            {
                (best, second, highest, since) = (labels, highest, evidence, 0);
            }
            else
            {
                second = Math.Max(second, evidence);
            }
        }

        return (best, highest - second);
    }

    /// <summary>A given number of clusters: k-means from its own starts and from the tree's clusters, whichever has more evidence.</summary>
    public (int[] Labels, double Evidence) Into(int count)
    {
        int[] labels = KMeans.Cluster(_unit, count, _parallel);
        double evidence = Evidence(labels);
        if (_tree.Value is { } tree && count <= _points.Count)
        {
            int[] other = KMeans.ClusterFrom(_unit, Seeds(tree.CutInto(count)), _parallel);
            double otherEvidence = Evidence(other);
            if (otherEvidence > evidence)
            {
                return (other, otherEvidence);
            }
        }

        return (labels, evidence);
    }

    /// <summary>Seconds of a local speaker's speech that count: the first half second only fills the embedder's window.</summary>
    private static double EffectiveSeconds(double seconds) => Math.Max(seconds - 0.5, 0.15);

    /// <summary>
    /// The mean squared distance of an embedder's unit vectors from their mean within a local speaker, from the lengths of the
    /// means: mean |v − v̄|² = 1 − |v̄|². <see langword="null"/> where all means have length 1, as from an embedder that normalises.
    /// </summary>
    /// <param name="embeddings">Means of unit vectors, before projection.</param>
    /// <param name="training">The local speakers with enough speech of their own, and their seconds.</param>
    public static double? Scatter(Embeddings embeddings, TrainingSet training)
    {
        double within = 0;
        double freedom = 0;
        for (int index = 0; index < training.Pairs.Count; index++)
        {
            (double own, double ownFreedom) = ScatterOf(embeddings, training, index);
            within += own;
            freedom += ownFreedom;
        }

        double scatter = freedom > 0 ? within / freedom : 0;
        return scatter > 1e-6 ? scatter : null;
    }

    /// <summary>
    /// The local speakers whose vectors scatter much more than the recording's do: segmentation took two voices for one. Their
    /// mean is nobody's voice, and must not found a cluster.
    /// </summary>
    public static bool[] Impure(Embeddings embeddings, TrainingSet training, double scatter, double factor) =>
        [.. Enumerable.Range(0, training.Pairs.Count).Select(index =>
        {
            (double own, double freedom) = ScatterOf(embeddings, training, index);
            return own > factor * scatter * freedom;
        })];

    /// <summary>The summed squared distances within one local speaker and their degrees of freedom, at two vectors a second.</summary>
    private static (double Within, double Freedom) ScatterOf(Embeddings embeddings, TrainingSet training, int index)
    {
        (int window, int speaker) = training.Pairs[index];
        double squares = 0;
        foreach (float value in embeddings[window, speaker])
        {
            squares += (double)value * value;
        }

        double vectors = 2 * EffectiveSeconds(training.Seconds[index]);
        return (vectors * (1 - squares), Math.Max(vectors - 1, 0.3));
    }

    /// <summary>For every cluster the vector nearest to its mean.</summary>
    private int[] Seeds(int[] labels)
    {
        PointSet means = _unit.GroupMeans(labels, ClusterLabels.Count(labels));
        int[] seeds = new int[means.Count];
        double[] nearest = new double[means.Count];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        for (int index = 0; index < labels.Length; index++)
        {
            double distance = VectorMath.SquaredDistance(_unit[index], means[labels[index]]);
            if (distance < nearest[labels[index]])
            {
                (seeds[labels[index]], nearest[labels[index]]) = (index, distance);
            }
        }

        return seeds;
    }

    /// <summary>The logarithm of the evidence for a partition, relative to no speakers at all.</summary>
    private double Evidence(int[] labels)
    {
        int clusters = ClusterLabels.Count(labels);
        double[] n = new double[clusters];
        var sums = new PointSet(clusters, _points.Dimension);
        for (int index = 0; index < labels.Length; index++)
        {
            double weight = _observations[index];
            n[labels[index]] += weight;
            VectorMath.AddScaled(sums[labels[index]], weight * _scale, _points[index]);
        }

        double evidence = 0;
        double[] phi = _recipe.Discriminant.Phi;
        for (int cluster = 0; cluster < clusters; cluster++)
        {
            ReadOnlySpan<double> sum = sums[cluster];
            for (int axis = 0; axis < phi.Length; axis++)
            {
                double spread = 1 + (n[cluster] * phi[axis]);
                evidence += 0.5 * ((sum[axis] * sum[axis] * phi[axis] / spread) - Math.Log(spread));
            }
        }

        return evidence;
    }
}
