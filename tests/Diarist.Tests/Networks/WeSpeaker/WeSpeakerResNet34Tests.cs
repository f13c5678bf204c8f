using Diarist.Features;
using Diarist.Inference;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

public class WeSpeakerResNet34Tests(ITestOutputHelper output)
{
    private const int Frames = SlidingWindow.FramesPerWindow;
    private const int PerWindow = 3 * 256;

    [Theory]
    [InlineData(16_000)]
    [InlineData(10_001)]
    public void Windows_of_a_stretch_get_what_each_gets_from_its_own_features(int step)
    {
        WeSpeakerResNet34 embedder = SeededWeSpeaker.Embedder;
        float[] samples = Speech.Synthetic(SlidingWindow.WindowSamples + step, 1);
        byte[] masks = [.. Enumerable.Range(0, 2 * Frames).Select(i => (byte)((i / 97 % 2) | (i % Frames < 300 ? 2 : 0)))];
        var together = new float[2 * PerWindow];
        embedder.Embed(new WindowedAudio(samples, 2, step), masks, together, CancellationToken.None);
        for (int window = 0; window < 2; window++)
        {
            var features = new float[998 * 80];
            new KaldiFilterBank().Compute(samples.AsSpan(window * step, SlidingWindow.WindowSamples), features);
            KaldiFilterBank.SubtractMean(features, features);
            var alone = new float[PerWindow];
            Array.Fill(alone, float.NaN);
            embedder.EmbedFeatures(features, masks.AsSpan(window * Frames, Frames), alone, CancellationToken.None);
            Assert.Equal(alone, together[(window * PerWindow)..((window + 1) * PerWindow)]);
            Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(speaker => float.IsNaN(alone[speaker * 256])));
        }
    }

    [Fact]
    public void A_graph_in_one_file_with_batch_normalisation_gives_the_same_embedding()
    {
        float[] features = SeededWeSpeaker.Features(60, 9);
        byte[] mask = SeededWeSpeaker.Mask(14);
        var expected = new float[256];
        SeededWeSpeaker.Embedder.EmbedFeatures(features, mask, expected, CancellationToken.None);

        using var folder = new TemporaryFolder();
        string path = folder.Write("one.onnx", WithBatchNormalization(SeededWeSpeaker.Layers));
        var actual = new float[256];
        WeSpeakerResNet34.Load(path).EmbedFeatures(features, mask, actual, CancellationToken.None);
        double difference = expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / Math.Sqrt(expected.Average(value => value * value));
        output.WriteLine($"largest difference {difference:E2} of the RMS");
        Assert.InRange(difference, 0, 1e-4);
    }

    [Fact]
    public void Empty_masks_are_skipped_and_cancelling_stops_the_rest()
    {
        WeSpeakerResNet34 embedder = SeededWeSpeaker.Embedder;
        using var source = new CancellationTokenSource();
        source.Cancel();
        var audio = new WindowedAudio(new float[SlidingWindow.WindowSamples], 1, 16_000);
        var embeddings = new float[PerWindow];
        embedder.Embed(audio, new byte[Frames], embeddings, source.Token);
        Assert.All(embeddings, value => Assert.True(float.IsNaN(value)));

        // Segmentation frame 1 lies between the trunk's frames 0 and 1, which look at 0 and 4.
        var missed = new byte[Frames];
        missed[1] = 1;
        embedder.Embed(audio, missed, embeddings, source.Token);
        Assert.All(embeddings, value => Assert.True(float.IsNaN(value)));
        byte[] mask = [.. Enumerable.Repeat((byte)1, Frames)];
        Assert.Throws<OperationCanceledException>(() => embedder.Embed(audio, mask, embeddings, source.Token));
    }

    [Fact]
    public void Another_network_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("other.onnx", OnnxWriter.Model([OnnxWriter.Node("Identity", ["x"], ["y"])], [], inputs: ["x"]));
        Assert.Contains("other.onnx", Assert.Throws<PackException>(() => WeSpeakerResNet34.Load(path)).Message);
        Weights others = SafeTensors.Read(InsideNetworks.PathOf("silero-vad-v6/silero_vad_16k.safetensors"));
        Assert.Contains("another network", Assert.Throws<PackException>(() => WeSpeakerResNet34.Load(others)).Message);
    }

    [Theory]
    [InlineData("strides", "stride")]
    [InlineData("pads", "border")]
    [InlineData("group", "border")]
    public void An_unexpected_convolution_is_refused(string attribute, string problem)
    {
        object value = attribute == "group" ? 2L : attribute == "strides" ? new long[] { 2, 2 } : [0, 0, 0, 0];
        using var folder = new TemporaryFolder();
        byte[] model = OnnxWriter.Model(
            [
                OnnxWriter.Node("Conv", ["fbank", "w"], ["a"], attribute == "pads" ? [(attribute, value)] : [("pads", new long[] { 1, 1, 1, 1 }), (attribute, value)]),
                OnnxWriter.Node("Relu", ["a"], ["b"]),
                OnnxWriter.Node("Gemm", ["b", "v", "c"], ["y"], ("transB", 1L)),
            ],
            [OnnxWriter.Tensor("w", [32, 1, 3, 3], new float[288]), OnnxWriter.Tensor("v", [256, 5120], new float[256 * 5120]), OnnxWriter.Tensor("c", [256], new float[256])],
            inputs: ["fbank"]);
        string path = folder.Write("other.onnx", model);
        Assert.Contains(problem, Assert.Throws<PackException>(() => WeSpeakerResNet34.Load(path)).Message);
    }

    /// <summary>The same network as an ONNX graph, with every folded normalization taken out again.</summary>
    private static byte[] WithBatchNormalization(IResNetLayers layers)
    {
        var random = new Random(4);
        var nodes = new List<OnnxWriter>();
        var tensors = new List<OnnxWriter>();
        string x = Relu(Convolve(layers.Stem, "fbank"));
        foreach (ResNetBlock block in layers.Blocks)
        {
            string inner = Convolve(block.Second, Relu(Convolve(block.First, x)));
            string added = block.Shortcut is null ? x : Convolve(block.Shortcut, x);
            x = Relu(Emit("Add", [inner, added]));
        }

        (StoredTensor weights, float[] bias) = layers.Linear(5120, 256);
        tensors.Add(OnnxWriter.Tensor("linear", [256, 5120], weights.Widened()));
        tensors.Add(OnnxWriter.Tensor("linear bias", [256], bias));
        nodes.Add(OnnxWriter.Node("Gemm", [x, "linear", "linear bias"], ["embedding"], ("transB", 1L)));
        return OnnxWriter.Model(nodes, tensors, inputs: ["fbank", "weights"]);

        string Emit(string type, string[] inputs, params (string Name, object Value)[] attributes)
        {
            string output = "v" + nodes.Count;
            nodes.Add(OnnxWriter.Node(type, inputs, [output], attributes));
            return output;
        }

        string Relu(string value) => Emit("Relu", [value]);

        string Convolve(ResNetLayer layer, string input)
        {
            string name = "n" + tensors.Count;
            var filters = new float[layer.Weights.Length];
            layer.Weights.WidenTo(filters);
            int outputs = layer.Outputs, filter = filters.Length / outputs, pad = layer.Kernel / 2;
            float[] scale = Noise(0.5f, 1.5f), mean = Noise(-1, 1), variance = Noise(0.2f, 2);
            double[] factor = [.. scale.Zip(variance, (s, v) => s / Math.Sqrt(v + 1e-3))];
            float[] Noise(float low, float high) => [.. Enumerable.Range(0, outputs).Select(_ => low + (random.NextSingle() * (high - low)))];
            tensors.Add(OnnxWriter.Tensor(name + "w", layer.Weights.Shape, filters.Select((value, i) => (float)(value / factor[i / filter])).ToArray()));
            tensors.Add(OnnxWriter.Tensor(name + "s", [outputs], scale));
            tensors.Add(OnnxWriter.Tensor(name + "b", [outputs], layer.Bias.Select((value, i) => (float)(value + (factor[i] * mean[i]))).ToArray()));
            tensors.Add(OnnxWriter.Tensor(name + "m", [outputs], mean));
            tensors.Add(OnnxWriter.Tensor(name + "v", [outputs], variance));
            string convolved = Emit(
                "Conv", [input, name + "w"],
                ("strides", new long[] { layer.Stride, layer.Stride }), ("pads", new long[] { pad, pad, pad, pad }), ("kernel_shape", new long[] { layer.Kernel, layer.Kernel }));
            return Emit("BatchNormalization", [convolved, name + "s", name + "b", name + "m", name + "v"], ("epsilon", 1e-3f));
        }
    }
}
