using System.Buffers.Binary;
using System.Numerics;

namespace Diarist.Audio;

/// <summary>
/// Reads bits, highest first, from bytes in memory. Past the end it reads zeros and says so in
/// <see cref="Overrun"/>, so that decoders test once per block and not once per bit.
/// </summary>
internal ref struct BitReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    // The next bits, left-aligned. Bits below the first _available may already be right, but do not count yet.
    private ulong _cache;
    private int _available;
    private int _next;

    /// <summary>Starts at the first bit of <paramref name="bytes"/>.</summary>
    public BitReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether more bits were read than there are.</summary>
    public readonly bool Overrun => BitPosition > 8L * _bytes.Length;

    /// <summary>The number of bytes touched so far.</summary>
    public readonly int BytePosition => (int)((BitPosition + 7) / 8);

    /// <summary>The number of bits read so far, those past the end too.</summary>
    public readonly long BitPosition => (8L * _next) - _available;

    /// <summary>Reads 0 to 56 bits as an unsigned number.</summary>
    public ulong ReadUnsigned(int bits)
    {
        if (bits == 0)
        {
            return 0;
        }

        Require(bits);
        ulong value = _cache >> (64 - bits);
        Consume(bits);
        return value;
    }

    /// <summary>Reads 0 to 56 bits as a two's complement number.</summary>
    public long ReadSigned(int bits)
    {
        if (bits == 0)
        {
            return 0;
        }

        Require(bits);
        long value = (long)_cache >> (64 - bits);
        Consume(bits);
        return value;
    }

    /// <summary>Counts zeros up to the next one, and consumes both.</summary>
    public uint ReadUnary()
    {
        uint count = 0;
        while (true)
        {
            Require(56);
            int zeros = BitOperations.LeadingZeroCount(_cache);
            if (zeros < _available)
            {
                Consume(zeros + 1);
                return count + (uint)zeros;
            }

            count += (uint)_available;
            _cache = 0;
            _available = 0;
            if (Overrun)
            {
                return count;
            }
        }
    }

    /// <summary>Reads Rice-coded numbers: a unary quotient, <paramref name="parameter"/> low bits (0 to 30), sign folded into the lowest bit.</summary>
    public void ReadRice(Span<long> values, int parameter)
    {
        // On a copy, whose fields stay in registers.
        BitReader reader = this;
        for (int i = 0; i < values.Length; i++)
        {
            if (reader._available < 40)
            {
                reader.Refill();
            }

            int zeros = BitOperations.LeadingZeroCount(reader._cache);
            int length = zeros + 1 + parameter;
            uint folded;
            if (length <= reader._available)
            {
                // Two shifts to the right, as one by 64 would be one by 0.
                folded = ((uint)zeros << parameter) | (uint)(reader._cache << (zeros + 1) >> 1 >> (63 - parameter));
                reader.Consume(length);
            }
            else
            {
                folded = reader.ReadUnary() << parameter;
                folded |= (uint)reader.ReadUnsigned(parameter);
            }

            values[i] = (int)(folded >> 1) ^ -(int)(folded & 1);
        }

        this = reader;
    }

    /// <summary>Skips to the next byte boundary.</summary>
    public void AlignToByte() => Consume(_available & 7);

    private void Consume(int bits)
    {
        // Never 64 at once: Require leaves at most 63 bits, of which a caller takes at most 57.
        _cache <<= bits;
        _available -= bits;
    }

    private void Require(int bits)
    {
        if (_available < bits)
        {
            Refill();
        }
    }

    private void Refill()
    {
        if (_next + 8 <= _bytes.Length)
        {
            _cache |= BinaryPrimitives.ReadUInt64BigEndian(_bytes[_next..]) >> _available;
            int bytes = (63 - _available) >> 3;
            _next += bytes;
            _available += 8 * bytes;
            return;
        }

        while (_available <= 48)
        {
            ulong value = _next < _bytes.Length ? _bytes[_next] : 0UL;
            _cache |= value << (56 - _available);
            _next++;
            _available += 8;
        }
    }
}
