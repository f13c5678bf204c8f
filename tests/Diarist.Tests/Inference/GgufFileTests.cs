using System.Buffers.Binary;
using Diarist.Inference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        float[] values = [.. Enumerable.Range(0, 128).Select(i => (i - 60) / 7f)];
        GgufFile file = Open(new GgufWriter().Key("general.architecture", "x").Key("x.n", 31).Key("x.f", 0.5).Key("x.b", true)
            .Tensor("a", [2, 64], "F32", values).Tensor("b", [128], "F16", values).Tensor("c", [2, 64], "Q8_0", values).Raw("d", [32], 14, new byte[210]).ToArray());
        Assert.Equal(("x", 31, 0.5, true), (file.Text("general.architecture"), file.Integer("x.n", 0, 100), file.Number("x.f"), file.Flag("x.b")));
        Assert.Equal(values, file.ToSingles(file.Require("a", [2, 64], GgufType.Float32)));
        Assert.Equal(values.Select(value => (float)(Half)value), file.ToSingles(file.Require("b", [128], GgufType.Float16)));
        float[] widened = file.ToSingles(file.Require("c", [2, 64], GgufType.Q8));
        Assert.All(values.Zip(widened), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 0.05));
        Assert.Equal(["a", "b", "c", "d"], file.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Blocks_are_those_of_the_reference_bit_for_bit()
    {
        Npz capture = Npz.Read(Shared.Require("parity/nemotron3/q8_0.npz"));
        foreach (string name in new[] { "m0", "m1", "m2" })
        {
            byte[] blocks = [.. capture[name + ".blocks"].ToInt64s().Select(value => (byte)value)];
            float[] values = capture[name + ".float32"].ToSingles();
            Assert.Equal(blocks, GgufWriter.Quantize(values));
            GgufFile file = Open(new GgufWriter().Raw(name, [64, 96], 8, blocks).ToArray());
            Assert.Equal(capture[name + ".back"].ToSingles(), file.ToSingles(file.Require(name, [64, 96], GgufType.Q8)));
        }
    }

    [Fact]
    public void A_tensor_of_another_type_or_shape_is_refused_by_name()
    {
        GgufFile file = Open(new GgufWriter().Raw("weight.k", [32], 14, new byte[210]).Tensor("weight.f", [4], "F32", [1, 2, 3, 4]).ToArray());
        Assert.Contains("weight.k' is stored as GGML type 14", Assert.Throws<PackException>(() => file.Require("weight.k", [32], GgufType.Q8)).Message, StringComparison.Ordinal);
        Assert.Contains("weight.f' has shape [4], expected [2, 2]", Assert.Throws<PackException>(() => file.Require("weight.f", [2, 2], GgufType.Float32)).Message, StringComparison.Ordinal);
        Assert.Contains("weight.x' of shape [2] is missing", Assert.Throws<PackException>(() => file.Require("weight.x", [2], GgufType.Float32)).Message, StringComparison.Ordinal);
        Assert.Contains("'n'", Assert.Throws<PackException>(() => file.Integer("n", 0, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_and_another_format_are_refused()
    {
        Assert.Contains("version 4", Assert.Throws<PackException>(() => Open(new GgufWriter { Version = 4 }.ToArray())).Message, StringComparison.Ordinal);
        Assert.Contains("not a GGUF file", Assert.Throws<PackException>(() => Open(new byte[64])).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<PackException>(() => Open([])).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", Assert.Throws<PackException>(() => GgufFile.Open(_folder["none.gguf"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = new GgufWriter().Key("a.text", "value").Key("a.number", 3).Tensor("first", [64], "F32", new float[64]).Tensor("last", [64], "Q8_0", new float[64]).ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            PackException error = Assert.Throws<PackException>(() => Open(cut));
            Assert.Contains("test.gguf", error.Message, StringComparison.Ordinal);
        }

        Assert.Contains("'last'", Assert.Throws<PackException>(() => Open(whole[..^1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_refused_or_read_but_never_crash()
    {
        byte[] whole = new GgufWriter().Key("a.text", "value").Key("a.number", 3).Tensor("first", [8], "F32", new float[8]).Tensor("last", [64], "Q8_0", new float[64]).ToArray();
        var random = new Random(4);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                GgufFile file = Open(damaged);
                foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.IsKnown))
                {
                    Assert.Equal(tensor.Count, file.ToSingles(tensor).Length);
                }
            }
            catch (PackException)
            {
            }
        }
    }

    [Theory]
    [InlineData(24)]
    [InlineData(16)]
    public void Counts_beyond_the_file_are_refused_at_once(int offset)
    {
        byte[] bytes = new GgufWriter().Key("a", 1).Tensor("t", [4], "F32", new float[4]).ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset - 8), ulong.MaxValue / 2);
        Assert.Throws<PackException>(() => Open(bytes));
    }

    private GgufFile Open(byte[] bytes)
    {
        // A mapped file cannot be rewritten everywhere: each gets a name of its own.
        string path = _folder[$"{Guid.NewGuid():n}-test.gguf"];
        File.WriteAllBytes(path, bytes);
        return GgufFile.Open(path);
    }
}
