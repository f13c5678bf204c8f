using System.Text.Json;
using Diarist.Numerics;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// The largest value that each channel of the trunk's activations keeps when it is held in 8 bits: the stem's, then for each of
/// the 16 blocks those of its inner and of its last convolution. The last of all stays in float32. A range for each channel costs
/// nothing, because the weights that follow take it in.
/// </summary>
internal sealed class ActivationRanges
{
    /// <summary>Activations that are held in 8 bits.</summary>
    public const int Count = 32;

    private const string Resource = "Diarist.wespeaker-activation-ranges.json";

    private static readonly Lazy<ActivationRanges> Published = new(() =>
    {
        using Stream stream = typeof(ActivationRanges).Assembly.GetManifestResourceStream(Resource)!;
        return Read(stream);
    });

    private readonly float[][] _largest;
    private readonly double _stem;

    /// <summary>Takes the ranges.</summary>
    /// <param name="largest">For each of the <see cref="Count"/> activations a positive value for each channel.</param>
    /// <param name="stem">What <see cref="SumOfStem"/> is for the weights that they were measured with.</param>
    public ActivationRanges(IReadOnlyList<float[]> largest, double stem)
    {
        _stem = stem;
        ArgumentOutOfRangeException.ThrowIfNotEqual(largest.Count, Count, nameof(largest));
        foreach (float[] values in largest)
        {
            foreach (float value in values)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(largest));
            }
        }

        _largest = [.. largest];
    }

    /// <summary>
    /// Those of the published weights, measured on development audio. Written by:
    /// benchmarks/Diarist.Accuracy with the verb <c>ranges</c>.
    /// </summary>
    public static ActivationRanges WeSpeaker => Published.Value;

    /// <summary>Σ|weight| of the first convolution: the same for all published variants of the weights up to rounding, and another for other weights.</summary>
    public static double SumOfStem(IResNetLayers layers)
    {
        float[] weights = new float[layers.Stem.Weights.Length];
        layers.Stem.Weights.WidenTo(weights);
        double sum = 0;
        foreach (float weight in weights)
        {
            sum += Math.Abs((double)weight);
        }

        return sum;
    }

    /// <summary>Whether the ranges belong to these weights.</summary>
    public bool Suit(IResNetLayers layers) => Math.Abs(SumOfStem(layers) - _stem) < 1e-3 * _stem;

    /// <summary>What a unit of each channel of an activation is.</summary>
    /// <param name="index">The activation.</param>
    /// <param name="channels">Its channels.</param>
    public float[] Steps(int index, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(_largest[index].Length, channels, nameof(channels));
        return Arrays.Map<float, float>(_largest[index], largest => largest / byte.MaxValue);
    }

    /// <summary>Writes the ranges as JSON, an array for each activation.</summary>
    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, IndentSize = 0 });
        json.WriteStartObject();
        json.WriteNumber("stem", _stem);
        json.WriteStartArray("largest");
        foreach (float[] values in _largest)
        {
            json.WriteRawValue($"[{string.Join(',', values.Select(value => value.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)))}]");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads ranges as <see cref="Write"/> writes them.</summary>
    public static ActivationRanges Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        JsonElement largest = root.GetProperty("largest");
        var read = new float[largest.GetArrayLength()][];
        for (int index = 0; index < read.Length; index++)
        {
            JsonElement values = largest[index];
            read[index] = new float[values.GetArrayLength()];
            int channel = 0;
            foreach (JsonElement value in values.EnumerateArray())
            {
                read[index][channel++] = value.GetSingle();
            }
        }

        return new ActivationRanges(read, root.GetProperty("stem").GetDouble());
    }
}
