using System.Buffers.Binary;

namespace Diarist.Audio;

/// <summary>Writes bits, highest first, into a growing buffer.</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[1 << 15];
    private int _length;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>The whole bytes written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Starts again.</summary>
    public void Clear()
    {
        _length = 0;
        _pending = 0;
        _pendingBits = 0;
    }

    /// <summary>Writes the lowest 0 to 32 bits of <paramref name="value"/>, of either sign.</summary>
    public void Write(long value, int bits)
    {
        _pending = (_pending << bits) | ((ulong)value & ((1UL << bits) - 1));
        _pendingBits += bits;
        if (_pendingBits >= 32)
        {
            if (_length + 4 > _bytes.Length)
            {
                Array.Resize(ref _bytes, 2 * _bytes.Length);
            }

            _pendingBits -= 32;
            BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(_length), (uint)(_pending >> _pendingBits));
            _length += 4;
        }
    }

    /// <summary>Writes so many zeros and a one.</summary>
    public void WriteUnary(uint zeros)
    {
        for (; zeros >= 31; zeros -= 31)
        {
            Write(0, 31);
        }

        Write(1, (int)zeros + 1);
    }

    /// <summary>Fills the last byte with zeros, so that <see cref="Bytes"/> holds everything.</summary>
    public void AlignToByte()
    {
        Write(0, -_pendingBits & 7);
        if (_length + 4 > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        for (; _pendingBits > 0; _pendingBits -= 8)
        {
            _bytes[_length++] = (byte)(_pending >> (_pendingBits - 8));
        }
    }
}
