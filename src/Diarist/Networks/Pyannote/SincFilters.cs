namespace Diarist.Networks.Pyannote;

/// <summary>
/// The learned band-pass filters of PyanNet's first layer: 40 even (cosine) and 40 odd (sine) filters of 251 taps,
/// each given by its lower edge and its bandwidth. Source: SincNet (Ravanelli and Bengio 2018) as in
/// asteroid_filterbanks' ParamSincFB, which pyannote.audio uses.
/// </summary>
internal static class SincFilters
{
    /// <summary>Taps of a filter.</summary>
    public const int Taps = 251;

    /// <summary>Filters in all.</summary>
    public const int Count = 80;

    /// <summary>Taps left of the middle one.</summary>
    public const int Half = Taps / 2;

    private const float LowestHz = 50, NarrowestHz = 50, HighestHz = 8000;

    /// <summary>Computes the filters, shape (80, 251).</summary>
    /// <param name="lowHz">The parameter low_hz_, 40 values.</param>
    /// <param name="bandHz">The parameter band_hz_, 40 values.</param>
    /// <param name="angles">The constant n_: 2π · (−125 … −1) / 16000.</param>
    /// <param name="window">The constant window_: the left half of a Hamming window of 251.</param>
    /// <remarks>
    /// Arguments of sin and cos reach 2π · 8000 · 125 / 16000 = 393, where float32 resolves only 3e-5; rounding is therefore
    /// part of the network as it was trained and exported. Every step is in float32 and in the order of the exported graph.
    /// </remarks>
    public static float[] Compute(ReadOnlySpan<float> lowHz, ReadOnlySpan<float> bandHz, ReadOnlySpan<float> angles, ReadOnlySpan<float> window)
    {
        float[] filters = new float[Count * Taps];
        for (int filter = 0; filter < Count / 2; filter++)
        {
            float low = LowestHz + MathF.Abs(lowHz[filter]);
            float high = Math.Clamp(low + NarrowestHz + MathF.Abs(bandHz[filter]), LowestHz, HighestHz);
            float band = high - low;
            Span<float> even = filters.AsSpan(filter * Taps, Taps);
            Span<float> odd = filters.AsSpan((filter + (Count / 2)) * Taps, Taps);
            for (int tap = 0; tap < Half; tap++)
            {
                float angle = angles[tap], weight = window[tap];
                float atHigh = high * angle, atLow = low * angle;
                even[tap] = even[Taps - 1 - tap] = Weighted(SinglePrecisionSine.Sin(atHigh) - SinglePrecisionSine.Sin(atLow));
                odd[tap] = Weighted(SinglePrecisionSine.Cos(atLow) - SinglePrecisionSine.Cos(atHigh));
                odd[Taps - 1 - tap] = -odd[tap];

                float Weighted(float difference) => difference / (angle / 2) * weight / (2 * band);
            }

            // The middle of the even filter is 2 · band over 2 · band, that of the odd one stays 0.
            even[Half] = 1;
        }

        return filters;
    }
}
