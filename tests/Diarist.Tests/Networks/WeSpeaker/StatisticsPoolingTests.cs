using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.WeSpeaker;

[Trait(InstructionSets.Trait, InstructionSets.Kernels)]
public sealed unsafe class StatisticsPoolingTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(48, 2)]
    [InlineData(5, 40)]
    [InlineData(256, 125)]
    public void Means_and_deviations_are_pyannote_s(int channels, int count)
    {
        const int height = 3;
        const int frames = 125;
        var random = new Random(channels);
        using var map = new FeatureMap(height, frames, channels);
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < frames * channels; i++)
            {
                map.At(y, 0)[i] = (random.NextSingle() * 3) - 1;
            }
        }

        int[] selected = [.. Enumerable.Range(0, frames).OrderBy(_ => random.Next()).Take(count).Order()];
        var statistics = new float[2 * height * channels];
        fixed (float* pointer = statistics)
        {
            StatisticsPooling.Pool(map, selected, pointer);
        }

        // The formula in the precision that pyannote has: v1 and v2 in float32.
        float v1 = (float)(count + 1e-8);
        float v2 = count;
        for (int y = 0; y < height; y++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                double[] x = [.. selected.Select(frame => (double)map.At(y, frame)[channel])];
                double mean = x.Sum() / v1;
                double variance = x.Sum(value => Math.Pow(value - mean, 2)) / ((v1 - (v2 / v1)) + 1e-8);
                Assert.Equal(mean, statistics[(y * channels) + channel], 1e-5);
                Assert.Equal(Math.Sqrt(variance), statistics[((height + y) * channels) + channel], 1e-5);
            }
        }
    }

    [Fact]
    public void A_mask_is_resampled_by_the_nearest_frame_before()
    {
        var random = new Random(1);
        byte[] mask = [.. Enumerable.Range(0, 589).Select(_ => (byte)random.Next(8))];
        foreach (int frames in (int[])[1, 2, 7, 124, 125, 589, 700])
        {
            for (int speaker = 0; speaker < 3; speaker++)
            {
                var selected = new int[frames];
                int count = StatisticsPooling.Select(mask, speaker, frames, selected);
                int[] expected = [.. Enumerable.Range(0, frames).Where(i => (mask[(int)Math.Floor(i * 589m / frames)] & (1 << speaker)) != 0)];
                Assert.Equal(expected, selected[..count]);
            }
        }
    }

    [Fact]
    public void A_window_within_a_longer_trunk_selects_the_same_frames_where_it_starts_on_one()
    {
        var random = new Random(2);
        byte[] mask = [.. Enumerable.Range(0, 589).Select(_ => (byte)random.Next(2))];
        var selected = new int[126];
        var alone = new int[125];
        int count = StatisticsPooling.Select(mask, 0, 125, alone);
        Assert.Equal(count, StatisticsPooling.Select(mask, 0, 96, 1000, 8, 12, 1000, selected));
        Assert.Equal(alone[..count].Select(i => i + 12), selected[..count]);

        // Half a trunk frame later: each frame looks at the mask half a trunk frame earlier.
        count = StatisticsPooling.Select(mask, 0, 100, 1000, 8, 13, 1000, selected);
        Assert.Equal(Enumerable.Range(13, 125).Where(i => mask[((i * 8) - 100) * 589 / 1000] != 0), selected[..count]);
    }

    [Fact]
    public void Nothing_selected_is_a_mistake_of_the_caller()
    {
        using var map = new FeatureMap(1, 1, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => StatisticsPooling.Pool(map, [], null));
    }
}
