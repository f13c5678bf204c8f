using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

public sealed class FlacDecoderTests
{
    [Theory]
    [InlineData("16 1 16000", "-0")]
    [InlineData("16 1 16000", "-8")]
    [InlineData("16 2 44100", "-0 -m")]
    [InlineData("16 2 44100", "-5")]
    [InlineData("16 2 44100", "-5 -M")]
    [InlineData("16 3 48000", "-8")]
    [InlineData("16 8 192000", "-5")]
    [InlineData("8 1 8000", "-8")]
    [InlineData("8 2 8000", "-2")]
    [InlineData("24 1 96000", "-8")]
    [InlineData("24 2 96000", "-8 -m")]
    [InlineData("24 6 48000", "-3")]
    [InlineData("32 1 16000", "-8")]
    [InlineData("32 2 16000", "-8 -m")]
    [InlineData("16 1 16000", "--lax -l 32 -b 1152 -r 0,8")]
    [InlineData("16 1 22050", "-b 16 -l 0")]
    [InlineData("16 2 11025", "-b 65535 --lax")]
    [InlineData("16 1 12345", "-b 4608 -p -e")]
    [InlineData("24 2 655350", "-5 --lax")]
    public void What_flac_encodes_decodes_bit_for_bit(string format, string options)
    {
        using var folder = new TemporaryFolder();
        string[] parts = format.Split(' ');
        (string bits, string channels, string rate) = (parts[0], parts[1], parts[2]);
        string[] voices = [.. Enumerable.Range(1, int.Parse(channels)).SelectMany(i => new[] { "sine", $"{150 * i}-{400 * i}", "pinknoise", "mix" }).Take(4 * int.Parse(channels))];
        Tool.Run("sox", ["-D", "-n", "-r", rate, "-c", channels, "-b", bits, "-e", bits == "8" ? "unsigned" : "signed", folder["a.wav"], "synth", "0.4", .. voices, "vol", "0.9"]);

        AssertDecodes(folder, "flac", ["-s", "--channel-map=none", .. options.Split(' '), folder["a.wav"], "-o", folder["a.flac"]]);
    }

    [Fact]
    public void Wasted_bits_and_opposite_channels_decode_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(3);
        foreach (int bits in (int[])[16, 24, 32])
        {
            // The right channel is the negated left, so the side channel takes one bit more than the samples have.
            byte[] data = [.. Enumerable.Range(0, 9000).SelectMany(i =>
            {
                long left = (long)(Math.Sin(i * 0.05) * ((1L << (bits - 1)) - 512)) / 16 * 16;
                left += random.Next(-8, 8) * 16;
                return new[] { left, -left }.SelectMany(sample => BitConverter.GetBytes(sample).Take(bits / 8));
            })];
            File.WriteAllBytes(folder["a.wav"], WavBytes.Plain(1, 2, 16000, bits, data));

            AssertDecodes(folder, "flac", ["-s", "-f", "-8", "-m", folder["a.wav"], "-o", folder["a.flac"]]);
        }
    }

    [Theory]
    [InlineData("s16", "-compression_level 12")]
    [InlineData("s16", "-lpc_type cholesky -lpc_passes 3 -prediction_order_method search")]
    [InlineData("s32", "-bits_per_raw_sample 24 -ch_mode left_side")]
    [InlineData("s16", "-ch_mode right_side -frame_size 700")]
    public void What_ffmpeg_encodes_decodes_bit_for_bit(string format, string options)
    {
        using var folder = new TemporaryFolder();
        Tool.Run("sox", "-D", "-n", "-r", "32000", "-c", "2", "-b", "24", folder["a.wav"], "synth", "0.4", "sine", "150-3000", "pinknoise", "vol", "0.9");

        AssertDecodes(folder, "ffmpeg", ["-v", "error", "-y", "-i", folder["a.wav"], "-sample_fmt", format, "-c:a", "flac", .. options.Split(' '), folder["a.flac"]]);
    }

    [Fact]
    public void Speech_of_the_development_set_decodes_bit_for_bit()
    {
        string folder = Shared.Require("audio/librispeech-train-clean-100");
        foreach (string path in Directory.GetFiles(folder, "*.flac").Order().Take(5))
        {
            Assert.Equal(RawSamples(path, 2, 1 / 32768.0), Decoding.All(path));
        }
    }

    [Fact]
    public void A_tag_in_front_and_one_behind_are_skipped()
    {
        byte[] file = File.ReadAllBytes(Fixture);
        float[] expected = Decoding.All(file);
        byte[] tag = [.. "ID3"u8, 4, 0, 0x10, 0, 0, 1, 2, .. new byte[130], .. "3DI"u8, 4, 0, 0x10, 0, 0, 1, 2];
        byte[] oldTag = [.. "TAG"u8, .. new byte[125]];

        Assert.Equal(expected, Decoding.All([.. tag, .. file, .. oldTag]));
    }

    [Fact]
    public void Unknown_length_and_unknown_checksum_are_no_obstacle()
    {
        byte[] file = File.ReadAllBytes(Fixture);
        float[] expected = Decoding.All(file);
        file[21] &= 0xF0;
        file.AsSpan(22, 4).Clear();
        Assert.Equal(expected, Decoding.All(file, out AudioInfo info, out _));
        Assert.Null(info.Frames);

        file.AsSpan(26, 16).Clear();
        Assert.Equal(expected, Decoding.All([.. file, .. "TAG"u8, .. new byte[125]]));
    }

    [Fact]
    public void A_promised_length_that_is_too_short_cuts_nothing()
    {
        byte[] file = File.ReadAllBytes(Fixture);
        float[] expected = Decoding.All(file);
        file.AsSpan(26, 16).Clear();
        file[21] &= 0xF0;
        foreach (uint promised in (uint[])[4096, 5000])
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(22), promised);

            Assert.Equal(expected, Decoding.All([.. file, .. "TAG"u8, .. new byte[125]], out _, out string[] warnings));
            Assert.Contains("its header promises", Assert.Single(warnings), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_frames_is_found()
    {
        byte[] file = File.ReadAllBytes(Fixture);
        int start = FirstFrame(file);
        for (int bit = 8 * start; bit < 8 * file.Length; bit += 11)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            string error = Decoding.Error(damaged);
            Assert.Contains("byte ", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_flipped_bit_in_what_the_header_says_of_the_samples_is_found()
    {
        byte[] file = File.ReadAllBytes(Fixture);

        // From the sample rate on; block and frame sizes before it are only hints.
        for (int bit = 8 * 18; bit < 8 * 42; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEmpty(Decoding.Error(damaged));
        }
    }

    [Fact]
    public void A_cut_is_a_warning_as_long_as_it_cannot_be_damage()
    {
        byte[] file = File.ReadAllBytes(Fixture);
        float[] whole = Decoding.All(file);
        int start = FirstFrame(file);
        int cuts = 0;
        for (int length = start + 1; length < file.Length; length += 37)
        {
            try
            {
                float[] samples = Decoding.All(file[..length], out _, out string[] warnings);
                Assert.Equal(whole[..samples.Length], samples);
                Assert.Contains("the file is cut at byte", Assert.Single(warnings), StringComparison.Ordinal);
                cuts++;
            }
            catch (AudioFormatException error)
            {
                Assert.Contains("is cut or damaged", error.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(cuts, 10, int.MaxValue);
        for (int length = 4; length < start; length++)
        {
            Assert.Contains($"byte {length}", Decoding.Error(file[..length]), StringComparison.Ordinal);
        }

        Assert.Contains("holds no samples", Decoding.Error(file[..start]), StringComparison.Ordinal);
    }

    private static string Fixture => Path.Combine(AppContext.BaseDirectory, "Fixtures", "Audio", "voice-16k.flac");

    private static void AssertDecodes(TemporaryFolder folder, string encoder, string[] arguments)
    {
        Tool.Run(encoder, arguments);
        string path = folder["a.flac"];
        using (AudioStream audio = AudioReader.Open(path))
        {
            Assert.StartsWith("FLAC", audio.Info.Format, StringComparison.Ordinal);
            int bits = audio.Info.BitsPerSample;
            Assert.Equal(RawSamples(path, (bits + 7) / 8, 1.0 / (1L << (bits - 1))), Decoding.Drain(audio));
            Assert.Empty(audio.Warnings);
        }
    }

    private static float[] RawSamples(string path, int sampleBytes, double scale)
    {
        byte[] raw = Tool.Run("flac", "-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path);
        var samples = new float[raw.Length / sampleBytes];
        for (int i = 0; i < samples.Length; i++)
        {
            long value = (sbyte)raw[(i * sampleBytes) + sampleBytes - 1];
            for (int k = sampleBytes - 2; k >= 0; k--)
            {
                value = value << 8 | raw[(i * sampleBytes) + k];
            }

            samples[i] = (float)(value * scale);
        }

        return samples;
    }

    private static int FirstFrame(byte[] file)
    {
        int at = 4;
        while (true)
        {
            bool last = (file[at] & 0x80) != 0;
            at += 4 + (file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3]);
            if (last)
            {
                return at;
            }
        }
    }
}
