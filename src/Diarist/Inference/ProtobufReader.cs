using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Diarist.Inference;

/// <summary>
/// Walks the fields of one protobuf message (encoding: varint, 64-bit, length-delimited, 32-bit) without copying.
/// Every length is checked against what is left, so that damaged bytes end in a <see cref="PackException"/> with their offset.
/// </summary>
/// <param name="bytes">The message.</param>
/// <param name="file">The path that errors name.</param>
/// <param name="origin">Where the message starts in the file.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes, string file, long origin)
{
    private const int VarintWire = 0;
    private const int Fixed64Wire = 1;
    private const int LengthWire = 2;
    private const int Fixed32Wire = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;
    private int _wire;

    /// <summary>Moves to the next field; its value must be read or skipped before the next call.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_position >= _bytes.Length)
        {
            return false;
        }

        ulong tag = RawVarint();
        _wire = (int)(tag & 7);
        field = tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Error("a field number is out of range");
        return true;
    }

    /// <summary>The field as an integer.</summary>
    public long Integer() => _wire == VarintWire ? (long)RawVarint() : throw Error("an integer was expected");

    /// <summary>The field as a 32-bit float.</summary>
    public float Single() =>
        _wire == Fixed32Wire ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Error("a 32-bit float was expected");

    /// <summary>The field as bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (_wire != LengthWire)
        {
            throw Error("a length-delimited value was expected");
        }

        ulong length = RawVarint();
        return length <= int.MaxValue ? Take((int)length) : throw Error("a length is out of range");
    }

    /// <summary>The field as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The field as a message of its own.</summary>
    public ProtobufReader Message()
    {
        ReadOnlySpan<byte> bytes = Bytes();
        return new ProtobufReader(bytes, file, origin + _position - bytes.Length);
    }

    /// <summary>The field as one element of a repeated integer field, or as many, packed.</summary>
    public void Integers(List<long> values)
    {
        if (_wire == VarintWire)
        {
            values.Add((long)RawVarint());
            return;
        }

        ProtobufReader packed = Message();
        while (packed._position < packed._bytes.Length)
        {
            values.Add((long)packed.RawVarint());
        }
    }

    /// <summary>The field as one element of a repeated 32-bit float field, or as many, packed.</summary>
    public void Singles(List<float> values)
    {
        ReadOnlySpan<byte> bytes = _wire == Fixed32Wire ? Take(4) : Bytes();
        if (bytes.Length % 4 != 0)
        {
            throw Error("packed 32-bit floats have a broken length");
        }

        values.AddRange(MemoryMarshal.Cast<byte, float>(bytes));
    }

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case VarintWire:
                RawVarint();
                break;
            case Fixed64Wire:
                Take(8);
                break;
            case LengthWire:
                Bytes();
                break;
            case Fixed32Wire:
                Take(4);
                break;
            default:
                throw Error($"the wire type {_wire} is unknown");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _position)
        {
            throw Error($"{length} bytes were expected and {_bytes.Length - _position} are left");
        }

        _position += length;
        return _bytes.Slice(_position - length, length);
    }

    private ulong RawVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position >= _bytes.Length)
            {
                throw Error("an integer is cut off");
            }

            byte next = _bytes[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Error("an integer is longer than 64 bits");
    }

    private readonly PackException Error(string problem) =>
        new($"{file}: byte {origin + _position}: {problem}; the ONNX file is truncated or damaged");
}
