using Diarist.Features;
using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

public sealed unsafe class ChunkedTrunkTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(500)]
    [InlineData(333)]
    public void A_pass_in_chunks_of_any_length_equals_one_long_direct_pass(int frames)
    {
        IResNetLayers layers = SeededWeSpeaker.Layers;
        var direct = new ResNet34Trunk(layers, ConvolutionAlgorithm.Direct);
        var winograd = new ResNet34Trunk(layers, ConvolutionAlgorithm.Winograd);
        float[] features = SeededWeSpeaker.Features(frames, 21);
        using FeatureMap expected = direct.Run(features, CancellationToken.None);
        Assert.Equal(((frames + 7) / 8, 10, 256), (expected.Width, expected.Height, expected.Channels));
        foreach (int chunk in (int[])[60, 104, 250, 331, 499, 10_000])
        {
            using FeatureMap actual = winograd.RunInChunks(features, 0, expected.Width, chunk, CancellationToken.None);
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
    [InlineData(0, 1)]
    [InlineData(0, 20)]
    [InlineData(13, 14)]
    [InlineData(15, 40)]
    [InlineData(29, 62)]
    [InlineData(45, 63)]
    public void Rows_that_are_wanted_come_out_as_in_a_whole_pass(int first, int end)
    {
        // Direct sums of single precision do not depend on where a map begins, so equality is exact.
        var trunk = new ResNet34Trunk(SeededWeSpeaker.Layers, ConvolutionAlgorithm.Direct);
        float[] features = SeededWeSpeaker.Features(500, 23);
        using FeatureMap whole = trunk.Run(features, CancellationToken.None);
        using FeatureMap some = trunk.RunInChunks(features, first, end, 10_000, CancellationToken.None);
        Assert.Equal(end - first, some.Width);
        for (int y = 0; y < whole.Height; y++)
        {
            Assert.True(new ReadOnlySpan<float>(whole.At(y, first), some.Width * 256).SequenceEqual(new ReadOnlySpan<float>(some.At(y, 0), some.Width * 256)), $"row {y}");
        }
    }

    [Fact]
    public void The_receptive_field_is_as_wide_as_the_halo_says()
    {
        // One changed feature frame must reach trunk frames 14 away and none beyond.
        var trunk = new ResNet34Trunk(SeededWeSpeaker.Layers, ConvolutionAlgorithm.Direct);
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
