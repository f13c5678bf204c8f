using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>
/// Scores partitions of a recording's vectors: how much likelier those of a cluster are as one speaker's than as nobody's in
/// particular, under the two-covariance model of <see cref="SpeakerDiscriminant"/> (within-speaker covariance I,
/// between-speaker covariance diag(Φ)).
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
internal sealed class PartitionEvidence
{
    private readonly double[] _phi;

    /// <summary>Weighs the vectors of a recording.</summary>
    /// <param name="training">Projected vectors and the speech behind them.</param>
    /// <param name="step">Seconds between windows.</param>
    /// <param name="scatter">The recording's scatter; <see langword="null"/> when it cannot be measured.</param>
    /// <param name="recipe">The model and the weight of a second.</param>
    public PartitionEvidence(TrainingSet training, double step, double? scatter, EvidenceRecipe recipe)
    {
        _phi = recipe.Discriminant.Phi;
        double scale = scatter is > 0 ? recipe.Discriminant.Scatter / scatter.Value : 1;
        Observations = [.. training.Seconds.Select(seconds => recipe.EvidencePerSecond * step * VectorScatter.EffectiveSeconds(seconds))];
        Sums = new PointSet(training.Points.Count, training.Points.Dimension);
        for (int index = 0; index < Observations.Length; index++)
        {
            VectorMath.AddScaled(Sums[index], Observations[index] * scale, training.Points[index]);
        }
    }

    /// <summary>n of every vector.</summary>
    public double[] Observations { get; }

    /// <summary>n·m of every vector.</summary>
    public PointSet Sums { get; }

    /// <summary>The logarithm of the evidence for a cluster.</summary>
    /// <param name="observations">n, summed over its vectors.</param>
    /// <param name="sum">n·m, summed over its vectors.</param>
    public double OfCluster(double observations, ReadOnlySpan<double> sum)
    {
        double evidence = 0;
        for (int axis = 0; axis < _phi.Length; axis++)
        {
            double spread = 1 + (observations * _phi[axis]);
            evidence += 0.5 * ((sum[axis] * sum[axis] * _phi[axis] / spread) - Math.Log(spread));
        }

        return evidence;
    }

    /// <summary>The logarithm of the evidence for a partition, relative to no speakers at all.</summary>
    public double Of(int[] labels)
    {
        (double[] observations, PointSet sums) = Clusters(labels);
        double evidence = 0;
        for (int cluster = 0; cluster < observations.Length; cluster++)
        {
            evidence += OfCluster(observations[cluster], sums[cluster]);
        }

        return evidence;
    }

    /// <summary>n and n·m of every cluster.</summary>
    public (double[] Observations, PointSet Sums) Clusters(int[] labels)
    {
        double[] observations = new double[ClusterLabels.Count(labels)];
        var sums = new PointSet(observations.Length, Sums.Dimension);
        for (int index = 0; index < labels.Length; index++)
        {
            observations[labels[index]] += Observations[index];
            VectorMath.AddScaled(sums[labels[index]], 1, Sums[index]);
        }

        return (observations, sums);
    }
}
