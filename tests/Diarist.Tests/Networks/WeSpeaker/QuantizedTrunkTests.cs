using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

/// <summary>The trunk with 8-bit activations, on the published weights and on seeded ones.</summary>
public sealed unsafe class QuantizedTrunkTests(ITestOutputHelper output)
{
    [Fact]
    public void Embeddings_are_near_onnx_runtime_s_in_single_precision()
    {
        Npz answers = Npz.Read(Shared.Require("parity/wespeaker/known_answers.npz"));
        float[] features = answers["fbank"].ToSingles(), expected = answers["embeddings"].ToSingles();
        byte[] masks = [.. answers["masks"].ToInt64s().Select(value => (byte)value)];
        long[] which = answers["which"].ToInt64s();
        var embedder = WeSpeakerResNet34.Load(InsideNetworks.WeSpeaker(), new WeSpeakerOptions { Precision = Precision.EightBit });
        Assert.Equal(Precision.EightBit, embedder.Precision);
        const int window = 998 * 80, frames = 589;
        for (int i = 0; i < which.Length / 2; i++)
        {
            var actual = new float[256];
            embedder.EmbedFeatures(features.AsSpan((int)which[2 * i] * window, window), masks.AsSpan(i * frames, frames), actual, CancellationToken.None);
            double cosine = Cosine(actual, expected.AsSpan(i * 256, 256));
            output.WriteLine($"window {which[2 * i]}, speaker {which[(2 * i) + 1]}: cosine {cosine:F5}");
            Assert.InRange(cosine, 0.998, 1.000001);
        }
    }

    [Fact]
    public void Every_set_of_instructions_gives_the_same_bytes()
    {
        float[] features = SeededWeSpeaker.Features(117, 5);
        IResNetLayers layers = SeededWeSpeaker.Layers;
        float[]? first = null;
        foreach (IntegerInstructions instructions in IntegerInstructionSets.Supported.Where(set => set >= IntegerInstructions.Avx2))
        {
            using FeatureMap map = new ResNet34Trunk(layers, SeededRanges(features), instructions).Run(features, CancellationToken.None);
            float[] values = Values(map);
            first ??= values;
            Assert.Equal(first, values);
        }
    }

    [Fact]
    public void A_pass_in_chunks_is_near_one_long_pass_and_that_near_single_precision()
    {
        float[] features = SeededWeSpeaker.Features(300, 6);
        IResNetLayers layers = SeededWeSpeaker.Layers;
        ActivationRanges ranges = SeededRanges(features);
        var trunk = new ResNet34Trunk(layers, ranges);
        using FeatureMap exact = new ResNet34Trunk(layers, ConvolutionAlgorithm.Winograd).Run(features, CancellationToken.None);
        using FeatureMap whole = trunk.Run(features, CancellationToken.None);
        using FeatureMap chunks = trunk.RunInChunks(features, 0, whole.Width, 120, CancellationToken.None);
        double quantization = Cosine(Values(exact), Values(whole)), cut = Cosine(Values(whole), Values(chunks));
        output.WriteLine($"cosine to single precision {quantization:F5}, of chunks to one pass {cut:F7}");
        Assert.InRange(quantization, 0.998, 0.999999);
        Assert.InRange(cut, 0.9999, 1.000001);
    }

    [Fact]
    public void Weights_without_ranges_run_in_single_precision_or_are_refused()
    {
        Assert.Equal(Precision.FloatingPoint, new WeSpeakerResNet34(SeededWeSpeaker.Layers, new WeSpeakerOptions { Precision = Precision.Auto }).Precision);
        PackException error = Assert.Throws<PackException>(() => new WeSpeakerResNet34(SeededWeSpeaker.Layers, new WeSpeakerOptions { Precision = Precision.EightBit }));
        Assert.Contains("measured with other weights", error.Message);
    }

    [Fact]
    public void Eight_bits_are_chosen_by_themselves_where_they_are_faster()
    {
        var layers = new ResNetTensors(InsideNetworks.WeSpeaker());
        Precision expected = IntegerInstructionSets.Fastest >= IntegerInstructions.Avx2 ? Precision.EightBit : Precision.FloatingPoint;
        Assert.Equal(expected, new WeSpeakerResNet34(layers, new WeSpeakerOptions { Precision = Precision.Auto }).Precision);
        Assert.Equal(Precision.FloatingPoint, new WeSpeakerResNet34(layers, new WeSpeakerOptions { Precision = Precision.Auto, Instructions = IntegerInstructions.Bits128 }).Precision);
    }

    [Fact]
    public void Ranges_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationRanges([[1f]], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationRanges([.. Enumerable.Repeat(new[] { 0f }, ActivationRanges.Count)], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationRanges([.. Enumerable.Repeat(new[] { 1f }, ActivationRanges.Count)], 1).Steps(3, 32));
    }

    [Fact]
    public void Ranges_are_read_as_they_were_written()
    {
        using var stream = new MemoryStream();
        ActivationRanges.WeSpeaker.Write(stream);
        stream.Position = 0;
        ActivationRanges read = ActivationRanges.Read(stream);
        Assert.Equal(ActivationRanges.WeSpeaker.Steps(31, 256), read.Steps(31, 256));
        Assert.True(read.Suit(new ResNetTensors(InsideNetworks.WeSpeaker())));
        Assert.False(read.Suit(SeededWeSpeaker.Layers));
    }

    /// <summary>The largest values that the seeded network's channels have for these features.</summary>
    private static ActivationRanges SeededRanges(float[] features)
    {
        IResNetLayers layers = SeededWeSpeaker.Layers;
        var largest = new float[ActivationRanges.Count][];
        void Observe(int index, FeatureMap map)
        {
            if (index < largest.Length)
            {
                float[] values = Values(map);
                largest[index] = [.. Enumerable.Range(0, map.Channels).Select(channel => Enumerable.Range(0, values.Length / map.Channels).Max(i => values[(i * map.Channels) + channel]))];
                float least = largest[index].Max() / 100;
                largest[index] = [.. largest[index].Select(value => Math.Max(value, least))];
            }
        }

        using FeatureMap ignored = new ResNet34Trunk(layers, ConvolutionAlgorithm.Winograd, observer: Observe).Run(features, CancellationToken.None);
        return new ActivationRanges(largest, ActivationRanges.SumOfStem(layers));
    }

    private static float[] Values(FeatureMap map)
    {
        float[] values = new float[map.Height * map.Width * map.Channels];
        for (int y = 0; y < map.Height; y++)
        {
            new ReadOnlySpan<float>(map.At(y, 0), map.Width * map.Channels).CopyTo(values.AsSpan(y * map.Width * map.Channels));
        }

        return values;
    }

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        (double dot, double a, double b) = (0, 0, 0);
        for (int i = 0; i < left.Length; i++)
        {
            (dot, a, b) = (dot + ((double)left[i] * right[i]), a + ((double)left[i] * left[i]), b + ((double)right[i] * right[i]));
        }

        return dot / Math.Sqrt(a * b);
    }
}
