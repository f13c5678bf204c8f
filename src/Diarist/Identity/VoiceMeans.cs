using System.Text.Json;
using Diarist.Numerics;
using Diarist.Segments;

namespace Diarist.Identity;

/// <summary>
/// What all voices over one channel have in common, and how alike two voices are without it. The mean voice of a channel is the mean of unit
/// vectors of many people; strangers are much less alike without it, over a telephone above all.
/// </summary>
internal sealed class VoiceMeans
{
    private const string Resource = "Diarist.voice-means.json";
    private const int Dimension = 256;

    private static readonly Lazy<VoiceMeans> Measured = new(() =>
    {
        using Stream stream = typeof(VoiceMeans).Assembly.GetManifestResourceStream(Resource)!;
        return Read(stream);
    });

    private readonly double[] _wideBand;
    private readonly double[] _telephone;

    /// <summary>Takes the means.</summary>
    public VoiceMeans(double[] wideBand, double[] telephone)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(wideBand.Length, Dimension, nameof(wideBand));
        ArgumentOutOfRangeException.ThrowIfNotEqual(telephone.Length, Dimension, nameof(telephone));
        (_wideBand, _telephone) = (wideBand, telephone);
    }

    /// <summary>Those of WeSpeaker's ResNet34-LM. Written by benchmarks/Diarist.Accuracy with the verb <c>identity-fit</c>.</summary>
    public static VoiceMeans WeSpeaker => Measured.Value;

    /// <summary>How alike two voices are: the cosine of their sums without the means, from −1 to 1.</summary>
    public double Likeness(SpeakerGroup one, VoiceChannel channel, SpeakerGroup other, VoiceChannel otherChannel)
    {
        double[] a = Centred(one, channel), b = Centred(other, otherChannel);
        double norms = Math.Sqrt(VectorMath.Dot(a, a) * VectorMath.Dot(b, b));
        return norms > 0 ? VectorMath.Dot(a, b) / norms : 0;
    }

    /// <summary>Writes the means as JSON.</summary>
    public void Write(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, IndentSize = 0 });
        json.WriteStartObject();
        foreach ((string name, double[] mean) in (ReadOnlySpan<(string, double[])>)[("wideBand", _wideBand), ("telephone", _telephone)])
        {
            json.WritePropertyName(name);
            json.WriteRawValue($"[{string.Join(',', mean.Select(value => value.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture)))}]");
        }

        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static VoiceMeans Read(Stream stream)
    {
        using var document = JsonDocument.Parse(stream);
        double[] Of(string name) => [.. document.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        return new VoiceMeans(Of("wideBand"), Of("telephone"));
    }

    private double[] Centred(SpeakerGroup group, VoiceChannel channel)
    {
        double[] sum = [.. group.Sum];
        VectorMath.AddScaled(sum, -group.Weight, channel == VoiceChannel.Telephone ? _telephone : _wideBand);
        return sum;
    }
}
