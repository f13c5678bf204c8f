using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>Headers that say something else than what the samples of real speech are, and headers that are right.</summary>
public sealed class SampleVoteTests
{
    private const int Rate = 16000;

    private static readonly Lazy<float[]> Speech = new(() =>
    {
        using var mono = new MonoStream(AudioReader.Open(Shared.InRepository("samples/conversation.flac")));
        var samples = new float[8 * Rate];
        Assert.Equal(samples.Length, mono.Read(samples));
        return samples;
    });

    [Theory]
    [InlineData(1, 1, 8, "ul", 1, "µ-law")]
    [InlineData(1, 1, 8, "al", 1, "A-law")]
    [InlineData(1, 1, 8, "s8", 1, "8-bit signed integer")]
    [InlineData(7, 1, 8, "al", 1, "A-law")]
    [InlineData(6, 1, 8, "ul", 1, "µ-law")]
    [InlineData(7, 1, 8, "s16", 1, "16-bit integer")]
    [InlineData(1, 2, 8, "s16", 1, "16-bit integer")]
    [InlineData(1, 1, 16, "ul", 1, "µ-law")]
    [InlineData(1, 1, 16, "s16be", 1, "16-bit integer, big-endian")]
    [InlineData(3, 2, 32, "f64", 1, "64-bit float")]
    [InlineData(3, 1, 32, "f64", 1, "64-bit float")]
    [InlineData(3, 1, 64, "f32", 1, "32-bit float")]
    [InlineData(3, 1, 32, "f32be", 1, "32-bit float, big-endian")]
    [InlineData(3, 1, 32, "s32", 1, "32-bit integer")]
    [InlineData(1, 2, 16, "f32", 1, "32-bit float")]
    [InlineData(1, 1, 32, "s16", 1, "16-bit integer")]
    public void Samples_of_speech_overrule_the_header_with_a_warning(int tag, int channels, int bits, string coding, int seenChannels, string seen)
    {
        byte[] file = WavBytes.Plain(tag, channels, Rate, bits, Encode(coding, 0.7f));

        float[] samples = Decoding.All(file, out AudioInfo info, out string[] warnings);
        float[] piped = Decoding.All(new Pipe(file), out _, out string[] pipedWarnings);

        Assert.Equal(($"WAV, {seen}", seenChannels, (long)Speech.Value.Length), (info.Format, info.Channels, info.Frames));
        Assert.Contains("from byte 44 on", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.All(Speech.Value.Zip(samples), pair => Assert.InRange((pair.First * 0.7f) - pair.Second, -0.03f, 0.03f));
        Assert.Equal(samples, piped);
        Assert.Equal(warnings, pipedWarnings);
    }

    [Theory]
    [InlineData(1, 8, "u8")]
    [InlineData(7, 8, "ul")]
    [InlineData(6, 8, "al")]
    [InlineData(1, 16, "s16")]
    [InlineData(1, 32, "s32")]
    [InlineData(3, 32, "f32")]
    [InlineData(3, 64, "f64")]
    public void Right_headers_stay_right_for_quiet_loud_and_square_sound(int tag, int bits, string coding)
    {
        foreach (float gain in (float[])[0.003f, 0.7f, 10])
        {
            foreach (int channels in (int[])[1, 2])
            {
                Decoding.All(WavBytes.Plain(tag, channels, Rate, bits, Encode(coding, [.. Speech.Value.SelectMany(sample => Enumerable.Repeat(Math.Clamp(sample * gain, -1, 1), channels))])), out _, out string[] warnings);
                Assert.True(warnings.Length == 0, $"{gain} {channels} {string.Join(' ', warnings)}");
            }
        }

        byte[] square = Encode(coding, [.. Enumerable.Range(0, 4 * Rate).Select(i => i / 40 % 2 == 0 ? 1f : -1f)]);
        Decoding.All(WavBytes.Plain(tag, 1, Rate, bits, square), out _, out string[] ofSquare);
        Assert.Empty(ofSquare);
    }

    [Fact]
    public void Noise_of_all_values_is_told()
    {
        var noise = new byte[4 * Rate];
        new Random(3).NextBytes(noise);

        Decoding.All(WavBytes.Plain(1, 1, Rate, 16, noise), out _, out string[] warnings);

        Assert.Contains("compressed or encrypted", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static byte[] Encode(string coding, float gain) => Encode(coding, [.. Speech.Value.Select(sample => Math.Clamp(sample * gain, -1, 1))]);

    private static byte[] Encode(string coding, float[] samples) => [.. samples.SelectMany(sample => coding switch
    {
        "u8" => [(byte)(128 + Scaled(sample, 127))],
        "s8" => [(byte)Scaled(sample, 127)],
        "ul" => [G711.EncodeMuLaw((short)Scaled(sample, 32767))],
        "al" => [ALaw(sample)],
        "s16" => BitConverter.GetBytes((short)Scaled(sample, 32767)),
        "s16be" => BitConverter.GetBytes((short)Scaled(sample, 32767)).Reverse(),
        "s32" => BitConverter.GetBytes((int)Math.Clamp(Math.Round(sample * 2147483647.0), int.MinValue, int.MaxValue)),
        "f32" => BitConverter.GetBytes(sample),
        "f32be" => BitConverter.GetBytes(sample).Reverse(),
        "f64" => BitConverter.GetBytes((double)sample),
        _ => throw new ArgumentException(coding),
    })];

    private static int Scaled(float sample, int full) => (int)MathF.Round(sample * full);

    private static byte ALaw(float sample) => ALawCodes.Value[Scaled(sample, 32767) + 32768];

    private static readonly Lazy<byte[]> ALawCodes = new(() =>
        [.. Enumerable.Range(short.MinValue, 65536).Select(value => (byte)Enumerable.Range(0, 256).MinBy(code => Math.Abs(G711.DecodeALaw((byte)code) - value)))]);
}
