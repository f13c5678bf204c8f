namespace Diarist.Audio;

/// <summary>A quantized linear predictor of a block of samples: x[n] ≈ (Σ coefficients[k]·x[n−1−k]) / 2^shift.</summary>
/// <param name="Coefficients">Newest sample first, of <see cref="Precision"/> bits.</param>
/// <param name="Shift">0 to 15.</param>
internal sealed record LinearPredictor(int[] Coefficients, int Shift)
{
    /// <summary>Bits of a coefficient, with its sign.</summary>
    public const int Precision = 13;

    private const int MaxOrder = 12;
    private const int MaxShift = 15;

    /// <summary>Finds the predictor of the order that should cost the fewest bits; <see langword="null"/> for blocks too short or silent.</summary>
    public static LinearPredictor? Fit(ReadOnlySpan<int> samples, int bitsPerSample)
    {
        if (samples.Length <= 2 * MaxOrder)
        {
            return null;
        }

        double[] autocorrelation = Autocorrelation(samples);
        if (autocorrelation[0] <= 0)
        {
            return null;
        }

        (double[][] predictors, double[] errors) = LevinsonDurbin(autocorrelation);
        int best = 0;
        double fewestBits = double.MaxValue;
        for (int order = 1; order <= predictors.Length; order++)
        {
            // The entropy of a Laplacian residual of that power, plus the header.
            double bits = (0.5 * Math.Log2(Math.Max(errors[order - 1] / samples.Length, 1e-3)) * samples.Length) + (order * (Precision + bitsPerSample));
            (best, fewestBits) = bits < fewestBits ? (order, bits) : (best, fewestBits);
        }

        return Quantize(predictors[best - 1]);
    }

    /// <summary>The samples after the first ones minus their predictions.</summary>
    public int[] Residual(ReadOnlySpan<int> samples)
    {
        var residual = new int[samples.Length - Coefficients.Length];
        for (int i = 0; i < residual.Length; i++)
        {
            long sum = 0;
            for (int k = 0; k < Coefficients.Length; k++)
            {
                sum += (long)Coefficients[k] * samples[i + Coefficients.Length - 1 - k];
            }

            residual[i] = samples[i + Coefficients.Length] - (int)(sum >> Shift);
        }

        return residual;
    }

    // Of the samples under a Welch window.
    private static double[] Autocorrelation(ReadOnlySpan<int> samples)
    {
        var windowed = new double[samples.Length];
        double half = (samples.Length - 1) / 2.0;
        for (int i = 0; i < windowed.Length; i++)
        {
            double x = (i - half) / (half + 1);
            windowed[i] = samples[i] * (1 - (x * x));
        }

        var result = new double[MaxOrder + 1];
        for (int lag = 0; lag <= MaxOrder; lag++)
        {
            for (int i = lag; i < windowed.Length; i++)
            {
                result[lag] += windowed[i] * windowed[i - lag];
            }
        }

        return result;
    }

    // The predictors of order 1 to MaxOrder, and the power of the error that each leaves.
    private static (double[][] Predictors, double[] Errors) LevinsonDurbin(double[] autocorrelation)
    {
        var predictors = new List<double[]>();
        var errors = new List<double>();
        double[] last = [];
        double error = autocorrelation[0];
        for (int order = 1; order <= MaxOrder && error > 0; order++)
        {
            double reflection = autocorrelation[order];
            for (int k = 0; k < last.Length; k++)
            {
                reflection -= last[k] * autocorrelation[order - 1 - k];
            }

            reflection /= error;
            var next = new double[order];
            for (int k = 0; k < last.Length; k++)
            {
                next[k] = last[k] - (reflection * last[last.Length - 1 - k]);
            }

            next[order - 1] = reflection;
            error *= 1 - (reflection * reflection);
            predictors.Add(next);
            errors.Add(error);
            last = next;
        }

        return ([.. predictors], [.. errors]);
    }

    private static LinearPredictor Quantize(double[] predictor)
    {
        double largest = predictor.Max(Math.Abs);
        int limit = 1 << (Precision - 1);
        int shift = Math.Clamp((int)Math.Floor(Math.Log2((limit - 1) / Math.Max(largest, 1e-9))), 0, MaxShift);
        var coefficients = new int[predictor.Length];
        double error = 0;
        for (int k = 0; k < predictor.Length; k++)
        {
            // What rounding takes from one coefficient goes to the next.
            error += predictor[k] * (1 << shift);
            coefficients[k] = (int)Math.Clamp(Math.Round(error), -limit, limit - 1);
            error -= coefficients[k];
        }

        return new LinearPredictor(coefficients, shift);
    }
}
