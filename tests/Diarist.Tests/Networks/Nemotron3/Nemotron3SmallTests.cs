using Diarist.Inference;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>The small network in float32 against the captures of all its profiles.</summary>
public sealed class Nemotron3SmallTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("offline")]
    [InlineData("offline_short")]
    [InlineData("offline_left")]
    [InlineData("big")]
    [InlineData("live32")]
    [InlineData("low")]
    [InlineData("very_low")]
    [InlineData("ultra")]
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
