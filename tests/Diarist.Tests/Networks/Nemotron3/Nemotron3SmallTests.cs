using Diarist.Inference;
using Diarist.Networks.Nemotron3;
using Diarist.Tests.Support;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The small network in float32 against the captures of all its profiles.</summary>
public sealed class Nemotron3SmallTests(ITestOutputHelper output)
{
    public static TheoryData<string> Profiles => Captures.Rows("offline", "offline_short", "offline_left", "big", "live32", "low", "very_low", "ultra");

    [Fact]
    public void The_network_that_is_made_here_is_the_captured_one()
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
    public void A_profile_gives_the_captured_probabilities_and_keeps_the_captured_frames(string profile)
    {
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
}
