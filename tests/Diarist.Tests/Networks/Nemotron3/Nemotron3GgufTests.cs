using System.Text.Json;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The small network in Q8_0.</summary>
public sealed class Nemotron3GgufTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Lazy<Nemotron3Network> Widened = new(() => Nemotron3Network.Load(Captures.Path("small/small.q8_0.gguf"), arithmetic: Q8Arithmetic.Widened));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("offline")]
    [InlineData("live32")]
    [InlineData("low")]
    public void Widened_weights_give_the_captured_probabilities_and_frames(string profile)
    {
        Npz capture = Captures.Archive("small/gguf.npz");
        CapturedRun run = CapturedRun.Of(Widened.Value, Captures.Profiles[profile], Captures.Audio);
        run.CompareCache(capture, profile + ".");
        double error = Captures.Difference(capture[profile + ".probs"].ToSingles().AsSpan(0, 6000 * 8), run.Probabilities.ToArray());
        output.WriteLine($"{profile}: probabilities {error:e2}");
        Assert.True(error <= 1e-4, $"{error}");
    }

    [Fact]
    public void Integers_stay_near_the_widened_weights()
    {
        Nemotron3Network integers = Nemotron3Network.Load(Captures.Path("small/small.q8_0.gguf"), arithmetic: Q8Arithmetic.Integer);
        float[] expected = Captures.Archive("small/gguf.npz")["offline.probs"].ToSingles().AsSpan(0, 2720 * 8).ToArray();
        float[] actual = [.. CapturedRun.Of(integers, Captures.Profiles["offline"], Captures.Audio).Probabilities[..(2720 * 8)]];
        double mean = expected.Zip(actual, (e, a) => (double)Math.Abs(e - a)).Average(), largest = Captures.Difference(expected, actual);
        output.WriteLine($"first step: mean {mean:e2}, largest {largest:e2}");
        Assert.True(mean <= 0.012 && largest <= 0.2, $"mean {mean}, largest {largest}");
        Assert.True(mean > 1e-4, "the integers were not used");
    }

    [Fact]
    public void Integers_give_the_same_bytes_with_any_number_of_threads()
    {
        Nemotron3Network integers = Nemotron3Network.Load(Captures.Path("small/small.q8_0.gguf"), arithmetic: Q8Arithmetic.Integer);
        float[] samples = Captures.Audio[..(30 * 16000)];
        List<float> one = CapturedRun.Of(integers, Captures.Profiles["offline"], samples).Probabilities;
        Assert.Equal(one, CapturedRun.Of(integers, Captures.Profiles["offline"], samples, threads: 3).Probabilities);
    }

    [Fact]
    public void Names_shapes_and_types_of_the_true_file_are_those_that_are_asked_for()
    {
        var asked = new AskedTensors();
        Nemotron3Layers.Bind<Lane1>(asked);
        Dictionary<string, (int[] Shape, string Type)> expected = [];
        foreach (JsonProperty entry in JsonDocument.Parse(File.ReadAllBytes(Captures.Path("tensors.json"))).RootElement.EnumerateObject())
        {
            string name = entry.Value.GetProperty("gguf").GetString()!;
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32())];
            bool fused = entry.Value.GetProperty("part").ValueKind == JsonValueKind.Number;
            expected[name] = (fused ? [3 * shape[0], shape[1]] : shape, entry.Value.GetProperty("type").GetString()!);
            Assert.Equal(entry.Name, fused ? entry.Name : Nemotron3SafeTensors.Translate(name));
        }

        Assert.Equal(expected.Keys.Order(), asked.Shapes.Keys.Order());
        Assert.Equal(355, expected.Count);
        Assert.All(expected, pair => Assert.Equal(pair.Value.Shape, asked.Shapes[pair.Key]));
    }

    [Fact]
    public void A_file_of_our_own_with_unknown_tensors_gives_the_same_bytes_as_the_published_writers()
    {
        GgufFile original = GgufFile.Open(Captures.Path("small/small.q8_0.gguf"));
        GgufWriter writer = Copy(original).Raw("training.only", [64], 30, new byte[128]);
        string path = Write(writer);
        GgufFile copy = GgufFile.Open(path);
        Assert.All(original.Tensors, tensor => Assert.Equal(original.ToSingles(tensor), copy.ToSingles(copy.Require(tensor.Name, tensor.Shape, tensor.Type))));
        float[] samples = Captures.Audio[..(10 * 16000)];
        Assert.Equal(
            CapturedRun.Of(Widened.Value, Captures.Profiles["low"], samples).Probabilities,
            CapturedRun.Of(Nemotron3Network.Load(path, arithmetic: Q8Arithmetic.Widened), Captures.Profiles["low"], samples).Probabilities);
    }

    [Theory]
    [InlineData("sortformer.version", "v2")]
    [InlineData("general.architecture", "whisper")]
    [InlineData("sortformer.num_speakers", 4)]
    [InlineData("sortformer.encoder.qk_norm", true)]
    [InlineData("sortformer.encoder.d_model", 48)]
    [InlineData("sortformer.encoder.n_layers", 4)]
    public void Another_version_or_architecture_is_refused_by_its_key_or_tensor(string key, object value)
    {
        PackException error = Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(Copy(GgufFile.Open(Captures.Path("small/small.q8_0.gguf")), key, value))));
        output.WriteLine(error.Message);
        Assert.Contains("test.gguf", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("encoder.layers.1.ffn.net.0.weight")]
    [InlineData("subpixel_upsample.weight")]
    [InlineData("learnable_sil_emb")]
    [InlineData("preprocessor.fb")]
    public void A_missing_tensor_and_one_of_another_type_are_refused_by_name(string name)
    {
        GgufFile original = GgufFile.Open(Captures.Path("small/small.q8_0.gguf"));
        Assert.Contains(name, Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(Copy(original, without: name)))).Message, StringComparison.Ordinal);
        GgufTensor tensor = original.Tensors.First(tensor => tensor.Name == name);
        GgufWriter writer = Copy(original, without: name).Raw(name, tensor.Shape, 2, new byte[tensor.Count / 32 * 18]);
        Assert.Contains($"'{name}' is stored as GGML type 2", Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(writer))).Message, StringComparison.Ordinal);
    }

    private static GgufWriter Copy(GgufFile file, string? key = null, object? value = null, string? without = null)
    {
        var writer = new GgufWriter();
        foreach ((string name, object? found) in file.Keys)
        {
            object kept = name == key ? value! : found!;
            writer.Key(name, kept is long number ? (int)number : kept);
        }

        foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.Name != without))
        {
            writer.Raw(tensor.Name, tensor.Shape, (uint)tensor.Type, Bytes(file, tensor));
        }

        return writer;
    }

    private static unsafe byte[] Bytes(GgufFile file, GgufTensor tensor) => new ReadOnlySpan<byte>(file.Pointer(tensor), (int)tensor.ByteCount).ToArray();

    private string Write(GgufWriter writer)
    {
        string path = _folder[$"{Guid.NewGuid():n}-test.gguf"];
        File.WriteAllBytes(path, writer.ToArray());
        return path;
    }

    /// <summary>Remembers what a network asks for.</summary>
    private sealed class AskedTensors : INemotron3Source
    {
        public Dictionary<string, int[]> Shapes { get; } = [];

        public Nemotron3Configuration Configuration { get; } = new();

        public float[] FilterBank => [];

        public float[] Values(string name, params ReadOnlySpan<int> shape)
        {
            Shapes[name] = shape.ToArray();
            return new float[shape.ToArray().Aggregate(1, (product, extent) => product * extent)];
        }

        public LinearLayer Linear<V>(string name, int inputs, int outputs, bool bias)
            where V : unmanaged, ILanes<V>
        {
            Shapes[name + ".weight"] = [outputs, inputs];
            if (bias)
            {
                Shapes[name + ".bias"] = [outputs];
            }

            return new FloatLinear<V>(1, 1, (_, _) => 0, []);
        }
    }
}
