using Diarist.Inference.Kernels;
using Diarist.Networks.Silero;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Silero;

public sealed class SileroVadTests(ITestOutputHelper output)
{
    /// <summary>The recordings with stored answers that are on this machine.</summary>
    public static TheoryData<string> Recordings => [.. ((string[])["rec02", "ami", "conversation"]).Where(Fixture.HasRecording)];

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Probabilities_are_those_of_ONNX_Runtime(string recording)
    {
        SileroVad network = Load();
        float[] expected = Fixture.OnnxRuntime($"silero-{recording}"), actual = network.Probabilities(Fixture.Recording(recording));
        Assert.Equal(expected.Length, actual.Length);
        double error = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
        int flips = expected.Zip(actual, (e, a) => (e >= 0.5f) != (a >= 0.5f)).Count(flip => flip);
        output.WriteLine($"{recording}: {actual.Length} steps, max error {error:e2}, {flips} flips at 0.5; speech in {expected.Count(p => p >= 0.5f)} steps");
        Assert.True(error <= 1e-5, $"max error {error}");
        Assert.Equal(0, flips);
    }

    [Fact]
    public void A_stream_in_pieces_of_any_length_gives_the_same_bytes()
    {
        SileroVad network = Load();
        float[] samples = Fixture.Recording("conversation")[..200_123], whole = network.Probabilities(samples);
        Random random = new(1);
        foreach (int longest in new[] { 512, 100, 5000, 120_000 })
        {
            using SileroVadStream stream = new(network);
            float[] pieces = new float[whole.Length];
            int steps = 0;
            for (int at = 0; at < samples.Length;)
            {
                int length = Math.Min(samples.Length - at, longest == 512 ? 512 : random.Next(longest + 1));
                int expected = stream.StepsAfter(length);
                Assert.Equal(expected, stream.Push(samples.AsSpan(at, length), pieces.AsSpan(steps, expected)));
                steps += expected;
                at += length;
            }

            steps += stream.Finish(pieces.AsSpan(steps));
            Assert.Equal(whole.Length, steps);
            Assert.True(pieces.AsSpan().SequenceEqual(whole), $"pieces up to {longest} samples");
        }
    }

    [Fact]
    public void A_stream_starts_afresh_after_a_reset()
    {
        SileroVad network = Load();
        float[] samples = Guarded.Noise(1024, 1), first = new float[2], second = new float[2];
        using SileroVadStream stream = new(network);
        stream.Push(samples, first);
        stream.Push(samples.AsSpan(0, 100), []);
        stream.Reset();
        stream.Push(samples, second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Every_width_gives_the_same_result()
    {
        float[] samples = Fixture.Recording("conversation")[..50_000];
        float[] first = Load().Probabilities(samples);
        foreach (LaneWidth width in LaneWidths.Supported)
        {
            float[] actual = SileroVad.Load(Path(), width).Probabilities(samples);
            double error = first.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
            output.WriteLine($"{width}: max difference {error:e2}");
            Assert.True(error < 1e-5);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(512, 1)]
    [InlineData(513, 2)]
    public void The_last_partial_step_counts(int samples, int steps)
    {
        Assert.Equal(steps, SileroVad.Steps(samples));
        float[] probabilities = Load().Probabilities(new float[samples]);
        Assert.Equal(steps, probabilities.Length);
        Assert.All(probabilities, p => Assert.InRange(p, 0, 0.1f));
    }

    [Fact]
    public void Too_little_room_a_cancelled_call_and_another_networks_file_are_refused()
    {
        SileroVad network = Load();
        using SileroVadStream stream = new(network);
        Assert.Throws<ArgumentException>(() => stream.Push(new float[1024], new float[1]));
        Assert.Throws<OperationCanceledException>(() => network.Probabilities(new float[100_000], new CancellationToken(canceled: true)));
        using var folder = new TemporaryFolder();
        string other = folder.Write("other.safetensors", [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);
        PackException error = Assert.Throws<PackException>(() => SileroVad.Load(other));
        Assert.Contains("other.safetensors", error.Message, StringComparison.Ordinal);
    }

    private static string Path() => InsideNetworks.PathOf("silero-vad-v6/silero_vad_16k.safetensors");

    private static SileroVad Load() => SileroVad.Load(Path());
}
