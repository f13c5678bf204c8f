using System.Numerics;
using System.Runtime.InteropServices;
using Diarist.Features;

namespace Diarist.Networks.Nemotron3;

/// <summary>
/// The log mel rows of the network: pre-emphasis 0.97 over the whole signal, centred frames of 512 samples every 160 with a
/// symmetric Hann window of 400 in their middle, power, 128 bands, ln(p + 2⁻²⁴). Computed in double precision.
/// </summary>
/// <remarks>
/// Row r depends on samples 160r − 200 to 160r + 198 (and the one before, for the pre-emphasis): the window is zero outside, and at
/// its two ends. Before the first sample and after the last one the pre-emphasized signal is zero.
/// </remarks>
internal sealed class Nemotron3FrontEnd
{
    /// <summary>Samples from one row to the next.</summary>
    public const int Hop = 160;

    /// <summary>Samples before 160r that row r depends on, with the one for the pre-emphasis.</summary>
    public const int Before = 200;

    /// <summary>Samples from 160r on that row r depends on.</summary>
    public const int After = 199;

    /// <summary>Bins of a power spectrum.</summary>
    public const int Bins = (FrameLength / 2) + 1;

    private const int FrameLength = 512;
    private const int WindowLength = 400;
    private const double PreEmphasis = 0.97;
    private const double Guard = 1.0 / (1 << 24);

    private static readonly double[] Window = [.. Enumerable.Range(0, WindowLength).Select(i => (double)(float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (WindowLength - 1)))))];

    private readonly RealFft _fft = new(FrameLength);
    private readonly int[] _first = new int[Nemotron3Configuration.MelBands];
    private readonly double[][] _weights = new double[Nemotron3Configuration.MelBands][];

    /// <summary>Prepares the bands.</summary>
    /// <param name="filterBank">Shape (128, 257).</param>
    public Nemotron3FrontEnd(ReadOnlySpan<float> filterBank)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(filterBank.Length, Nemotron3Configuration.MelBands * Bins, nameof(filterBank));
        for (int band = 0; band < _weights.Length; band++)
        {
            ReadOnlySpan<float> row = filterBank.Slice(band * Bins, Bins);
            int first = row.IndexOfAnyExcept(0f), last = row.LastIndexOfAnyExcept(0f);
            _first[band] = Math.Max(first, 0);
            _weights[band] = first < 0 ? [] : [.. row[first..(last + 1)].ToArray().Select(weight => (double)weight)];
        }
    }

    /// <summary>
    /// The bands as the published front end makes them: Slaney's scale from 0 to 8000 Hz (linear to 1000 Hz, logarithmic above), triangles
    /// in Hz, each divided by half its width; in float32.
    /// </summary>
    public static float[] SlaneyBank()
    {
        const int bands = Nemotron3Configuration.MelBands;
        double top = Mel(8000);
        double[] edges = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(top * i / (bands + 1)))];
        var bank = new float[bands * Bins];
        for (int band = 0; band < bands; band++)
        {
            (double left, double centre, double right) = (edges[band], edges[band + 1], edges[band + 2]);
            for (int bin = 0; bin < Bins; bin++)
            {
                double hertz = bin * 16000.0 / FrameLength;
                double weight = Math.Max(0, Math.Min((hertz - left) / (centre - left), (right - hertz) / (right - centre)));
                bank[(band * Bins) + bin] = (float)(weight * 2 / (right - left));
            }
        }

        return bank;

        static double Mel(double hertz) => hertz < 1000 ? hertz * 3 / 200 : 15 + (Math.Log(hertz / 1000) * 27 / Math.Log(6.4));
        static double Hertz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
    }

    /// <summary>Computes rows.</summary>
    /// <param name="samples">Mono 16 kHz audio in [−1, 1]: a stretch of the recording.</param>
    /// <param name="start">The number of the stretch's first sample in the recording.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">Rows; the stretch must hold all samples that they depend on, apart from those before sample 0 and after the end.</param>
    /// <param name="mel">Receives shape (rows, 128).</param>
    public void Compute(ReadOnlySpan<float> samples, long start, long firstRow, int rows, Span<float> mel)
    {
        int lanes = Vector<double>.Count;
        Span<Vector<double>> frames = stackalloc Vector<double>[FrameLength];
        Span<Vector<double>> power = stackalloc Vector<double>[Bins];
        for (int row = 0; row < rows; row += lanes)
        {
            frames.Clear();
            Span<double> values = MemoryMarshal.Cast<Vector<double>, double>(frames);
            for (int lane = 0; lane < Math.Min(lanes, rows - row); lane++)
            {
                Gather(samples, ((firstRow + row + lane) * Hop) - Before - start, values[lane..], lanes);
            }

            _fft.PowerSpectrum(frames, power);
            for (int band = 0; band < _weights.Length; band++)
            {
                double[] weights = _weights[band];
                ReadOnlySpan<Vector<double>> bins = power.Slice(_first[band], weights.Length);
                Vector<double> sum = Vector<double>.Zero;
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += bins[i] * weights[i];
                }

                Vector<double> logarithm = Vector.Log(sum + new Vector<double>(Guard));
                for (int lane = 0; lane < lanes && row + lane < rows; lane++)
                {
                    mel[((row + lane) * _weights.Length) + band] = (float)logarithm[lane];
                }
            }
        }
    }

    /// <summary>Writes one windowed frame into its lane.</summary>
    private static void Gather(ReadOnlySpan<float> samples, long offset, Span<double> lane, int stride)
    {
        const int margin = (FrameLength - WindowLength) / 2;
        int from = (int)Math.Clamp(-offset, 0, WindowLength), to = (int)Math.Clamp(samples.Length - offset, from, WindowLength);
        for (int i = from; i < to; i++)
        {
            int index = (int)(offset + i);
            double previous = index > 0 ? samples[index - 1] : 0; // the recording's first sample has none before it
            lane[(margin + i) * stride] = (samples[index] - (PreEmphasis * previous)) * Window[i];
        }
    }
}
