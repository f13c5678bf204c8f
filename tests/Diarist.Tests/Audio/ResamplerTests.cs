using System.Numerics;
using Diarist.Audio;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

public sealed class ResamplerTests
{
    private const int OutputRate = 16_000;

    [Theory]
    [InlineData(8_000)]
    [InlineData(11_025)]
    [InlineData(12_345)]
    [InlineData(22_050)]
    [InlineData(32_000)]
    [InlineData(44_100)]
    [InlineData(44_099)]
    [InlineData(48_000)]
    [InlineData(96_000)]
    [InlineData(192_000)]
    public void Tones_pass_flat_below_nine_tenths_and_vanish_above_the_lower_Nyquist(int rate)
    {
        double nyquist = Math.Min(rate, OutputRate) / 2.0;
        double ripple = 0;
        double worstDistortion = double.NegativeInfinity;
        for (double part = 0.02; part <= 0.9; part += 0.08)
        {
            (double gain, double rest) = Response(rate, part * nyquist);
            ripple = Math.Max(ripple, Math.Abs(Decibels(gain)));
            worstDistortion = Math.Max(worstDistortion, Decibels(rest));
        }

        double worstLeak = double.NegativeInfinity;
        for (double part = 1.001; part * nyquist < rate / 2.0; part += part < 1.2 ? 0.029 : 0.31)
        {
            (double gain, double rest) = Response(rate, part * nyquist);
            worstLeak = Math.Max(worstLeak, Decibels(Math.Sqrt((gain * gain) + (rest * rest))));
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{rate} Hz: ripple {ripple:0.00000} dB, images and noise {worstDistortion:0.0} dB, stop band {worstLeak:0.0} dB");
        Assert.InRange(ripple, 0, 0.001);
        Assert.InRange(worstDistortion, double.NegativeInfinity, -80);
        Assert.InRange(worstLeak, double.NegativeInfinity, -80);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(11_025)]
    [InlineData(44_100)]
    [InlineData(44_099)]
    [InlineData(192_000)]
    public void Output_lies_where_it_belongs_in_time(int rate)
    {
        // A Gaussian pulse has next to nothing above 1.5 kHz, so its resampled values are known everywhere.
        static double Pulse(double time) => Math.Exp(-Math.Pow((time - 0.0507) / 0.0004, 2) / 2);
        float[] output = Resample(rate, [.. Enumerable.Range(0, rate / 10).Select(i => (float)Pulse(i / (double)rate))]);

        double error = output.Select((sample, i) => Math.Abs(sample - Pulse(i / (double)OutputRate))).Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"{rate} Hz: largest error {error:0.0e0}");
        Assert.InRange(error, 0, 2e-5);
    }

    [Fact]
    public void The_length_is_rounded_up_and_a_constant_stays_constant()
    {
        foreach (int rate in (int[])[8_000, 11_025, 44_100, 48_000, 192_000, 16_001])
        {
            foreach (int length in (int[])[1, 2, 3, 440, 441, 442, 30_011])
            {
                float[] output = Resample(rate, [.. Enumerable.Repeat(0.5f, length)]);
                Assert.Equal((int)Math.Ceiling(length * (decimal)OutputRate / rate), output.Length);
                int margin = 800;
                for (int i = margin; i < output.Length - margin; i++)
                {
                    Assert.InRange(output[i], 0.5f - 1e-6f, 0.5f + 1e-6f);
                }
            }
        }
    }

    [Fact]
    public void Pieces_of_any_size_make_the_same_whole()
    {
        var random = new Random(4);
        float[] input = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextSingle() - 0.5f)];
        foreach (int rate in (int[])[8_000, 44_100, 192_000, 17_000])
        {
            var resampler = new Resampler(rate, OutputRate);
            var output = new List<float>();
            for (int start = 0; start < input.Length;)
            {
                int count = Math.Min(random.Next(0, 900), input.Length - start);
                resampler.Write(input.AsSpan(start, count));
                start += count;
                Take(resampler, output, random.Next(1, 300));
            }

            resampler.Complete();
            Take(resampler, output, 77);
            Assert.Equal(Resample(rate, input), output);
        }
    }

    [Fact]
    public void The_vector_product_adds_like_sixteen_scalar_lanes()
    {
        var random = new Random(5);
        for (int length = 0; length <= 512; length += 16)
        {
            float[] left = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
            float[] right = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
            var lanes = new float[16];
            for (int i = 0; i < length; i++)
            {
                lanes[i % 16] += left[i] * right[i];
            }

            float[] four = [.. Enumerable.Range(0, 4).Select(k => lanes[k] + lanes[k + 8] + (lanes[k + 4] + lanes[k + 12]))];
            Assert.Equal(four[0] + four[2] + (four[1] + four[3]), Resampler.Dot(left, right));
        }
    }

    [Theory]
    [InlineData(44_100)]
    [InlineData(8_000)]
    [InlineData(48_000)]
    public void Sox_agrees(int rate)
    {
        using var folder = new TemporaryFolder();
        Tool.Run("sox", "-D", "-n", "-r", $"{rate}", "-e", "float", "-b", "32", folder["a.wav"], "synth", "3", "sine", "50-3400", "vol", "0.5", "fade", "0.2", "3", "0.2");
        byte[] theirs = Tool.Run("sox", "-D", folder["a.wav"], "-t", "raw", "-e", "float", "-b", "32", "-", "rate", "-v", $"{OutputRate}");

        float[] ours = AudioReader.ReadMono(folder["a.wav"]);

        double error = ours.Select((sample, i) => Math.Abs((double)sample - (4 * i < theirs.Length ? BitConverter.ToSingle(theirs, 4 * i) : 0))).Max();
        TestContext.Current.TestOutputHelper!.WriteLine($"{rate} Hz: {ours.Length} and {theirs.Length / 4} samples, largest difference {error:0.0e0}");
        Assert.InRange(error, 0, 1e-4);
    }

    private static float[] Resample(int rate, float[] input)
    {
        var resampler = new Resampler(rate, OutputRate);
        resampler.Write(input);
        resampler.Complete();
        var output = new List<float>();
        Take(resampler, output, 4096);
        Assert.Equal(resampler.OutputLength(input.Length), output.Count);
        return [.. output];
    }

    private static void Take(Resampler resampler, List<float> output, int pieceLength)
    {
        var piece = new float[pieceLength];
        while (resampler.Read(piece) is int count and > 0)
        {
            output.AddRange(piece.AsSpan(0, count));
        }
    }

    // The gain of a tone at its own frequency, and the relative amplitude of everything else that came out.
    private static (double Gain, double Residue) Response(int rate, double frequency)
    {
        float[] output = Resample(rate, [.. Enumerable.Range(0, rate / 5).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))]);

        // A Blackman-Harris window over the middle, away from the ends.
        const int Margin = 400;
        int length = output.Length - (2 * Margin);
        Complex projection = 0;
        double windowSum = 0;
        var window = new double[length];
        for (int i = 0; i < length; i++)
        {
            double x = 2 * Math.PI * i / (length - 1);
            window[i] = 0.35875 - (0.48829 * Math.Cos(x)) + (0.14128 * Math.Cos(2 * x)) - (0.01168 * Math.Cos(3 * x));
            windowSum += window[i];
            projection += output[i + Margin] * window[i] * Complex.Exp(new Complex(0, -2 * Math.PI * frequency * (i + Margin) / OutputRate));
        }

        Complex amplitude = projection * 2 / windowSum;
        if (frequency >= OutputRate / 2.0)
        {
            amplitude = 0;
        }

        double energy = 0;
        for (int i = 0; i < length; i++)
        {
            double tone = (amplitude * Complex.Exp(new Complex(0, 2 * Math.PI * frequency * (i + Margin) / OutputRate))).Real;
            energy += Math.Pow((output[i + Margin] - tone) * window[i], 2);
        }

        return (amplitude.Magnitude, Math.Sqrt(2 * energy / window.Sum(weight => weight * weight)));
    }

    private static double Decibels(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-12));
}
