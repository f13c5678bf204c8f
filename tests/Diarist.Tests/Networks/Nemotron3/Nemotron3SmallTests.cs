using Diarist.Inference;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The small network in float32 against the captures of all its profiles.</summary>
public sealed class Nemotron3SmallTests(ITestOutputHelper output)
{
    public static TheoryData<string> Profiles => Captures.Rows("offline", "offline_short", "offline_left", "big", "live32", "low", "very_low", "ultra", "weights", "gguf offline", "gguf live32", "gguf low");

    private static void WeightsAreThoseThatAreMadeHere()
    {
        Weights file = SafeTensors.Read(Captures.Path("small/model.safetensors"));
        Assert.Equal(file.Names.Order(StringComparer.Ordinal), SmallNetwork.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(SmallNetwork.Tensors.Values, tensor => Assert.Equal(file.Get(tensor.Name, tensor.Shape).Data, tensor.Values(tensor.Shape)));

        GgufFile gguf = GgufFile.Open(Captures.Path("small/small.q8_0.gguf"));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["made.gguf"], SmallNetwork.Gguf().ToArray());
        GgufFile made = GgufFile.Open(folder["made.gguf"]);
        Assert.Equal(gguf.Tensors.Select(tensor => tensor.Name), made.Tensors.Select(tensor => tensor.Name));
        Assert.All(gguf.Tensors, tensor => Assert.True(
            Captures.Difference(gguf.ToSingles(tensor), made.ToSingles(made.Require(tensor.Name, tensor.Shape, tensor.Type))) <= (tensor.Name == "preprocessor.fb" ? 4e-9 : 0), tensor.Name));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_run_gives_the_captured_probabilities_and_keeps_the_captured_frames(string profile)
    {
        if (profile == "weights")
        {
            WeightsAreThoseThatAreMadeHere();
            return;
        }

        if (profile.StartsWith("gguf ", StringComparison.Ordinal))
        {
            WidenedWeights(profile["gguf ".Length..]);
            return;
        }

        Npz capture = Captures.Archive($"small/{profile}.npz");
        CapturedRun run = CapturedRun.Of(Captures.Small, Captures.Profiles[profile], Captures.Audio);
        (double cache, double vectors) = run.CompareCache(capture);
        float[] expected = capture["probs"].ToSingles()[..(6000 * 8)];
        double error = Captures.Difference(expected, run.Probabilities.ToArray());
        output.WriteLine($"{profile}: probabilities {error:e2}, cache probabilities {cache:e2}, cache vectors {vectors:e2}, {run.Steps.Count} steps, {run.Steps.Count(step => step.Picks is not null)} compressions");
        Assert.True(error <= 1e-4, $"probabilities {error}");
        Assert.True(cache <= 1e-4, $"cache probabilities {cache}");
        Assert.True(vectors <= 1e-4, $"cache vectors {vectors}");
    }

    /// <summary>The file in Q8_0, its weights widened.</summary>
    private void WidenedWeights(string profile)
    {
        Nemotron3Network widened = Nemotron3Network.Load(Captures.Path("small/small.q8_0.gguf"), arithmetic: Q8Arithmetic.Widened);
        Npz capture = Captures.Archive("small/gguf.npz");
        CapturedRun run = CapturedRun.Of(widened, Captures.Profiles[profile], Captures.Audio);
        run.CompareCache(capture, profile + ".");
        double error = Captures.Difference(capture[profile + ".probs"].ToSingles().AsSpan(0, 6000 * 8), run.Probabilities.ToArray());
        output.WriteLine($"{profile}: probabilities {error:e2}");
        Assert.True(error <= 1e-4, $"{error}");
    }
}
