using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

public sealed class WavDecoderTests
{
    private static readonly short[] Ramp = [0, 1, -1, 100, -100, 12345, -12345, short.MaxValue, short.MinValue];

    [Fact]
    public void Sixteen_bits_are_scaled_by_a_power_of_two()
    {
        float[] samples = Decoding.All(WavBytes.Mono16(Ramp), out AudioInfo info, out string[] warnings);

        Assert.Equal(Ramp.Select(sample => sample / 32768f), samples);
        Assert.Equal(new AudioInfo("test.audio", "WAV, 16-bit integer", 16000, 1, 16, Ramp.Length), info);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Every_integer_width_reaches_both_ends_of_the_scale()
    {
        Assert.Equal([-1f, 0, 127 / 128f], Decoding.All(WavBytes.Plain(1, 1, 8000, 8, [0, 128, 255])));
        Assert.Equal([-1f, -1 / 8388608f, 8388607 / 8388608f], Decoding.All(WavBytes.Plain(1, 1, 8000, 24, [0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])));
        Assert.Equal([-1f, -1 / 2147483648f, 1f], Decoding.All(WavBytes.Plain(1, 1, 8000, 32, [0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F])));
    }

    [Fact]
    public void Floats_pass_unchanged()
    {
        float[] values = [0, -0f, 1, -1, 0.1f, 1.5f, -3e-20f];

        Assert.Equal(values, Decoding.All(WavBytes.MonoFloat(values)));
        Assert.Equal(values, Decoding.All(WavBytes.Plain(3, 1, 16000, 64, values.SelectMany(value => BitConverter.GetBytes((double)value)).ToArray())));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(20)]
    public void Widths_that_are_no_whole_bytes_sit_at_the_upper_end(int bits)
    {
        byte[] data = bits == 12 ? [0xF0, 0x7F] : [0xF0, 0xFF, 0x7F];
        float expected = (1 << (bits - 1)) - 1;

        Assert.Equal([expected / (1 << (bits - 1))], Decoding.All(WavBytes.Plain(1, 1, 8000, bits, data)));
    }

    [Fact]
    public void The_extensible_header_is_seen_through()
    {
        byte[] file = new WavBytes().Format(1, 2, 48000, 16, extensible: true).Chunk("data", [1, 0, 2, 0, 3, 0, 4, 0]).ToArray();

        float[] samples = Decoding.All(file, out AudioInfo info, out _);

        Assert.Equal([1 / 32768f, 2 / 32768f, 3 / 32768f, 4 / 32768f], samples);
        Assert.Equal((2, 48000, 2L), (info.Channels, info.SampleRate, info.Frames));
    }

    [Fact]
    public void Unknown_and_odd_chunks_are_skipped()
    {
        byte[] file = new WavBytes().Chunk("JUNK", new byte[101]).Format(1, 1, 16000, 16).Chunk("LIST", [1, 2, 3])
            .Chunk("data", [5, 0]).Chunk("id3 ", new byte[77]).ToArray();

        Assert.Equal([5 / 32768f], Decoding.All(file, out _, out string[] warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void Sizes_of_64_bits_come_from_their_own_chunk(string riff)
    {
        byte[] sizes = [.. BitConverter.GetBytes(1000L), .. BitConverter.GetBytes(4L), .. BitConverter.GetBytes(2L), 0, 0, 0, 0];
        byte[] file = new WavBytes().Chunk("ds64", sizes).Format(1, 1, 16000, 16).Chunk("data", [5, 0, 6, 0], 0xFFFFFFFF)
            .Chunk("LIST", new byte[50]).ToArray(riff, 0xFFFFFFFF);

        Assert.Equal([5 / 32768f, 6 / 32768f], Decoding.All(file, out AudioInfo info, out string[] warnings));
        Assert.Equal(2, info.Frames);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, 36u)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0x7FFFF000u, 0x7FFFF024u)]
    public void A_writer_that_never_knew_the_length_is_read_to_the_end(uint dataSize, uint riffSize)
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0, 3, 0], dataSize).ToArray("RIFF", riffSize);

        Assert.Equal(3, Decoding.All(file, out _, out string[] warnings).Length);
        Assert.Equal(3, Decoding.All(new Pipe(file), out AudioInfo piped, out _).Length);
        Assert.Null(piped.Frames);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Telephone_codes_decode_as_sox_decodes_them()
    {
        using var folder = new TemporaryFolder();
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        File.WriteAllBytes(folder["codes.raw"], codes);
        foreach ((string encoding, int tag) in new[] { ("a-law", 6), ("mu-law", 7) })
        {
            byte[] linear = Tool.Run("sox", "-t", "raw", "-r", "8000", "-c", "1", "-b", "8", "-e", encoding, folder["codes.raw"], "-t", "raw", "-e", "signed", "-b", "16", "-");
            Assert.Equal(Shorts(linear).Select(sample => sample / 32768f), Decoding.All(WavBytes.Plain(tag, 1, 8000, 8, codes)));
        }
    }

    [Fact]
    public void Encoding_in_mu_law_keeps_every_code_and_errs_by_half_a_step_at_most()
    {
        for (int code = 0; code < 256; code++)
        {
            short linear = G711.DecodeMuLaw((byte)code);
            Assert.Equal(linear, G711.DecodeMuLaw(G711.EncodeMuLaw(linear)));
        }

        for (int sample = -32124; sample <= 32124; sample += 7)
        {
            // Steps double from segment to segment: half a step is 1/31 of the biased magnitude at most.
            int error = Math.Abs(G711.DecodeMuLaw(G711.EncodeMuLaw((short)sample)) - sample);
            Assert.True(error <= (Math.Abs(sample) + 132) / 31, $"{sample} is off by {error}");
        }
    }

    [Fact]
    public void Samples_that_are_no_numbers_are_refused_with_their_offset()
    {
        Assert.Equal("test.audio: the sample at byte 52 (0.000 s) is not a number; re-encode the recording", Decoding.Error(WavBytes.MonoFloat(0, 1, float.NaN)));
        Assert.Contains("byte 48 (0.000 s) is infinite", Decoding.Error(WavBytes.MonoFloat(0, float.NegativeInfinity)), StringComparison.Ordinal);
        float[] half = [.. Enumerable.Range(0, 12_000).Select(sample => sample is > 1000 and < 3000 ? float.NaN : 0.3f * MathF.Sin(sample * 0.05f))];
        Assert.Contains("byte 4048 (0.063 s) is not a number", Decoding.Error(WavBytes.MonoFloat(half)), StringComparison.Ordinal);
        Assert.Contains("byte 44 (0.000 s) is far out of range", Decoding.Error(WavBytes.MonoFloat(1e30f)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_cut_anywhere_is_refused_and_a_cut_in_the_data_is_a_warning()
    {
        byte[] file = new WavBytes().Format(1, 2, 8000, 16, extensible: true).Chunk("fact", [1, 2, 3, 4]).Chunk("data", new byte[400]).ToArray();
        int dataStart = file.Length - 400;
        for (int length = 4; length < dataStart; length++)
        {
            string error = Decoding.Error(file[..length]);
            Assert.Contains($"byte {length}", error, StringComparison.Ordinal);
        }

        for (int length = dataStart + 4; length < file.Length; length++)
        {
            float[] samples = Decoding.All(file[..length], out _, out string[] warnings);
            Assert.Equal((length - dataStart) / 4 * 2, samples.Length);
            Assert.Contains($"cut at byte {length}", Assert.Single(warnings), StringComparison.Ordinal);
            Assert.Equal(samples, Decoding.All(new Pipe(file[..length]), out _, out string[] pipedWarnings));
            Assert.Equal(warnings, pipedWarnings);
        }
    }

    [Fact]
    public void No_samples_at_all_is_refused()
    {
        Assert.Contains("holds no samples", Decoding.Error(WavBytes.Mono16()), StringComparison.Ordinal);
        byte[] followed = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", []).Chunk("LIST", new byte[30]).ToArray();
        Assert.Contains("holds no samples", Decoding.Error(followed), StringComparison.Ordinal);
    }

    [Fact]
    public void Headers_that_contradict_themselves_are_refused()
    {
        // What cannot be reconciled is ffmpeg's; it reads none of these.
        foreach (byte[] file in (byte[][])[WavBytes.Plain(1, 0, 16000, 16, [1, 2]), WavBytes.Plain(1, 1, 0, 16, [1, 2]), WavBytes.Plain(3, 1, 16000, 16, [1, 2])])
        {
            Assert.Contains("makes no sense", Decoding.Error(file), StringComparison.Ordinal);
        }

        Assert.Contains("comes before any fmt", Decoding.Error(new WavBytes().Chunk("data", [1, 2]).ToArray()), StringComparison.Ordinal);
        Assert.Contains("sample rate of 10 Hz", Decoding.Error(WavBytes.Plain(1, 1, 10, 16, [1, 2])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-e signed -b 16", 0)]
    [InlineData("-e unsigned -b 8", 0)]
    [InlineData("-e signed -b 24", 0)]
    [InlineData("-e signed -b 32", 0)]
    [InlineData("-e float -b 32", 0)]
    [InlineData("-e float -b 64", 0)]
    [InlineData("-e a-law -b 8", 0)]
    [InlineData("-e mu-law -b 8", 0)]
    public void What_sox_writes_decodes_to_the_bits_that_ffmpeg_makes_of_it(string encoding, double largestDifference)
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.wav"];
        Tool.Run("sox", ["-D", "-n", "-r", "22050", "-c", "3", .. encoding.Split(' '), path, "synth", "0.3", "sine", "300-3000", "pinknoise", "vol", "0.7"]);

        byte[] floats = Tool.Run("ffmpeg", "-v", "error", "-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-");

        float[] samples = Decoding.All(path);
        Assert.Equal(floats.Length / 4, samples.Length);
        double difference = samples.Select((sample, i) => Math.Abs((double)sample - BitConverter.ToSingle(floats, 4 * i))).Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"{encoding}: largest difference {difference}");
        Assert.Equal(largestDifference, difference);
    }

    private static IEnumerable<short> Shorts(byte[] bytes) => Enumerable.Range(0, bytes.Length / 2).Select(i => BitConverter.ToInt16(bytes, 2 * i));
}
