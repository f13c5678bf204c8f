namespace Diarist.Audio;

/// <summary>
/// The windowed-sinc low-pass filter of the resampler: pass band to 0.9 and stop band from 1.0 of the lower of the
/// two Nyquist frequencies, stop-band attenuation <see cref="AttenuationDb"/> by Kaiser's formulas
/// (Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.5.3).
/// </summary>
internal sealed class KaiserSinc
{
    /// <summary>What is left in the stop band, in dB below the pass band; some more than the 80 that are promised.</summary>
    public const double AttenuationDb = 96;

    private const double PassEdge = 0.9;
    private const double Beta = 0.1102 * (AttenuationDb - 8.7);
    private static readonly double WindowScale = 1 / BesselI0(Beta);

    private readonly double _cutoff;

    /// <summary>Designs the filter for one pair of rates, on the time grid of the input.</summary>
    public KaiserSinc(int inputRate, int outputRate)
    {
        double lowerNyquist = 0.5 * Math.Min(1, outputRate / (double)inputRate);
        double transition = (1 - PassEdge) * lowerNyquist;
        _cutoff = lowerNyquist * (1 + PassEdge) / 2;
        HalfWidth = (AttenuationDb - 7.95) / (2.285 * 2 * Math.PI * transition) / 2;
    }

    /// <summary>The filter is zero at and beyond this many input samples from its centre.</summary>
    public double HalfWidth { get; }

    /// <summary>The impulse response <paramref name="distance"/> input samples from the centre.</summary>
    public double this[double distance]
    {
        get
        {
            double relative = distance / HalfWidth;
            if (Math.Abs(relative) >= 1)
            {
                return 0;
            }

            double angle = 2 * Math.PI * _cutoff * distance;
            double sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
            return 2 * _cutoff * sinc * BesselI0(Beta * Math.Sqrt(1 - (relative * relative))) * WindowScale;
        }
    }

    private static double BesselI0(double x)
    {
        double sum = 1;
        double term = 1;
        double quarter = x * x / 4;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
