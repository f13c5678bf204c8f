using Diarist.Features;
using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Voxsv;
using Diarist.Segmentation;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Voxsv;

public class VoxsvThinResNetTests
{
    private const int Frames = SlidingWindow.FramesPerWindow;

    [Fact]
    [Trait(InstructionSets.Trait, InstructionSets.Kernels)]
    public void The_known_answer_is_met_bit_for_bit_at_every_width()
    {
        var answer = Npz.Read(Shared.Require("packs/voxsv-thinresnet/known_answer.npz"));
        sbyte[] input = [.. answer["input"].ToInt64s().Select(value => (sbyte)value)];
        sbyte[] expected = [.. answer["embedding"].ToInt64s().Select(value => (sbyte)value)];
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            var network = new VoxsvNetwork(SafeTensors.Read(WeightsPath()), width);
            for (int round = 0; round < 2; round++)
            {
                var actual = new sbyte[VoxsvNetwork.Dimension];
                network.Run(input, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(15_360)]
    [InlineData(4_000)]
    [InlineData(10_001)]
    public void Windows_that_share_work_get_what_each_gets_alone(int step)
    {
        VoxsvThinResNet embedder = Embedder();
        float[] samples = Speech.Synthetic(SlidingWindow.WindowSamples + (2 * step), 1);
        byte[] masks = [.. Enumerable.Range(0, 3 * Frames).Select(i => (byte)((i / 97 % 2) | (i % Frames < 300 ? 2 : 0)))];
        float[] together = Embed(embedder, new WindowedAudio(samples, 3, step), masks);
        for (int window = 0; window < 3; window++)
        {
            float[] alone = Embed(embedder, new WindowedAudio(samples.AsMemory(window * step, SlidingWindow.WindowSamples), 1, step), masks[(window * Frames)..((window + 1) * Frames)]);
            Assert.Equal(alone, together[(window * 192)..((window + 1) * 192)]);
        }
    }

    [Fact]
    public void An_embedding_is_the_mean_of_unit_vectors_by_the_fourth_power_of_the_speaker_s_share()
    {
        VoxsvThinResNet embedder = Embedder();
        var network = new VoxsvNetwork(SafeTensors.Read(WeightsPath()));
        float[] samples = Speech.Synthetic(SlidingWindow.WindowSamples, 7);
        byte[] mask = [.. Enumerable.Range(0, Frames).Select(frame => (byte)(frame is >= 100 and < 210 ? 4 : 0))];
        float[] actual = Embed(embedder, new WindowedAudio(samples, 1, 16_000), mask)[128..];

        var sum = new double[64];
        double total = 0;
        for (int start = 0; start + 20_720 <= 160_000; start += 8_000)
        {
            int[] inside = [.. Enumerable.Range(0, Frames).Where(frame => (frame * 270) + 495 >= start && (frame * 270) + 495 < start + 20_720)];
            double weight = Math.Pow(inside.Count(frame => mask[frame] != 0) / (double)inside.Length, 4);
            var logMel = new float[127 * 80];
            new LogMelSpectrogram().Compute(samples.AsSpan(start, 20_720), logMel);
            var input = new sbyte[80 * 128];
            VoxsvThinResNet.Quantize(logMel, input);
            var vector = new sbyte[64];
            network.Run(input, vector);
            double length = Math.Sqrt(vector.Sum(value => value * value));
            total += weight;
            for (int i = 0; i < 64; i++)
            {
                sum[i] += weight * vector[i] / length;
            }
        }

        Assert.Equal(sum.Select(value => (float)(value / total)), actual, (left, right) => Math.Abs(left - right) < 1e-6);
    }

    [Fact]
    public void Only_an_empty_mask_gives_no_vector()
    {
        VoxsvThinResNet embedder = Embedder();
        float[] samples = Speech.Synthetic(SlidingWindow.WindowSamples, 3);
        foreach (int frame in (int[])[0, 1, 300, 578, 579, 588])
        {
            var mask = new byte[Frames];
            mask[frame] = 2;
            float[] vectors = Embed(embedder, new WindowedAudio(samples, 1, 16_000), mask);
            Assert.All(vectors[..64], value => Assert.True(float.IsNaN(value)));
            Assert.InRange(vectors[64..128].Sum(value => (double)value * value), 0.1, 1.00001);
            Assert.All(vectors[128..], value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void Different_voices_give_different_vectors_and_options_matter()
    {
        byte[] mask = [.. Enumerable.Repeat((byte)1, Frames)];
        float[] first = Embed(Embedder(), new WindowedAudio(Speech.Synthetic(SlidingWindow.WindowSamples, 1), 1, 16_000), mask)[..64];
        float[] second = Embed(Embedder(), new WindowedAudio(Speech.Synthetic(SlidingWindow.WindowSamples, 2), 1, 16_000), mask)[..64];
        Assert.InRange(Cosine(first, second), -1, 0.99);

        float[] denser = Embed(Embedder(new VoxsvOptions { HopSamples = 4_000 }), new WindowedAudio(Speech.Synthetic(SlidingWindow.WindowSamples, 1), 1, 16_000), mask)[..64];
        Assert.NotEqual(first, denser);
        Assert.InRange(Cosine(first, denser), 0.95, 1.00001);
    }

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (a, b) => (double)a * b).Sum() / Math.Sqrt(left.Sum(a => (double)a * a) * right.Sum(b => (double)b * b));

    [Fact]
    public void The_input_is_centred_clamped_and_rounded()
    {
        var logMel = new float[127 * 80];
        for (int frame = 0; frame < 127; frame++)
        {
            logMel[frame * 80] = frame == 0 ? 9 : -2;
            logMel[(frame * 80) + 1] = frame % 2 == 0 ? 1 : -1;
        }

        var input = new sbyte[80 * 128];
        VoxsvThinResNet.Quantize(logMel, input);
        Assert.Equal(127, input[0]);
        Assert.Equal((sbyte)Math.Round((-2 - ((9 - 252) / 128.0)) * 127 / 6.8), input[1]);
        Assert.Equal((sbyte)Math.Round((1 - (1 / 128.0)) * 127 / 6.8), input[128]);
        Assert.Equal(0, input[128 + 127]);
    }

    [Fact]
    public void What_lies_more_than_50_dB_below_the_loudest_is_as_quiet_as_that()
    {
        var logMel = new float[127 * 80];
        logMel.AsSpan().Fill(-30);
        for (int frame = 0; frame < 127; frame++)
        {
            logMel[frame * 80] = 2;
            logMel[(frame * 80) + 1] = frame % 2 == 0 ? -12 : -25; // noise outside the band
        }

        var input = new sbyte[80 * 128];
        VoxsvThinResNet.Quantize(logMel, input);
        Assert.Equal(input[256], input[128]);
        Assert.Equal(input[128], input[129]);
    }

    [Fact]
    public void Cancelling_stops_the_work()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        byte[] mask = [.. Enumerable.Repeat((byte)7, Frames)];
        var audio = new WindowedAudio(new float[SlidingWindow.WindowSamples], 1, 16_000);
        Assert.Throws<OperationCanceledException>(() => Embedder().Embed(audio, mask, new float[192], source.Token));
    }

    [Fact]
    public void Weights_of_another_network_are_refused() =>
        Assert.Throws<PackException>(() => VoxsvThinResNet.Load(Shared.Require("packs/silero-vad-v6/silero_vad_16k.safetensors")));

    private static string WeightsPath() => Shared.Require("packs/voxsv-thinresnet/voxsv-thinresnet.safetensors");

    private static VoxsvThinResNet Embedder(VoxsvOptions? options = null) => VoxsvThinResNet.Load(WeightsPath(), options);

    private static float[] Embed(VoxsvThinResNet embedder, WindowedAudio audio, byte[] masks)
    {
        var embeddings = new float[audio.Windows * 3 * 64];
        embedder.Embed(audio, masks, embeddings, CancellationToken.None);
        return embeddings;
    }
}
