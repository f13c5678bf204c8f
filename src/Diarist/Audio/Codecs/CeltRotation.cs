using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>
/// Spreads the few pulses of a band over neighbouring lines (RFC 6716, section 4.3.4.3), so that it does not sound like single tones: a series of rotations of
/// pairs of lines, forwards and backwards.
/// </summary>
internal static class CeltRotation
{
    private const int Lanes = 4;

    private static ReadOnlySpan<byte> Factors => [0, 15, 10, 5];

    /// <summary>Spreads pulses.</summary>
    /// <param name="lines">The lines of a band, block after block.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="pulses">Its pulses.</param>
    /// <param name="spread">How much: 0 not at all, 3 most.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(Span<float> lines, int distance, float cosine, float sine)
    {
        if (distance == 1)
        {
            RotateNeighbours(lines, cosine, sine);
            return;
        }

        int end = lines.Length - distance, i = 0;
        for (; distance >= Lanes && i + Lanes <= end; i += Lanes)
        {
            RotateLanes(lines, i, distance, cosine, sine);
        }

        for (; i < end; i++)
        {
            RotatePair(lines, i, distance, cosine, sine);
        }

        i = end - distance;
        for (; distance >= Lanes && i >= Lanes; i -= Lanes)
        {
            RotateLanes(lines, i - Lanes, distance, cosine, sine);
        }

        while (--i >= 0)
        {
            RotatePair(lines, i, distance, cosine, sine);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotatePair(Span<float> lines, int i, int distance, float cosine, float sine)
    {
        float one = lines[i], other = lines[i + distance];
        lines[i + distance] = (cosine * other) + (sine * one);
        lines[i] = (cosine * one) - (sine * other);
    }

    // Pairs at a distance of a vector or more do not touch each other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RotateLanes(Span<float> lines, int i, int distance, float cosine, float sine)
    {
        Vector128<float> one = Vector128.Create<float>(lines[i..]), other = Vector128.Create<float>(lines[(i + distance)..]);
        ((cosine * other) + (sine * one)).CopyTo(lines[(i + distance)..]);
        ((cosine * one) - (sine * other)).CopyTo(lines[i..]);
    }

    // Of neighbours, each rotation takes up what the one before it left: that is a chain, and the other half of each pair follows from it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateNeighbours(Span<float> lines, float cosine, float sine)
    {
        Span<float> chain = stackalloc float[lines.Length];
        int last = lines.Length - 1;
        RecursiveChain.Up(lines[1..], chain[1..], cosine, sine, lines[0]);
        chain[0] = lines[0];
        Combine(chain[..last], lines[1..], cosine, -sine, lines[..last]);
        lines[last] = chain[last];
        if (last < 2)
        {
            return;
        }

        RecursiveChain.Down(lines[..(last - 1)], chain, cosine, -sine, lines[last - 1]);
        chain[last - 1] = lines[last - 1];
        float first = chain[0];
        Combine(chain[1..last], lines[..(last - 1)], cosine, sine, chain[..(last - 1)]);
        chain[..(last - 1)].CopyTo(lines[1..]);
        lines[0] = first;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(ReadOnlySpan<float> ones, ReadOnlySpan<float> others, float gain, float otherGain, Span<float> sums)
    {
        int i = 0;
        for (; i + Lanes <= sums.Length; i += Lanes)
        {
            ((gain * Vector128.Create(ones[i..])) + (otherGain * Vector128.Create(others[i..]))).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            sums[i] = (gain * ones[i]) + (otherGain * others[i]);
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
