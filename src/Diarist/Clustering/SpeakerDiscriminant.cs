using System.Text.Json;
using Diarist.Embedding;
using Diarist.Numerics;

namespace Diarist.Clustering;

/// <summary>
/// A linear discriminant analysis of one embedder's vectors: in the projected space the within-speaker covariance is the
/// identity and the between-speaker covariance is diag(Φ), the two-covariance model of PLDA. Trained by
/// <c>benchmarks/Diarist.Accuracy</c> (docs/accuracy.md).
/// </summary>
internal sealed class SpeakerDiscriminant
{
    private static readonly Lazy<SpeakerDiscriminant> VoxsvFile = new(() =>
    {
        using Stream stream = typeof(SpeakerDiscriminant).Assembly.GetManifestResourceStream("Diarist.voxsv-discriminant.json")!;
        return Read(stream);
    });

    private readonly double[] _mean;
    private readonly double[] _projection;

    /// <summary>Creates the projection.</summary>
    /// <param name="mean">What is subtracted first, shape (input).</param>
    /// <param name="projection">Shape (input, output), row-major.</param>
    /// <param name="phi">Φ, the between-speaker variance along every output axis, descending, shape (output).</param>
    /// <param name="scatter">The mean squared distance of unit vectors of one speaker from their mean, in the training data.</param>
    public SpeakerDiscriminant(double[] mean, double[] projection, double[] phi, double scatter)
    {
        if (projection.Length != mean.Length * phi.Length)
        {
            throw new ArgumentException($"A projection from {mean.Length} to {phi.Length} dimensions needs {mean.Length * phi.Length} numbers, not {projection.Length}.", nameof(projection));
        }

        (_mean, _projection, Phi, Scatter) = (mean, projection, phi, scatter);
    }

    /// <summary>For the vectors of voxsv: means of unit vectors.</summary>
    public static SpeakerDiscriminant Voxsv => VoxsvFile.Value;

    /// <summary>Φ, descending.</summary>
    public double[] Phi { get; }

    /// <summary>The scatter of clean speech; that of a recording tells how its channel spreads or squeezes the vectors.</summary>
    public double Scatter { get; }

    /// <summary>The length of a vector before the projection.</summary>
    public int InputDimension => _mean.Length;

    /// <summary>Projects every vector; missing ones stay missing. The length of a vector is kept as information, not normalised.</summary>
    /// <exception cref="ArgumentException">The vectors are of another embedder.</exception>
    public Embeddings Project(Embeddings embeddings)
    {
        if (embeddings.Dimension != InputDimension)
        {
            throw new ArgumentException($"The embeddings have {embeddings.Dimension} dimensions, but this discriminant was trained for {InputDimension}.", nameof(embeddings));
        }

        var result = new Embeddings(embeddings.Windows, Phi.Length, embeddings.Speakers);
        var sum = new double[Phi.Length];
        for (int window = 0; window < embeddings.Windows; window++)
        {
            for (int speaker = 0; speaker < embeddings.Speakers; speaker++)
            {
                Project(embeddings[window, speaker], sum);
                Span<float> projected = result[window, speaker];
                for (int axis = 0; axis < sum.Length; axis++)
                {
                    projected[axis] = (float)sum[axis];
                }
            }
        }

        return result;
    }

    /// <summary>Writes the numbers as <see cref="Read"/> reads them.</summary>
    public void Write(Stream stream) =>
        JsonSerializer.Serialize(stream, new File { Mean = Rounded(_mean), Projection = Rounded(_projection), Phi = Rounded(Phi), Scatter = Scatter });

    private static SpeakerDiscriminant Read(Stream stream)
    {
        File file = JsonSerializer.Deserialize<File>(stream)!;
        return new SpeakerDiscriminant(Widened(file.Mean), Widened(file.Projection), Widened(file.Phi), file.Scatter);
    }

    // Single precision is far finer than what the training data can tell, and halves the file.
    private static float[] Rounded(double[] values) => [.. values.Select(value => (float)value)];

    private static double[] Widened(float[] values) => [.. values.Select(value => (double)value)];

    private void Project(ReadOnlySpan<float> vector, Span<double> result)
    {
        result.Clear();
        for (int i = 0; i < vector.Length; i++)
        {
            VectorMath.AddScaled(result, vector[i] - _mean[i], _projection.AsSpan(i * Phi.Length, Phi.Length));
        }
    }

    private sealed class File
    {
        public required float[] Mean { get; init; }

        public required float[] Projection { get; init; }

        public required float[] Phi { get; init; }

        public required double Scatter { get; init; }
    }
}
