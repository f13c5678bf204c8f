using System.Runtime.InteropServices;
using Diarist.Inference;
using Diarist.Networks.WeSpeaker;

namespace Diarist.Tests.Support;

/// <summary>
/// WeSpeaker's ResNet34 filled with seeded random weights, and seeded features and masks to feed it. The generator, the
/// order of the tensors (that of the exported graph) and the biases that keep their true values are those of
/// tests/make-fixtures/wespeaker.mjs, which asked ONNX Runtime for the answers.
/// </summary>
internal static class SeededWeSpeaker
{
    private static readonly Lazy<IResNetLayers> Filled = new(() => new ResNetTensors(Fill()));
    private static readonly Lazy<WeSpeakerResNet34> Packed = new(() => new WeSpeakerResNet34(Filled.Value));

    /// <summary>The layers.</summary>
    public static IResNetLayers Layers => Filled.Value;

    /// <summary>The embedder as it is by default, packed once for all tests.</summary>
    public static WeSpeakerResNet34 Embedder => Packed.Value;

    /// <summary>Features that wander from frame to frame as speech does, shape (frames, 80); each seed has its own spectrum.</summary>
    public static float[] Features(int frames, uint seed)
    {
        IEnumerator<double> random = Uniform(seed).GetEnumerator();
        var level = new float[80];
        for (int bin = 0; bin < 80; bin++)
        {
            level[bin] = (float)(((bin > 0 ? level[bin - 1] : 0.0) * 0.75) + (Next(random) * 2));
        }

        var values = new float[frames * 80];
        for (int frame = 0; frame < frames; frame++)
        {
            for (int bin = 0; bin < 80; bin++)
            {
                double before = frame > 0 ? values[((frame - 1) * 80) + bin] : 0.0;
                values[(frame * 80) + bin] = (float)((before * 0.875) + (level[bin] * 0.125) + Next(random));
            }
        }

        return values;
    }

    /// <summary>589 frames of 0 and 1, runs of about 30 frames; seed 0 is a mask of ones.</summary>
    public static byte[] Mask(uint seed)
    {
        var values = new byte[589];
        IEnumerator<double> random = Uniform(seed).GetEnumerator();
        byte speaking = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (seed != 0 && Next(random) < -0.9375)
            {
                speaking ^= 1;
            }

            values[i] = seed == 0 ? (byte)1 : speaking;
        }

        return values;
    }

    /// <summary>Marsaglia's xorshift32 as values in [−1, 1) that float32 holds exactly.</summary>
    private static IEnumerable<double> Uniform(uint seed)
    {
        for (uint state = seed; ;)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            yield return ((state >> 8) / 8388608.0) - 1;
        }
    }

    private static double Next(IEnumerator<double> random)
    {
        random.MoveNext();
        return random.Current;
    }

    private static Weights Fill()
    {
        Weights real = InsideNetworks.WeSpeaker();
        string[] names = [.. ConvolutionNames(real)];
        IEnumerator<double> random = Uniform(20240607).GetEnumerator();
        var seeded = new Weights("seeded");
        string[] weights = ["conv1.weight", "seg_1.bias", .. names.Skip(1).Select(name => name + ".weight"), "seg_1.weight"];
        bool IsSeeded(string name) => name.StartsWith("layer3", StringComparison.Ordinal) || name.StartsWith("layer4", StringComparison.Ordinal);
        foreach (string name in weights.Concat(names.Where(IsSeeded).Select(name => name + ".bias")))
        {
            Assert.True(real.TryGet(name, out Tensor<float>? tensor));
            double scale = Bound(name, tensor.Shape);
            foreach (ref float value in tensor.Data.AsSpan())
            {
                value = (float)(Next(random) * scale);
            }

            Add(seeded, tensor);
        }

        foreach (string name in names.Where(name => !IsSeeded(name)).Select(name => name + ".bias"))
        {
            Add(seeded, real.TryGet(name, out Tensor<float>? tensor) ? tensor : throw new InvalidOperationException(name));
        }

        return seeded;
    }

    private static void Add(Weights weights, Tensor<float> tensor) =>
        weights.Add(tensor.Name, [.. tensor.Shape.Select(extent => (long)extent)], ElementType.Float32, MemoryMarshal.AsBytes(tensor.Data.AsSpan()));

    private static IEnumerable<string> ConvolutionNames(Weights weights)
    {
        yield return "conv1";
        for (int stage = 1; stage <= 4; stage++)
        {
            for (int block = 0; weights.ShapeOf($"layer{stage}.{block}.conv1.weight") is not null; block++)
            {
                foreach (string part in (string[])["conv1", "conv2", "shortcut"])
                {
                    if (weights.ShapeOf($"layer{stage}.{block}.{part}.weight") is not null)
                    {
                        yield return $"layer{stage}.{block}.{part}";
                    }
                }
            }
        }
    }

    /// <summary>He's bound for a uniform distribution, lowered where blocks add up, so that activations neither die nor explode.</summary>
    private static double Bound(string name, int[] shape)
    {
        if (name.EndsWith("bias", StringComparison.Ordinal))
        {
            return 0.1;
        }

        if (name.Contains("seg_1"))
        {
            return Math.Sqrt(3.0 / shape[1]);
        }

        double gain = name.Contains("conv2") ? 0.5 : name.Contains("shortcut") ? 0.7 : 1;
        return gain * Math.Sqrt(6.0 / (shape[1] * shape[2] * shape[3]));
    }
}
