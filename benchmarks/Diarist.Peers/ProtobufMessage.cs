namespace Diarist.Peers;

/// <summary>
/// A protobuf message as the list of its fields, which can be changed and written again. Only what ONNX files hold:
/// integers (wire type 0), bytes and messages (2), and four or eight bytes (5 and 1).
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Field> _fields = [];

    /// <summary>The fields that carry bytes or a message and have a number.</summary>
    public IEnumerable<Field> All(int number) => _fields.Where(field => field.Number == number);

    /// <summary>The only message of a number.</summary>
    public ProtobufMessage Message(int number) => Parse(All(number).Single().Bytes);

    /// <summary>The text of a number; empty where there is none.</summary>
    public string Text(int number) => System.Text.Encoding.UTF8.GetString(All(number).LastOrDefault().Bytes.Span);

    /// <summary>The integers of a number, packed or not.</summary>
    public IReadOnlyList<long> Integers(int number)
    {
        List<long> values = [];
        foreach (Field field in All(number))
        {
            if (field.Wire == 0)
            {
                values.Add((long)field.Integer);
                continue;
            }

            for (int position = 0; position < field.Bytes.Length;)
            {
                values.Add((long)Varint(field.Bytes.Span, ref position));
            }
        }

        return values;
    }

    /// <summary>Removes all fields of a number.</summary>
    public ProtobufMessage Remove(int number)
    {
        _fields.RemoveAll(field => field.Number == number);
        return this;
    }

    /// <summary>Removes the fields of a number whose message says yes.</summary>
    public ProtobufMessage Remove(int number, Predicate<ProtobufMessage> condition)
    {
        _fields.RemoveAll(field => field.Number == number && condition(Parse(field.Bytes)));
        return this;
    }

    /// <summary>Changes every message of a number.</summary>
    public ProtobufMessage Change(int number, Action<ProtobufMessage> change)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Number == number)
            {
                ProtobufMessage message = Parse(_fields[i].Bytes);
                change(message);
                _fields[i] = _fields[i] with { Bytes = message.ToArray() };
            }
        }

        return this;
    }

    public ProtobufMessage Add(int number, long value)
    {
        _fields.Add(new Field(number, 0, (ulong)value, default));
        return this;
    }

    public ProtobufMessage Add(int number, string text) => Add(number, System.Text.Encoding.UTF8.GetBytes(text));

    public ProtobufMessage Add(int number, ReadOnlyMemory<byte> bytes)
    {
        _fields.Add(new Field(number, 2, 0, bytes));
        return this;
    }

    public ProtobufMessage Add(int number, ProtobufMessage message) => Add(number, message.ToArray());

    public static ProtobufMessage Parse(ReadOnlyMemory<byte> bytes)
    {
        ProtobufMessage message = new();
        ReadOnlySpan<byte> span = bytes.Span;
        for (int position = 0; position < span.Length;)
        {
            ulong tag = Varint(span, ref position);
            int wire = (int)(tag & 7);
            ulong integer = wire == 0 ? Varint(span, ref position) : 0;
            int length = wire switch { 0 => 0, 1 => 8, 5 => 4, 2 => (int)Varint(span, ref position), _ => throw new InvalidDataException($"wire type {wire} at byte {position}") };
            message._fields.Add(new Field((int)(tag >> 3), wire, integer, bytes.Slice(position, length)));
            position += length;
        }

        return message;
    }

    public byte[] ToArray()
    {
        MemoryStream stream = new();
        foreach (Field field in _fields)
        {
            WriteVarint(stream, ((ulong)field.Number << 3) | (uint)field.Wire);
            if (field.Wire == 0)
            {
                WriteVarint(stream, field.Integer);
                continue;
            }

            if (field.Wire == 2)
            {
                WriteVarint(stream, (ulong)field.Bytes.Length);
            }

            stream.Write(field.Bytes.Span);
        }

        return stream.ToArray();
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }

    /// <summary>A field: its number, how it is stored, and its value as an integer or as bytes.</summary>
    internal readonly record struct Field(int Number, int Wire, ulong Integer, ReadOnlyMemory<byte> Bytes);
}
