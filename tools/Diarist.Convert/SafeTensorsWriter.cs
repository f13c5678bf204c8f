using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Diarist.Convert;

/// <summary>
/// Collects tensors and writes them as safetensors: wide elements before narrow ones, so that each is aligned, and tensors
/// of a width in the order in which they were added. The same tensors always make the same bytes.
/// </summary>
internal sealed class SafeTensorsWriter
{
    private readonly List<(string Name, string Type, int[] Shape, byte[] Bytes)> _tensors = [];

    /// <summary>What the file says about itself.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Adds float32 numbers in the narrowest form that gives back every bit: float16, one byte a number with a table, or float32.</summary>
    /// <returns>The form, for the report.</returns>
    public string Add(string name, int[] shape, ReadOnlySpan<float> values)
    {
        if (AsHalves(values) is { } halves)
        {
            _tensors.Add((name, "F16", shape, halves));
            return "F16";
        }

        if (AsTable(values) is var (indices, table))
        {
            _tensors.Add((name, "U8", shape, indices));
            _tensors.Add((name + ".values", "F32", [table.Length], MemoryMarshal.AsBytes(table.AsSpan()).ToArray()));
            return $"U8, {table.Length} values";
        }

        _tensors.Add((name, "F32", shape, MemoryMarshal.AsBytes(values).ToArray()));
        return "F32";
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        List<(string Name, string Type, int[] Shape, byte[] Bytes)> ordered = [.. _tensors.OrderByDescending(tensor => int.Parse(tensor.Type[1..], CultureInfo.InvariantCulture))];
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in Metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, string type, int[] shape, byte[] bytes) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                Array.ForEach(shape, json.WriteNumberValue);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces fill the header up to a multiple of 64, so that the data begin on a cache line of an aligned file.
        int padding = 63 - ((8 + (int)stream.Length + 63) % 64);
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        byte[] header = stream.ToArray();
        using var file = new MemoryStream();
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        file.Write(length);
        file.Write(header);
        ordered.ForEach(tensor => file.Write(tensor.Bytes));
        return file.ToArray();
    }

    /// <summary>The numbers as float16, or null where one of them needs more bits.</summary>
    private static byte[]? AsHalves(ReadOnlySpan<float> values)
    {
        var halves = new Half[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            halves[i] = (Half)values[i];
            if (Bits((float)halves[i]) != Bits(values[i]))
            {
                return null;
            }
        }

        return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
    }

    /// <summary>Indices into the ascending table of the numbers that occur, or null where there are more than 256 or the table would take more than it saves.</summary>
    private static (byte[] Indices, float[] Table)? AsTable(ReadOnlySpan<float> values)
    {
        var seen = new HashSet<int>();
        foreach (float value in values)
        {
            if (seen.Add(Bits(value)) && seen.Count > 256)
            {
                return null;
            }
        }

        if (values.Length + (4 * seen.Count) >= 4 * values.Length)
        {
            return null;
        }

        float[] table = [.. seen.Select(BitConverter.Int32BitsToSingle).Order()];
        Dictionary<int, byte> places = table.Select((value, index) => (Key: Bits(value), Index: (byte)index)).ToDictionary(pair => pair.Key, pair => pair.Index);
        var indices = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            indices[i] = places[Bits(values[i])];
        }

        return (indices, table);
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}
