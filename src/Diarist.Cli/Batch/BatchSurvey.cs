using System.Diagnostics;

namespace Diarist.Cli.Batch;

/// <summary>
/// What is learnt of recordings and of this machine before the work begins, by the process that will do the work: a recording that crashes a decoder,
/// or makes it hang, does not take the batch along.
/// </summary>
internal sealed class BatchSurvey(Func<WorkProcess> start) : IAsyncDisposable
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestCalibration = TimeSpan.FromSeconds(90);
    private WorkProcess? _process;

    /// <summary>The plan with the lengths of its recordings, as many as can be opened in five seconds.</summary>
    public async Task<BatchPlan> MeasureAsync(BatchPlan plan, CancellationToken cancellationToken)
    {
        var lengths = new Dictionary<string, double>(StringComparer.Ordinal);
        var clock = new Stopwatch();
        int next = 0;
        await AskAsync(Next, answer =>
        {
            clock.Start();
            if (answer is { Kind: "measured", Id: { } id, Position: > 0 })
            {
                lengths[id] = answer.Position;
            }

            return clock.Elapsed < LongestLook;
        }, LongestLook + LongestLook, cancellationToken).ConfigureAwait(false);
        return plan with { Pending = [.. plan.Pending.Select(planned => planned with { Seconds = lengths.TryGetValue(planned.Recording.Id, out double seconds) ? seconds : null })] };

        WorkRequest? Next() => next < plan.Pending.Count ? new WorkRequest { Kind = "measure", Recording = plan.Pending[next++].Recording } : null;
    }

    /// <summary>Seconds of audio a second, all jobs together, learnt from the beginning of one recording; null when there is too little work for that, or it cannot be learnt.</summary>
    public async Task<double?> CalibrateAsync(BatchPlan plan, int jobs, CancellationToken cancellationToken)
    {
        if (plan is not { CalibrationSeconds: > 0 and var seconds, Sample: { } sample })
        {
            return null;
        }

        double? speed = null;
        var request = new WorkRequest { Kind = "calibrate", Recording = sample, Seconds = seconds / jobs, Copies = jobs };
        await AskAsync(() => Interlocked.Exchange(ref request!, null), answer =>
        {
            speed = answer is { Kind: "calibrated", Message: null } ? answer.Position : null;
            return true;
        }, LongestCalibration, cancellationToken).ConfigureAwait(false);
        return speed;
    }

    /// <summary>Hands on the process, if one was started and still can be used.</summary>
    public WorkProcess? TakeProcess() => Interlocked.Exchange(ref _process, null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        TakeProcess()?.Dispose();
        return ValueTask.CompletedTask;
    }

    // One request after the other until there is none, or no more is wanted, or the time is over.
    private async Task AskAsync(Func<WorkRequest?> next, Func<WorkAnswer, bool> take, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (next() is not { } request)
        {
            return;
        }

        _process ??= start();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_process.IsReady)
        {
            late.CancelAfter(limit);
        }

        try
        {
            _process.Send(request);
            await foreach (WorkAnswer answer in _process.Answers.ReadAllAsync(late.Token).ConfigureAwait(false))
            {
                if (answer.Kind == WorkAnswer.Ready)
                {
                    late.CancelAfter(limit);
                    continue;
                }

                if (!take(answer) || next() is not { } another)
                {
                    return;
                }

                _process.Send(another);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What hangs here hangs again in the work, where it is counted.
        }

        (_, string said) = _process.End();
        bool ready = _process.IsReady;
        TakeProcess()!.Dispose();
        if (!ready)
        {
            throw new InputException("the process that does the work", $"did not start: {said}");
        }
    }
}
