using Diarist.Reconstruction;

namespace Diarist.Pipeline;

/// <summary>Adds up the time that stages take, over all threads, when a clock was given; the library itself never looks at one.</summary>
internal sealed class StageClock(TimeProvider? clock)
{
    private readonly long[] _ticks = new long[Enum.GetValues<Stage>().Length];

    internal enum Stage
    {
        Decoding,
        Segmentation,
        Embedding,
        Clustering,
        Reconstruction,
    }

    /// <summary>The time to give back to <see cref="Stop"/>.</summary>
    public long Start() => clock?.GetTimestamp() ?? 0;

    /// <summary>Books the time since <paramref name="start"/> to a stage.</summary>
    public void Stop(Stage stage, long start)
    {
        if (clock is not null)
        {
            Interlocked.Add(ref _ticks[(int)stage], clock.GetElapsedTime(start).Ticks);
        }
    }

    /// <summary>What was booked; <see langword="null"/> without a clock.</summary>
    public DiarizationTiming? Timing() =>
        clock is null ? null : new DiarizationTiming(Seconds(Stage.Decoding), Seconds(Stage.Segmentation), Seconds(Stage.Embedding), Seconds(Stage.Clustering), Seconds(Stage.Reconstruction));

    private double Seconds(Stage stage) => TimeSpan.FromTicks(_ticks[(int)stage]).TotalSeconds;
}
