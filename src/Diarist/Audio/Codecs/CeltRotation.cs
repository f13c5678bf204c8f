namespace Diarist.Audio.Codecs;

/// <summary>
/// Spreads the few pulses of a band over neighbouring lines (RFC 6716, section 4.3.4.3), so that it does not sound like single tones: a series of rotations of
/// pairs of lines, forwards and backwards.
/// </summary>
internal static class CeltRotation
{
    private static ReadOnlySpan<byte> Factors => [0, 15, 10, 5];

    /// <summary>Spreads pulses.</summary>
    /// <param name="lines">The lines of a band, block after block.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="pulses">Its pulses.</param>
    /// <param name="spread">How much: 0 not at all, 3 most.</param>
    public static void Spread(Span<float> lines, int blocks, int pulses, int spread)
    {
        if (spread == 0 || 2 * pulses >= lines.Length)
        {
            return;
        }

        float gain = (float)lines.Length / (lines.Length + (Factors[spread] * pulses));
        (float sine, float cosine) = SinCos(gain * gain / 2);
        int distance = lines.Length >= 8 * blocks ? DistanceOf(lines.Length, blocks) : 0, size = lines.Length / blocks;
        for (int block = 0; block < blocks; block++)
        {
            Span<float> some = lines.Slice(block * size, size);
            if (distance > 0)
            {
                Rotate(some, distance, sine, cosine);
            }

            Rotate(some, 1, cosine, sine);
        }
    }

    // The root of the size of a block, rounded.
    private static int DistanceOf(int size, int blocks)
    {
        int distance = 1;
        while ((((distance * distance) + distance) * blocks) + (blocks >> 2) < size)
        {
            distance++;
        }

        return distance;
    }

    private static void Rotate(Span<float> lines, int distance, float cosine, float sine)
    {
        for (int i = 0; i < lines.Length - distance; i++)
        {
            float one = lines[i], other = lines[i + distance];
            lines[i + distance] = (cosine * other) + (sine * one);
            lines[i] = (cosine * one) - (sine * other);
        }

        for (int i = lines.Length - (2 * distance) - 1; i >= 0; i--)
        {
            float one = lines[i], other = lines[i + distance];
            lines[i + distance] = (cosine * other) + (sine * one);
            lines[i] = (cosine * one) - (sine * other);
        }
    }

    // Of a part of a right angle, at most a half; by Taylor series, which are the same on every machine.
    private static (float Sine, float Cosine) SinCos(double part)
    {
        double angle = part * Math.PI / 2, square = angle * angle;
        double sine = angle * (1 - (square / 6 * (1 - (square / 20 * (1 - (square / 42 * (1 - (square / 72))))))));
        double cosine = 1 - (square / 2 * (1 - (square / 12 * (1 - (square / 30 * (1 - (square / 56 * (1 - (square / 90)))))))));
        return ((float)sine, (float)cosine);
    }
}
