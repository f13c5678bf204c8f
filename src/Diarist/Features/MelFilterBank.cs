using System.Numerics;
using System.Runtime.CompilerServices;
using Diarist.Numerics;

namespace Diarist.Features;

/// <summary>Triangular filters over the bins of a power spectrum, kept as the run of bins that each one touches.</summary>
internal sealed class MelFilterBank
{
    private readonly int[] _firstBins;
    private readonly double[][] _weights;

    private MelFilterBank(double[] edges, Func<double, double> axis, int sampleRate, int fftLength)
    {
        int filters = edges.Length - 2;
        _firstBins = new int[filters];
        _weights = new double[filters][];
        for (int filter = 0; filter < filters; filter++)
        {
            (double left, double centre, double right) = (edges[filter], edges[filter + 1], edges[filter + 2]);
            double[] weights = Arrays.Make((fftLength / 2) + 1, Weight);
            _firstBins[filter] = Math.Max(Array.FindIndex(weights, weight => weight > 0), 0);
            _weights[filter] = weights[_firstBins[filter]..(Array.FindLastIndex(weights, weight => weight > 0) + 1)];

            double Weight(int bin)
            {
                double place = axis(bin * (double)sampleRate / fftLength);
                return Math.Max(0, Math.Min((place - left) / (centre - left), (right - place) / (right - centre)));
            }
        }
    }

    /// <summary>The number of filters.</summary>
    public int Count => _weights.Length;

    /// <summary>Kaldi's filters: edges equally spaced in mel = 1127·ln(1 + f/700), triangles linear in mel.</summary>
    public static MelFilterBank Kaldi(int filters, double lowHz, double highHz, int sampleRate, int fftLength) =>
        new(Edges(filters, KaldiMel(lowHz), KaldiMel(highHz)), KaldiMel, sampleRate, fftLength);

    /// <summary>The energies in the filters of several power spectra, one in each lane.</summary>
    /// <param name="power">Shape (bins).</param>
    /// <param name="energies">Receives shape (<see cref="Count"/>).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(ReadOnlySpan<Vector<double>> power, Span<Vector<double>> energies)
    {
        for (int filter = 0; filter < _weights.Length; filter++)
        {
            double[] weights = _weights[filter];
            ReadOnlySpan<Vector<double>> bins = power.Slice(_firstBins[filter], weights.Length);
            Vector<double> sum = Vector<double>.Zero;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += bins[i] * weights[i];
            }

            energies[filter] = sum;
        }
    }

    private static double[] Edges(int filters, double low, double high) =>
        Arrays.Make(filters + 2, i => low + ((high - low) * i / (filters + 1)));

    private static double KaldiMel(double hz) => 1127 * Math.Log(1 + (hz / 700));
}
