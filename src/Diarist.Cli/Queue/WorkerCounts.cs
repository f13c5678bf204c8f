using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Diarist.Cli.Queue;

/// <summary>What a worker has done, as metrics of .NET (meter <c>Diarist.Worker</c>) and as text for Prometheus.</summary>
internal sealed class WorkerCounts : IDisposable
{
    private readonly Meter _meter = new("Diarist.Worker");
    private readonly Lock _lock = new();
    private long _done;
    private long _failed;
    private long _dead;
    private double _seconds;
    private double _took;

    public WorkerCounts()
    {
        _meter.CreateObservableCounter("diarist.jobs.done", () => Read(() => _done), description: "Jobs with a result.");
        _meter.CreateObservableCounter("diarist.jobs.failed", () => Read(() => _failed), description: "Tries that failed.");
        _meter.CreateObservableCounter("diarist.jobs.dead", () => Read(() => _dead), description: "Jobs that became dead letters.");
        _meter.CreateObservableCounter("diarist.audio", () => Read(() => _seconds), "s", "Seconds of audio that have a result.");
        _meter.CreateObservableCounter("diarist.work", () => Read(() => _took), "s", "Seconds of work on them.");
    }

    /// <summary>A job has a result.</summary>
    public void Finished(double seconds, double took)
    {
        lock (_lock)
        {
            (_done, _seconds, _took) = (_done + 1, _seconds + seconds, _took + took);
        }
    }

    /// <summary>A try failed.</summary>
    public void Failed(bool last)
    {
        lock (_lock)
        {
            (_failed, _dead) = (_failed + 1, _dead + (last ? 1 : 0));
        }
    }

    /// <summary>A job became a dead letter without a try.</summary>
    public void Buried()
    {
        lock (_lock)
        {
            _dead++;
        }
    }

    /// <summary>The text that Prometheus reads.</summary>
    /// <param name="depth">Jobs that wait or are at work, of all workers.</param>
    public string ToText(long depth)
    {
        var text = new StringBuilder();
        void Line(string name, string kind, FormattableString value) => text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {kind}\n{name} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        lock (_lock)
        {
            Line("diarist_jobs_done_total", "counter", $"{_done}");
            Line("diarist_jobs_failed_total", "counter", $"{_failed}");
            Line("diarist_jobs_dead_total", "counter", $"{_dead}");
            Line("diarist_audio_seconds_total", "counter", $"{_seconds:R}");
            Line("diarist_work_seconds_total", "counter", $"{_took:R}");
            Line("diarist_queue_jobs", "gauge", $"{depth}");
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private T Read<T>(Func<T> value)
    {
        lock (_lock)
        {
            return value();
        }
    }
}
