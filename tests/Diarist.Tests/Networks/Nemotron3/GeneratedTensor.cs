using System.Text.Json;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>A tensor whose values come from a counter, as the captures' README defines it; every value is the same in any language.</summary>
internal sealed record GeneratedTensor(string Name, int Index, int[] Shape, float Scale, float[] Offsets, float[] First, ulong Seed, int HeadSize)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Reads an entry of weights.json.</summary>
    public static GeneratedTensor Parse(JsonElement entry, ulong seed, int headSize)
    {
        JsonElement offset = entry.GetProperty("offset");
        return new GeneratedTensor(
            entry.GetProperty("name").GetString()!,
            entry.GetProperty("index").GetInt32(),
            [.. entry.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())],
            entry.GetProperty("a").GetSingle(),
            offset.ValueKind == JsonValueKind.Array ? [.. offset.EnumerateArray().Select(value => value.GetSingle())] : [offset.GetSingle()],
            [.. entry.GetProperty("first").EnumerateArray().Select(value => value.GetSingle())],
            seed,
            headSize);
    }

    /// <summary>The values; the first ones are checked against those that were written down.</summary>
    public float[] Values(ReadOnlySpan<int> shape)
    {
        Assert.Equal(Shape, shape.ToArray());
        float[] values = Uniform(Seed, Index, Shape.Aggregate(1, (product, extent) => product * extent), Scale);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += Offsets[i % Offsets.Length];
        }

        if (Name.Contains("embedder", StringComparison.Ordinal))
        {
            for (int i = 1; i < values.Length; i += 2)
            {
                values[i] = values[i - 1] * -0.75f;
            }
        }

        if (Name == "model.upsampler.conv.weight")
        {
            for (int output = 0; output < Shape[0]; output++)
            {
                values[(((output * HeadSize) + (output % HeadSize)) * 3) + 1] += 1;
            }
        }

        Assert.Equal(First, values[..First.Length]);
        return values;
    }

    /// <summary>Values of tensor number <paramref name="tensor"/>, uniform in [−a, a).</summary>
    public static float[] Uniform(ulong seed, int tensor, int count, float a)
    {
        ulong start = Mix(seed + ((ulong)(tensor + 1) * Golden));
        float unit = a * (1f / (1 << 23));
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            ulong hash = Mix(start + ((ulong)(i + 1) * Golden));
            values[i] = (int)((long)(hash >> 40) - (1 << 23)) * unit;
        }

        return values;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
