using System.Numerics;
using System.Runtime.CompilerServices;

namespace Diarist.Audio.Codecs;

/// <summary>
/// The range decoder of Opus (RFC 6716, section 4.1): symbols of known probabilities are read from the front of a frame, plain bits from its
/// back. Beyond the end there are zeros; who reads looks at <see cref="Tell"/> for whether there was something to read.
/// </summary>
internal ref struct CeltRangeDecoder
{
    /// <summary>Eighths of a bit, the unit in which bits are divided among bands, as a power of two.</summary>
    public const int Eighths = 3;

    private const int CodeBits = 32, SymbolBits = 8, ExtraBits = 7, MaxUniformBits = 8;
    private const uint Top = 1U << (CodeBits - 1), Bottom = Top >> SymbolBits;

    private readonly ReadOnlySpan<byte> _data;
    private int _front;
    private int _back;
    private uint _range = 1U << ExtraBits;
    private uint _difference;
    private uint _scale;
    private uint _lastByte;
    private ulong _window;
    private int _windowBits;
    private int _totalBits = CodeBits + 1 - ((CodeBits - ExtraBits) / SymbolBits * SymbolBits);

    public CeltRangeDecoder(ReadOnlySpan<byte> data)
    {
        _data = data;
        _lastByte = NextByte();
        _difference = _range - 1 - (_lastByte >> (SymbolBits - ExtraBits));
        Normalize();
    }

    /// <summary>All bits of the frame.</summary>
    public readonly int TotalBits => 8 * _data.Length;

    /// <summary>Bits that are used up, rounded up.</summary>
    public readonly int Tell => _totalBits - (BitOperations.Log2(_range) + 1);

    /// <summary>Eighths of bits that are used up, rounded up.</summary>
    public readonly int TellEighths
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        get
        {
            // The logarithm of the range to the base 2, three bits behind the point: each comes from one squaring.
            int log = BitOperations.Log2(_range) + 1;
            uint mantissa = _range >> (log - 16);
            for (int i = 0; i < Eighths; i++)
            {
                mantissa = mantissa * mantissa >> 15;
                uint bit = mantissa >> 16;
                log = (log << 1) | (int)bit;
                mantissa >>= (int)bit;
            }

            return (_totalBits << Eighths) - log;
        }
    }

    /// <summary>The range, which is the same in the encoder after the same symbols.</summary>
    public readonly uint Range => _range;

    /// <summary>Where the next symbol lies, of so many equal parts.</summary>
    public uint Find(uint total)
    {
        _scale = _range / total;
        return total - Math.Min((_difference / _scale) + 1, total);
    }

    /// <summary>Where the next symbol lies, of two to the power of so many equal parts.</summary>
    public uint FindBits(int bits)
    {
        _scale = _range >> bits;
        uint total = 1U << bits;
        return total - Math.Min((_difference / _scale) + 1, total);
    }

    /// <summary>Passes over the symbol that was found between two parts of the total.</summary>
    public void Take(uint low, uint high, uint total)
    {
        uint above = _scale * (total - high);
        _difference -= above;
        _range = low > 0 ? _scale * (high - low) : _range - above;
        Normalize();
    }

    /// <summary>Reads a bit that is set once in two to the power of <paramref name="power"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool ReadBit(int power)
    {
        uint share = _range >> power;
        bool isSet = _difference < share;
        if (isSet)
        {
            _range = share;
        }
        else
        {
            _difference -= share;
            _range -= share;
        }

        Normalize();
        return isSet;
    }

    /// <summary>Reads a symbol by the probabilities of all symbols behind each one.</summary>
    /// <param name="behind">They, falling to 0, of two to the power of <paramref name="bits"/>.</param>
    /// <param name="bits">The power.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int ReadSymbol(ReadOnlySpan<byte> behind, int bits)
    {
        uint scale = _range >> bits, high = _range, low = scale * behind[0];
        int symbol = 0;
        while (_difference < low)
        {
            high = low;
            low = scale * behind[++symbol];
        }

        _difference -= low;
        _range = high - low;
        Normalize();
        return symbol;
    }

    /// <summary>Reads a number below a total, of which all are alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint ReadUniform(uint total)
    {
        uint last = total - 1;
        int bits = last == 0 ? 0 : BitOperations.Log2(last) + 1;
        if (bits <= MaxUniformBits)
        {
            uint number = Find(total);
            Take(number, number + 1, total);
            return number;
        }

        bits -= MaxUniformBits;
        uint parts = (last >> bits) + 1, high = Find(parts);
        Take(high, high + 1, parts);
        return Math.Min((high << bits) | ReadRaw(bits), last);
    }

    /// <summary>Reads plain bits, at most 25.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public uint ReadRaw(int bits)
    {
        while (_windowBits < bits)
        {
            _window |= (ulong)(_back < _data.Length ? _data[_data.Length - ++_back] : (byte)0) << _windowBits;
            _windowBits += SymbolBits;
        }

        uint value = (uint)_window & ((1U << bits) - 1);
        _window >>= bits;
        _windowBits -= bits;
        _totalBits += bits;
        return value;
    }

    /// <summary>Takes all bits for used up.</summary>
    public void SkipAll() => _totalBits += TotalBits - Tell;

    private uint NextByte() => _front < _data.Length ? _data[_front++] : 0U;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize()
    {
        while (_range <= Bottom)
        {
            _totalBits += SymbolBits;
            _range <<= SymbolBits;
            uint symbol = _lastByte << SymbolBits;
            _lastByte = NextByte();
            symbol = (symbol | _lastByte) >> (SymbolBits - ExtraBits);
            _difference = ((_difference << SymbolBits) + (0xFF & ~symbol)) & (Top - 1);
        }
    }
}
