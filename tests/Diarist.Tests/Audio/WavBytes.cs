using System.Buffers.Binary;
using System.Text;

namespace Diarist.Tests.Audio;

/// <summary>Builds WAV files byte by byte, right ones and wrong ones.</summary>
internal sealed class WavBytes
{
    private readonly List<byte> _chunks = [];

    public static byte[] Plain(int tag, int channels, int rate, int bits, byte[] data) =>
        new WavBytes().Format(tag, channels, rate, bits).Chunk("data", data).ToArray();

    public static byte[] Mono16(params short[] samples) => Plain(1, 1, 16000, 16, samples.SelectMany(BitConverter.GetBytes).ToArray());

    public static byte[] MonoFloat(params float[] samples) => Plain(3, 1, 16000, 32, samples.SelectMany(BitConverter.GetBytes).ToArray());

    public WavBytes Format(int tag, int channels, int rate, int bits, bool extensible = false)
    {
        int frame = channels * ((bits + 7) / 8);
        var body = new byte[extensible ? 40 : 16];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)(extensible ? 0xFFFE : tag));
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(4), (uint)rate);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(8), (uint)(rate * frame));
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(12), (ushort)frame);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(14), (ushort)bits);
        if (extensible)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(16), 22);
            BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(18), (ushort)bits);
            BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(24), (ushort)tag);
            Convert.FromHexString("000000001000800000AA00389B71").CopyTo(body, 26);
        }

        return Chunk("fmt ", body);
    }

    public WavBytes Chunk(string id, byte[] body, uint? size = null)
    {
        _chunks.AddRange(Encoding.ASCII.GetBytes(id));
        _chunks.AddRange(BitConverter.GetBytes(size ?? (uint)body.Length));
        _chunks.AddRange(body);
        if (body.Length % 2 != 0)
        {
            _chunks.Add(0);
        }

        return this;
    }

    public byte[] ToArray(string riff = "RIFF", uint? riffSize = null) =>
        [.. Encoding.ASCII.GetBytes(riff), .. BitConverter.GetBytes(riffSize ?? (uint)_chunks.Count + 4), .. "WAVE"u8, .. _chunks];
}
