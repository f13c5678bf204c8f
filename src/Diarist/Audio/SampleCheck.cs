using System.Globalization;

namespace Diarist.Audio;

/// <summary>Tells samples that a caller hands over from what only looks like them.</summary>
internal static class SampleCheck
{
    // Mixes may exceed full scale a little; integers of 16 bits that were never scaled exceed it by thousands.
    private const float LargestMagnitude = 16;

    /// <summary>Requires finite samples in about [−1, 1].</summary>
    /// <exception cref="ArgumentException">One is not; the message names the first.</exception>
    public static void Require(ReadOnlySpan<float> samples, string parameter)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!(MathF.Abs(samples[i]) <= LargestMagnitude))
            {
                string hint = float.IsFinite(samples[i]) ? "; divide integers of 16 bits by 32768" : "";
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Sample {i} is {samples[i]}; samples must be finite and lie in [-1, 1]{hint}."), parameter);
            }
        }
    }
}
