using Diarist.Networks.Pyannote;

namespace Diarist.Tests.Reference;

/// <summary>PyanNet as its definition reads, one window, in double.</summary>
internal static class SlowPyanNet
{
    private const double Epsilon = 1e-5;

    /// <summary>Log-probabilities (frames, 7).</summary>
    public static double[][] LogProbabilities(PyanNetWeights weights, ReadOnlySpan<float> window)
    {
        double[][] x = [Array.ConvertAll(window.ToArray(), sample => (double)sample)];
        x = Norm(x, weights.WaveformNorm);
        x = Convolve(x, weights.Filters, null, 80, SincFilters.Taps, 10);
        x = [.. x.Select(channel => Array.ConvertAll(channel, Math.Abs))];
        x = Map(Norm(Pool(x), weights.Norms[0]), Leaky);
        for (int i = 0; i < 2; i++)
        {
            x = Convolve(x, weights.Convolutions[i].Weight, weights.Convolutions[i].Bias, 60, 5, 1);
            x = Map(Norm(Pool(x), weights.Norms[i + 1]), Leaky);
        }

        double[][] sequence = [.. Enumerable.Range(0, x[0].Length).Select(t => x.Select(channel => channel[t]).ToArray())];
        foreach (LstmWeights lstm in weights.Lstms)
        {
            double[][] forward = Lstm(lstm, sequence, 0), backward = Lstm(lstm, sequence, 1);
            sequence = [.. forward.Zip(backward, (f, b) => (double[])[.. f, .. b])];
        }

        for (int i = 0; i < 3; i++)
        {
            sequence = Linear(sequence, weights.Linears[i]);
            sequence = i < 2 ? Map(sequence, Leaky) : [.. sequence.Select(LogSoftmax)];
        }

        return sequence;
    }

    private static double Leaky(double x) => x > 0 ? x : 0.01 * x;

    private static double[][] Map(double[][] x, Converter<double, double> f) => [.. x.Select(row => Array.ConvertAll(row, f))];

    private static double[][] Norm(double[][] x, NormWeights weights) => [.. x.Select((channel, i) =>
    {
        double mean = channel.Average(), variance = channel.Average(value => (value - mean) * (value - mean));
        return Array.ConvertAll(channel, value => ((value - mean) / Math.Sqrt(variance + Epsilon) * weights.Scale[i]) + weights.Bias[i]);
    })];

    private static double[][] Pool(double[][] x) => [.. x.Select(channel =>
        Enumerable.Range(0, channel.Length / 3).Select(t => Math.Max(channel[3 * t], Math.Max(channel[(3 * t) + 1], channel[(3 * t) + 2]))).ToArray())];

    private static double[][] Convolve(double[][] x, float[] weights, float[]? bias, int outputs, int taps, int stride)
    {
        int inputs = x.Length, frames = ((x[0].Length - taps) / stride) + 1;
        double[][] y = new double[outputs][];
        Parallel.For(0, outputs, output =>
        {
            y[output] = new double[frames];
            for (int frame = 0; frame < frames; frame++)
            {
                double sum = bias?[output] ?? 0;
                for (int input = 0; input < inputs; input++)
                {
                    for (int tap = 0; tap < taps; tap++)
                    {
                        sum += weights[(((output * inputs) + input) * taps) + tap] * x[input][(frame * stride) + tap];
                    }
                }

                y[output][frame] = sum;
            }
        });
        return y;
    }

    private static double[][] Lstm(LstmWeights weights, double[][] input, int direction)
    {
        double[] bias = [.. Enumerable.Range(0, 512).Select(row => (double)weights.Bias[(direction * 1024) + row] + weights.Bias[(direction * 1024) + 512 + row])];
        return SlowLstm.Run(input, direction == 1, [0, 1, 2, 3], Rows(weights.Input.Widened(), direction, weights.Inputs), Rows(weights.Recurrent.Widened(), direction, 128), bias);
    }

    private static double[][] Rows(float[] weights, int direction, int columns) => [.. Enumerable.Range(0, 512).Select(row =>
        Array.ConvertAll(weights.AsSpan(((direction * 512) + row) * columns, columns).ToArray(), value => (double)value))];

    private static double[][] Linear(double[][] x, LayerWeights layer) => [.. x.Select(row =>
        layer.Bias.Select((bias, n) => bias + row.Select((value, k) => value * layer.Weight[(k * layer.Bias.Length) + n]).Sum()).ToArray())];

    private static double[] LogSoftmax(double[] scores)
    {
        double greatest = scores.Max(), sum = scores.Sum(score => Math.Exp(score - greatest));
        return Array.ConvertAll(scores, score => score - greatest - Math.Log(sum));
    }
}
