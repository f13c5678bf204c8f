using Diarist.Clustering;
using Diarist.Features;
using Diarist.Inference;
using Diarist.Networks.Voxsv;
using Diarist.Numerics;
using Diarist.Simulation;

namespace Diarist.Accuracy;

/// <summary>
/// Trains the discriminant of voxsv vectors from utterances of single speakers, clean and through two telephone channels.
/// Within-speaker covariance: spans of four vectors (2.8 s) about their utterance's mean. Between-speaker covariance:
/// utterance means about their channel's mean, less what the within-speaker covariance puts into a mean.
/// </summary>
internal sealed class DiscriminantTraining(string voxsvPath)
{
    private const int Dimension = VoxsvNetwork.Dimension;
    private const int Hop = 8_000;
    private const int Span = 4;

    // Both chosen on mixtures of the tuning speakers; neither matters much (dimensions 32–64, shrinkage 0.1–0.3).
    private const int KeptDimensions = 48;
    private const double Shrinkage = 0.2;

    // Near what the tuning speakers' clean mixtures show (VectorScatter: 0.25 on average); the unit of all others.
    private const double CleanScatter = 0.27;

    private readonly VoxsvNetwork _network = new(SafeTensors.Read(voxsvPath));
    private readonly LogMelSpectrogram _spectrogram = new();

    public SpeakerDiscriminant Train(IReadOnlyList<SourceUtterance> utterances)
    {
        List<double[]>[] clean = [.. utterances.Select(utterance => Spans(utterance.Load()))];
        List<double[]>[] steep = [.. utterances.Select(utterance => Spans(TelephoneChannel.Apply(utterance.Load(), TelephoneChannel.SteepHalfTaps)))];
        List<double[]>[] gentle = [.. utterances.Select(utterance => Spans(TelephoneChannel.Apply(utterance.Load(), TelephoneChannel.GentleHalfTaps)))];
        List<double[]>[][] channels = [clean, clean, steep, gentle]; // broadband and telephone weigh the same
        double[] mean = new double[Dimension];
        double[] within = new double[Dimension * Dimension];
        double[] between = new double[Dimension * Dimension];
        int spans = 0;
        foreach (List<double[]>[] channel in channels)
        {
            double[][] means = [.. channel.Select(Mean)];
            double[] centre = Mean(means);
            for (int speaker = 0; speaker < means.Length; speaker++)
            {
                AddOuter(between, means[speaker], centre, 1.0 / (channels.Length * (means.Length - 1)));
                foreach (double[] span in channel[speaker])
                {
                    AddOuter(within, span, means[speaker], 1);
                    spans++;
                }
            }

            for (int i = 0; i < Dimension; i++)
            {
                mean[i] += centre[i] / channels.Length;
            }
        }

        double trace = 0;
        for (int i = 0; i < within.Length; i++)
        {
            // About three degrees of freedom in every four spans of an utterance.
            within[i] /= spans * 0.75;
            between[i] -= within[i] / 4;
            trace += i % (Dimension + 1) == 0 ? within[i] : 0;
        }

        for (int i = 0; i < within.Length; i++)
        {
            within[i] = ((1 - Shrinkage) * within[i]) + (i % (Dimension + 1) == 0 ? Shrinkage * trace / Dimension : 0);
        }

        (double[] values, double[] vectors) = SymmetricEigenproblem.SolveGeneralised(between, within, Dimension);
        double[] projection = new double[Dimension * KeptDimensions];
        for (int axis = 0; axis < KeptDimensions; axis++)
        {
            for (int i = 0; i < Dimension; i++)
            {
                projection[(i * KeptDimensions) + axis] = vectors[(axis * Dimension) + i];
            }
        }

        return new SpeakerDiscriminant(mean, projection, [.. values.Take(KeptDimensions).Select(value => Math.Max(value, 1e-6))], CleanScatter);
    }

    /// <summary>Unit means of four consecutive unit vectors.</summary>
    private List<double[]> Spans(float[] samples)
    {
        var vectors = new List<double[]>();
        float[] logMel = new float[LogMelSpectrogram.FrameCount(VoxsvThinResNet.WindowSamples) * LogMelSpectrogram.Filters];
        sbyte[] input = new sbyte[VoxsvNetwork.Height * VoxsvNetwork.Width];
        sbyte[] output = new sbyte[Dimension];
        for (int start = 0; start + VoxsvThinResNet.WindowSamples <= samples.Length; start += Hop)
        {
            _spectrogram.Compute(samples.AsSpan(start, VoxsvThinResNet.WindowSamples), logMel);
            VoxsvThinResNet.Quantize(logMel, input);
            _network.Run(input, output);
            vectors.Add(Unit([.. output.Select(value => (double)value)]));
        }

        return [.. vectors.Chunk(Span).Where(chunk => chunk.Length == Span).Select(chunk => Unit(Mean(chunk)))];
    }

    private static double[] Mean(IReadOnlyList<double[]> vectors)
    {
        double[] mean = new double[Dimension];
        foreach (double[] vector in vectors)
        {
            for (int i = 0; i < Dimension; i++)
            {
                mean[i] += vector[i] / vectors.Count;
            }
        }

        return mean;
    }

    private static double[] Unit(double[] vector)
    {
        VectorMath.ScaleToNorm(vector, 1);
        return vector;
    }

    private static void AddOuter(double[] sum, double[] vector, double[] centre, double weight)
    {
        for (int i = 0; i < Dimension; i++)
        {
            for (int j = 0; j < Dimension; j++)
            {
                sum[(i * Dimension) + j] += weight * (vector[i] - centre[i]) * (vector[j] - centre[j]);
            }
        }
    }
}
