using Diarist.Inference;
using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;
using Diarist.Tests.Reference;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Pyannote;

public sealed class PyanNetTests(ITestOutputHelper output)
{
    private const int FrameValues = Powerset.Classes;
    private static readonly Lazy<PyanNetWeights> Weights = new(() => InsideNetworks.PyanNet);
    private static readonly Lazy<PyanNet> Network = new(() => new PyanNet(Weights.Value));

    public static TheoryData<string> TelephoneCall => Shared.Cases("parity/rec02", "ONNX Runtime", "exact", "activity");

    /// <summary>A telephone call against what ONNX Runtime computes, against double precision, and against the captured activity.</summary>
    [Theory]
    [MemberData(nameof(TelephoneCall))]
    public void A_telephone_call_gives_what_others_compute(string reference)
    {
        Action compare = reference switch
        {
            "ONNX Runtime" => EveryWindowIsNearOnnxRuntimeAndDecidesAlike,
            "exact" => TheExactResultIsCloserThanToOnnxRuntimeOnAverage,
            _ => ActivityEqualsTheCapturedOne,
        };
        compare();
    }

    /// <remarks>
    /// 5e-5 is met on some windows only, as the printed count says: ONNX Runtime itself is further than that from the exact result
    /// on half of these 21 windows, because it rounds the normalized waveform and sums 251 taps in float32. Windows that share
    /// their convolution cannot repeat that. The bounds here are what is held, on all windows; the decisions are identical.
    /// </remarks>
    private void EveryWindowIsNearOnnxRuntimeAndDecidesAlike()
    {
        float[] samples = Fixture.Recording("rec02"), reference = Fixture.OnnxRuntime("pyannet-rec02"), actual = new float[reference.Length];
        Network.Value.LogProbabilities(new WindowedAudio(samples, 21, 16000), actual);
        List<double> errors = [];
        for (int window = 0; window < 21; window++)
        {
            Range values = (window * 589 * FrameValues)..((window + 1) * 589 * FrameValues);
            errors.Add(MaxError(reference[values], actual[values]));
            Assert.Equal(0, CompareDecisions(reference[values], actual[values]).Differing);
        }

        output.WriteLine($"max errors {string.Join(' ', errors.Select(error => $"{error:e1}"))}; {errors.Count(error => error <= 5e-5)} of 21 within 5e-5");
        errors.Sort();
        Assert.True(errors[10] <= 7e-5, $"median {errors[10]}");
        Assert.True(errors[^1] <= 5e-4, $"max {errors[^1]}");
    }

    /// <summary>Windows with stored answers whose recordings are on this machine: recording, first second, seconds, frames.</summary>
    public static TheoryData<string, int, int, int> Windows =>
        [.. new[] { ("rec02", 12, 5, 293), ("ami", 5, 10, 589), ("conversation", 20, 10, 589) }.Where(window => Fixture.HasRecording(window.Item1))];

    [Theory]
    [MemberData(nameof(Windows))]
    public void Windows_of_both_lengths_are_near_ONNX_Runtime_and_decide_alike(string recording, int start, int seconds, int frames)
    {
        float[] expected = Fixture.OnnxRuntime($"pyannet-{recording}-{start}-{seconds}s");
        Assert.Equal(frames * FrameValues, expected.Length);
        float[] actual = Run(Fixture.Recording(recording), start, seconds);
        double error = MaxError(expected, actual);
        (int differing, int decided) = CompareDecisions(expected, actual);
        output.WriteLine($"{recording} {start} s + {seconds} s: max error {error:e2} (bound 5e-5); {differing} of {decided} decided frames differ");
        Assert.True(error <= 5e-5, $"max error {error}");
        Assert.Equal(0, differing);
    }

    /// <remarks>The window at 18 s amplifies rounding wherever it happens: a change of the filters by 1e-6 moves its results by 1e-4.</remarks>
    private void TheExactResultIsCloserThanToOnnxRuntimeOnAverage()
    {
        CompareWithExact("rec02", 0, 5e-5);
        CompareWithExact("rec02", 18, 5e-4);
    }

    private void CompareWithExact(string recording, int start, double bound)
    {
        float[] samples = Fixture.Recording(recording);
        double[] exact = [.. SlowPyanNet.LogProbabilities(Weights.Value, samples.AsSpan(start * 16000, 160000)).SelectMany(frame => frame)];
        float[] reference = Fixture.OnnxRuntime($"pyannet-{recording}")[(start * 589 * FrameValues)..((start + 1) * 589 * FrameValues)], actual = Run(samples, start, 10);
        double ours = MeanError(exact, actual), theirs = MeanError(exact, reference);
        output.WriteLine(
            $"{recording} {start} s against double: mean {ours:e2}, max {MaxError(exact, actual):e2}; ONNX Runtime: mean {theirs:e2}, max {MaxError(exact, reference):e2}");
        Assert.True(MaxError(exact, actual) <= bound);
        Assert.True(ours < theirs, "less exact than ONNX Runtime");
        Assert.Equal(0, CompareDecisions(reference, actual).Differing);
    }

    private void ActivityEqualsTheCapturedOne()
    {
        float[] samples = Fixture.Recording("rec02");
        NpyArray captured = Npz.Read(Shared.Require("parity/rec02/segmentations.npz")).Get("segmentations", 21, 589, 3);
        float[] expected = captured.ToSingles();
        float[] logProbabilities = new float[21 * 589 * FrameValues];
        Network.Value.LogProbabilities(new WindowedAudio(samples, 21, 16000), logProbabilities, CancellationToken.None);
        byte[] masks = new byte[21 * 589];
        Powerset.Decode(logProbabilities, masks);
        int equal = 0;
        for (int frame = 0; frame < masks.Length; frame++)
        {
            int mask = 0;
            for (int speaker = 0; speaker < 3; speaker++)
            {
                mask |= expected[(frame * 3) + speaker] > 0.5f ? 1 << speaker : 0;
            }

            equal += mask == masks[frame] ? 1 : 0;
        }

        output.WriteLine($"{masks.Length - equal} of {masks.Length} frames differ from the capture");
        Assert.True(equal >= 0.999 * masks.Length);
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(16004)]
    [InlineData(80000)]
    [InlineData(159700)]
    [InlineData(170000)]
    public void A_window_gives_the_same_bytes_alone_and_among_others(int step)
    {
        float[] samples = new float[(4 * step) + 160000];
        float[] recording = Fixture.Recording("conversation");
        recording.AsSpan(0, Math.Min(recording.Length, samples.Length)).CopyTo(samples);
        float[] batch = new float[5 * 589 * FrameValues], single = new float[589 * FrameValues];
        Network.Value.LogProbabilities(new WindowedAudio(samples, 5, step), batch);
        for (int window = 0; window < 5; window++)
        {
            Network.Value.LogProbabilities(new WindowedAudio(samples.AsMemory(window * step), 1, step), single);
            Assert.True(single.AsSpan().SequenceEqual(batch.AsSpan(window * single.Length, single.Length)));
        }
    }

    [Fact]
    public void Every_width_gives_the_same_decisions()
    {
        float[] samples = Fixture.Recording("conversation")[..80000];
        float[]? first = null;
        foreach (LaneWidth width in LaneWidths.Supported.Reverse())
        {
            float[] actual = new float[293 * FrameValues];
            new PyanNet(Weights.Value, width).LogProbabilities(samples, 1, 0, 80000, actual);
            first ??= actual;
            double error = MaxError(first, actual);
            output.WriteLine($"{width}: max difference from the widest {error:e2}");
            Assert.True(error < 2e-4);
            Assert.Equal(0, CompareDecisions(first, actual).Differing);
        }
    }

    [Fact]
    public void Silence_and_a_constant_offset_give_finite_results()
    {
        foreach (float offset in new[] { 0f, 0.25f, -1f })
        {
            float[] samples = new float[160000], result = new float[589 * FrameValues];
            samples.AsSpan().Fill(offset);
            Network.Value.LogProbabilities(new WindowedAudio(samples, 1, 16000), result);
            Assert.All(result, value => Assert.True(float.IsFinite(value) && value <= 0));
        }
    }

    [Fact]
    public void A_cancelled_call_stops_at_once()
    {
        float[] samples = new float[31 * 16000 + 160000], result = new float[32 * 589 * FrameValues];
        PyanNet network = Network.Value; // loading it takes time that is not the call's
        using CancellationTokenSource source = new();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        long cancelled = 0;

        // A thread of its own: timers wait for the pool's threads, which other tests keep busy.
        var thread = new Thread(() =>
        {
            Thread.Sleep(50);
            cancelled = clock.ElapsedMilliseconds;
            source.Cancel();
        });
        thread.Start();
        Assert.ThrowsAny<OperationCanceledException>(() => network.LogProbabilities(new WindowedAudio(samples, 32, 16000), result, source.Token));
        long late = clock.ElapsedMilliseconds - cancelled;
        thread.Join();
        output.WriteLine($"stopped {late} ms after the cancellation");
        Assert.True(late < 400, $"{late} ms (200 are allowed; the rest is for a busy machine)");
    }

    [Fact]
    public void Another_networks_file_is_refused_by_what_it_lacks()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("other.onnx", OnnxWriter.Model([OnnxWriter.Node("Identity", ["x"], ["y"])], [], inputs: ["x"]));
        PackException error = Assert.Throws<PackException>(() => PyanNet.Load(path));
        Assert.Contains("segmentation-3.0", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Buffers_of_the_wrong_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Network.Value.LogProbabilities(new WindowedAudio(new float[160000], 1, 16000), new float[1]));
        Assert.Throws<ArgumentException>(() => Network.Value.LogProbabilities(new float[100000], 2, 16000, 100000, new float[2 * 367 * FrameValues]));
    }

    private static float[] Run(float[] samples, int start, int seconds)
    {
        int length = seconds * 16000;
        float[] actual = new float[SincNet.Frames(length) * FrameValues];
        Network.Value.LogProbabilities(samples.AsSpan(start * 16000, length), 1, 0, length, actual);
        return actual;
    }

    private static double MaxError(IEnumerable<float> expected, float[] actual) => MaxError([.. expected.Select(value => (double)value)], actual);

    private static double MaxError(double[] expected, float[] actual) => expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();

    private static double MeanError(double[] expected, float[] actual) => expected.Zip(actual, (e, a) => Math.Abs(e - a)).Average();

    /// <summary>Frames whose decisions differ, among those whose two best classes are more than 1e-3 apart in the reference.</summary>
    private static (int Differing, int Decided) CompareDecisions(float[] expected, float[] actual)
    {
        byte[] theirs = new byte[expected.Length / FrameValues], ours = new byte[theirs.Length];
        Powerset.Decode(expected, theirs);
        Powerset.Decode(actual, ours);
        int differing = 0, decided = 0;
        for (int frame = 0; frame < ours.Length; frame++)
        {
            float[] scores = expected[(frame * FrameValues)..((frame + 1) * FrameValues)];
            Array.Sort(scores);
            if (scores[^1] - scores[^2] > 1e-3f)
            {
                decided++;
                differing += ours[frame] != theirs[frame] ? 1 : 0;
            }
        }

        return (differing, decided);
    }
}
