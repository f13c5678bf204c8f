using System.Buffers.Binary;

namespace Diarist.Audio.Containers;

/// <summary>Takes a Matroska block apart (RFC 9559, section 10).</summary>
internal static class MatroskaBlock
{
    /// <summary>The most bytes that track number, time stamp and flags take.</summary>
    public const int MaxHeaderBytes = 11;

    /// <summary>Reads what stands before the packets.</summary>
    /// <param name="block">The block, or as much of its start as a header takes.</param>
    /// <param name="track">The number of its track.</param>
    /// <param name="time">Its time relative to the cluster's, in ticks.</param>
    /// <param name="packets">The lacing and the packets.</param>
    /// <returns>Whether it is whole.</returns>
    public static bool TryRead(ReadOnlySpan<byte> block, out long track, out short time, out ReadOnlySpan<byte> packets)
    {
        time = 0;
        packets = default;
        if (!Ebml.TryReadNumber(block, out track, out int length) || block.Length < length + 3)
        {
            return false;
        }

        time = BinaryPrimitives.ReadInt16BigEndian(block[length..]);
        packets = block[(length + 2)..];
        return true;
    }

    /// <summary>The lengths of the packets.</summary>
    /// <param name="packets">What <see cref="TryRead"/> returned; moved behind the lacing, to the first packet.</param>
    /// <exception cref="InvalidDataException">They do not fit into the block.</exception>
    public static int[] ReadLacing(ref ReadOnlySpan<byte> packets)
    {
        int lacing = packets[0] >> 1 & 3;
        packets = packets[1..];
        if (lacing == 0)
        {
            return [packets.Length];
        }

        var lengths = new int[TakeByte(ref packets) + 1];
        if (lacing == 2)
        {
            Array.Fill(lengths, packets.Length / lengths.Length);
            Require(packets.Length % lengths.Length == 0);
            return lengths;
        }

        long sum = 0;
        for (int i = 0; i < lengths.Length - 1; i++)
        {
            long length = lacing == 1 ? TakeXiph(ref packets) : TakeEbml(ref packets, i == 0 ? null : lengths[i - 1]);
            sum += length;
            Require(length >= 0 && sum <= packets.Length);
            lengths[i] = (int)length;
        }

        Require(sum <= packets.Length);
        lengths[^1] = packets.Length - (int)sum;
        return lengths;
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidDataException("the packets of a block do not fit into it");
        }
    }

    private static byte TakeByte(ref ReadOnlySpan<byte> bytes)
    {
        Require(!bytes.IsEmpty);
        byte value = bytes[0];
        bytes = bytes[1..];
        return value;
    }

    private static long TakeXiph(ref ReadOnlySpan<byte> bytes)
    {
        long length = 0;
        byte part;
        do
        {
            part = TakeByte(ref bytes);
            length += part;
        }
        while (part == 255);
        return length;
    }

    // The first length is stated, the others are differences, around the middle of what their bytes can hold.
    private static long TakeEbml(ref ReadOnlySpan<byte> bytes, int? previous)
    {
        Require(Ebml.TryReadNumber(bytes, out long value, out int length) && value >= 0);
        bytes = bytes[length..];
        return previous is int before ? before + value - ((1L << ((7 * length) - 1)) - 1) : value;
    }
}
