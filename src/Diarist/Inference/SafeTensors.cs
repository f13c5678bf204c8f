using System.Buffers.Binary;
using System.Text.Json;

namespace Diarist.Inference;

/// <summary>
/// Reads the safetensors format: an 8-byte little-endian header length, a JSON header
/// <c>{name: {dtype, shape, data_offsets: [begin, end]}, "__metadata__": {key: text}}</c>, and the data.
/// F32, F16 and BF16 become float32 when they are asked for, I8 and I64 stay. U8 with the name <c>x</c> beside F32 [n] with the
/// name <c>x.values</c>, n at most 256, stands for float32: each byte for one of the values. Other types are only remembered by name.
/// </summary>
internal static class SafeTensors
{
    private const int MaximumHeader = 100_000_000;

    /// <summary>Reads every tensor of a file.</summary>
    /// <exception cref="PackException">The file is missing, truncated or breaks the format.</exception>
    public static Weights Read(string path) => Read(WeightsFile.ReadAllBytes(path), path);

    /// <summary>Reads every tensor from memory, which must stay as it is while the result is in use: tensors are not copied.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="origin">What errors name.</param>
    /// <exception cref="PackException">The bytes are truncated or break the format.</exception>
    public static Weights Read(ReadOnlyMemory<byte> bytes, string origin)
    {
        if (bytes.Length < 8)
        {
            throw Damaged(origin, $"its {bytes.Length} bytes are too few for a safetensors file");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (headerLength > (ulong)Math.Min(bytes.Length - 8, MaximumHeader))
        {
            throw Damaged(origin, $"its header of {headerLength} bytes does not fit in the {bytes.Length} bytes of the file");
        }

        var weights = new Weights(origin);
        try
        {
            using var header = JsonDocument.Parse(bytes.Slice(8, (int)headerLength));
            ReadHeader(weights, header.RootElement, bytes[(8 + (int)headerLength)..]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new PackException($"{origin}: the JSON header of the safetensors file is damaged ({error.Message.ReplaceLineEndings(" ")})", error);
        }

        weights.BindTables();
        return weights;
    }

    private static void ReadHeader(Weights weights, JsonElement header, ReadOnlyMemory<byte> data)
    {
        long used = 0;
        foreach (JsonProperty entry in header.EnumerateObject())
        {
            if (entry.NameEquals("__metadata__"))
            {
                foreach (JsonProperty pair in entry.Value.EnumerateObject())
                {
                    weights.Metadata[pair.Name] = pair.Value.GetString() ?? "";
                }

                continue;
            }

            (long begin, long end) = Offsets(weights, entry);
            if (begin < 0 || end < begin || end > data.Length)
            {
                throw weights.Error(entry.Name, $"lies at bytes {begin} to {end} of {data.Length}; the file is truncated or damaged");
            }

            // Tensors do not overlap, so that a small file cannot unfold into much memory.
            used += end - begin;
            if (used > data.Length)
            {
                throw weights.Error(entry.Name, "overlaps another one; the file is damaged");
            }

            string type = Property(weights, entry, "dtype").GetString() ?? "";
            long[] shape = Integers(weights, entry, "shape");
            if (Element(type) is { } element)
            {
                weights.Add(entry.Name, shape, element, data[(int)begin..(int)end]);
            }
            else
            {
                weights.AddUnread(entry.Name, type);
            }
        }
    }

    private static ElementType? Element(string type) => type switch
    {
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I64" => ElementType.Int64,
        "U8" => ElementType.Table8,
        _ => null,
    };

    private static (long Begin, long End) Offsets(Weights weights, JsonProperty entry)
    {
        long[] offsets = Integers(weights, entry, "data_offsets");
        return offsets.Length == 2 ? (offsets[0], offsets[1]) : throw weights.Error(entry.Name, "has no pair of data_offsets; the file is damaged");
    }

    private static long[] Integers(Weights weights, JsonProperty entry, string property)
    {
        JsonElement array = Property(weights, entry, property);
        var values = new long[array.GetArrayLength()];
        for (int i = 0; i < values.Length; i++)
        {
            if (!array[i].TryGetInt64(out values[i]))
            {
                throw weights.Error(entry.Name, $"has {property} that are not integers; the file is damaged");
            }
        }

        return values;
    }

    private static JsonElement Property(Weights weights, JsonProperty entry, string property) =>
        entry.Value.TryGetProperty(property, out JsonElement value) ? value : throw weights.Error(entry.Name, $"has no {property}; the file is damaged");

    private static PackException Damaged(string path, string problem) => new($"{path}: {problem}; the file is truncated or damaged");
}
