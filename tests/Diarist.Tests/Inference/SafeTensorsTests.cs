using System.Buffers.Binary;
using System.Text;
using Diarist.Inference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Inference;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Floats_are_read_and_narrow_ones_widened()
    {
        Weights weights = Read(
            """{"__metadata__":{"made":"here"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},"c":{"dtype":"BF16","shape":[],"data_offsets":[12,14]},"d":{"dtype":"I8","shape":[2],"data_offsets":[14,16]},"e":{"dtype":"U8","shape":[0],"data_offsets":[16,16]}}""",
            [0, 0, 128, 63, 0, 0, 0, 192, 0, 60, 0, 193, 64, 64, 127, 128]);
        Assert.Equal([1, -2], weights.Get("a", 2).Data);
        Assert.Equal([1, -2.5f], weights.Get("b", 1, -1).Data);
        Assert.Equal([3], weights.Get("c").Data);
        Assert.Contains("'d' of Single [2] is there as I8", Assert.Throws<PackException>(() => weights.Get("d", 2)).Message);
        Assert.Equal("here", weights.Metadata["made"]);
        Assert.Equal(["a", "b", "c"], weights.Names);
    }

    [Fact]
    public void Bytes_stand_for_the_values_of_their_table()
    {
        const string header = """{"a":{"dtype":"U8","shape":[2,2],"data_offsets":[8,12]},"a.values":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        Weights weights = Read(header, [0, 0, 128, 63, 0, 0, 0, 192, 1, 0, 0, 1]);
        Assert.Equal([-2, 1, 1, -2], weights.Get("a", 2, 2).Data);
        Assert.Equal([1, -2], weights.GetStored("a", 2, 2).Table.ToArray());
        Assert.Equal(["a"], weights.Names);
        string message = Assert.Throws<PackException>(() => Read(header, [0, 0, 128, 63, 0, 0, 0, 192, 1, 0, 2, 1])).Message;
        Assert.Contains("'a' holds a byte beyond the 2 values of its table", message);
    }

    [Fact]
    public void Tables_of_any_other_form_are_refused()
    {
        const string long257 = """{"a":{"dtype":"U8","shape":[1],"data_offsets":[1028,1029]},"a.values":{"dtype":"F32","shape":[257],"data_offsets":[0,1028]}}""";
        Assert.Contains("'a.values' has shape [257]", Assert.Throws<PackException>(() => Read(long257, new byte[1029])).Message);
        const string square = """{"a":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"a.values":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}""";
        Assert.Contains("'a.values' has shape [1, 1]", Assert.Throws<PackException>(() => Read(square, new byte[5])).Message);
        Weights bare = Read("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", [7]);
        Assert.Contains("bytes without a table", Assert.Throws<PackException>(() => bare.Get("a", 1)).Message);
    }

    [Fact]
    public void Every_float16_is_widened_exactly()
    {
        var bytes = new byte[2 * 65536];
        for (int i = 0; i < 65536; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), (ushort)i);
        }

        float[] widened = Read("""{"a":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}""", bytes).Get("a", 65536).Data;
        for (int i = 0; i < 65536; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            Assert.True(float.IsNaN(expected) ? float.IsNaN(widened[i]) : BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(widened[i]), $"0x{i:x4}");
        }
    }

    [Fact]
    public void A_wrong_shape_is_refused_with_file_tensor_and_both_shapes()
    {
        Weights weights = Read("""{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""", new byte[8]);
        string message = Assert.Throws<PackException>(() => weights.Get("a", 2, 2)).Message;
        Assert.Contains("case.safetensors", message);
        Assert.Contains("'a' has shape [2, 1], expected [2, 2]", message);
        Assert.Contains("'b' of Single [3] is missing", Assert.Throws<PackException>(() => weights.Get("b", 3)).Message);
        Assert.Contains("is there as floats [2, 1]", Assert.Throws<PackException>(() => weights.GetInt64("a", 2, 1)).Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,80]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"a":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_broken_header_is_refused(string header) =>
        Assert.Contains("case.safetensors", Assert.Throws<PackException>(() => Read(header, new byte[8])).Message);

    [Fact]
    public void Missing_files_and_folders_are_refused()
    {
        Assert.Throws<PackException>(() => SafeTensors.Read(_folder.PathOf("absent.safetensors")));
        Assert.Throws<PackException>(() => SafeTensors.Read(_folder.PathOf("")));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] whole = Compose("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.safetensors", whole.AsSpan(0, length));
            Assert.Throws<PackException>(() => SafeTensors.Read(path));
        }
    }

    [Fact]
    public void Any_damaged_byte_is_refused_or_read_but_never_crashes()
    {
        byte[] whole = Compose("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"I8","shape":[4],"data_offsets":[8,12]}}""", new byte[12]);
        var random = new Random(5);
        for (int round = 0; round < 1000; round++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length - 12)] = (byte)random.Next(256);
            string path = _folder.Write("damaged.safetensors", damaged);
            Exception? error = Record.Exception(() => SafeTensors.Read(path));
            Assert.True(error is null or PackException, error?.ToString());
        }
    }

    [Fact]
    public void The_mirror_s_packs_are_read()
    {
        Weights silero = SafeTensors.Read(InsideNetworks.PathOf("silero-vad-v6/silero_vad_16k.safetensors"));
        Assert.Equal(512 * 128, silero.Get("lstm_cell.weight_hh", 512, 128).Data.Length);
    }

    private Weights Read(string header, byte[] data) => SafeTensors.Read(_folder.Write("case.safetensors", Compose(header, data)));

    private static byte[] Compose(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }
}
