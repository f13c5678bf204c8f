using Diarist.Audio;

namespace Diarist.Simulation;

/// <summary>A narrow-band telephone call: 8 kHz, 300 to 3400 Hz, µ-law (ITU-T G.711), and back to 16 kHz.</summary>
internal static class TelephoneChannel
{
    private const int SampleRate = 8000;
    private const double LowEdge = 300;
    private const double HighEdge = 3400;

    /// <summary>
    /// Taps on each side of a brick wall with edges 60 Hz wide: it leaves nothing of a voice's fundamental.
    /// </summary>
    public const int SteepHalfTaps = 128;

    /// <summary>Taps on each side of a filter with edges 300 Hz wide: what a Butterworth band-pass of fourth order does (−14 dB at 200 Hz, −28 dB at 100 Hz).</summary>
    public const int PlainHalfTaps = 24;

    /// <summary>Passes 16 kHz audio through the channel; as many samples come back, with no delay.</summary>
    public static float[] Apply(float[] samples, int halfTaps = PlainHalfTaps)
    {
        double[] bandPass = MakeBandPass(halfTaps);
        float[] narrow = Resample(samples, MonoStream.SampleRate, SampleRate);
        var coded = new float[narrow.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            double sum = 0;
            int first = Math.Max(0, i - halfTaps);
            int last = Math.Min(narrow.Length - 1, i + halfTaps);
            for (int k = first; k <= last; k++)
            {
                sum += narrow[k] * bandPass[i - k + halfTaps];
            }

            coded[i] = G711.DecodeMuLaw(G711.EncodeMuLaw(AudioWriter.Quantize((float)sum))) / 32768f;
        }

        return Resample(coded, SampleRate, MonoStream.SampleRate)[..samples.Length];
    }

    private static float[] Resample(float[] samples, int from, int to)
    {
        var resampler = new Resampler(from, to);
        resampler.Write(samples);
        resampler.Complete();
        var result = new float[resampler.OutputLength(samples.Length)];
        for (int count = 0; count < result.Length;)
        {
            count += resampler.Read(result.AsSpan(count));
        }

        return result;
    }

    // The difference of two low-pass filters under a Hamming window.
    private static double[] MakeBandPass(int halfTaps)
    {
        var taps = new double[(2 * halfTaps) + 1];
        for (int i = 0; i < taps.Length; i++)
        {
            int n = i - halfTaps;
            double window = 0.54 + (0.46 * Math.Cos(Math.PI * n / halfTaps));
            taps[i] = window * (LowPass(n, HighEdge) - LowPass(n, LowEdge));
        }

        return taps;
    }

    private static double LowPass(int n, double edge) =>
        n == 0 ? 2 * edge / SampleRate : Math.Sin(2 * Math.PI * edge / SampleRate * n) / (Math.PI * n);
}
