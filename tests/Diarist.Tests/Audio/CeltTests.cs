using Diarist.Audio.Codecs;
using Diarist.Tests.Support;

namespace Diarist.Tests.Audio;

/// <summary>The decoder of CELT, part by part, and beside opusdec.</summary>
public sealed class CeltTests
{
    [Theory]
    [InlineData(2, 5)]
    [InlineData(3, 4)]
    [InlineData(4, 3)]
    [InlineData(5, 5)]
    [InlineData(8, 2)]
    public void Each_number_has_a_vector_of_its_own(int size, int pulses)
    {
        var seen = new HashSet<string>();
        uint count = CeltPulses.CountOf(size, pulses);
        for (uint number = 0; number < count; number++)
        {
            int[] vector = new int[size];
            int squares = CeltPulses.Find(number, pulses, vector);
            Assert.Equal(pulses, vector.Sum(Math.Abs));
            Assert.Equal(squares, vector.Sum(value => value * value));
            Assert.True(seen.Add(string.Join(' ', vector)));
        }

        Assert.Equal(VectorsOf(size, pulses), count);
    }

    [Fact]
    public void The_step_of_pulses_is_the_one_of_the_nearest_cost()
    {
        foreach (int size in new[] { 2, 3, 4, 6, 8, 9, 11, 12, 16, 18, 22, 24, 32, 36, 44, 48, 64, 72, 88, 96, 144, 176 })
        {
            int last = CeltPulses.LastStep(size);
            for (int bits = 1; bits < 300; bits++)
            {
                int distance = Math.Abs(bits - CeltPulses.CostOf(size, CeltPulses.StepOf(size, bits)));
                Assert.Equal(Enumerable.Range(0, last + 1).Min(step => Math.Abs(bits - CeltPulses.CostOf(size, step))), distance);
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public void The_transform_is_the_sum_of_its_cosines(int scale, int blocks)
    {
        int size = (CeltTables.ShortSize << scale) / blocks;
        var random = new Random(1);
        float[] lines = [.. Enumerable.Range(0, size * blocks).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] sound = new float[(size * blocks) + CeltTransform.Overlap];

        new CeltTransform().Apply(lines, scale, blocks, sound);

        double[] expected = new double[(size * blocks) + (2 * size)];
        for (int block = 0; block < blocks; block++)
        {
            // Blocks longer than the overlap are flat in the middle and nothing at both ends.
            int unused = (size - CeltTransform.Overlap) / 2;
            for (int i = unused; i < (2 * size) - unused; i++)
            {
                double sum = 0;
                for (int line = 0; line < size; line++)
                {
                    sum += lines[(line * blocks) + block] * Math.Cos(Math.PI / size * (i + 0.5 + (size / 2.0)) * (line + 0.5));
                }

                expected[(block * size) + i - unused] += sum * Weight(Math.Min(i - unused, (2 * size) - unused - 1 - i));
            }
        }

        for (int i = 0; i < size * blocks; i++)
        {
            Assert.Equal(expected[i], sound[i], 1e-4);
        }
    }

    [Fact]
    public void A_chain_is_that_of_its_values_one_by_one()
    {
        float[] values = [.. Enumerable.Range(0, 43).Select(i => MathF.Sin(i * i))], up = new float[43], down = new float[43];
        RecursiveChain.Up(values, up, 0.5f, 0.85f, 1);
        RecursiveChain.Down(values, down, 0.5f, -0.7f, 1);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal((0.5 * values[i]) + (0.85 * (i == 0 ? 1 : up[i - 1])), up[i], 1e-5);
            Assert.Equal((0.5 * values[i]) - (0.7 * (i == 42 ? 1 : down[i + 1])), down[i], 1e-5);
        }
    }

    [Theory]
    [InlineData("opusenc --quiet --music --bitrate 96")]
    [InlineData("opusenc --quiet --music --bitrate 510 --hard-cbr")]
    [InlineData("opusenc --quiet --music --bitrate 64 --framesize 60")]
    [InlineData("opusenc --quiet --downmix-mono --music --bitrate 48 --framesize 10")]
    [InlineData("ffmpeg -v error -i {in} -c:a libopus -application lowdelay -frame_duration 2.5 -b:a 64k")]
    [InlineData("ffmpeg -v error -i {in} -c:a libopus -application lowdelay -frame_duration 5 -b:a 24k")]
    [InlineData("ffmpeg -v error -i {in} -c:a libopus -application lowdelay -cutoff 6000 -vbr off -b:a 40k")]
    public void Celt_decodes_as_in_opusdec_up_to_rounding(string command)
    {
        using var folder = new TemporaryFolder();
        CompressedAudioTests.MakeSpeech(folder, "48000 2");
        string[] words = command.Split(' ');
        string[] ends = command.Contains("{in}", StringComparison.Ordinal) ? [folder["a.opus"]] : [folder["a.wav"], folder["a.opus"]];
        Tool.Run(words[0], [.. words[1..].Select(word => word == "{in}" ? folder["a.wav"] : word), .. ends]);
        Tool.Run("opusdec", "--quiet", "--rate", "48000", "--float", folder["a.opus"], folder["b.wav"]);

        AssertNear(Decoding.All(folder["b.wav"]), Decoding.All(folder["a.opus"]), 1e-5f);
    }

    // Concentus computes with 16 bits, so its samples are as near as that; a click would be far from them.
    [Fact]
    public void Another_kind_of_packets_in_the_middle_goes_on_without_a_click()
    {
        using var folder = new TemporaryFolder();
        CompressedAudioTests.MakeSpeech(folder, "48000 2");
        Tool.Run("ffmpeg", "-v", "error", "-i", folder["a.wav"], "-c:a", "libopus", "-application", "lowdelay", "-b:a", "64k", folder["a.opus"]);
        Tool.Run("opusenc", "--quiet", "--speech", "--bitrate", "24", folder["a.wav"], folder["b.opus"]);
        List<byte[]> packets = [.. OggPages.Packets(File.ReadAllBytes(folder["a.opus"])).Take(152), .. OggPages.Packets(File.ReadAllBytes(folder["b.opus"])).Skip(152).Take(50)];
        Assert.True(OpusPacket.IsCelt(packets[2]) && !OpusPacket.IsCelt(packets[160]));
        OpusHead head = OpusHead.Read(packets[0]);
        var whole = new ConcentusDecoder(head);
        var decoder = new OpusPacketDecoder(head);
        var expected = new List<float>();
        var samples = new List<float>();
        float[] buffer = new float[decoder.MaxFrames * decoder.Channels];
        foreach (byte[] packet in packets.Skip(2))
        {
            int frames = decoder.Decode(packet, buffer, out bool isDamaged);
            Assert.False(isDamaged);
            samples.AddRange(buffer.AsSpan(0, frames * decoder.Channels));
            Assert.True(whole.TryDecode(packet, frames, buffer));
            expected.AddRange(buffer.AsSpan(0, frames * decoder.Channels));
        }

        AssertNear([.. expected], [.. samples], 4 / 32768f);
    }

    [Fact]
    public void Lost_packets_fade_and_what_comes_after_them_is_as_before()
    {
        using var folder = new TemporaryFolder();
        CompressedAudioTests.MakeSpeech(folder, "48000 2");
        Tool.Run("opusenc", "--quiet", "--music", "--bitrate", "96", folder["a.wav"], folder["a.opus"]);
        byte[][] packets = [.. OggPages.Packets(File.ReadAllBytes(folder["a.opus"])).Skip(2)];
        var head = new OpusHead(2, 0, 1, 1, 1, [0, 1]);
        var whole = new OpusPacketDecoder(head);
        var holed = new OpusPacketDecoder(head);
        float[] expected = new float[whole.MaxFrames * 2], samples = new float[whole.MaxFrames * 2];
        double last = 0;
        for (int i = 0; i < 200; i++)
        {
            int frames = whole.Decode(packets[i], expected, out _);
            bool isLost = i is >= 100 and < 130;
            Assert.Equal(frames, isLost ? holed.Conceal(samples.AsSpan(0, frames * 2)) : holed.Decode(packets[i], samples, out _));
            double peak = samples.AsSpan(0, frames * 2).ToArray().Max(MathF.Abs);
            Assert.InRange(peak, 0, 1.5);
            last = isLost ? peak : last;
        }

        Assert.InRange(last, 0, 1e-3);
        Assert.True(CompressedAudioTests.Correlation(expected.AsSpan(0, 1920), samples.AsSpan(0, 1920)) > 0.99);
    }

    [Fact]
    public void Frames_of_any_bytes_have_finite_samples()
    {
        var random = new Random(1);
        var decoder = new CeltDecoder(2);
        float[] samples = new float[2 * CeltTables.MaxSize];
        for (int i = 0; i < 2000; i++)
        {
            byte[] data = new byte[2 + random.Next(300)];
            random.NextBytes(data);
            int scale = random.Next(4);
            decoder.TryDecode(data, scale, 1 + random.Next(2), random.Next(4) switch { 0 => 13, 1 => 17, 2 => 19, _ => 21 }, 1, samples.AsSpan(0, 2 * CeltTables.ShortSize << scale));
            Assert.DoesNotContain(samples, sample => !float.IsFinite(sample));
        }
    }

    private static double Weight(int i) => i >= CeltTransform.Overlap ? 1 : Math.Sqrt(CeltTransform.FadeAt(i));

    private static long VectorsOf(int size, int pulses) => (size, pulses) switch
    {
        (_, 0) => 1,
        (0, _) => 0,
        _ => VectorsOf(size - 1, pulses) + VectorsOf(size, pulses - 1) + VectorsOf(size - 1, pulses - 1),
    };

    private static void AssertNear(float[] expected, float[] samples, float within)
    {
        Assert.Equal(expected.Length, samples.Length);
        Assert.True(CompressedAudioTests.Correlation(expected, samples) >= 0.99999);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - samples[i]) <= within, $"sample {i}: {samples[i]} for {expected[i]}");
        }
    }
}
