using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>What encoders hardly ever write, written here by hand: escaped partitions, 5-bit Rice parameters, blocks of varying size, long sample numbers.</summary>
public sealed class FlacRareFeatureTests
{
    private static readonly int[] Residual = [5, -3, 1000, -4096, 7, 0, -1, 2];

    [Fact]
    public void A_stream_of_rarities_decodes_as_written_and_as_flac_decodes_it()
    {
        using var folder = new TemporaryFolder();
        var frames = new List<byte>();
        var expected = new List<int>();
        foreach ((int size, Action<BitWriter, int[]> code) in new (int, Action<BitWriter, int[]>)[] { (16, Escaped), (32, FiveBitRice), (24, Wasted), (19, EscapedWithoutBits), (4096, FiveBitRice) })
        {
            var samples = new int[size];
            frames.AddRange(Frame(expected.Count, samples, code));
            expected.AddRange(samples);
        }

        byte[] info = [0x80, 0, 0, 34, 0, 16, 16, 0, 0, 0, 0, 0, 0, 0, .. Packed(16000, 1, 16, expected.Count), .. new byte[16]];
        File.WriteAllBytes(folder["rare.flac"], [.. "fLaC"u8, .. info, .. frames]);

        Assert.Equal(expected.Select(sample => sample / 32768f), Decoding.All(folder["rare.flac"]));
        byte[] theirs = Tool.Run("flac", "-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", folder["rare.flac"]);
        Assert.Equal(expected.SelectMany(sample => BitConverter.GetBytes((short)sample)), theirs);
    }

    private static byte[] Frame(int firstSample, int[] samples, Action<BitWriter, int[]> code)
    {
        var bits = new BitWriter();
        bits.Write(0xFFF9, 16);
        bits.Write(0b0111_0000, 8);
        bits.Write(0b0000_1000, 8);

        // The number of the first sample, in the manner of UTF-8.
        if (firstSample < 128)
        {
            bits.Write(firstSample, 8);
        }
        else
        {
            bits.Write(0xC0 | firstSample >> 6, 8);
            bits.Write(0x80 | (firstSample & 0x3F), 8);
        }

        bits.Write(samples.Length - 1, 16);
        bits.AlignToByte();
        bits.Write(FlacCrc.Crc8(bits.Bytes), 8);
        code(bits, samples);
        bits.AlignToByte();
        bits.Write(FlacCrc.Crc16(bits.Bytes), 16);
        bits.AlignToByte();
        return bits.Bytes.ToArray();
    }

    // Order 0, two partitions: one of plain 14-bit numbers, one Rice-coded.
    private static void Escaped(BitWriter bits, int[] samples)
    {
        bits.Write(8 << 1, 8);
        bits.Write(0, 2);
        bits.Write(1, 4);
        bits.Write(15, 4);
        bits.Write(14, 5);
        for (int i = 0; i < 8; i++)
        {
            samples[i] = Residual[i];
            bits.Write(samples[i], 14);
        }

        bits.Write(3, 4);
        for (int i = 8; i < 16; i++)
        {
            samples[i] = Residual[i - 8];
            WriteRice(bits, samples[i], 3);
        }
    }

    // Order 1, one partition whose parameter of 17 needs five bits.
    private static void FiveBitRice(BitWriter bits, int[] samples)
    {
        bits.Write(9 << 1, 8);
        samples[0] = -7;
        bits.Write(samples[0], 16);
        bits.Write(1, 2);
        bits.Write(0, 4);
        bits.Write(17, 5);
        for (int i = 1; i < samples.Length; i++)
        {
            int difference = (i % 2 == 0 ? -1 : 1) * (i % 1000);
            samples[i] = samples[i - 1] + difference;
            WriteRice(bits, difference, 17);
        }
    }

    // Plain samples that lack their five lowest bits.
    private static void Wasted(BitWriter bits, int[] samples)
    {
        bits.Write(1 << 1 | 1, 8);
        bits.WriteUnary(4);
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (i - 12) * 32;
            bits.Write(i - 12, 11);
        }
    }

    // Order 2, a partition of no bits at all: the straight line goes on.
    private static void EscapedWithoutBits(BitWriter bits, int[] samples)
    {
        bits.Write(10 << 1, 8);
        bits.Write(samples[0] = 100, 16);
        bits.Write(samples[1] = 103, 16);
        bits.Write(1, 2);
        bits.Write(0, 4);
        bits.Write(31, 5);
        bits.Write(0, 5);
        for (int i = 2; i < samples.Length; i++)
        {
            samples[i] = (2 * samples[i - 1]) - samples[i - 2];
        }
    }

    private static void WriteRice(BitWriter bits, int value, int parameter)
    {
        uint folded = (uint)((value << 1) ^ (value >> 31));
        bits.WriteUnary(folded >> parameter);
        bits.Write(folded, parameter);
    }

    private static byte[] Packed(long rate, long channels, long bitsPerSample, long samples)
    {
        byte[] bytes = BitConverter.GetBytes((rate << 44) | ((channels - 1) << 41) | ((bitsPerSample - 1) << 36) | samples);
        Array.Reverse(bytes);
        return bytes;
    }
}
