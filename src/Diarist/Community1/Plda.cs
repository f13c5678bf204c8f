using Diarist.Inference;
using Diarist.Numerics;

namespace Diarist.Community1;

/// <summary>
/// The transform of embeddings into the space where VBx works (two-covariance PLDA after centring, LDA and length
/// normalization): there the within-speaker covariance is the identity and the between-speaker covariance is diag(Φ).
/// As pyannote.audio 4 and BUT's VBx set it up.
/// </summary>
internal sealed class Plda
{
    private readonly double[] _mean1;
    private readonly double[] _mean2;
    private readonly double[] _ldaTransposed;
    private readonly double[] _mu;
    private readonly double[] _basis;

    /// <summary>Sets the transform up.</summary>
    /// <param name="mean1">The mean of raw embeddings, shape (input).</param>
    /// <param name="lda">The linear discriminant analysis, shape (input, output), row-major.</param>
    /// <param name="mean2">What is subtracted after it, shape (output).</param>
    /// <param name="mu">The mean of the PLDA, shape (output).</param>
    /// <param name="tr">The PLDA's transform as trained, shape (output, output), row-major.</param>
    /// <param name="psi">The between-speaker variances as trained, shape (output), all positive.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a variance is not positive, or the transform is not finite.</exception>
    public Plda(double[] mean1, double[] lda, double[] mean2, double[] mu, double[] tr, double[] psi)
    {
        InputDimension = mean1.Length;
        Dimension = mean2.Length;
        if (lda.Length != InputDimension * Dimension || mu.Length != Dimension || tr.Length != Dimension * Dimension || psi.Length != Dimension)
        {
            throw new ArgumentException($"The parts of the PLDA do not fit {InputDimension} inputs and {Dimension} outputs.", nameof(lda));
        }

        _mean1 = mean1;
        _mean2 = mean2;
        _mu = mu;
        _ldaTransposed = new double[lda.Length];
        for (int input = 0; input < InputDimension; input++)
        {
            for (int output = 0; output < Dimension; output++)
            {
                _ldaTransposed[(output * InputDimension) + input] = lda[(input * Dimension) + output];
            }
        }

        if (psi.Any(variance => !double.IsFinite(variance) || variance <= 0) || tr.Any(value => !double.IsFinite(value)))
        {
            throw new ArgumentException("The variances of the PLDA are not all positive, or its transform is not finite.", nameof(psi));
        }

        // VBx wants the vectors that make W = (trᵀ·tr)⁻¹ the identity and B = ((trᵀ/ψ)·tr)⁻¹ diagonal, by descending variance. The rows of tr
        // do: tr·W·trᵀ = I and tr·B·trᵀ = diag(ψ). They only need sorting.
        int[] order = [.. Enumerable.Range(0, Dimension).OrderByDescending(axis => psi[axis])];
        Phi = [.. order.Select(axis => psi[axis])];
        _basis = new double[tr.Length];
        for (int axis = 0; axis < Dimension; axis++)
        {
            tr.AsSpan(order[axis] * Dimension, Dimension).CopyTo(_basis.AsSpan(axis * Dimension));
        }
    }

    /// <summary>The length of a raw embedding.</summary>
    public int InputDimension { get; }

    /// <summary>The length of a transformed vector.</summary>
    public int Dimension { get; }

    /// <summary>Φ: the between-speaker variance along every axis of the transformed space, descending.</summary>
    public double[] Phi { get; }

    /// <summary>An axis of the transformed space, of which <see cref="Phi"/> is the variance, shape (<see cref="Dimension"/>).</summary>
    internal ReadOnlySpan<double> Axis(int axis) => _basis.AsSpan(axis * Dimension, Dimension);

    /// <summary>Reads the two files of the community-1 PLDA.</summary>
    /// <param name="transformPath"><c>xvec_transform.npz</c> with mean1, mean2 and lda.</param>
    /// <param name="pldaPath"><c>plda.npz</c> with mu, tr and psi.</param>
    /// <exception cref="PackException">A file is missing, damaged or for something else.</exception>
    public static Plda Load(string transformPath, string pldaPath) => Load(Npz.Read(transformPath), Npz.Read(pldaPath));

    /// <summary>Takes the arrays of the two files.</summary>
    /// <param name="transform">mean1, mean2 and lda.</param>
    /// <param name="plda">mu, tr and psi.</param>
    /// <exception cref="PackException">An array is missing or of another shape.</exception>
    public static Plda Load(Npz transform, Npz plda)
    {
        int input = transform.Get("mean1", -1).Length;
        int output = transform.Get("mean2", -1).Length;
        try
        {
            return new Plda(
                transform["mean1"].ToDoubles(),
                transform.Get("lda", input, output).ToDoubles(),
                transform["mean2"].ToDoubles(),
                plda.Get("mu", output).ToDoubles(),
                plda.Get("tr", output, output).ToDoubles(),
                plda.Get("psi", output).ToDoubles());
        }
        catch (ArgumentException error)
        {
            throw new PackException($"{plda.Origin}: its matrices cannot be used ({error.Message}); get the file again.", error);
        }
    }

    /// <summary>Centring, LDA and length normalization: √out·norm(ldaᵀ·(√in·norm(x − mean1)) − mean2).</summary>
    /// <param name="embeddings">Raw embeddings, shape (count, <see cref="InputDimension"/>).</param>
    /// <returns>Shape (count, <see cref="Dimension"/>).</returns>
    public PointSet NormalizeLength(PointSet embeddings)
    {
        if (embeddings.Dimension != InputDimension)
        {
            throw new ArgumentException($"The PLDA takes embeddings of {InputDimension} dimensions, not {embeddings.Dimension}.", nameof(embeddings));
        }

        var result = new PointSet(embeddings.Count, Dimension);
        embeddings.Weights.CopyTo(result.Weights.AsSpan());
        var centred = new double[InputDimension];
        for (int index = 0; index < embeddings.Count; index++)
        {
            embeddings[index].CopyTo(centred);
            VectorMath.AddScaled(centred, -1, _mean1);
            VectorMath.ScaleToNorm(centred, Math.Sqrt(InputDimension));
            Span<double> output = result[index];
            for (int axis = 0; axis < Dimension; axis++)
            {
                output[axis] = VectorMath.Dot(_ldaTransposed.AsSpan(axis * InputDimension, InputDimension), centred);
            }

            VectorMath.AddScaled(output, -1, _mean2);
            VectorMath.ScaleToNorm(output, Math.Sqrt(Dimension));
        }

        return result;
    }

    /// <summary>Raw embeddings in the space where VBx works; an axis may be mirrored against other implementations.</summary>
    /// <param name="embeddings">Raw embeddings, shape (count, <see cref="InputDimension"/>).</param>
    /// <returns>Shape (count, <see cref="Dimension"/>).</returns>
    public PointSet Transform(PointSet embeddings)
    {
        PointSet normalized = NormalizeLength(embeddings);
        var result = new PointSet(embeddings.Count, Dimension);
        embeddings.Weights.CopyTo(result.Weights.AsSpan());
        for (int index = 0; index < embeddings.Count; index++)
        {
            Span<double> centred = normalized[index];
            VectorMath.AddScaled(centred, -1, _mu);
            for (int axis = 0; axis < Dimension; axis++)
            {
                result[index][axis] = VectorMath.Dot(Axis(axis), centred);
            }
        }

        return result;
    }
}
