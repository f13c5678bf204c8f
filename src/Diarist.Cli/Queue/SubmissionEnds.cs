using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Jobs;

namespace Diarist.Cli.Queue;

// What becomes of jobs that were handed in.
internal sealed partial class Submission
{
    private static readonly TimeSpan ShortestQuiet = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    private long _lastEnd = Stopwatch.GetTimestamp();
    private TimeSpan _quiet = ShortestQuiet;

    // A broker that was killed may come back without what it had taken. The recordings are here, so whatever is lost is handed in again.
    private async Task HealAsync(CancellationToken cancellationToken)
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastEnd)) < _quiet)
        {
            return;
        }

        foreach (Sent sent in _underWay.Values)
        {
            if (sent.Stored is { } path)
            {
                await queue.StoreAudioAsync(sent.Whole.Name, path, cancellationToken).ConfigureAwait(false);
            }

            foreach ((Job job, string file) in sent.Split?.Done ?? [])
            {
                if (!await queue.HasFileAsync(file, cancellationToken).ConfigureAwait(false))
                {
                    sent.Split!.Forget(job.Name);
                    await queue.ForgetResultAsync(job.Name, cancellationToken).ConfigureAwait(false);
                }
            }

            // A job that is split makes its result only after its steps.
            foreach (Job job in sent.Split is { } split && split.Waiting is { Count: > 0 } waiting ? waiting : [sent.Split?.Joining ?? sent.Whole])
            {
                if (!await queue.HoldsAsync(job.Name, cancellationToken).ConfigureAwait(false))
                {
                    if (await queue.FindEndAsync(job.Name, cancellationToken).ConfigureAwait(false) is { } ended)
                    {
                        await EndAsync(ended, cancellationToken).ConfigureAwait(false);
                    }
                    else
                    {
                        await queue.SubmitAsync(job, again: true, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
        }

        _quiet = _quiet * 2 < LongestQuiet ? _quiet * 2 : LongestQuiet;
        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        await foreach (JobResult result in queue.ResultsAsync(cancellationToken).ConfigureAwait(false))
        {
            await EndAsync(result, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task EndAsync(JobResult result, CancellationToken cancellationToken) => GuardedAsync(() => TakeAsync(result, cancellationToken), cancellationToken);

    private async Task TakeAsync(JobResult result, CancellationToken cancellationToken)
    {
        if (_underWay.TryGetValue(result.Name, out Sent? sent))
        {
            await TakeWholeAsync(sent, result, cancellationToken).ConfigureAwait(false);
        }
        else if (_steps.TryGetValue(result.Name, out sent))
        {
            await TakeStepAsync(sent, result, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            return;
        }

        _quiet = ShortestQuiet;
        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
    }

    private async Task TakeStepAsync(Sent sent, JobResult result, CancellationToken cancellationToken)
    {
        if (result.Sidecar is null)
        {
            Fail(sent, result);
        }
        else if (result.Sidecar != sent.Whole.Key)
        {
            throw new JobQueueException($"{result.Id}: {result.Worker} has another version or other networks than this program");
        }
        else
        {
            log.Write(new BatchEvent { Event = "step", Id = result.Id, Took = result.Took });
            await SubmitStepsAsync(sent, sent.Split!.Take(result.Name, result.Files[0]), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task TakeWholeAsync(Sent sent, JobResult result, CancellationToken cancellationToken)
    {
        BatchRecording recording = sent.Planned.Recording;
        if (result.Sidecar is null)
        {
            Fail(sent, result);
            return;
        }

        BatchSidecar sidecar = JsonSerializer.Deserialize(result.Sidecar, BatchJson.Default.BatchSidecar)! with
        {
            Id = recording.Id,
            Source = recording.Path,
            Bytes = sent.Bytes,
            Modified = sent.Modified,
            Language = recording.Language,
        };
        OutputFormat[] formats = [.. OutputFormats.Distinct(settings.Formats)];
        if (sidecar.Key != sent.Whole.Key || sidecar.Outputs.Count != formats.Length || result.Files.Count != formats.Length)
        {
            throw new JobQueueException($"{recording.Id}: the result of {result.Worker} is not the one that was asked for");
        }

        var files = new List<(string Path, byte[] Bytes)>();
        for (int index = 0; index < formats.Length; index++)
        {
            byte[]? bytes = await ResultFiles.FetchAsync(queue, result, index, cancellationToken).ConfigureAwait(false);
            if (bytes is null)
            {
                // The queue has the message but has lost the file; the work is done again when nothing else comes.
                await queue.ForgetResultAsync(result.Name, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sidecar.Outputs[index].Sha256)
            {
                throw new JobQueueException($"{recording.Id}: the result that {result.Worker} stored is not the one that it described");
            }

            files.Add((BatchFolder.OutputOf(recording.Id, formats[index]), bytes));
        }

        folder.Commit(sidecar with { Outputs = [.. sidecar.Outputs.Zip(files, (output, file) => output with { Path = file.Path })] }, files);
        log.Write(new BatchEvent { Event = "done", Id = recording.Id, Seconds = sidecar.Seconds, Took = result.Took });
        progress.Finish(recording.Id, sidecar.Seconds, worked: true);
        foreach (string warning in sidecar.Warnings)
        {
            Messages.Warn(recording.Path, warning);
        }

        await CleanAsync(sent, cancellationToken).ConfigureAwait(false);
        Leave(sent);
    }

    // What was heard in parts are voiceprints: they go as soon as the result is here.
    private async Task CleanAsync(Sent sent, CancellationToken cancellationToken)
    {
        if (sent.Stored is not null)
        {
            await queue.RemoveAudioAsync(sent.Whole.Name, cancellationToken).ConfigureAwait(false);
        }

        foreach ((Job job, string file) in sent.Split?.Done ?? [])
        {
            await queue.RemoveFileAsync(file, cancellationToken).ConfigureAwait(false);
            await queue.ForgetResultAsync(job.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Fail(Sent sent, JobResult result)
    {
        Record(sent.Planned, result.ExitCode, $"{sent.Planned.Recording.Path}: {result.Message}", result.Tries);
        Leave(sent);
    }

    private void Leave(Sent sent)
    {
        foreach (string step in _steps.Where(pair => pair.Value == sent).Select(pair => pair.Key))
        {
            _steps.TryRemove(step, out _);
        }

        if (_underWay.TryRemove(sent.Whole.Name, out _))
        {
            _places.Release();
        }
    }

    private void Record(PlannedRecording planned, int exitCode, string message, int tries)
    {
        Failed++;
        log.Write(new BatchEvent { Event = "failed", Id = planned.Recording.Id, Message = message });
        folder.Remove(planned.Recording.Id);
        folder.WriteFailure(new BatchFailure
        {
            Id = planned.Recording.Id,
            Path = planned.Recording.Path,
            ExitCode = exitCode,
            Message = message,
            Tries = tries,
            Quarantined = true,
            Identity = planned.Identity,
        });
        progress.Drop(planned.Recording.Id, forGood: true);
        Console.Error.WriteLine($"diarist: {message}");
    }
}
