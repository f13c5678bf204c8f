using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>
/// Whether samples that a header calls 32-bit integers are floats. Floats of sound lie within full scale, so their exponents
/// are those of 2⁻⁴⁰ to 1; integers with the same bits would all lie between 0.33 and 0.5, or -0.67 and -0.5, of full scale.
/// </summary>
internal static class FloatVote
{
    private const int LowestExponent = 127 - 40;
    private const int HighestExponent = 127;

    // Fewer say nothing: what comes before the sound is zero in both codings.
    private const int FewestSamples = 64;
    private const double Share = 0.99;

    /// <summary>The vote of the samples that are not zero.</summary>
    /// <param name="bytes">Whole samples of four bytes, little-endian.</param>
    /// <returns>Whether they are floats; <see langword="null"/> where too few samples are not zero.</returns>
    public static bool? Of(ReadOnlySpan<byte> bytes)
    {
        int sounding = 0;
        int floats = 0;
        for (int i = 0; i + sizeof(float) <= bytes.Length; i += sizeof(float))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]);
            if (bits << 1 == 0)
            {
                continue;
            }

            int exponent = (int)((bits >> 23) & 0xFF);
            sounding++;
            floats += exponent is >= LowestExponent and <= HighestExponent ? 1 : 0;
        }

        return sounding < FewestSamples ? null : floats >= Share * sounding;
    }
}
