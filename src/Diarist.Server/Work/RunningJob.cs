using System.Diagnostics;
using Diarist.Server.Storage;

namespace Diarist.Server.Work;

/// <summary>A job that is worked on by this process.</summary>
internal sealed class RunningJob : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _either;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningJob(Job job, CancellationToken shutdown)
    {
        Job = job;
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, shutdown);
        (Stopped, Token) = (_stop.Token, _either.Token);
    }

    /// <summary>The job as it was taken.</summary>
    public Job Job { get; }

    /// <summary>When it was taken.</summary>
    public long Started { get; } = Stopwatch.GetTimestamp();

    /// <summary>How far it is.</summary>
    public JobProgress? Progress { get; set; }

    /// <summary>Stops the work: somebody stopped it, or the server ends.</summary>
    public CancellationToken Token { get; }

    /// <summary>Cancelled when somebody stops it.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Completes when nothing works on it any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Stops the work.</summary>
    public void Stop()
    {
        try
        {
            // Not in this thread: what waits for the token would go on inside whatever lock the caller holds.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    /// <summary>Says that nothing works on it any more.</summary>
    public void Finish() => _ended.TrySetResult();

    public void Dispose()
    {
        _either.Dispose();
        _stop.Dispose();
    }
}
