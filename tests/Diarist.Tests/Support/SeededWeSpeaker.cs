using System.Buffers.Binary;
using Diarist.Inference;
using Diarist.Networks.WeSpeaker;

namespace Diarist.Tests.Support;

/// <summary>
/// The true WeSpeaker ResNet34 export filled with seeded random weights, and seeded features and masks to feed it. The
/// generator and the way it is used are those of tests/make-fixtures/wespeaker.mjs, which asked ONNX Runtime for the answers.
/// </summary>
internal static class SeededWeSpeaker
{
    private const string DataFile = "wespeaker_resnet34_lm.onnx.data";
    private static readonly Lazy<OnnxGraph> Loaded = new(LoadGraph);
    private static readonly Lazy<WeSpeakerResNet34> Packed = new(() => new WeSpeakerResNet34(Loaded.Value));

    /// <summary>The graph with its weights; skips the test when the export is not there.</summary>
    public static OnnxGraph Graph
    {
        get
        {
            Shared.Require("packs-incomplete/wespeaker-resnet34-lm");
            return Loaded.Value;
        }
    }

    /// <summary>The embedder as it is by default, packed once for all tests.</summary>
    public static WeSpeakerResNet34 Embedder
    {
        get
        {
            Shared.Require("packs-incomplete/wespeaker-resnet34-lm");
            return Packed.Value;
        }
    }

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

    private static OnnxGraph LoadGraph()
    {
        using var folder = new TemporaryFolder();
        byte[] model = File.ReadAllBytes(Shared.Require("packs-incomplete/wespeaker-resnet34-lm/wespeaker_resnet34_lm.graph.onnx"));
        string path = folder.Write("wespeaker_resnet34_lm.onnx", model);
        folder.Write(DataFile, Weights(model, path));
        return OnnxFile.Read(path);
    }

    private static byte[] Weights(byte[] model, string path)
    {
        var data = new List<byte>();
        IEnumerator<double> random = Uniform(20240607).GetEnumerator();
        var reader = new ProtobufReader(model, path, 0);
        while (reader.Next(out int field))
        {
            if (field != 7)
            {
                reader.Skip();
                continue;
            }

            ProtobufReader graph = reader.Message();
            while (graph.Next(out int part))
            {
                if (part == 5)
                {
                    Fill(graph.Message(), data, random);
                }
                else
                {
                    graph.Skip();
                }
            }
        }

        return [.. data];
    }

    private static void Fill(ProtobufReader tensor, List<byte> data, IEnumerator<double> random)
    {
        string name = "";
        var shape = new List<long>();
        var external = new Dictionary<string, string>();
        while (tensor.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    tensor.Integers(shape);
                    break;
                case 8:
                    name = tensor.Text();
                    break;
                case 13:
                    (string key, string value) = OnnxTensorReader.ReadPair(tensor.Message());
                    external[key] = value;
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }

        if (external.Count == 0)
        {
            return;
        }

        int offset = int.Parse(external["offset"]);
        int length = int.Parse(external["length"]);
        while (data.Count < offset + length)
        {
            data.AddRange(new byte[Math.Max(offset + length - data.Count, 1 << 20)]);
        }

        double scale = Bound(name, shape);
        Span<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(data).Slice(offset, length);
        for (int i = 0; i < length; i += 4)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[i..], (float)(Next(random) * scale));
        }
    }

    /// <summary>He's bound for a uniform distribution, lowered where blocks add up, so that activations neither die nor explode.</summary>
    private static double Bound(string name, List<long> shape)
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
