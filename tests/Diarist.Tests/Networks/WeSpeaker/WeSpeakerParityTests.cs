using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

/// <summary>Against ONNX Runtime 1.30.0 with the same seeded weights in the true graph (tests/make-fixtures/wespeaker.mjs).</summary>
public class WeSpeakerParityTests(ITestOutputHelper output)
{
    private sealed record Case(int Frames, uint Seed, uint MaskSeed, bool Shifted, float[] Expected);

    [Theory]
    [InlineData("Direct")]
    [InlineData("Winograd")]
    public void Embeddings_equal_onnx_runtime_s_with_and_without_masks(string algorithm)
    {
        WeSpeakerResNet34 embedder = new(SeededWeSpeaker.Layers, new WeSpeakerOptions { Algorithm = Enum.Parse<ConvolutionAlgorithm>(algorithm) });

        // Without any vector hardware a 10 s window takes a minute; the short windows run the same code.
        int longest = LaneWidths.Widest == LaneWidth.Scalar ? 50 : int.MaxValue;
        foreach (Case one in Cases().Where(one => one.Frames <= longest))
        {
            Check(embedder, one, algorithm);
        }
    }

    [Fact]
    public void Every_lane_width_keeps_the_bounds()
    {
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            foreach (ConvolutionAlgorithm algorithm in Enum.GetValues<ConvolutionAlgorithm>())
            {
                WeSpeakerResNet34 embedder = new(SeededWeSpeaker.Layers, new WeSpeakerOptions { Algorithm = algorithm, Width = width });
                foreach (Case one in Cases().Where(one => one.Frames <= 50))
                {
                    Check(embedder, one, $"{algorithm} {width}");
                }
            }
        }
    }

    [Fact]
    public void The_fixture_can_fail_because_windows_and_shifted_masks_differ()
    {
        Case[] cases = Cases();
        Case whole = cases.Single(one => one is { Seed: 1, MaskSeed: 0 });
        Case other = cases.Single(one => one is { Seed: 2, MaskSeed: 0 });
        Assert.InRange(Cosine(whole.Expected, other.Expected), -1, 0.99);
        Case masked = cases.Single(one => one is { Seed: 1, MaskSeed: 11, Shifted: false });
        Case shifted = cases.Single(one => one is { Seed: 1, MaskSeed: 11, Shifted: true });
        Assert.True(LargestDifference(masked.Expected, shifted.Expected) > 1e-3);
    }

    private void Check(WeSpeakerResNet34 embedder, Case one, string kernel)
    {
        byte[] mask = SeededWeSpeaker.Mask(one.MaskSeed);
        if (one.Shifted)
        {
            mask = [mask[0], .. mask[..^1]];
        }

        var actual = new float[256];
        embedder.EmbedFeatures(SeededWeSpeaker.Features(one.Frames, one.Seed), mask, actual, CancellationToken.None);
        double difference = LargestDifference(one.Expected, actual);
        double cosine = Cosine(one.Expected, actual);
        output.WriteLine($"{kernel}, {one.Frames} frames, mask {one.MaskSeed}{(one.Shifted ? " shifted" : "")}: largest difference {difference:E2} of the RMS, 1 − cosine {1 - cosine:E2}");
        Assert.InRange(difference, 0, 1e-4);
        Assert.InRange(cosine, 0.999999, 1.0000001);
    }

    private static Case[] Cases()
    {
        NpyArray array = NpyArray.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnxruntime", "wespeaker-seeded.npy"));
        float[] values = array.ToSingles();
        return [.. values.Chunk(260).Select(row => new Case((int)row[0], (uint)row[1], (uint)row[2], row[3] != 0, row[4..]))];
    }

    private static double LargestDifference(float[] expected, float[] actual) =>
        expected.Zip(actual, (left, right) => Math.Abs((double)left - right)).Max() / Math.Sqrt(expected.Average(value => (double)value * value));

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (a, b) => (double)a * b).Sum() / Math.Sqrt(left.Sum(a => (double)a * a)) / Math.Sqrt(right.Sum(b => (double)b * b));
}
