using System.Buffers.Binary;
using Diarist.Audio;

namespace Diarist.Tests.Audio;

/// <summary>WAV files as careless writers make them: one wrong field must neither refuse the file nor spoil its times.</summary>
public sealed class WavFaultTests
{
    private const int RateAt = 24;
    private const int ByteRateAt = 28;
    private const int BlockAlignAt = 32;
    private const int BitsAt = 34;

    [Theory]
    [InlineData(BlockAlignAt, 0)]
    [InlineData(BlockAlignAt, 1)]
    [InlineData(BlockAlignAt, 16)]
    [InlineData(BitsAt, 32)]
    [InlineData(22, 0)]
    public void One_field_that_contradicts_the_others_is_overruled_with_a_warning(int at, ushort value)
    {
        byte[] file = WavBytes.Mono16(1, 2, 3, 4);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

        float[] samples = Decoding.All(file, out AudioInfo info, out string[] warnings);

        Assert.Equal([1 / 32768f, 2 / 32768f, 3 / 32768f, 4 / 32768f], samples);
        Assert.Equal((1, 16000), (info.Channels, info.SampleRate));
        Assert.Contains("contradict", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(12)]
    public void Fewer_bits_than_a_sample_holds_are_no_contradiction(ushort bits)
    {
        byte[] file = WavBytes.Mono16(1, 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(BitsAt), bits);

        Assert.Equal([1 / 32768f, 2 / 32768f], Decoding.All(file, out _, out string[] warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(0.9f, true)]
    [InlineData(0.001f, true)]
    [InlineData(0.9f, false)]
    [InlineData(0.001f, false)]
    public void Samples_that_are_floats_are_read_as_floats_whatever_the_header_says(float peak, bool floats)
    {
        // Two seconds of silence first, which say nothing.
        float[] wave = [.. Enumerable.Range(0, 48000).Select(i => i < 32000 ? 0 : peak * MathF.Sin(i * 0.07f))];
        byte[] data = [.. wave.SelectMany(sample => floats ? BitConverter.GetBytes(sample) : BitConverter.GetBytes((int)((double)sample * int.MaxValue)))];

        float[] samples = Decoding.All(WavBytes.Plain(1, 1, 16000, 32, data), out AudioInfo info, out string[] warnings);

        Assert.Equal(floats ? "WAV, 32-bit float" : "WAV, 32-bit integer", info.Format);
        Assert.All(wave.Zip(samples), pair => Assert.InRange(pair.Second - pair.First, -1e-6f, 1e-6f));
        Assert.Equal(floats ? 1 : 0, warnings.Count(warning => warning.Contains("are 32-bit float", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(16, 1, true)]
    [InlineData(16, 2, true)]
    [InlineData(24, 1, true)]
    [InlineData(32, 2, true)]
    [InlineData(16, 1, false)]
    [InlineData(16, 2, false)]
    [InlineData(24, 2, false)]
    [InlineData(32, 1, false)]
    public void Samples_whose_bytes_are_in_the_other_order_are_read_so(int bits, int channels, bool turned)
    {
        // A second of near silence first, in which both orders look the same.
        var random = new Random(1);
        double[] wave = [.. Enumerable.Range(0, 48000 * channels).Select(i => i < 16000 * channels ? 2e-5 * random.NextDouble() : (0.5 * Math.Sin(i / channels * 0.05)) + (0.02 * random.NextDouble()))];
        byte[] data = [.. wave.SelectMany(sample =>
        {
            byte[] bytes = BitConverter.GetBytes((int)(sample * int.MaxValue))[(4 - (bits / 8))..];
            return turned ? bytes.Reverse() : bytes;
        })];
        byte[] file = WavBytes.Plain(1, channels, 16000, bits, data);

        float[] samples = Decoding.All(file, out AudioInfo info, out string[] warnings);

        Assert.All(wave.Zip(samples), pair => Assert.InRange(pair.Second - pair.First, -5e-5, 5e-5));
        Assert.Equal(turned ? 1 : 0, warnings.Count(warning => warning.Contains("big-endian", StringComparison.Ordinal)));
        Assert.Equal(turned, info.Format.EndsWith("big-endian", StringComparison.Ordinal));
        Assert.Equal(warnings.Length, PipedWarnings(file));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.003)]
    public void Noise_and_samples_of_eight_bits_in_sixteen_keep_their_order(double level)
    {
        var random = new Random(2);
        byte[] noise = [.. Enumerable.Range(0, 30000).SelectMany(_ => BitConverter.GetBytes((short)(level * random.Next(short.MinValue, short.MaxValue))))];
        byte[] coarse = [.. Enumerable.Range(0, 30000).SelectMany(i => BitConverter.GetBytes((short)((int)(level * 127 * Math.Sin(i * 0.3)) << 8)))];

        Decoding.All(WavBytes.Plain(1, 1, 16000, 16, noise), out AudioInfo info, out string[] warnings);
        Assert.Equal("WAV, 16-bit integer", info.Format);
        Assert.Equal(level < 1 ? 0 : 1, warnings.Length);
        Decoding.All(WavBytes.Plain(1, 1, 16000, 16, coarse), out _, out warnings);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_data_chunk_that_says_it_is_empty_in_front_of_samples_is_read_to_the_end()
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0, 3, 0], 0).ToArray();

        Assert.Equal(3, Decoding.All(file, out AudioInfo info, out string[] warnings).Length);
        Assert.Equal(3, info.Frames);
        Assert.Contains("says that it is empty", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(3, Decoding.All(new Pipe(file), out _, out warnings).Length);
        Assert.Single(warnings);
        Assert.Contains("holds no samples", Decoding.Error(new WavBytes().Format(1, 1, 16000, 16).Chunk("data", []).Chunk("LIST", [1, 2]).ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_data_chunk_is_told()
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0]).Chunk("data", [3, 0, 4, 0]).ToArray();

        Assert.Equal([1 / 32768f, 2 / 32768f], Decoding.All(file, out _, out string[] warnings));
        Assert.Contains("a second data chunk follows at byte 48", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_fmt_chunks_the_first_counts_and_the_other_is_told()
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Format(1, 1, 8000, 16).Chunk("data", [1, 0, 2, 0]).ToArray();

        Decoding.All(file, out AudioInfo info, out string[] warnings);

        Assert.Equal(16000, info.SampleRate);
        Assert.Contains("a second fmt chunk at byte 36", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_numbers_are_refused_and_not_taken_for_noise()
    {
        byte[] file = WavBytes.Mono16(1, 2);
        "RIFX"u8.CopyTo(file);

        Assert.Contains("RIFX", Assert.Throws<AudioFormatException>(() => Decoding.All(file, out _, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_of_0_comes_from_the_bytes_a_second()
    {
        byte[] file = WavBytes.Mono16(1, 2);
        file.AsSpan(RateAt, 4).Clear();

        Decoding.All(file, out AudioInfo info, out string[] warnings);

        Assert.Equal(16000, info.SampleRate);
        Assert.Single(warnings);
    }

    [Fact]
    public void Bytes_a_second_of_0_are_nothing_to_warn_of()
    {
        byte[] file = WavBytes.Mono16(1, 2);
        file.AsSpan(ByteRateAt, 4).Clear();

        Assert.Equal(2, Decoding.All(file, out _, out string[] warnings).Length);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(7, 0xFF)]
    [InlineData(6, 0xD5)]
    public void Telephone_codings_that_state_the_bits_they_decode_to_are_read(int tag, byte silence)
    {
        byte[] file = WavBytes.Plain(tag, 1, 8000, 8, [silence, silence, silence]);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(BitsAt), 16);

        float[] samples = Decoding.All(file, out AudioInfo info, out string[] warnings);

        Assert.All(samples, sample => Assert.InRange(sample, -0.001f, 0.001f));
        Assert.Equal((3, 8000), (samples.Length, info.SampleRate));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Twenty_four_bits_in_four_bytes_stay_what_they_are()
    {
        byte[] file = WavBytes.Plain(1, 1, 16000, 32, [0, 0, 0, 0x40]);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(BitsAt), 24);

        Assert.Equal([0.5f], Decoding.All(file, out _, out string[] warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(0x7FFFFF00u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x7FFFFFDBu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFF9Bu)]
    [InlineData(0xFFFFFFFEu)]
    public void Every_placeholder_for_an_unknown_length_is_one(uint dataSize)
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0, 3, 0], dataSize).ToArray("RIFF", dataSize);

        Assert.Equal(3, Decoding.All(file, out AudioInfo info, out string[] warnings).Length);
        Assert.Equal(3, info.Frames);
        Assert.Empty(warnings);
        Assert.Equal(3, Decoding.All(new Pipe(file), out info, out warnings).Length);
        Assert.Null(info.Frames);
        Assert.Empty(warnings);
    }

    [Fact]
    public void On_a_pipe_a_promise_that_the_header_itself_contradicts_is_none()
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0], 5_000_000).ToArray("RIFF", 0);

        Assert.Equal(2, Decoding.All(new Pipe(file), out AudioInfo info, out string[] warnings).Length);
        Assert.Null(info.Frames);
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(1L << 60)]
    public void A_64_bit_size_beyond_all_recordings_is_an_unknown_length(long size)
    {
        byte[] sizes = [.. BitConverter.GetBytes(size), .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(size), 0, 0, 0, 0];
        byte[] file = new WavBytes().Chunk("ds64", sizes).Format(1, 1, 44100, 16).Chunk("data", [5, 0, 6, 0], 0xFFFFFFFF).ToArray("RF64", 0xFFFFFFFF);

        using var mono = new MonoStream(AudioReader.Open(new Pipe(file), "huge"));

        Assert.Null(mono.Length);
        Assert.InRange(mono.ReadToEnd().Length, 0, 2);
        Assert.Empty(mono.Warnings);
    }

    [Fact]
    public void Samples_beyond_the_promised_length_are_used_with_a_warning()
    {
        byte[] data = [.. Enumerable.Range(0, 40_000).Select(i => (byte)(i % 2 == 0 ? 0x80 : 0x01))];
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", data, 1000).ToArray();

        Assert.Equal(20_000, Decoding.All(file, out _, out string[] warnings).Length);
        Assert.Contains("promises 0.031 s, but more samples follow at byte 1044", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(20_000, Decoding.All(new Pipe(file), out _, out string[] piped).Length);
        Assert.Equal(warnings, piped);
    }

    [Fact]
    public void A_few_bytes_beyond_the_data_are_told_and_another_recording_is_too()
    {
        byte[] file = new WavBytes().Format(1, 1, 16000, 16).Chunk("data", [1, 0, 2, 0]).ToArray();

        Assert.Equal(2, Decoding.All([.. file, .. Enumerable.Repeat((byte)0xEE, 50)], out _, out string[] warnings).Length);
        Assert.Contains("50 bytes after the data (from byte 48)", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(2, Decoding.All([.. file, .. file], out _, out warnings).Length);
        Assert.Contains("another recording follows at byte 48", Assert.Single(warnings), StringComparison.Ordinal);
        Decoding.All([.. file, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], out _, out warnings);
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_chunk_of_odd_size_without_its_pad_byte_is_named_and_passed()
    {
        byte[] whole = new WavBytes().Format(1, 1, 16000, 16).Chunk("LIST", [1, 2, 3]).Chunk("data", [1, 0, 2, 0]).ToArray();
        int pad = 12 + 24 + 8 + 3;
        byte[] file = [.. whole[..pad], .. whole[(pad + 1)..]];

        Assert.Equal([1 / 32768f, 2 / 32768f], Decoding.All(file, out _, out string[] warnings));
        Assert.Contains("the chunk at byte 36 has an odd size (3 bytes)", Assert.Single(warnings), StringComparison.Ordinal);
        Decoding.All(whole, out _, out warnings);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Floats_that_are_scaled_as_integers_are_told()
    {
        Decoding.All(WavBytes.MonoFloat(0, 12000, -5), out _, out string[] warnings);

        Assert.Contains("reach 12000 where 1 is full scale", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Headerless_samples_are_read_as_they_are_stated()
    {
        var options = new AudioReadOptions { Raw = new RawAudioFormat(RawCoding.Signed16, 8000, 2) };

        using AudioStream audio = AudioReader.Open(new MemoryStream([1, 0, 2, 0, 3, 0, 4, 0]), options: options);

        Assert.Equal([1 / 32768f, 2 / 32768f, 3 / 32768f, 4 / 32768f], Decoding.Drain(audio));
        Assert.Equal((8000, 2, "headerless, 16-bit integer", 2L), (audio.Info.SampleRate, audio.Info.Channels, audio.Info.Format, audio.Info.Frames));
        Assert.Throws<AudioFormatException>(() => AudioReader.Open(new MemoryStream([1, 0]), options: options));
    }

    [Theory]
    [InlineData(1, "a sample: 1 of 2 bytes are there, from byte 8")]
    [InlineData(2, "a sample of all 2 channels: 1 of 4 bytes are there, from byte 8")]
    public void Headerless_samples_that_end_in_the_middle_of_one_are_warned_of(int channels, string problem)
    {
        var options = new AudioReadOptions { Raw = new RawAudioFormat(RawCoding.Signed16, 8000, channels) };

        using AudioStream audio = AudioReader.Open(new MemoryStream([1, 0, 2, 0, 3, 0, 4, 0, 5]), options: options);

        Assert.Equal(4, Decoding.Drain(audio).Length);
        Assert.Contains(problem, Assert.Single(audio.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_that_nobody_decodes_is_told_from_other_faults()
    {
        Assert.True(Assert.Throws<AudioFormatException>(() => AudioReader.Open(new MemoryStream([.. "no sound at all"u8]))).IsUnknownFormat);
        Assert.False(Assert.Throws<AudioFormatException>(() => AudioReader.Open(new MemoryStream([]))).IsUnknownFormat);
    }

    private static int PipedWarnings(byte[] file)
    {
        Decoding.All(new Pipe(file), out _, out string[] warnings);
        return warnings.Length;
    }
}
