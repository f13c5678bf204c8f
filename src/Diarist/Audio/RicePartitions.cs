using System.Numerics;

namespace Diarist.Audio;

/// <summary>How a residual is cut into partitions with one Rice parameter each, and what that costs.</summary>
internal sealed class RicePartitions
{
    private const int MaxOrder = 6;
    private const int MaxParameter = 14;
    private const int ParameterBits = 4;

    private RicePartitions(int[] parameters, long bits)
    {
        Parameters = parameters;
        Bits = bits;
    }

    /// <summary>One parameter for each of 2ⁿ partitions.</summary>
    public int[] Parameters { get; }

    /// <summary>The bits of the coded residual, estimated.</summary>
    public long Bits { get; }

    /// <summary>Finds the cheapest partitions of a block whose first <paramref name="predictorOrder"/> samples have no residual.</summary>
    public static RicePartitions Choose(ReadOnlySpan<int> residual, int predictorOrder)
    {
        int blockSize = residual.Length + predictorOrder;
        int order = Math.Min(MaxOrder, BitOperations.TrailingZeroCount(blockSize));
        while (order > 0 && blockSize >> order <= predictorOrder)
        {
            order--;
        }

        ulong[] sums = FoldedSums(residual, predictorOrder, 1 << order);
        RicePartitions best = WithSums(sums, blockSize, predictorOrder);
        for (; order > 0; order--)
        {
            sums = [.. Enumerable.Range(0, sums.Length / 2).Select(i => sums[2 * i] + sums[(2 * i) + 1])];
            RicePartitions candidate = WithSums(sums, blockSize, predictorOrder);
            best = candidate.Bits <= best.Bits ? candidate : best;
        }

        return best;
    }

    /// <summary>Writes the residual (RFC 9639, section 9.2.7).</summary>
    public void Write(BitWriter bits, ReadOnlySpan<int> residual, int predictorOrder)
    {
        bits.Write(0, 2);
        bits.Write(BitOperations.Log2((uint)Parameters.Length), 4);
        int perPartition = (residual.Length + predictorOrder) / Parameters.Length;
        int start = 0;
        for (int partition = 0; partition < Parameters.Length; partition++)
        {
            int parameter = Parameters[partition];
            int end = ((partition + 1) * perPartition) - predictorOrder;
            bits.Write(parameter, ParameterBits);
            foreach (int value in residual[start..end])
            {
                uint folded = Fold(value);
                bits.WriteUnary(folded >> parameter);
                bits.Write(folded, parameter);
            }

            start = end;
        }
    }

    private static uint Fold(int value) => (uint)((value << 1) ^ (value >> 31));

    private static ulong[] FoldedSums(ReadOnlySpan<int> residual, int predictorOrder, int partitions)
    {
        var sums = new ulong[partitions];
        int perPartition = (residual.Length + predictorOrder) / partitions;
        int start = 0;
        for (int partition = 0; partition < partitions; partition++)
        {
            int end = ((partition + 1) * perPartition) - predictorOrder;
            foreach (int value in residual[start..end])
            {
                sums[partition] += Fold(value);
            }

            start = end;
        }

        return sums;
    }

    private static RicePartitions WithSums(ulong[] sums, int blockSize, int predictorOrder)
    {
        long bits = 6;
        var parameters = new int[sums.Length];
        for (int partition = 0; partition < sums.Length; partition++)
        {
            long count = (blockSize / sums.Length) - (partition == 0 ? predictorOrder : 0);
            (long cheapest, parameters[partition]) = Enumerable.Range(0, MaxParameter + 1)
                .Select(parameter => ((count * (parameter + 1)) + (long)(sums[partition] >> parameter), parameter)).Min();
            bits += ParameterBits + cheapest;
        }

        return new RicePartitions(parameters, bits);
    }
}
