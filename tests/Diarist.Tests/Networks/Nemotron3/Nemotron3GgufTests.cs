using System.Text.Json;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The small network in Q8_0.</summary>
public sealed class Nemotron3GgufTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Integers_stay_near_the_widened_weights()
    {
        string file = Write(SmallNetwork.Gguf());
        float[] expected = FirstStep(Q8Arithmetic.Widened), actual = FirstStep(Q8Arithmetic.Integer);
        double mean = expected.Zip(actual, (e, a) => (double)Math.Abs(e - a)).Average(), largest = Captures.Difference(expected, actual);
        output.WriteLine($"first step: mean {mean:e2}, largest {largest:e2}");
        Assert.True(mean <= 0.012 && largest <= 0.2, $"mean {mean}, largest {largest}");
        Assert.True(mean > 1e-4, "the integers were not used");

        float[] FirstStep(Q8Arithmetic arithmetic) =>
            [.. CapturedRun.Of(Nemotron3Network.Load(file, arithmetic: arithmetic), Captures.Profiles["offline"], SmallNetwork.Audio).Probabilities[..(2720 * 8)]];
    }

    [Fact]
    public void Integers_give_the_same_bytes_with_any_number_of_threads()
    {
        Nemotron3Network integers = Nemotron3Network.Load(Write(SmallNetwork.Gguf()), arithmetic: Q8Arithmetic.Integer);
        float[] samples = SmallNetwork.Audio[..(30 * 16000)];
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
    public void Unknown_tensors_are_let_be_and_the_order_of_tensors_does_not_matter()
    {
        string plain = Write(SmallNetwork.Gguf()), other = Write(SmallNetwork.Gguf(without: "encoder_proj.bias")
            .Raw("training.only", [64], 30, new byte[128])
            .Tensor("encoder_proj.bias", [32], "F32", SmallNetwork.Tensors["model.proj.bias"].Values([32])));
        float[] samples = SmallNetwork.Audio[..(10 * 16000)];
        Assert.Equal(Run(plain), Run(other));

        List<float> Run(string file) => CapturedRun.Of(Nemotron3Network.Load(file, arithmetic: Q8Arithmetic.Widened), Captures.Profiles["low"], samples).Probabilities;
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
        PackException error = Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(SmallNetwork.Gguf(key, value))));
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
        Assert.Contains(name, Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(SmallNetwork.Gguf(without: name)))).Message, StringComparison.Ordinal);
        int[] shape = SmallNetwork.GgufTensors().First(tensor => tensor.Name == name).Shape;
        int count = shape.Aggregate(1, (product, extent) => product * extent);
        GgufWriter writer = SmallNetwork.Gguf(without: name).Raw(name, shape, 2, new byte[count / 32 * 18]);
        Assert.Contains($"'{name}' is stored as GGML type 2", Assert.Throws<PackException>(() => Nemotron3Network.Load(Write(writer))).Message, StringComparison.Ordinal);
    }

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
