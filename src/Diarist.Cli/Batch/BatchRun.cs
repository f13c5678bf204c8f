using System.Diagnostics;
using System.Globalization;

namespace Diarist.Cli.Batch;

/// <summary>
/// One run of a batch: hands recordings to the process that does the work, and survives that process. What was at work alone when it crashed
/// has failed once; of several that were, each is done again alone, after all others, so that the one that crashes is found and the others lose nothing.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    private const int MostLosses = 10;
    private const int AloneFromLosses = 2;
    private const int KilledCode = ExitCode.Killed;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(1);

    private readonly BatchFolder _folder;
    private readonly BatchLimits _limits;
    private readonly BatchLog _log;
    private readonly Func<WorkProcess> _start;
    private readonly BatchProgress _progress;
    private readonly LinkedList<PlannedRecording> _waiting = [];
    private readonly Queue<PlannedRecording> _alone = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly FailedTries _tries;
    private WorkProcess? _process;

    /// <summary>A recording at work.</summary>
    private sealed record Flight(PlannedRecording Planned, bool Alone)
    {
        public long Began { get; set; } = Stopwatch.GetTimestamp();

        public long? Cancelled { get; set; }
    }

    /// <param name="plan">What is to be done.</param>
    /// <param name="folder">Where results go.</param>
    /// <param name="limits">What may be taken.</param>
    /// <param name="log">The log of this run.</param>
    /// <param name="lost">How often recordings were at work when a run was killed.</param>
    /// <param name="process">The process that measured the speed, which goes on; <see langword="null"/> when none did.</param>
    /// <param name="start">Starts another.</param>
    /// <param name="progress">Told how far the work is.</param>
    public BatchRun(BatchPlan plan, BatchFolder folder, BatchLimits limits, BatchLog log, Dictionary<string, int> lost, WorkProcess? process, Func<WorkProcess> start, BatchProgress progress)
    {
        (_folder, _limits, _log, _process, _start, _progress) = (folder, limits, log, process, start, progress);
        _tries = new FailedTries(plan, folder, limits.Tries, log, progress);
        foreach (PlannedRecording planned in plan.Pending.OrderBy(planned => lost.GetValueOrDefault(planned.Recording.Id)))
        {
            int losses = lost.GetValueOrDefault(planned.Recording.Id);
            if (losses >= MostLosses)
            {
                _tries.Add(planned, KilledCode, string.Create(CultureInfo.InvariantCulture, $"{planned.Recording.Path}: {losses} runs were killed while they were at work on it"), forGood: true);
            }
            else if (losses >= AloneFromLosses)
            {
                _alone.Enqueue(planned);
            }
            else
            {
                _waiting.AddLast(planned);
            }
        }
    }

    /// <summary>Recordings that are left alone.</summary>
    public int Failed => _tries.Failed;

    /// <summary>Recordings that have a result now.</summary>
    public int Finished { get; private set; }

    /// <summary>Works until all is done, or until no more is wanted.</summary>
    /// <param name="draining">Whether nothing new is to be begun.</param>
    /// <param name="cancellationToken">Gives up what is at work.</param>
    /// <exception cref="InputException">Results cannot be written.</exception>
    public async Task RunAsync(CancellationToken draining, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!draining.IsCancellationRequested)
                {
                    Fill();
                }

                if (_flights.Count == 0)
                {
                    return;
                }

                await ListenAsync(cancellationToken).ConfigureAwait(false);
                Watch();
                _progress.Show();
            }
        }
        finally
        {
            foreach (string id in _flights.Keys)
            {
                _log.Write(new BatchEvent { Event = "abandoned", Id = id });
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process?.Dispose();

    private void Fill()
    {
        while (_waiting.First is { } first && _flights.Count < _limits.Jobs && !_flights.Values.Any(flight => flight.Alone))
        {
            _waiting.RemoveFirst();
            Begin(first.Value, alone: false);
        }

        if (_flights.Count == 0 && _alone.TryDequeue(out PlannedRecording? planned))
        {
            Begin(planned, alone: true);
        }
    }

    private void Begin(PlannedRecording planned, bool alone)
    {
        _process ??= _start();
        _flights.Add(planned.Recording.Id, new Flight(planned, alone));
        _log.Write(new BatchEvent { Event = "started", Id = planned.Recording.Id });
        _process.Send(new WorkRequest { Kind = "diarize", Recording = planned.Recording });
    }

    // Takes what the process says until a tick is over.
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        tick.CancelAfter(Tick);
        try
        {
            if (!await _process!.Answers.WaitToReadAsync(tick.Token).ConfigureAwait(false))
            {
                (int exitCode, string said) = _process.WaitForEnd();
                if (!_process.IsReady)
                {
                    throw new InputException("the process that does the work", $"did not start: {said}");
                }

                Crashed(exitCode, $"the process that worked on it ended with exit code {exitCode.ToString(CultureInfo.InvariantCulture)}{(said.Length > 0 ? $": {said}" : "")}");
                return;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }

        while (_process.Answers.TryRead(out WorkAnswer? answer))
        {
            Take(answer);
        }
    }

    private void Take(WorkAnswer answer)
    {
        if (answer.Kind == "fatal")
        {
            throw new InputException(_folder.Path, answer.Message!);
        }

        if (answer.Id is not { } id || !_flights.TryGetValue(id, out Flight? flight))
        {
            return;
        }

        switch (answer.Kind)
        {
            case "progress":
                _progress.Move(id, answer.Position);
                break;
            case "done":
                _flights.Remove(id);
                Finished++;
                _progress.Finish(id, answer.Sidecar!.Seconds, !answer.Unchanged);
                _log.Write(new BatchEvent { Event = answer.Unchanged ? "unchanged" : "done", Id = id, Seconds = answer.Sidecar.Seconds, Took = answer.Took });
                foreach (string warning in answer.Unchanged ? [] : answer.Sidecar.Warnings)
                {
                    Messages.Warn(flight.Planned.Recording.Path, warning);
                }

                break;
            case "failed" when flight.Cancelled is not null:
                Ended(flight);
                TimedOut(flight);
                break;
            case "failed":
                Ended(flight);
                Retry(flight, answer.ExitCode, answer.Message!);
                break;
        }
    }

    private void Watch()
    {
        foreach (Flight flight in _flights.Values.ToArray())
        {
            if (_process is { IsReady: false })
            {
                // Loading the networks is no recording's time.
                flight.Began = Stopwatch.GetTimestamp();
            }
            else if (flight.Cancelled is null && Stopwatch.GetElapsedTime(flight.Began).TotalSeconds > _limits.TimeFor(flight.Planned.Seconds))
            {
                flight.Cancelled = Stopwatch.GetTimestamp();
                _process!.Send(new WorkRequest { Kind = "cancel", Recording = flight.Planned.Recording });
            }
            else if (flight.Cancelled is long cancelled && Stopwatch.GetElapsedTime(cancelled) > CancelPatience)
            {
                // It does not listen. Only the end of the process ends it; the others at work are done again.
                Ended(flight);
                TimedOut(flight);
                Restart();
                return;
            }
        }

        if (_process is not null && _flights.Count > 0 && _process.Memory() is var memory && memory > _limits.Memory)
        {
            _process.End();
            Crashed(KilledCode, string.Create(CultureInfo.InvariantCulture, $"more than {_limits.Memory / 1048576.0:0} MiB of memory were needed"));
        }
    }

    private void Crashed(int exitCode, string how)
    {
        Flight[] flights = [.. _flights.Values];
        if (flights is [var only])
        {
            Ended(only);
            Retry(only with { Alone = true }, exitCode, $"{only.Planned.Recording.Path}: {how}");
        }
        else
        {
            foreach (Flight flight in flights)
            {
                Abandon(flight);
                _alone.Enqueue(flight.Planned);
            }
        }

        _process!.Dispose();
        _process = null;
    }

    private void Restart()
    {
        foreach (Flight flight in _flights.Values.ToArray())
        {
            Abandon(flight);
            _waiting.AddFirst(flight.Planned);
        }

        _process!.End();
        _process.Dispose();
        _process = null;
    }

    private void Abandon(Flight flight)
    {
        Ended(flight);
        _log.Write(new BatchEvent { Event = "abandoned", Id = flight.Planned.Recording.Id });
    }

    private void Ended(Flight flight)
    {
        _flights.Remove(flight.Planned.Recording.Id);
        _progress.Drop(flight.Planned.Recording.Id, forGood: false);
    }

    private void TimedOut(Flight flight) => Retry(
        flight,
        ExitCode.TimeLimit,
        string.Create(CultureInfo.InvariantCulture, $"{flight.Planned.Recording.Path}: it was not done within {_limits.TimeFor(flight.Planned.Seconds):0.#} s"));

    private void Retry(Flight flight, int exitCode, string message)
    {
        if (!_tries.Add(flight.Planned, exitCode, message, forGood: false))
        {
            if (flight.Alone)
            {
                _alone.Enqueue(flight.Planned);
            }
            else
            {
                _waiting.AddLast(flight.Planned);
            }
        }
    }
}
