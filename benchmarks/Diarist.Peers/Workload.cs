using System.Diagnostics;

namespace Diarist.Peers;

/// <summary>Something that is measured: made ready by its constructor, then run again and again.</summary>
internal interface IWorkload : IDisposable
{
    /// <summary>What one run gets done, in the unit of the comparison: windows, steps, recordings.</summary>
    double Items { get; }

    /// <summary>Whether one run is all there is: long, and started cold as a user would start it.</summary>
    bool RunsOnce => false;

    /// <summary>What the last run came to, for comparison with the other side; empty where there is nothing to compare.</summary>
    ReadOnlySpan<float> Result => [];

    /// <summary>The most memory that was resident while it ran.</summary>
    double PeakMegabytes => Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;

    /// <summary>Seconds of work by stage, added over threads, where they are known.</summary>
    IReadOnlyDictionary<string, double>? Stages => null;

    /// <summary>The diarization error rate of the last run, no collar, overlap scored, where the work is a recording.</summary>
    double? ErrorRate => null;

    void Run();
}

/// <summary>What one process measured.</summary>
/// <param name="SecondsPerItem">The median over its runs.</param>
/// <param name="Runs">How many runs it timed.</param>
/// <param name="PeakMegabytes">The most memory that was resident in the process, networks and all.</param>
/// <param name="Stages">Seconds of work by stage, where they are known.</param>
/// <param name="ErrorRate">The diarization error rate, where the work is a recording.</param>
internal sealed record Measurement(double SecondsPerItem, int Runs, double PeakMegabytes, IReadOnlyDictionary<string, double>? Stages, double? ErrorRate)
{
    /// <summary>Until the code is compiled for good, caches are filled and clocks are up.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    /// <summary>Warms up, then times runs.</summary>
    public static Measurement Of(IWorkload workload)
    {
        List<double> seconds = [];
        if (workload.RunsOnce)
        {
            seconds.Add(Time(workload));
        }
        else
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            {
                workload.Run();
            }

            for (long start = Stopwatch.GetTimestamp(); seconds.Count < 3 || Stopwatch.GetElapsedTime(start) < Duration;)
            {
                seconds.Add(Time(workload));
            }
        }

        return new Measurement(Spread.Of(seconds).Median / workload.Items, seconds.Count, workload.PeakMegabytes, workload.Stages, workload.ErrorRate);
    }

    private static double Time(IWorkload workload)
    {
        long start = Stopwatch.GetTimestamp();
        workload.Run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Several values of the same thing.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread((sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>Threads that do the same thing side by side.</summary>
internal static class SideBySide
{
    /// <summary>Runs the body once on each thread and waits for all.</summary>
    public static void Run(int threads, Action<int> body)
    {
        Thread[] helpers = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => body(i)))];
        foreach (Thread helper in helpers)
        {
            helper.Start();
        }

        body(0);
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }
    }
}
