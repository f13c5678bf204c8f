using System.Numerics;

namespace Diarist.Tests.Reference;

/// <summary>The front ends as their definitions read: one frame at a time, everything in double.</summary>
internal static class FilterBankReference
{
    /// <summary>Kaldi's log mel filter bank of REFERENCE section 4: shape (frames, 80).</summary>
    public static double[][] Kaldi(float[] samples)
    {
        int frames = 1 + ((samples.Length - 400) / 160);

        // Where each bin lies among the filters' centres 1 to 80.
        double[] places = [.. Enumerable.Range(0, 257).Select(bin => (Mel(bin * 31.25) - Mel(20)) / ((Mel(8000) - Mel(20)) / 81))];
        return [.. Enumerable.Range(0, frames).Select(frame =>
        {
            double[] x = [.. samples[(frame * 160)..((frame * 160) + 400)].Select(sample => sample * 32768.0)];
            double mean = x.Average();
            double[] centred = [.. x.Select(value => value - mean)];
            var shaped = new double[512];
            for (int i = 0; i < 400; i++)
            {
                double before = i == 0 ? centred[0] : centred[i - 1];
                shaped[i] = (centred[i] - (0.97 * before)) * (0.54 - (0.46 * Math.Cos(2 * Math.PI * i / 399)));
            }

            double[] power = Power(shaped);
            return Enumerable.Range(0, 80).Select(filter =>
            {
                double energy = 0;
                for (int bin = 0; bin < 257; bin++)
                {
                    energy += power[bin] * Math.Max(0, 1 - Math.Abs(places[bin] - (filter + 1)));
                }

                return Math.Log(Math.Max(energy, 1.1920929e-07));
            }).ToArray();
        })];

        static double Mel(double hz) => 1127 * Math.Log(1 + (hz / 700));
    }

    /// <summary>The squared magnitudes of bins 0 to half the length.</summary>
    public static double[] Power(double[] x) =>
        [.. Transform([.. x.Select(value => new Complex(value, 0))], 0, 1).Take((x.Length / 2) + 1).Select(value => (value.Real * value.Real) + (value.Imaginary * value.Imaginary))];

    /// <summary>The textbook recursion over even and odd samples: those at <paramref name="first"/> and every <paramref name="stride"/> after.</summary>
    private static Complex[] Transform(Complex[] x, int first, int stride)
    {
        int length = x.Length / stride;
        if (length == 1)
        {
            return [x[first]];
        }

        Complex[] even = Transform(x, first, 2 * stride);
        Complex[] odd = Transform(x, first + stride, 2 * stride);
        var result = new Complex[length];
        for (int k = 0; k < even.Length; k++)
        {
            Complex turned = Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length) * odd[k];
            result[k] = even[k] + turned;
            result[k + even.Length] = even[k] - turned;
        }

        return result;
    }
}
