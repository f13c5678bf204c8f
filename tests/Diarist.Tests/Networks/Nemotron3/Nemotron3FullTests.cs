using System.Text.Json;
using Diarist.Inference;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The network of the true size, with generated weights, made once for these tests.</summary>
public sealed class FullNetwork
{
    private readonly Lazy<Nemotron3Network> _network = new(() => Captures.Full(threads: Math.Min(2, Environment.ProcessorCount)));

    internal Nemotron3Network Network => _network.Value;
}

/// <summary>The true size in float32 against its captures.</summary>
public sealed class Nemotron3FullTests(FullNetwork full, ITestOutputHelper output) : IClassFixture<FullNetwork>
{
    public static TheoryData<string> Runs => Captures.Rows("offline30", "live32_40", "low44");

    /// <remarks>Steps whose labels nothing later depends on are left out where the capture would take half a minute.</remarks>
    [Theory]
    [MemberData(nameof(Runs))]
    public void The_true_size_gives_the_captured_values(string name)
    {
        (Nemotron3Profile profile, int seconds, int[] probed, bool skips) = name switch
        {
            "offline30" => (Nemotron3Profile.Offline, 30, new[] { 0, 1 }, false),
            "live32_40" => (Nemotron3Profile.Live32, 40, [2, 15], false),
            _ => (Nemotron3Profile.Low, 44, [20, 57], true),
        };
        Npz capture = Captures.Archive($"full/{name}.npz");
        Dictionary<string, StageSum> stages = [];
        int started = 0;
        Nemotron3Network network = full.Network.With(full.Network.Threads, wanted: skips ? state => probed.Contains((int)(state.NextFrame / profile.Chunk)) : null);
        Nemotron3State current = network.Begin(profile);
        List<(long Row, float[] Values)> labelled = [];
        CapturedRun run = CapturedRun.Of(
            network,
            profile,
            Captures.Audio.AsSpan(0, seconds * 16000),
            threads: full.Network.Threads,
            probe: state =>
            {
                int step = (int)(state.NextFrame / profile.Chunk);
                started++;
                return probed.Contains(step) ? (stage, row, values, columns) => StageSum.Add(stages, $"step{step}.{stage}", row, values, columns) : null;
            },
            labelled: rows => labelled.Add((rows.FirstRow, rows.Probabilities)));
        (double cache, _) = run.CompareCache(capture);
        float[] expected = capture["probs"].ToSingles();
        double error = labelled.Max(rows => Captures.Difference(expected.AsSpan((int)rows.Row * 8, rows.Values.Length), rows.Values));
        string[] names = JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(Captures.Path($"full/{name}.stages.json")))!;
        double stageError = StageErrors(capture, names, stages);
        output.WriteLine($"{name}: {started} of {run.Steps.Count} steps run, probabilities {error:e2}, cache {cache:e2}, stages {stageError:e2}");
        Assert.True(error <= 1e-4, $"probabilities {error}");
        Assert.True(cache <= 1e-4, $"cache {cache}");
    }

    /// <summary>The largest difference of the 64 samples of each stage; sums must agree to the same relative measure.</summary>
    private double StageErrors(Npz capture, string[] names, Dictionary<string, StageSum> stages)
    {
        long[] shapes = capture["stage_shape"].ToInt64s();
        double[] sums = capture["stage_sums"].ToDoubles();
        float[] samples = capture["stage_samples"].ToSingles();
        double worst = 0;
        int compared = 0;
        for (int i = 0; i < names.Length; i++)
        {
            string stage = names[i][(names[i].IndexOf('.', StringComparison.Ordinal) + 1)..];
            if (!stages.TryGetValue(names[i], out StageSum? actual))
            {
                continue; // what our products do not have apart
            }

            long length = shapes[2 * i] * shapes[(2 * i) + 1];
            bool rectified = stage is "upsampled" or "dense";
            double largest = 0;
            for (int k = 0; k < 64; k++)
            {
                float sample = samples[(i * 64) + k];
                if (actual.At(k * length / 64) is { } value)
                {
                    largest = Math.Max(largest, Math.Abs((rectified ? Math.Max(sample, 0) : sample) - value));
                }
            }

            double bound = stage == "logits" ? 2e-4 : 1e-4;
            Assert.True(largest <= bound, $"{names[i]}: {largest}");
            if (!rectified && actual.Count == length)
            {
                Assert.Equal(sums[2 * i], actual.Sum, bound * length);
                Assert.Equal(sums[(2 * i) + 1], actual.AbsoluteSum, 1e-5 * sums[(2 * i) + 1]);
            }

            worst = Math.Max(worst, largest);
            compared++;
        }

        Assert.True(compared >= 30, $"only {compared} of {names.Length} stages compared");
        output.WriteLine($"{compared} of {names.Length} stages compared");
        return worst;
    }
}
