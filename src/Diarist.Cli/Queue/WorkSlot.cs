using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Jobs;
using Diarist.Processes;

namespace Diarist.Cli.Queue;

/// <summary>
/// One of a worker's places: takes a job, has it done by a process of its own, stores the result, and takes the next. What crashes that process, makes it
/// hang or eats its memory has failed; the worker goes on.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="limits">What one job may take.</param>
/// <param name="worker">The worker's name.</param>
/// <param name="options">Arguments for the process that do not change results: threads, packs.</param>
/// <param name="counts">What the worker counts.</param>
internal sealed class WorkSlot(JobQueue queue, BatchLimits limits, string worker, IReadOnlyList<string> options, WorkerCounts counts) : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _scratch = new();
    private WorkProcess? _process;
    private IReadOnlyList<string> _arguments = [];

    private BatchFolder Results => new(_scratch.PathOf("results"));

    /// <summary>Works until no more is wanted.</summary>
    /// <param name="draining">Nothing new is to be taken.</param>
    /// <param name="cancellationToken">What is at work is given back.</param>
    public async Task RunAsync(CancellationToken draining, CancellationToken cancellationToken)
    {
        while (!draining.IsCancellationRequested)
        {
            JobLease? lease;
            try
            {
                lease = await queue.TakeAsync(Wait, draining).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (lease is not null)
            {
                await using (lease)
                {
                    await DoAsync(lease, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Dispose();
        _scratch.Dispose();
    }

    private async Task DoAsync(JobLease lease, CancellationToken cancellationToken)
    {
        Job job = lease.Job;
        if (await queue.FindEndAsync(job.Name, cancellationToken).ConfigureAwait(false) is not null)
        {
            await lease.DropAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        if (lease.IsHopeless)
        {
            await lease.BuryAsync(ExitCode.Killed, $"{job.Id}: it was given to workers {lease.Deliveries.ToString(CultureInfo.InvariantCulture)} times, and none came back", lease.Deliveries, worker, cancellationToken).ConfigureAwait(false);
            counts.Buried();
            return;
        }

        WorkAnswer answer;
        try
        {
            answer = await AttemptAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (DiaristException error)
        {
            answer = new WorkAnswer { Kind = "failed", ExitCode = ExitCode.Input, Message = error.Message };
        }

        if (answer.Sidecar is { } sidecar)
        {
            await StoreAsync(lease, sidecar, answer.Took, cancellationToken).ConfigureAwait(false);
            counts.Finished(sidecar.Seconds, answer.Took);
            Messages.Detail(string.Create(CultureInfo.InvariantCulture, $"{job.Id}: done in {answer.Took:0.0} s"));
        }
        else
        {
            bool last = await lease.FailAsync(answer.ExitCode, answer.Message!, worker, cancellationToken).ConfigureAwait(false);
            counts.Failed(last);
            Console.Error.WriteLine($"diarist: {job.Id}: {answer.Message}");
        }
    }

    private async Task<WorkAnswer> AttemptAsync(Job job, CancellationToken cancellationToken)
    {
        BatchRecording recording = JsonSerializer.Deserialize(job.Recording, BatchJson.Default.BatchRecording)!;
        if (!JobArguments.AreAllowed(job.Arguments) || !BatchIds.IsSafe(recording.Id) || Path.GetFileName(job.FileName) != job.FileName || job.FileName is "" or "." or "..")
        {
            throw new InputException(job.Id, "the job asks for what no job may");
        }

        string path = job.Path ?? await FetchAsync(job, cancellationToken).ConfigureAwait(false);
        try
        {
            WorkAnswer answer = await WorkAsync(job, recording with { Path = path }, cancellationToken).ConfigureAwait(false);
            return answer.Sidecar is { } sidecar && sidecar.Key != job.Key
                ? throw new InputException(job.Id, "this worker has another version or other networks than the submitter, or the recording has changed")
                : answer;
        }
        finally
        {
            if (job.Path is null)
            {
                File.Delete(path);
            }
        }
    }

    private async Task<string> FetchAsync(Job job, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Directory.CreateDirectory(_scratch.PathOf("audio")).FullName, job.FileName);
        await queue.FetchAudioAsync(job.Audio ?? throw new InputException(job.Id, "the job names no audio"), path, cancellationToken).ConfigureAwait(false);
        return path;
    }

    private async Task<WorkAnswer> WorkAsync(Job job, BatchRecording recording, CancellationToken cancellationToken)
    {
        Results.Create();
        if (_process is not null && !_arguments.SequenceEqual(job.Arguments))
        {
            EndProcess();
        }

        _process ??= WorkProcess.Start(["batch", "--child", "--output", Results.Path, .. job.Arguments, .. options]);
        _arguments = job.Arguments;
        _process.Send(new WorkRequest { Kind = "diarize", Recording = recording });
        double limit = limits.TimeFor(job.Seconds);
        long began = Stopwatch.GetTimestamp();
        long? cancelled = null;
        while (true)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            tick.CancelAfter(Tick);
            try
            {
                if (!await _process.Answers.WaitToReadAsync(tick.Token).ConfigureAwait(false))
                {
                    (int exitCode, string said) = _process.WaitForEnd();
                    bool ready = _process.IsReady;
                    EndProcess();
                    return Failed(exitCode, ready ? $"the process that worked on it ended with exit code {exitCode.ToString(CultureInfo.InvariantCulture)}{(said.Length > 0 ? $": {said}" : "")}" : $"the process for it did not start: {said}");
                }

                while (_process.Answers.TryRead(out WorkAnswer? answer))
                {
                    switch (answer.Kind)
                    {
                        case WorkAnswer.Ready:
                            began = Stopwatch.GetTimestamp();
                            break;
                        case "done":
                            return answer;
                        case "failed" or "fatal":
                            return cancelled is null ? Failed(answer.ExitCode, answer.Message!) : TimedOut();
                    }
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // A tick.
            }
            catch (OperationCanceledException)
            {
                EndProcess();
                throw;
            }

            if (cancelled is null && _process.IsReady && Stopwatch.GetElapsedTime(began).TotalSeconds > limit)
            {
                cancelled = Stopwatch.GetTimestamp();
                _process.Send(new WorkRequest { Kind = "cancel", Recording = recording });
            }
            else if (cancelled is long since && Stopwatch.GetElapsedTime(since) > CancelPatience)
            {
                EndProcess();
                return TimedOut();
            }
            else if (_process.Memory() > limits.Memory)
            {
                EndProcess();
                return Failed(ExitCode.Killed, string.Create(CultureInfo.InvariantCulture, $"more than {limits.Memory / 1048576.0:0} MiB of memory were needed"));
            }
        }

        WorkAnswer TimedOut() => Failed(ExitCode.TimeLimit, string.Create(CultureInfo.InvariantCulture, $"it was not done within {limit:0.#} s"));
        static WorkAnswer Failed(int exitCode, string message) => new() { Kind = "failed", ExitCode = exitCode, Message = message };
    }

    private async Task StoreAsync(JobLease lease, BatchSidecar sidecar, double took, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach ((int index, BatchOutput output) in sidecar.Outputs.Index())
        {
            // The content decides the name: who does the work again writes the same object.
            names.Add(string.Create(CultureInfo.InvariantCulture, $"{lease.Job.Name}-{index}-{output.Sha256}"));
            await queue.StoreFileAsync(names[^1], await File.ReadAllBytesAsync(Results.PathOf(output.Path), cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }

        var result = new JobResult
        {
            Name = lease.Job.Name,
            Id = lease.Job.Id,
            Sidecar = JsonSerializer.Serialize(sidecar, BatchJson.Default.BatchSidecar),
            Files = names,
            Took = took,
            Worker = worker,
        };
        await lease.CompleteAsync(result, cancellationToken).ConfigureAwait(false);
        Results.Remove(sidecar.Id);
    }

    private void EndProcess()
    {
        _process?.End();
        _process?.Dispose();
        _process = null;
    }
}
