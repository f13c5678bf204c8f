using System.Globalization;
using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Jobs;
using Diarist.Processes;

namespace Diarist.Cli.Queue;

/// <summary>One of a worker's places: takes a job, has it done by a process of its own, stores the result, and takes the next.</summary>
/// <param name="queue">The queue.</param>
/// <param name="limits">What one job may take.</param>
/// <param name="fetcher">Fetches recordings by HTTP.</param>
/// <param name="worker">The worker's name.</param>
/// <param name="options">Arguments for the process that do not change results: threads, packs.</param>
/// <param name="counts">What the worker counts.</param>
internal sealed class WorkSlot(JobQueue queue, BatchLimits limits, AudioFetcher fetcher, string worker, IReadOnlyList<string> options, WorkerCounts counts) : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _scratch = new();
    private readonly JobProcess _process = new(limits, options);

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
                    await ServeAsync(lease, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _scratch.Dispose();
    }

    private async Task ServeAsync(JobLease lease, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Cancelled);
        try
        {
            await DoAsync(lease, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lease.Cancelled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await lease.DropAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (JobQueueException error)
        {
            // No fault of the job: it is given to another when the server hears nothing, and this worker goes on.
            Console.Error.WriteLine($"diarist: {lease.Job.Id}: {error.Message}");
        }
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
            await lease.BuryAsync(ExitCode.Killed, $"{job.Id}: it was given to workers {lease.Deliveries.ToString(CultureInfo.InvariantCulture)} times, and none ended it", lease.Deliveries, worker, cancellationToken).ConfigureAwait(false);
            counts.Buried();
            return;
        }

        WorkAnswer answer;
        string output = Path.Combine(Directory.CreateDirectory(_scratch.PathOf("steps")).FullName, "output");
        try
        {
            if (await FetchAsync(job, cancellationToken).ConfigureAwait(false) is not var (audio, inputs))
            {
                await lease.ReturnAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            answer = await AttemptAsync(job, audio, inputs, output, cancellationToken).ConfigureAwait(false);
        }
        catch (InputException error)
        {
            answer = new WorkAnswer { Kind = "failed", ExitCode = ExitCode.Input, Message = error.Message };
        }
        finally
        {
            Directory.Delete(Directory.CreateDirectory(_scratch.PathOf("audio")).FullName, recursive: true);
        }

        if (answer.Kind == "done")
        {
            await StoreAsync(lease, answer, output, cancellationToken).ConfigureAwait(false);
            counts.Finished(answer.Sidecar?.Seconds ?? 0, answer.Took);
            Messages.Detail(string.Create(CultureInfo.InvariantCulture, $"{job.Id}: {job.Step ?? "done"} in {answer.Took:0.0} s"));
        }
        else
        {
            bool last = await lease.FailAsync(answer.ExitCode, answer.Message!, worker, cancellationToken).ConfigureAwait(false);
            counts.Failed(last);
            Console.Error.WriteLine($"diarist: {job.Id}: {answer.Message}");
        }
    }

    // The recording and what other jobs heard in it; null while the queue does not have it.
    private async Task<(string Audio, IReadOnlyList<string> Inputs)?> FetchAsync(Job job, CancellationToken cancellationToken)
    {
        BatchRecording recording = JsonSerializer.Deserialize(job.Recording, BatchJson.Default.BatchRecording)!;
        if (!JobArguments.AreAllowed(job.Arguments) || !BatchIds.IsSafe(recording.Id) || Path.GetFileName(job.FileName) != job.FileName || job.FileName is "" or "." or "..")
        {
            throw new InputException(job.Id, "the job asks for what no job may");
        }

        string folder = Directory.CreateDirectory(_scratch.PathOf("audio")).FullName;
        string path = job.Path ?? Path.Combine(folder, job.FileName);
        if (job.Url is not null)
        {
            await fetcher.FetchAsync(job, path, TimeSpan.FromSeconds(limits.TimeFor(job.Seconds)), cancellationToken).ConfigureAwait(false);
        }
        else if (job.Path is null && !await queue.FetchAudioAsync(job.Audio ?? throw new InputException(job.Id, "the job names no audio"), path, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var inputs = new List<string>();
        Directory.CreateDirectory(Path.Combine(folder, "inputs"));
        foreach (string input in job.Inputs)
        {
            if (await queue.FetchFileAsync(input, cancellationToken).ConfigureAwait(false) is not { } bytes)
            {
                return null;
            }

            inputs.Add(Path.Combine(folder, "inputs", inputs.Count.ToString(CultureInfo.InvariantCulture)));
            await File.WriteAllBytesAsync(inputs[^1], bytes, cancellationToken).ConfigureAwait(false);
        }

        return (path, inputs);
    }

    private async Task<WorkAnswer> AttemptAsync(Job job, string audio, IReadOnlyList<string> inputs, string output, CancellationToken cancellationToken)
    {
        BatchRecording recording = JsonSerializer.Deserialize(job.Recording, BatchJson.Default.BatchRecording)! with { Path = audio };
        Results.Create();
        var request = new WorkRequest
        {
            Kind = "diarize",
            Recording = recording,
            Step = job.Step is null ? null : new WorkStep { Name = job.Step, From = job.From, To = job.To, Inputs = inputs, Output = output, Title = job.Title },
        };
        WorkAnswer answer = await _process.RunAsync(
            ["--output", Results.Path, .. job.Arguments], request, job.Seconds, seconds => _ = queue.ReportAsync(job.Name, seconds, cancellationToken), cancellationToken).ConfigureAwait(false);
        return answer.Kind == "done" && answer.Key != job.Key
            ? throw new InputException(job.Id, "this worker has another version or other networks than the submitter, or the recording has changed")
            : answer;
    }

    private async Task StoreAsync(JobLease lease, WorkAnswer answer, string output, CancellationToken cancellationToken)
    {
        var result = new JobResult
        {
            Name = lease.Job.Name,
            Id = lease.Job.Id,
            Sidecar = answer.Sidecar is { } sidecar ? JsonSerializer.Serialize(sidecar, BatchJson.Default.BatchSidecar) : answer.Key,
            Took = answer.Took,
            Worker = worker,
        };
        IReadOnlyList<string> files = answer.Sidecar is null ? [output] : [.. answer.Sidecar.Outputs.Select(file => Results.PathOf(file.Path))];
        await lease.CompleteAsync(await ResultFiles.StoreAsync(queue, result, files, lease.Job.Step is not null and not WorkStep.Join, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (answer.Sidecar is { } done)
        {
            Results.Remove(done.Id);
        }
        else
        {
            File.Delete(output);
        }
    }
}
