using Diarist.Inference;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>Short, odd and silent recordings.</summary>
public sealed class Nemotron3ClipTests(ITestOutputHelper output)
{
    public static TheoryData<string> Clips => Captures.Rows("short", "odd", "whole", "silence", "gap", "tiny399", "tiny160");

    [Theory]
    [MemberData(nameof(Clips))]
    public void A_clip_gives_the_captured_rows(string clip)
    {
        Npz capture = Captures.Archive("small/clips.npz");
        float[] samples = Samples(clip);
        foreach (string profile in new[] { "offline", "low" })
        {
            CapturedRun run = CapturedRun.Of(Captures.Small, Captures.Profiles[profile], samples);
            int rows = samples.Length / 160;
            float[] logits = capture[$"{clip}.{profile}.logits"].ToSingles()[..(rows * 8)];
            double error = Captures.Difference(Array.ConvertAll(logits, logit => (float)(1 / (1 + Math.Exp(-logit)))), run.Probabilities.ToArray());

            // In silence all frames are alike but for the reference's rounding, and which of them it keeps is noise.
            run.CompareCache(capture, $"{clip}.{profile}.", indices: clip != "silence");
            output.WriteLine($"{clip} {profile}: {rows} rows, probabilities {error:e2}");
            Assert.True(error <= 1e-4, $"{clip} {profile} {error}");
        }
    }

    [Fact]
    public void Frames_of_silence_are_kept_alike()
    {
        CapturedRun run = CapturedRun.Of(SmallNetwork.Float, Captures.Profiles["low"], new float[160000]);
        float[] cache = run.Events[^1].State.Cache;
        float[][] frames = [.. Enumerable.Range(0, 48).Where(slot => run.Events[^1].State.CacheOrigins[slot] >= 0).Select(slot => cache[(slot * 64)..((slot + 1) * 64)])];
        Assert.NotEmpty(frames);
        Assert.All(frames, frame => Assert.True(Captures.Difference(frames[^1], frame) <= 1e-4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(159)]
    public void Fewer_than_160_samples_yield_no_row(int length)
    {
        foreach (string profile in Captures.Profiles.Keys)
        {
            CapturedRun run = CapturedRun.Of(SmallNetwork.Float, Captures.Profiles[profile], SmallNetwork.Audio.AsSpan(300000, length));
            Assert.Empty(run.Probabilities);
            Assert.Empty(run.Steps);
        }
    }

    private static float[] Samples(string clip)
    {
        float[] audio = Captures.Audio;
        return clip switch
        {
            "short" => audio[..8000],
            "odd" => audio[200000..363517],
            "whole" => audio[..64000],
            "silence" => new float[160000],
            "gap" => [.. audio[..96000], .. new float[128000], .. audio[480000..560000]],
            _ => audio[300000..(300000 + int.Parse(clip[4..]))],
        };
    }
}
