using System.Runtime.InteropServices;
using Diarist.Inference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference;

public sealed class OnnxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_are_read_from_raw_bytes_typed_fields_and_constant_nodes()
    {
        byte[] model = OnnxWriter.Model(
            [
                OnnxWriter.Node("Constant", [], ["k"], ("value", OnnxWriter.Tensor("", [2], [3f, 4f]))),
                OnnxWriter.Node("Constant", [], ["axes"], ("value_ints", new long[] { -1, 2 })),
                OnnxWriter.Node("Constant", [], ["scale"], ("value_float", 0.5f)),
            ],
            [
                OnnxWriter.Tensor("raw", [1, 2], [1f, 2f]),
                OnnxWriter.TensorHead("typed", 1, [3]).Single(4, 1).Bytes(4, MemoryMarshal.AsBytes<float>([2, 3])),
                OnnxWriter.TensorHead("half", 10, [2]).Bytes(9, [0, 60, 0, 193]),
                OnnxWriter.TensorHead("typed half", 10, [1]).Integer(5, 0x3C00),
                OnnxWriter.TensorHead("integers", 7, [3]).Integer(7, -1).Bytes(7, [5, 6]),
                OnnxWriter.TensorHead("flags", 9, [1]).Bytes(9, [1]),
            ],
            [("sample_rate", "16000")]);
        OnnxGraph graph = OnnxFile.Read(_folder.Write("model.onnx", model));
        Assert.Equal([1, 2], graph.Constants.Get("raw", 1, 2).Data);
        Assert.Equal([1, 2, 3], graph.Constants.Get("typed", 3).Data);
        Assert.Equal([1, -2.5f], graph.Constants.Get("half", 2).Data);
        Assert.Equal([1], graph.Constants.Get("typed half", 1).Data);
        Assert.Equal([-1, 5, 6], graph.Constants.GetInt64("integers", 3).Data);
        Assert.Equal([3, 4], graph.Constants.Get("k", 2).Data);
        Assert.Equal([-1, 2], graph.Constants.GetInt64("axes", 2).Data);
        Assert.Equal([0.5f], graph.Constants.Get("scale").Data);
        Assert.Equal("16000", graph.Constants.Metadata["sample_rate"]);
        Assert.Contains("ONNX element type 9", Assert.Throws<PackException>(() => graph.Constants.Get("flags", 1)).Message);
    }

    [Fact]
    public void Nodes_keep_their_order_wiring_and_attributes()
    {
        byte[] model = OnnxWriter.Model(
            [
                OnnxWriter.Node("Conv", ["x", "w", ""], ["y"], ("strides", new long[] { 2, 1 }), ("group", 1L), ("auto_pad", "NOTSET")),
                OnnxWriter.Node("LeakyRelu", ["y"], ["z"], ("alpha", 0.01f)),
            ],
            []);
        OnnxGraph graph = OnnxFile.Read(_folder.Write("model.onnx", model));
        OnnxNode convolution = graph.Nodes[0];
        Assert.Equal(["x", "w", ""], convolution.Inputs);
        Assert.Equal([2, 1], convolution.Integers("strides"));
        Assert.Equal(1, convolution.Integer("group", 7));
        Assert.Equal(7, convolution.Integer("absent", 7));
        Assert.Equal("NOTSET", convolution.Text("auto_pad", ""));
        Assert.Equal(0.01f, graph.Nodes[1].Single("alpha", 0));
        Assert.Same(graph.Nodes[1], Assert.Single(graph.Consumers("y")));
    }

    [Fact]
    public void External_data_is_read_at_its_offset()
    {
        _folder.Write("data/weights.bin", MemoryMarshal.AsBytes<float>([9, 1, 2, 9]));
        OnnxGraph graph = OnnxFile.Read(_folder.Write("model.onnx", External("data/weights.bin", "4", "8")));
        Assert.Equal([1, 2], graph.Constants.Get("w", 2).Data);
    }

    [Theory]
    [InlineData("../weights.bin", "0", "8", "not a plain path")]
    [InlineData("data/../../weights.bin", "0", "8", "not a plain path")]
    [InlineData("/etc/passwd", "0", "8", "not a plain path")]
    [InlineData("..\\weights.bin", "0", "8", "not a plain path")]
    [InlineData("", "0", "8", "not a plain path")]
    [InlineData("absent.bin", "0", "8", "absent.bin")]
    [InlineData("weights.bin", "12", "8", "truncated")]
    [InlineData("weights.bin", "99", "0", "truncated")]
    [InlineData("weights.bin", "0", "9223372036854775807", "truncated")]
    [InlineData("weights.bin", "9223372036854775807", "9223372036854775807", "truncated")]
    [InlineData("weights.bin", "-4", "8", "not a number")]
    [InlineData("weights.bin", "0", "12", "12 bytes")]
    public void External_data_outside_the_file_or_folder_is_refused(string location, string offset, string length, string problem)
    {
        _folder.Write("weights.bin", new byte[16]);
        string path = _folder.Write("model.onnx", External(location, offset, length));
        Assert.Contains(problem, Assert.Throws<PackException>(() => OnnxFile.Read(path)).Message);
    }

    [Fact]
    public void External_data_cannot_be_used_over_and_over()
    {
        _folder.Write("weights.bin", new byte[16]);
        byte[] model = OnnxWriter.Model([Identity()], Enumerable.Range(0, 3).Select(i => ExternalTensor($"w{i}", "weights.bin", "0", "8")));
        Assert.Contains("overlaps", Assert.Throws<PackException>(() => OnnxFile.Read(_folder.Write("model.onnx", model))).Message);
    }

    [Fact]
    public void Huge_extents_are_refused_without_allocating()
    {
        byte[] model = OnnxWriter.Model([Identity()], [OnnxWriter.TensorHead("w", 1, [int.MaxValue, int.MaxValue, 4]).Bytes(9, [])]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<PackException>(() => OnnxFile.Read(_folder.Write("model.onnx", model)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Sub_graphs_nested_without_end_are_refused()
    {
        OnnxWriter graph = new OnnxWriter().Message(1, Identity());
        for (int depth = 0; depth < 2000; depth++)
        {
            graph = new OnnxWriter().Message(1, new OnnxWriter().Text(4, "If").Text(2, "y").Message(5, new OnnxWriter().Text(1, "then_branch").Message(6, graph)));
        }

        string path = _folder.Write("model.onnx", new OnnxWriter().Message(7, graph).ToArray());
        Assert.Contains("nest", Assert.Throws<PackException>(() => OnnxFile.Read(path)).Message);
    }

    [Fact]
    public void A_file_cut_anywhere_or_damaged_is_refused_or_read_but_never_crashes()
    {
        byte[] whole = OnnxWriter.Model(
            [OnnxWriter.Node("Conv", ["x", "w"], ["y"], ("strides", new long[] { 2, 1 }))],
            [OnnxWriter.Tensor("w", [1, 2], [1f, 2f]), OnnxWriter.Tensor("s", [1], [7L])]);
        var random = new Random(3);
        for (int round = 0; round < 1500; round++)
        {
            byte[] damaged = round < whole.Length ? whole[..round] : [.. whole];
            if (round >= whole.Length)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            string path = _folder.Write("damaged.onnx", damaged);
            Exception? error = Record.Exception(() => OnnxFile.Read(path));
            Assert.True(error is null or PackException, error?.ToString());
            Assert.True(error is not null || round >= whole.Length, $"a cut at {round} went unnoticed");
        }
    }

    private static OnnxWriter Identity() => OnnxWriter.Node("Identity", ["x"], ["y"]);

    private static byte[] External(string location, string offset, string length) =>
        OnnxWriter.Model([Identity()], [ExternalTensor("w", location, offset, length)]);

    private static OnnxWriter ExternalTensor(string name, string location, string offset, string length) =>
        OnnxWriter.TensorHead(name, 1, [2])
            .Message(13, new OnnxWriter().Text(1, "location").Text(2, location))
            .Message(13, new OnnxWriter().Text(1, "offset").Text(2, offset))
            .Message(13, new OnnxWriter().Text(1, "length").Text(2, length))
            .Integer(14, 1);
}
