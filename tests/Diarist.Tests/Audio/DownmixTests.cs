using Diarist.Audio;

namespace Diarist.Tests.Audio;

public sealed class DownmixTests
{
    private const int Rate = 16000;

    [Fact]
    public void An_inverted_channel_does_not_become_silence()
    {
        float[] voice = Noise(1, 3 * Rate);

        (float[] mono, string[] warnings) = Mix(voice, [.. voice.Select(sample => -sample)]);

        Assert.Equal(voice, mono);
        Assert.Contains("in 3.0 s of it (first at 0.0 s) the channels cancel", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quieter_inverse_with_noise_and_offset_is_heard_too()
    {
        float[] voice = Noise(1, 3 * Rate);
        float[] hiss = Noise(2, 3 * Rate);

        (float[] mono, string[] warnings) = Mix([.. voice.Select(sample => sample + 0.1f)], [.. voice.Zip(hiss, (sample, noise) => (-0.8f * sample) + (0.05f * noise) - 0.1f)]);

        Assert.InRange(Power(mono) / Power(voice), 0.9, 1.1);
        Assert.Single(warnings);
    }

    [Fact]
    public void One_voice_in_antiphase_among_others_is_kept_and_told()
    {
        float[] ann = Noise(1, 4 * Rate);
        float[] bob = Noise(2, 4 * Rate);
        ann.AsSpan(2 * Rate).Clear();
        bob.AsSpan(0, 2 * Rate).Clear();

        (float[] mono, string[] warnings) = Mix([.. ann.Zip(bob, (a, b) => a + b)], [.. ann.Zip(bob, (a, b) => a - b)]);

        Assert.Equal(ann[..(2 * Rate)], mono[..(2 * Rate)]);
        Assert.InRange(Power(mono[(2 * Rate)..]) / Power(bob[(2 * Rate)..]), 0.95, 1.05);
        Assert.Contains("in 2.0 s of it (first at 2.0 s)", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_that_do_not_cancel_are_averaged_to_the_bit()
    {
        float[] left = Noise(1, 2 * Rate);
        foreach (float[] right in (float[][])[Noise(2, 2 * Rate), left, new float[2 * Rate], [.. left.Select(sample => -0.3f * sample)]])
        {
            (float[] mono, string[] warnings) = Mix(left, right);

            Assert.Equal(left.Zip(right, (a, b) => (0f + a + b) / 2), mono);
            Assert.Empty(warnings);
        }
    }

    [Fact]
    public void Six_channels_with_one_pair_inverted_keep_the_voice()
    {
        float[] voice = Noise(1, Rate);
        float[] silence = new float[Rate];

        (float[] mono, string[] warnings) = Mix(silence, voice, [.. voice.Select(sample => -sample)], silence, silence, silence);

        Assert.Equal(voice, mono);
        Assert.Single(warnings);
    }

    private static (float[] Mono, string[] Warnings) Mix(params float[][] channels)
    {
        byte[] data = new byte[channels[0].Length * channels.Length * sizeof(float)];
        for (int i = 0; i < channels[0].Length; i++)
        {
            for (int channel = 0; channel < channels.Length; channel++)
            {
                BitConverter.TryWriteBytes(data.AsSpan(((i * channels.Length) + channel) * sizeof(float)), channels[channel][i]);
            }
        }

        using var mono = new MonoStream(AudioReader.Open(new MemoryStream(WavBytes.Plain(3, channels.Length, Rate, 32, data)), "mix"));
        return (mono.ReadToEnd(), [.. mono.Warnings]);
    }

    private static float[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * 0.5f)];
    }

    private static double Power(float[] samples)
    {
        double mean = samples.Average();
        return samples.Average(sample => (sample - mean) * (sample - mean));
    }
}
