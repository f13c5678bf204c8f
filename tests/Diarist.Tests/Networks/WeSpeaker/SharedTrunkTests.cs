using Diarist.Features;
using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

public sealed unsafe class SharedTrunkTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(500)]
    [InlineData(333)]
    public void A_pass_in_chunks_of_any_length_equals_one_long_direct_pass(int frames)
    {
        var layers = new ResNetGraph(SeededWeSpeaker.Graph);
        var direct = new ResNet34Trunk(layers, "direct", ConvolutionAlgorithm.Direct);
        var winograd = new ResNet34Trunk(layers, "winograd", ConvolutionAlgorithm.Winograd);
        float[] features = SeededWeSpeaker.Features(frames, 21);
        using FeatureMap expected = direct.Run(features, CancellationToken.None);
        Assert.Equal(((frames + 7) / 8, 10, 256), (expected.Width, expected.Height, expected.Channels));
        foreach (int chunk in (int[])[60, 104, 250, 331, 499, 10_000])
        {
            using FeatureMap actual = winograd.RunInChunks(features, chunk, CancellationToken.None);
            (double dot, double left, double right, double worst) = (0, 0, 0, 0);
            for (int y = 0; y < expected.Height; y++)
            {
                for (int i = 0; i < expected.Width * expected.Channels; i++)
                {
                    (double a, double b) = (expected.At(y, 0)[i], actual.At(y, 0)[i]);
                    (dot, left, right, worst) = (dot + (a * b), left + (a * a), right + (b * b), Math.Max(worst, Math.Abs(a - b)));
                }
            }

            double cosine = dot / Math.Sqrt(left * right);
            double rms = Math.Sqrt(left / (expected.Height * expected.Width * expected.Channels));
            output.WriteLine($"{frames} frames in chunks of {chunk}: 1 − cosine {1 - cosine:E2}, largest difference {worst / rms:E2} of the RMS");
            Assert.InRange(cosine, 0.999999, 1.0000001);
            Assert.InRange(worst / rms, 0, 1e-3);
        }
    }

    [Theory]
    [InlineData(15_360)]
    [InlineData(16_000)]
    [InlineData(10_001)]
    public void Shared_windows_are_pooled_from_the_long_pass_and_stay_near_the_exact_ones(int step)
    {
        const int windows = 3;
        const int frames = SlidingWindow.FramesPerWindow;
        float[] samples = Speech.Synthetic(SlidingWindow.WindowSamples + ((windows - 1) * step), 4);
        var audio = new WindowedAudio(samples, windows, step);
        byte[] masks = [.. Enumerable.Range(0, windows * frames).Select(i => (byte)(i % frames is >= 50 and < 450 ? 1 : i % frames >= 450 ? 2 : 0))];
        var exact = new float[windows * 768];
        var shared = new float[windows * 768];
        SeededWeSpeaker.Embedder.Embed(audio, masks, exact, CancellationToken.None);
        new WeSpeakerResNet34(SeededWeSpeaker.Graph, new WeSpeakerOptions { Windows = EmbeddingWindows.Shared }).Embed(audio, masks, shared, CancellationToken.None);
        for (int i = 0; i < windows * 3; i++)
        {
            float[] one = exact[(i * 256)..((i + 1) * 256)];
            float[] other = shared[(i * 256)..((i + 1) * 256)];
            Assert.Equal(float.IsNaN(one[0]), float.IsNaN(other[0]));
            Assert.Equal(i % 3 == 2, float.IsNaN(one[0]));
            if (i % 3 < 2)
            {
                double cosine = one.Zip(other, (a, b) => (double)a * b).Sum() / Math.Sqrt(one.Sum(a => (double)a * a) * other.Sum(b => (double)b * b));
                output.WriteLine($"window {i / 3}, speaker {i % 3}: cosine {cosine:F6}");
                Assert.InRange(cosine, 0.98, 1.0000001);
            }
        }
    }

    [Fact]
    public void The_receptive_field_is_as_wide_as_the_halo_says()
    {
        // One changed feature frame must reach trunk frames 14 away and none beyond.
        var trunk = new ResNet34Trunk(new ResNetGraph(SeededWeSpeaker.Graph), "direct", ConvolutionAlgorithm.Direct);
        float[] features = SeededWeSpeaker.Features(400, 22);
        using FeatureMap before = trunk.Run(features, CancellationToken.None);
        features.AsSpan(200 * KaldiFilterBank.Filters, KaldiFilterBank.Filters).Fill(50);
        using FeatureMap after = trunk.Run(features, CancellationToken.None);
        int[] changed = [.. Enumerable.Range(0, before.Width).Where(x => Enumerable.Range(0, 10).Any(y => !new ReadOnlySpan<float>(before.At(y, x), 256).SequenceEqual(new ReadOnlySpan<float>(after.At(y, x), 256))))];
        output.WriteLine($"frame 200 reaches trunk frames {changed[0]} to {changed[^1]}");
        Assert.InRange(changed[0], 25 - 14, 25);
        Assert.InRange(changed[^1], 25, 25 + 14);
    }
}
