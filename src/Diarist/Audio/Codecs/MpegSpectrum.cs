using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>Reads the lines of a granule (ISO/IEC 11172-3, sections 2.4.2.7 and 2.4.3.4): codes, powers of 4/3, gains.</summary>
internal static class MpegSpectrum
{
    /// <summary>Bytes that must follow the last one that holds bits: codes are looked up before it is known where they end.</summary>
    public const int Margin = 16;

    private const int Escape = 15, LargestValue = Escape + (1 << 13), UnitGain = 210;

    private static readonly float[] Powers = [.. Enumerable.Range(0, LargestValue + 1).Select(value => (float)Math.Pow(value, 4.0 / 3))];

    private static readonly float[] Roots = [.. Enumerable.Range(0, 4).Select(quarter => (float)Math.Pow(2, quarter / 4.0))];

    // What is added to the scale factors of high bands of a long block.
    private static ReadOnlySpan<byte> Emphasis => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0];

    /// <summary>Reads the lines.</summary>
    /// <param name="granule">What is known of them.</param>
    /// <param name="bytes">The bits, with <see cref="Margin"/> behind them.</param>
    /// <param name="position">Where the codes begin, in bits.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="lines">Receives the lines.</param>
    /// <returns>Whether the codes end there.</returns>
    public static bool TryRead(MpegGranule granule, ReadOnlySpan<byte> bytes, int position, int end, Span<float> lines)
    {
        int line = 0;
        for (int range = 0; range < granule.Tables.Length; range++)
        {
            int last = Math.Max(line, Math.Min(granule.Ends[range], granule.PairLines));
            if (MpegCodeTable.OfPairs(granule.Tables[range]) is not { } table)
            {
                lines[line..last].Clear();
            }
            else if (!TryReadPairs(table, bytes, ref position, end, lines[line..last]))
            {
                return false;
            }

            line = last;
        }

        line += ReadQuads(granule.HasPlainQuads, bytes, position, end, lines[line..]);
        lines[line..].Clear();
        granule.UsedLines = line;
        Scale(granule, lines);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryReadPairs(MpegCodeTable table, ReadOnlySpan<byte> bytes, ref int position, int end, Span<float> lines)
    {
        float[] powers = Powers;
        int at = position, extraBits = table.ExtraBits;
        for (int i = 0; i + 1 < lines.Length; i += 2)
        {
            uint bits = Peek(bytes, at);
            int values = table.Find(bits, out int length);
            int first = values >> 4, second = values & 15;
            if (extraBits > 0 && (first == Escape || second == Escape))
            {
                at += length;
                lines[i] = ReadLong(first, extraBits, bytes, ref at);
                lines[i + 1] = ReadLong(second, extraBits, bytes, ref at);
            }
            else
            {
                // A sign follows each value that is not zero; at most 21 bits in all.
                bits <<= length;
                int signs = first == 0 ? 0 : 1;
                lines[i] = WithSign(powers[first], bits);
                bits <<= signs;
                lines[i + 1] = WithSign(powers[second], bits);
                at += length + signs + (second == 0 ? 0 : 1);
            }

            if (at > end)
            {
                return false;
            }
        }

        position = at;
        return true;
    }

    private static float ReadLong(int value, int extraBits, ReadOnlySpan<byte> bytes, ref int position)
    {
        uint bits = Peek(bytes, position);
        if (value == Escape)
        {
            value += (int)(bits >> (32 - extraBits));
            bits <<= extraBits;
            position += extraBits;
        }

        position += value == 0 ? 0 : 1;
        return WithSign(Powers[value], bits);
    }

    private static int ReadQuads(bool isPlain, ReadOnlySpan<byte> bytes, int position, int end, Span<float> lines)
    {
        int line = 0;
        while (position < end && line + 4 <= lines.Length)
        {
            uint bits = Peek(bytes, position);
            int length = 4, values = isPlain ? (int)~(bits >> 28) & 15 : MpegCodeTable.Quads.Find(bits, out length);
            bits <<= length;
            for (int i = 0; i < 4; i++)
            {
                bool isZero = (values & (8 >> i)) == 0;
                lines[line + i] = isZero ? 0 : WithSign(1, bits);
                bits <<= isZero ? 0 : 1;
                length += isZero ? 0 : 1;
            }

            position += length;
            if (position > end)
            {
                // Encoders fill up with such bits.
                break;
            }

            line += 4;
        }

        return line;
    }

    private static uint Peek(ReadOnlySpan<byte> bytes, int position) => (uint)(BinaryPrimitives.ReadUInt64BigEndian(bytes[(position >> 3)..]) << (position & 7) >> 32);

    private static float WithSign(float value, uint bits) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) | (bits & 0x8000_0000));

    private static void Scale(MpegGranule granule, Span<float> lines)
    {
        for (int band = 0, line = 0; band < granule.Bands.Length && line < granule.UsedLines; band++)
        {
            int gain = granule.Gain - UnitGain, factor = granule.ScaleFactors[band];
            if (band >= granule.LongBands)
            {
                gain -= 8 * granule.WindowGains[(band - granule.LongBands) % 3];
            }
            else if (granule.HasEmphasis)
            {
                factor += Emphasis[band];
            }

            gain -= granule.ScaleStep * factor;
            float power = BitConverter.Int32BitsToSingle((127 + (gain >> 2)) << 23) * Roots[gain & 3];
            Span<float> some = lines.Slice(line, granule.Bands[band]);
            TensorPrimitives.Multiply(some, power, some);
            line += some.Length;
        }
    }
}
