using Diarist.Numerics;

namespace Diarist.Community1;

/// <summary>The numbers that steer <see cref="Vbx"/>; the defaults are those of pyannote community-1.</summary>
internal sealed record VbxOptions
{
    /// <summary>F_A: scales the evidence of an embedding, which is not independent of its neighbours'.</summary>
    public double Fa { get; init; } = 0.07;

    /// <summary>F_B: scales the prior of the speaker models; more gives fewer speakers.</summary>
    public double Fb { get; init; } = 0.8;

    /// <summary>The most iterations.</summary>
    public int MaximumIterations { get; init; } = 20;

    /// <summary>Stops when the evidence lower bound gains less than this.</summary>
    public double MinimumGain { get; init; } = 1e-4;

    /// <summary>The first responsibilities are the soft-max of this times the one-hot first clustering.</summary>
    public double InitialSmoothing { get; init; } = 7;

    /// <summary>Speakers whose prior does not exceed this have died out.</summary>
    public double MinimumPrior { get; init; } = 1e-7;
}

/// <summary>What <see cref="Vbx"/> found.</summary>
/// <param name="Speakers">S: the number of speakers that it began with.</param>
/// <param name="Responsibilities">γ, shape (embeddings, speakers), row-major: the probability that an embedding is of a speaker.</param>
/// <param name="Priors">π: every speaker's share.</param>
/// <param name="LowerBounds">The evidence lower bound after every iteration.</param>
internal sealed record VbxPosterior(int Speakers, double[] Responsibilities, double[] Priors, IReadOnlyList<double> LowerBounds)
{
    /// <summary>The speakers that are left, ascending.</summary>
    public int[] Surviving(double minimumPrior) => [.. Enumerable.Range(0, Speakers).Where(s => Priors[s] > minimumPrior)];
}

/// <summary>
/// Bayesian clustering of embeddings in the PLDA space, after F. Landini, J. Profant, M. Diez, L. Burget, "Bayesian HMM
/// clustering of x-vector sequences (VBx) in speaker diarization", Computer Speech and Language 71 (2022); equation numbers
/// are that paper's. Without its hidden Markov model: a loop probability of 0 makes it a mixture, in which the order of the
/// embeddings does not matter. Symbols: x_t embedding, Φ between-speaker covariance, γ_ts responsibility, π_s prior,
/// N(α_s, L_s⁻¹) posterior of speaker s.
/// </summary>
/// <remarks>
/// A vector of weight n stands for n embeddings that are made to share one γ: it is their mean, and counts n times in every
/// sum over t. That is the same bound, maximized under a restriction.
/// </remarks>
internal static class Vbx
{
    // Keeps log π finite for a speaker that has died out.
    private const double PriorFloor = 1e-8;

    /// <summary>Runs VBx from a first clustering.</summary>
    /// <param name="x">Embeddings in the PLDA space, shape (T, D).</param>
    /// <param name="phi">Φ, shape (D).</param>
    /// <param name="labels">The first clustering: every embedding's cluster from 0.</param>
    /// <param name="speakers">S, the number of clusters.</param>
    /// <param name="options">The steering numbers.</param>
    /// <param name="parallel">Threads, and cancellation. Results do not depend on the threads.</param>
    public static VbxPosterior Run(PointSet x, double[] phi, ReadOnlySpan<int> labels, int speakers, VbxOptions options, ParallelOptions parallel) =>
        Run(x, phi, InitialResponsibilities(labels, speakers, options.InitialSmoothing), speakers, options, parallel);

    /// <summary>The soft-max of <paramref name="smoothing"/> times the one-hot clustering, shape (T, S).</summary>
    public static double[] InitialResponsibilities(ReadOnlySpan<int> labels, int speakers, double smoothing)
    {
        var gamma = new double[checked(labels.Length * speakers)];
        double denominator = Math.Exp(smoothing) + (speakers - 1);
        gamma.AsSpan().Fill(1 / denominator);
        for (int t = 0; t < labels.Length; t++)
        {
            gamma[(t * speakers) + labels[t]] = Math.Exp(smoothing) / denominator;
        }

        return gamma;
    }

    /// <summary>Runs VBx from first responsibilities, shape (T, S), which are overwritten, and equal priors.</summary>
    public static VbxPosterior Run(PointSet x, double[] phi, double[] gamma, int speakers, VbxOptions options, ParallelOptions parallel)
    {
        int count = x.Count;
        int dimension = x.Dimension;
        double total = x.Weights.Sum();
        var g = new double[count];
        var rho = new PointSet(count, dimension);
        for (int t = 0; t < count; t++)
        {
            g[t] = -0.5 * (VectorMath.Dot(x[t], x[t]) + (dimension * Math.Log(2 * Math.PI))); // the part of (23) that no speaker changes
            for (int d = 0; d < dimension; d++)
            {
                rho[t][d] = x[t][d] * Math.Sqrt(phi[d]); // (18), V = √Φ
            }
        }

        var pi = new double[speakers];
        pi.AsSpan().Fill(1.0 / speakers);
        var alpha = new PointSet(speakers, dimension);
        var inverseL = new PointSet(speakers, dimension);
        var shares = new double[speakers];
        var penalty = new double[speakers];
        var logEvidence = new double[count];
        double ratio = options.Fa / options.Fb;
        var bounds = new List<double>();
        for (int iteration = 0; iteration < options.MaximumIterations; iteration++)
        {
            Parallel.For(0, speakers, parallel, s =>
            {
                Span<double> alphaS = alpha[s];
                Span<double> inverseLs = inverseL[s];
                alphaS.Clear();
                double share = 0;
                for (int t = 0; t < count; t++)
                {
                    double responsibility = x.Weights[t] * gamma[(t * speakers) + s];
                    share += responsibility;
                    VectorMath.AddScaled(alphaS, responsibility, rho[t]);
                }

                shares[s] = share;
                penalty[s] = 0;
                for (int d = 0; d < dimension; d++)
                {
                    inverseLs[d] = 1 / (1 + (ratio * share * phi[d])); // (17)
                    alphaS[d] *= ratio * inverseLs[d]; // (16)
                    penalty[s] += (inverseLs[d] + (alphaS[d] * alphaS[d])) * phi[d];
                }
            });

            Parallel.For(0, count, parallel, t =>
            {
                Span<double> row = gamma.AsSpan(t * speakers, speakers);
                for (int s = 0; s < speakers; s++)
                {
                    double logLikelihood = options.Fa * (VectorMath.Dot(rho[t], alpha[s]) - (0.5 * penalty[s]) + g[t]); // (23)
                    row[s] = logLikelihood + Math.Log(pi[s] + PriorFloor);
                }

                logEvidence[t] = NormalizeLogarithms(row);
            });

            double evidence = 0;
            for (int t = 0; t < count; t++)
            {
                evidence += x.Weights[t] * logEvidence[t];
            }

            UpdatePriors(pi, gamma, x.Weights, total);
            bounds.Add(evidence + (options.Fb * 0.5 * PosteriorTerm(alpha, inverseL))); // (25)
            if (bounds.Count > 1 && bounds[^1] - bounds[^2] < options.MinimumGain)
            {
                break;
            }
        }

        return new VbxPosterior(speakers, gamma, pi, bounds);
    }

    /// <summary>Turns logarithms into probabilities that sum to 1.</summary>
    /// <returns>The logarithm of their sum before.</returns>
    private static double NormalizeLogarithms(Span<double> row)
    {
        double highest = double.NegativeInfinity;
        foreach (double value in row)
        {
            highest = Math.Max(highest, value);
        }

        double sum = 0;
        foreach (double value in row)
        {
            sum += Math.Exp(value - highest);
        }

        double logSum = highest + Math.Log(sum);
        foreach (ref double value in row)
        {
            value = Math.Exp(value - logSum);
        }

        return logSum;
    }

    /// <summary>π_s: the mean responsibility of every speaker.</summary>
    private static void UpdatePriors(Span<double> pi, ReadOnlySpan<double> gamma, ReadOnlySpan<double> weights, double total)
    {
        pi.Clear();
        for (int t = 0; t < weights.Length; t++)
        {
            VectorMath.AddScaled(pi, weights[t], gamma.Slice(t * pi.Length, pi.Length));
        }

        VectorMath.Scale(pi, 1 / total);
    }

    /// <summary>The part of (25) that keeps the speakers near their prior: Σ (log L⁻¹ − L⁻¹ − α² + 1).</summary>
    private static double PosteriorTerm(PointSet alpha, PointSet inverseL)
    {
        double sum = 0;
        for (int s = 0; s < alpha.Count; s++)
        {
            for (int d = 0; d < alpha.Dimension; d++)
            {
                sum += Math.Log(inverseL[s][d]) - inverseL[s][d] - (alpha[s][d] * alpha[s][d]) + 1;
            }
        }

        return sum;
    }
}
