using Diarist.Inference;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>What the small network computes on its way, stage by stage.</summary>
public sealed class Nemotron3StageTests(ITestOutputHelper output)
{
    private const int Hidden = 64;
    private const int HeadSize = 16;

    public static TheoryData<string> Steps => Captures.Rows("offline 0", "low 0", "low 40");

    [Theory]
    [MemberData(nameof(Steps))]
    public void Every_stage_of_a_step_equals_the_captured_one(string profileAndStep)
    {
        string[] words = profileAndStep.Split(' ');
        (string profile, int step) = (words[0], int.Parse(words[1]));
        Npz capture = Captures.Archive($"small/{profile}_stages.npz");
        Dictionary<string, float[]> stages = Stages(Captures.Profiles[profile], step);
        string prefix = $"step{step}.";
        float[] input = capture[prefix + "encoder_input"].ToSingles();
        Check("encoder_input", input, stages["encoder_input"]);
        int rows = input.Length / Hidden, compared = 1;
        foreach (string name in capture.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name != prefix + "encoder_input"))
        {
            string stage = name[prefix.Length..];
            float[] expected = capture[name].ToSingles();
            if (Actual(stage, stages, expected.Length / rows, rows) is { } actual)
            {
                // The captures have these before the rectifier, which is part of our product.
                Check(stage, stage is "upsampled" or "dense" ? Array.ConvertAll(expected, value => Math.Max(value, 0)) : expected, actual);
                compared++;
            }
        }

        Assert.True(compared >= (profile == "low" ? 20 : 8), $"only {compared} stages compared");

        void Check(string stage, float[] expected, float[] actual)
        {
            // A step that moves no frame labels the chunk and nothing before it.
            double error = Captures.Difference(expected.AsSpan(expected.Length - Math.Min(expected.Length, actual.Length)), actual);
            output.WriteLine($"{profile} step {step} {stage}: {error:e2}");
            Assert.True(error <= (stage == "logits" ? 2e-4 : 1e-4), $"{stage} {error}");
        }
    }

    private static float[]? Actual(string stage, Dictionary<string, float[]> stages, int columns, int rows)
    {
        string layer = stage.Split('.')[0];
        switch (stage.Split('.')[^1])
        {
            case "q": return Part(stages[layer + ".qkv"], 0);
            case "k": return Part(stages[layer + ".qkv"], 1);
            case "v": return Part(stages[layer + ".qkv"], 2);
            case "q_rotated": return ByHead(Part(stages[layer + ".qkv_rotated"], 0), rows);
            case "k_rotated": return ByHead(Part(stages[layer + ".qkv_rotated"], 1), rows);
            case "attention": return Minus(stages[layer + ".middle"], stages["input_layer_norm"]);
            case "fc2": return Minus(stages[layer + ".output"], stages[layer + ".middle"]);
            case "fc1": return null; // GELU is part of our product: its result is compared
            case "rotary_cos":
                var table = new RotaryTable(HeadSize, rows, 10000);
                return [.. Enumerable.Range(0, rows * columns).Select(i => table.Cosines[(i / columns * table.Half) + (i % table.Half)])];
            default: return stages[stage];
        }
    }

    private static float[] Part(float[] qkv, int part) =>
        [.. Enumerable.Range(0, qkv.Length / 3).Select(i => qkv[(i / Hidden * 3 * Hidden) + (part * Hidden) + (i % Hidden)])];

    private static float[] ByHead(float[] values, int rows) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[(i / HeadSize % rows * Hidden) + (i / (HeadSize * rows) * HeadSize) + (i % HeadSize)])];

    private static float[] Minus(float[] left, float[] right) => [.. left.Zip(right, (a, b) => a - b)];

    private static Dictionary<string, float[]> Stages(Nemotron3Profile profile, int wanted)
    {
        Dictionary<string, float[]> stages = [];
        int step = 0;
        CapturedRun.Of(Captures.Small, profile, Captures.Audio, probe: state =>
        {
            if (step++ != wanted)
            {
                return null;
            }

            return (stage, first, values, columns) =>
            {
                float[] all = [.. stages.GetValueOrDefault(stage, []), .. values];
                stages[stage] = all;
            };
        });
        return stages;
    }
}
