using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The shapes of bands (RFC 6716, section 4.3.4.2): all vectors of whole numbers whose magnitudes add up to a number of pulses, numbered. What a
/// choice among them costs decides how many pulses a band gets.
/// </summary>
internal static class CeltPulses
{
    /// <summary>The most dimensions that a vector has.</summary>
    public const int MaxSize = 176;

    // Up to so many dimensions a vector may have many pulses; longer ones have few. Steps of costs end where numbers of vectors need more than 32 bits.
    private const int SmallSize = 14, MaxStep = 40, MaxPulses = 128;

    // U(n, k): the vectors of n dimensions and k pulses whose first number is not negative and not all of them; V(n, k) = U(n, k) + U(n, k + 1) are all vectors.
    private static readonly uint[][] Counts = MakeCounts();

    // The same numbers, for each number of pulses one after the other by size.
    private static readonly uint[][] ByPulses = [.. Enumerable.Range(0, MaxSize + 2).Select(pulses => (uint[])[.. Counts.Select(row => pulses < row.Length ? row[pulses] : uint.MaxValue)])];

    // For each size the cost of each step of pulses, in eighths of bits less one.
    private static readonly byte[][] AllCosts = [.. Enumerable.Range(0, MaxSize + 1).Select(MakeCosts)];

    // For each size and number of eighths of bits the step.
    private static readonly byte[][] AllSteps = [.. AllCosts.Select(MakeSteps)];

    /// <summary>The pulses of a step: all numbers up to 8, then fewer and fewer of them.</summary>
    public static int PulsesOf(int step) => step < 8 ? step : (8 + (step & 7)) << ((step >> 3) - 1);

    /// <summary>The highest step for vectors of a size.</summary>
    public static int LastStep(int size) => AllCosts[size].Length - 1;

    /// <summary>What a step costs, in eighths of bits.</summary>
    public static int CostOf(int size, int step) => step == 0 ? 0 : AllCosts[size][step] + 1;

    /// <summary>The step whose cost is nearest to so many eighths of bits.</summary>
    public static int StepOf(int size, int bits)
    {
        ReadOnlySpan<byte> steps = AllSteps[size];
        return steps[Math.Clamp(bits, 0, steps.Length - 1)];
    }

    /// <summary>How many vectors there are.</summary>
    public static uint CountOf(int size, int pulses) => Counts[size][pulses] + Counts[size][pulses + 1];

    /// <summary>Finds a vector by its number.</summary>
    /// <param name="number">The number, below <see cref="CountOf"/>.</param>
    /// <param name="pulses">The sum of all magnitudes, at least 1.</param>
    /// <param name="vector">Receives it; its length is its number of dimensions, at least 2.</param>
    /// <returns>The sum of all squares.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(uint number, int pulses, Span<int> vector)
    {
        int squares = 0, left = vector.Length;
        vector.Clear();
        while (left > 2 && pulses > 0)
        {
            // Most numbers are 0: those in a row are found in two lists.
            ReadOnlySpan<uint> none = ByPulses[pulses], positive = ByPulses[pulses + 1];
            while (left > 2 && number >= none[left] && number < positive[left])
            {
                number -= none[left--];
            }

            if (left == 2)
            {
                break;
            }

            ReadOnlySpan<uint> counts = Counts[left];
            int sign = number >= positive[left] ? -1 : 0, rest = pulses;
            number -= positive[left] & (uint)sign;
            while (counts[rest] > number)
            {
                rest--;
            }

            number -= counts[rest];
            int value = pulses - rest;
            squares += value * value;
            vector[^left] = (value ^ sign) - sign;
            pulses = rest;
            left--;
        }

        if (pulses == 0)
        {
            return squares;
        }

        // Of two dimensions U(2, k) is 2 k - 1.
        bool isFirstNegative = number >= (uint)((2 * pulses) + 1);
        if (isFirstNegative)
        {
            number -= (uint)((2 * pulses) + 1);
        }

        int second = (int)(number + 1) >> 1, first = pulses - second;
        bool isSecondNegative = second > 0 && number > (uint)((2 * second) - 1);
        vector[^2] = isFirstNegative ? -first : first;
        vector[^1] = isSecondNegative ? -second : second;
        return squares + (first * first) + (second * second);
    }

    private static uint[][] MakeCounts()
    {
        var counts = new uint[MaxSize + 1][];
        for (int size = 0; size <= MaxSize; size++)
        {
            uint[] row = new uint[size <= SmallSize ? MaxSize + 2 : SmallSize + 2];
            row[0] = size == 0 ? 1U : 0;
            for (int pulses = 1; pulses < row.Length && size > 0; pulses++)
            {
                // What does not fit is never asked for.
                ulong count = pulses < counts[size - 1].Length
                    ? (ulong)counts[size - 1][pulses] + counts[size - 1][pulses - 1] + row[pulses - 1]
                    : uint.MaxValue;
                row[pulses] = (uint)Math.Min(count, uint.MaxValue);
            }

            counts[size] = row;
        }

        return counts;
    }

    private static byte[] MakeCosts(int size)
    {
        var costs = new List<byte> { 0 };
        for (int step = 1; step <= MaxStep && size > 1; step++)
        {
            int pulses = PulsesOf(step);
            if (pulses > MaxPulses || pulses + 1 >= Counts[size].Length)
            {
                break;
            }

            ulong count = (ulong)Counts[size][pulses] + Counts[size][pulses + 1];
            if (Counts[size][pulses + 1] == uint.MaxValue || count > uint.MaxValue)
            {
                break;
            }

            costs.Add((byte)(LogOf((uint)count) - 1));
        }

        return [.. costs];
    }

    private static byte[] MakeSteps(byte[] costs)
    {
        byte[] steps = new byte[costs[^1] + 3];
        for (int bits = 1, step = 0; bits < steps.Length; bits++)
        {
            // Of two steps that are as near, the lower one.
            int wanted = bits - 1;
            while (step + 1 < costs.Length && wanted - (step == 0 ? -1 : costs[step]) > costs[step + 1] - wanted)
            {
                step++;
            }

            steps[bits] = (byte)step;
        }

        return steps;
    }

    // The logarithm to the base 2 in eighths, never too small.
    private static int LogOf(uint value)
    {
        int bits = BitOperations.Log2(value) + 1;
        if (BitOperations.IsPow2(value))
        {
            return (bits - 1) << CeltRangeDecoder.Eighths;
        }

        value = bits > 16 ? ((value - 1) >> (bits - 16)) + 1 : value << (16 - bits);
        int log = (bits - 1) << CeltRangeDecoder.Eighths;
        for (int power = CeltRangeDecoder.Eighths; power >= 0; power--)
        {
            int bit = (int)(value >> 16);
            log += bit << power;
            value = (value + (uint)bit) >> bit;
            value = ((value * value) + 0x7FFF) >> 15;
        }

        return log + (value > 0x8000 ? 1 : 0);
    }
}
