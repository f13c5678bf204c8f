using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>Streaming: chunking, copies, threads, refusals.</summary>
public sealed class Nemotron3StateTests
{
    [Theory]
    [InlineData("offline_short")]
    [InlineData("live32")]
    [InlineData("low")]
    public void Any_chunking_of_the_samples_gives_the_same_bytes(string profile)
    {
        float[] samples = SmallNetwork.Audio[..(12 * 16000 + 77)];
        float[] whole = [.. CapturedRun.Of(SmallNetwork.Float, Captures.Profiles[profile], samples).Probabilities];
        Assert.Equal(samples.Length / 160 * 8, whole.Length);
        foreach (int piece in new[] { 1, 159, 160, 1281, 16000, 100003 })
        {
            Assert.True(whole.AsSpan().SequenceEqual(CapturedRun.Of(SmallNetwork.Float, Captures.Profiles[profile], samples, piece).Probabilities.ToArray()), $"pieces of {piece}");
        }
    }

    [Fact]
    public void A_copied_state_goes_on_independently_and_to_the_same_bytes()
    {
        Nemotron3Profile profile = Captures.Profiles["low"];
        float[] samples = SmallNetwork.Audio[..(20 * 16000)];
        float[] whole = [.. CapturedRun.Of(SmallNetwork.Float, profile, samples).Probabilities];
        Nemotron3State state = SmallNetwork.Float.Begin(profile);
        List<float> before = [];
        SmallNetwork.Float.Push(state, samples.AsSpan(0, 161234), rows => before.AddRange(rows.Probabilities));
        Nemotron3State copy = state.Clone();
        List<float> first = [.. before], second = [.. before], other = [];
        SmallNetwork.Float.Push(state, samples.AsSpan(161234), rows => first.AddRange(rows.Probabilities));
        SmallNetwork.Float.Finish(state, rows => first.AddRange(rows.Probabilities));
        Nemotron3State third = copy.Clone();
        SmallNetwork.Float.Push(third, new float[160000], rows => other.AddRange(rows.Probabilities));
        SmallNetwork.Float.Push(copy, samples.AsSpan(161234), rows => second.AddRange(rows.Probabilities));
        SmallNetwork.Float.Finish(copy, rows => second.AddRange(rows.Probabilities));
        Assert.NotEmpty(other);
        Assert.Equal(whole, first);
        Assert.Equal(whole, second);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        float[] samples = SmallNetwork.Audio[..(40 * 16000)];
        float[] one = [.. CapturedRun.Of(SmallNetwork.Float, Captures.Profiles["offline"], samples).Probabilities];
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Assert.Equal(one, CapturedRun.Of(SmallNetwork.Float, Captures.Profiles["offline"], samples, threads: threads).Probabilities);
        }
    }

    [Fact]
    public void Look_ahead_labels_come_when_they_are_asked_for()
    {
        Nemotron3Profile profile = Captures.Profiles["live32"];
        Nemotron3State state = SmallNetwork.Float.Begin(profile);
        List<Nemotron3Rows> steps = [];
        SmallNetwork.Float.Push(state, SmallNetwork.Audio.AsSpan(0, 160000), steps.Add, provisional: true);
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.Equal((32 * 8 * 8, 4 * 8 * 8), (step.Probabilities.Length, step.Provisional.Length)));
    }

    [Theory]
    [InlineData(0, 4, 40, 222)]
    [InlineData(32, -1, 40, 222)]
    [InlineData(32, 4, -1, 222)]
    [InlineData(32, 4, 40, 0)]
    [InlineData(4096, 4, 40, 222)]
    public void Impossible_sizes_are_refused(int chunk, int ahead, int fifo, int update) =>
        Assert.ThrowsAny<ArgumentException>(() => SmallNetwork.Float.Begin(new Nemotron3Profile(chunk, ahead, fifo, update)));

    [Fact]
    public void A_cancelled_push_leaves_the_state_at_the_last_step()
    {
        Nemotron3State state = SmallNetwork.Float.Begin(Captures.Profiles["live32"]);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => SmallNetwork.Float.Push(state, SmallNetwork.Audio.AsSpan(0, 160000), _ => { }, cancellationToken: source.Token));
        Assert.Equal(0, state.NextFrame);
    }
}
