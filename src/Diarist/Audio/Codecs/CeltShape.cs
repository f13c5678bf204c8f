using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Diarist.Audio.Codecs;

/// <summary>Makes the lines of a band of what its shape is coded by, and trades resolution in time for resolution in frequency (RFC 6716, sections 4.3.4 and 4.3.5).</summary>
internal static class CeltShape
{
    private const int Lanes = 4;
    private const float RootOfHalf = 0.70710678f;

    // For 2, 4, 8 and 16 blocks, the place of each in the order of rising frequency: Gray code with its bits reversed, from the end.
    private static ReadOnlySpan<byte> Order => [1, 0, 3, 0, 2, 1, 7, 0, 4, 3, 6, 1, 5, 2, 15, 0, 8, 7, 12, 3, 11, 4, 14, 1, 9, 6, 13, 2, 10, 5];

    /// <summary>Reads a shape.</summary>
    /// <param name="range">The frame's bits.</param>
    /// <param name="lines">Receives the lines, block after block.</param>
    /// <param name="pulses">The pulses, at least 1.</param>
    /// <param name="spread">How much they are spread.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="gain">The root of the energy of all lines.</param>
    /// <returns>A bit for each block that is not empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Read(ref CeltRangeDecoder range, Span<float> lines, int pulses, int spread, int blocks, float gain)
    {
        Span<int> vector = stackalloc int[lines.Length];
        int squares = CeltPulses.Find(range.ReadUniform(CeltPulses.CountOf(vector.Length, pulses)), pulses, vector);
        TensorPrimitives.ConvertTruncating<int, float>(vector, lines);
        TensorPrimitives.Multiply(lines, gain / MathF.Sqrt(squares), lines);
        CeltRotation.Spread(lines, blocks, pulses, spread);
        return blocks == 1 ? 1 : FilledBlocks(vector, blocks);
    }

    /// <summary>Scales lines to an energy.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="gain">The root of the energy.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(Span<float> lines, float gain)
    {
        const float Least = 1e-15f;
        TensorPrimitives.Multiply(lines, gain / MathF.Sqrt(Least + Dot(lines, lines)), lines);
    }

    /// <summary>Makes the channels of their mean and half their difference.</summary>
    /// <param name="first">The mean, of energy 1; receives the first channel, of energy 1.</param>
    /// <param name="second">Half the difference; receives the second channel, of energy 1.</param>
    /// <param name="gain">The gain of the mean.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MergeChannels(Span<float> first, Span<float> second, float gain)
    {
        const float Least = 6e-4f;
        float product = gain * Dot(first, second), energy = (gain * gain) + Dot(second, second);
        float left = energy - (2 * product), right = energy + (2 * product);
        if (left < Least || right < Least)
        {
            first.CopyTo(second);
            return;
        }

        Merge(first, second, gain, 1 / MathF.Sqrt(left), 1 / MathF.Sqrt(right));
    }

    /// <summary>Makes sums and differences of neighbours.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="size">How many of each series there are.</param>
    /// <param name="series">The series that take turns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Haar(Span<float> lines, int size, int series)
    {
        for (int i = 0; i < size >> 1; i++)
        {
            Span<float> ones = lines.Slice(2 * i * series, series), others = lines.Slice(((2 * i) + 1) * series, series);
            int j = 0;
            for (; j + Lanes <= ones.Length; j += Lanes)
            {
                Vector128<float> one = RootOfHalf * Vector128.Create<float>(ones[j..]), other = RootOfHalf * Vector128.Create<float>(others[j..]);
                (one + other).CopyTo(ones[j..]);
                (one - other).CopyTo(others[j..]);
            }

            for (; j < ones.Length; j++)
            {
                float one = RootOfHalf * ones[j], other = RootOfHalf * others[j];
                ones[j] = one + other;
                others[j] = one - other;
            }
        }
    }

    /// <summary>Orders lines, whose blocks take turns, block after block.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="size">The lines of a block.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="isByFrequency">Whether the blocks are parts of one long block and so have frequencies for times.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SplitBlocks(Span<float> lines, int size, int blocks, bool isByFrequency)
    {
        Span<float> ordered = stackalloc float[lines.Length];
        for (int block = 0; block < blocks; block++)
        {
            Span<float> some = ordered.Slice(PlaceOf(block, blocks, isByFrequency) * size, size);
            for (int i = 0; i < size; i++)
            {
                some[i] = lines[(i * blocks) + block];
            }
        }

        ordered.CopyTo(lines);
    }

    /// <summary>Undoes <see cref="SplitBlocks"/>.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="size">The lines of a block.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="isByFrequency">Whether the blocks are parts of one long block.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void JoinBlocks(Span<float> lines, int size, int blocks, bool isByFrequency)
    {
        Span<float> ordered = stackalloc float[lines.Length];
        for (int block = 0; block < blocks; block++)
        {
            Span<float> some = lines.Slice(PlaceOf(block, blocks, isByFrequency) * size, size);
            for (int i = 0; i < size; i++)
            {
                ordered[(i * blocks) + block] = some[i];
            }
        }

        ordered.CopyTo(lines);
    }

    private static int PlaceOf(int block, int blocks, bool isByFrequency) => isByFrequency ? Order[blocks - 2 + block] : block;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint FilledBlocks(ReadOnlySpan<int> vector, int blocks)
    {
        int size = vector.Length / blocks;
        uint filled = 0;
        for (int block = 0; block < blocks; block++)
        {
            filled |= vector.Slice(block * size, size).ContainsAnyExcept(0) ? 1U << block : 0;
        }

        return filled;
    }

    // In one order on every machine.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector128<float> sums = default;
        int i = 0;
        for (; i + Lanes <= a.Length; i += Lanes)
        {
            sums += Vector128.Create(a[i..]) * Vector128.Create(b[i..]);
        }

        float sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge(Span<float> first, Span<float> second, float gain, float leftGain, float rightGain)
    {
        int i = 0;
        for (; i + Lanes <= first.Length; i += Lanes)
        {
            Vector128<float> mean = gain * Vector128.Create<float>(first[i..]), difference = Vector128.Create<float>(second[i..]);
            (leftGain * (mean - difference)).CopyTo(first[i..]);
            (rightGain * (mean + difference)).CopyTo(second[i..]);
        }

        for (; i < first.Length; i++)
        {
            float mean = gain * first[i], difference = second[i];
            first[i] = leftGain * (mean - difference);
            second[i] = rightGain * (mean + difference);
        }
    }
}
