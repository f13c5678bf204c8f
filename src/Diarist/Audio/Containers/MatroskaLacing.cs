namespace Diarist.Audio.Containers;

/// <summary>How several packets share a block of Matroska (RFC 9559, section 10.3).</summary>
internal static class MatroskaLacing
{
    /// <summary>The ways to write the lengths of the packets; the values are those of a block's flags.</summary>
    public enum Kind
    {
        None = 0,
        Xiph = 1,
        Fixed = 2,
        Ebml = 3,
    }

    /// <summary>Finds the packets of a block.</summary>
    /// <param name="kind">How their lengths are written.</param>
    /// <param name="block">The block.</param>
    /// <param name="start">Where the lengths begin in it.</param>
    /// <param name="packets">Receives where each packet is.</param>
    /// <returns>Whether the lengths agree with the block.</returns>
    public static bool TryRead(Kind kind, ReadOnlySpan<byte> block, int start, List<Range> packets)
    {
        packets.Clear();
        if (kind == Kind.None)
        {
            packets.Add(start..block.Length);
            return true;
        }

        if (start >= block.Length)
        {
            return false;
        }

        int count = block[start] + 1;
        int at = start + 1;
        Span<int> lengths = stackalloc int[count];
        long sum = 0;
        for (int i = 0; i < count - 1 && kind != Kind.Fixed; i++)
        {
            int previous = i == 0 ? 0 : lengths[i - 1];
            if (!(kind == Kind.Xiph ? TryReadXiph(block, ref at, out lengths[i]) : TryReadEbml(block, ref at, i == 0, previous, out lengths[i])))
            {
                return false;
            }

            sum += lengths[i];
        }

        long left = block.Length - at - sum;
        if (left < 0 || (kind == Kind.Fixed && left % count != 0))
        {
            return false;
        }

        if (kind == Kind.Fixed)
        {
            lengths.Fill((int)left / count);
        }

        lengths[^1] = kind == Kind.Fixed ? lengths[0] : (int)left;
        foreach (int length in lengths)
        {
            packets.Add(at..(at + length));
            at += length;
        }

        return true;
    }

    // Bytes that add up; the first below 255 is the last.
    private static bool TryReadXiph(ReadOnlySpan<byte> block, ref int at, out int length)
    {
        length = 0;
        while (at < block.Length)
        {
            byte next = block[at++];
            length += next;
            if (next != byte.MaxValue)
            {
                return true;
            }
        }

        return false;
    }

    // The first length as it is, the others as differences with half the range below zero.
    private static bool TryReadEbml(ReadOnlySpan<byte> block, ref int at, bool isFirst, int previous, out int length)
    {
        length = 0;
        if (!EbmlElement.TryReadNumber(block[at..], out ulong value, out int bytes))
        {
            return false;
        }

        at += bytes;
        long result = isFirst ? (long)value : previous + (long)value - ((1L << ((7 * bytes) - 1)) - 1);
        length = (int)Math.Clamp(result, 0, int.MaxValue);
        return result >= 0 && result <= block.Length;
    }
}
