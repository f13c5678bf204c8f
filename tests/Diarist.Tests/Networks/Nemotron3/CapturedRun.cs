using Diarist.Inference;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>A recording run through a network, with what the captures hold of each step.</summary>
internal sealed class CapturedRun
{
    public List<float> Probabilities { get; } = [];

    public List<Nemotron3Step> Steps { get; } = [];

    /// <summary>The state after each step that moved frames to the cache.</summary>
    public List<(int Step, Nemotron3State State)> Events { get; } = [];

    /// <summary>Runs samples, given in pieces of a length.</summary>
    public static CapturedRun Of(Nemotron3Network network, Nemotron3Profile profile, ReadOnlySpan<float> samples, int piece = int.MaxValue, int threads = 1, Func<Nemotron3State, StageProbe?>? probe = null, Action<Nemotron3Rows>? labelled = null)
    {
        var run = new CapturedRun();
        Nemotron3State state = network.Begin(profile);
        Nemotron3Network traced = network.With(
            threads,
            step =>
            {
                if (step.Moved > 0)
                {
                    run.Events.Add((run.Steps.Count, state.Clone()));
                }

                run.Steps.Add(step);
            },
            probe,
            network.Wanted);
        for (int start = 0; start < samples.Length; start += Math.Min(piece, samples.Length))
        {
            traced.Push(state, samples.Slice(start, Math.Min(piece, samples.Length - start)), Label, provisional: probe is not null);
        }

        traced.Finish(state, Label);
        return run;

        void Label(Nemotron3Rows rows)
        {
            run.Probabilities.AddRange(rows.Probabilities);
            labelled?.Invoke(rows);
        }
    }

    /// <summary>Compares steps, cache contents and compressed indices with a capture; returns the largest difference of the cache's probabilities and vectors.</summary>
    public (double Probabilities, double Vectors) CompareCache(Npz capture, string prefix = "", bool indices = true)
    {
        long[] steps = capture[prefix + "steps"].ToInt64s();
        Assert.Equal(steps.Length / 10, Steps.Count);
        for (int i = 0; i < Steps.Count; i++)
        {
            Nemotron3Step s = Steps[i];
            Assert.Equal(steps[(i * 10)..((i + 1) * 10)], new long[] { s.First, s.Chunk, s.LookAhead, s.LookBack, s.CacheBefore, s.FifoBefore, s.Moved, s.CacheAfter, s.FifoAfter, s.Picks is null ? 0 : 1 });
        }

        if (!capture.Names.Contains(prefix + "event_step"))
        {
            Assert.Empty(Events);
            return (0, 0);
        }

        Assert.Equal(capture[prefix + "event_step"].ToInt64s(), Events.Select(e => (long)e.Step));
        NpyArray index = capture[prefix + "event_index"];
        int slots = index.Shape[1];
        long[] origins = index.ToInt64s();
        if (indices)
        {
            for (int i = 0; i < Events.Count; i++)
            {
                long[] expected = [.. origins[(i * slots)..((i + 1) * slots)].Where(frame => frame != -2)];
                Assert.True(expected.AsSpan().SequenceEqual(Events[i].State.CacheOrigins), $"{prefix} other frames in the cache after step {Events[i].Step}");
            }

            if (capture.Names.Contains(prefix + "compress_pick"))
            {
                Assert.Equal(capture[prefix + "compress_pick"].ToInt64s(), Steps.Where(step => step.Picks is not null).SelectMany(step => step.Picks!).Select(pick => (long)pick));
            }
        }

        return (Largest(capture, prefix + "event_probs", state => state.CacheProbabilities), Largest(capture, prefix + "event_embeds", state => state.Cache));
    }

    private double Largest(Npz capture, string name, Func<Nemotron3State, float[]> values)
    {
        if (!capture.Names.Contains(name))
        {
            return 0;
        }

        float[] expected = capture[name].ToSingles();
        int length = expected.Length / Events.Count;
        return Events.Select((e, i) => Captures.Difference(expected.AsSpan(i * length, values(e.State).Length), values(e.State))).Max();
    }
}
