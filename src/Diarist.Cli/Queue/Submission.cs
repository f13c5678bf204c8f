using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Jobs;
using Diarist.Packs;

namespace Diarist.Cli.Queue;

/// <summary>
/// The recordings of a batch as jobs of a queue, and their results back in the batch's folder, where they are what `batch` would have made of them.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="folder">Where results go.</param>
/// <param name="settings">What decides results.</param>
/// <param name="packs">The networks.</param>
/// <param name="arguments">The options of every job.</param>
/// <param name="shared">Whether workers read recordings by their paths; otherwise they are stored with the queue.</param>
/// <param name="again">Whether jobs that failed before are done again.</param>
/// <param name="window">How many jobs may be under way.</param>
/// <param name="log">The log of this run.</param>
/// <param name="progress">Told of every end.</param>
internal sealed class Submission(
    JobQueue queue, BatchFolder folder, BatchSettings settings, IReadOnlyList<LocatedPack> packs, IReadOnlyList<string> arguments, bool shared, bool again, int window, BatchLog log, BatchProgress progress) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private long _lastEnd = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, Sent> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(window);

    /// <summary>A job and what its submitter knows of the recording.</summary>
    private sealed record Sent(PlannedRecording Planned, string Key, long Bytes, long Modified);

    /// <summary>Recordings without a result.</summary>
    public int Failed { get; private set; }

    /// <summary>Submits everything and waits for all results.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedRecording> pending, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task collecting = CollectAsync(stop.Token);
        try
        {
            foreach (PlannedRecording planned in pending)
            {
                while (!await _places.WaitAsync(200, cancellationToken).ConfigureAwait(false) && !collecting.IsFaulted)
                {
                    progress.Show();
                    await HealAsync(cancellationToken).ConfigureAwait(false);
                }

                if (collecting.IsFaulted)
                {
                    break;
                }

                await SubmitAsync(planned, cancellationToken).ConfigureAwait(false);
            }

            while (!_underWay.IsEmpty && !collecting.IsCompleted)
            {
                await Task.WhenAny(collecting, Task.Delay(200, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                progress.Show();
                await HealAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        try
        {
            await collecting.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped here, because no result is waited for any more.
        }

        if (!_underWay.IsEmpty)
        {
            throw new JobQueueException($"{_underWay.Count} results did not come; the same command takes up the rest.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task SubmitAsync(PlannedRecording planned, CancellationToken cancellationToken)
    {
        BatchRecording recording = planned.Recording;
        string content;
        long bytes = -1, modified = 0;
        try
        {
            if (recording.ObjectKey is { } stored)
            {
                (content, _) = await queue.DescribeAudioAsync(stored, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var file = new FileInfo(recording.Path);
                content = await Task.Run(() => ContentHash.Compute(recording.Path, cancellationToken), cancellationToken).ConfigureAwait(false);
                (bytes, modified) = (file.Length, file.LastWriteTimeUtc.Ticks);
            }
        }
        catch (DiaristException error)
        {
            Record(planned, ExitCode.Input, error.Message, planned.Tries + 1);
            _places.Release();
            return;
        }

        string key = BatchSettings.Key(content, settings.Describe(recording, packs));
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{recording.Id}\n{key}")))[..40];
        _underWay[name] = new Sent(planned, key, bytes, modified);
        if (again)
        {
            await queue.ForgetFailuresAsync(name, cancellationToken).ConfigureAwait(false);
        }

        // It may have been done for an earlier run, or end while this one is looking.
        if (await queue.FindEndAsync(name, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            await EndAsync(ended, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (!shared && recording.ObjectKey is null)
        {
            await queue.StoreAudioAsync(name, recording.Path, cancellationToken).ConfigureAwait(false);
        }

        log.Write(new BatchEvent { Event = "submitted", Id = recording.Id });
        await queue.SubmitAsync(
            new Job
            {
                Name = name,
                Id = recording.Id,
                Key = key,
                Arguments = arguments,
                Recording = JsonSerializer.Serialize(recording, BatchJson.Default.BatchRecording),
                FileName = Path.GetFileName(recording.Path),
                Audio = recording.ObjectKey ?? (shared ? null : name),
                Path = shared && recording.ObjectKey is null ? recording.Path : null,
                Seconds = planned.Seconds,
            },
            again,
            cancellationToken).ConfigureAwait(false);
    }

    // A broker that was killed may come back without what it had taken; the recordings are here.
    private async Task HealAsync(CancellationToken cancellationToken)
    {
        if (shared || Stopwatch.GetElapsedTime(Volatile.Read(ref _lastEnd)) < Quiet)
        {
            return;
        }

        foreach ((string name, Sent sent) in _underWay.Where(pair => pair.Value.Planned.Recording.ObjectKey is null))
        {
            await queue.StoreAudioAsync(name, sent.Planned.Recording.Path, cancellationToken).ConfigureAwait(false);
        }

        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        await foreach (JobResult result in queue.ResultsAsync(cancellationToken).ConfigureAwait(false))
        {
            await EndAsync(result, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndAsync(JobResult result, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());
        if (!_underWay.TryGetValue(result.Name, out Sent? sent))
        {
            return;
        }

        BatchRecording recording = sent.Planned.Recording;
        if (result.Sidecar is null)
        {
            if (_underWay.TryRemove(result.Name, out _))
            {
                Record(sent.Planned, result.ExitCode, $"{recording.Path}: {result.Message}", result.Tries);
                _places.Release();
            }

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
        var files = new List<(string, byte[])>();
        foreach ((OutputFormat format, (BatchOutput output, string file)) in OutputFormats.Distinct(settings.Formats).Zip(sidecar.Outputs.Zip(result.Files)))
        {
            byte[] bytes = await queue.FetchFileAsync(file, cancellationToken).ConfigureAwait(false);
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != output.Sha256 || sidecar.Key != sent.Key)
            {
                throw new JobQueueException($"{recording.Id}: the result that {result.Worker} stored is not the one that it described");
            }

            files.Add((BatchFolder.OutputOf(recording.Id, format), bytes));
        }

        folder.Commit(sidecar with { Outputs = [.. sidecar.Outputs.Zip(files, (output, file) => output with { Path = file.Item1 })] }, files);
        if (_underWay.TryRemove(result.Name, out _))
        {
            log.Write(new BatchEvent { Event = "done", Id = recording.Id, Seconds = sidecar.Seconds, Took = result.Took });
            progress.Finish(recording.Id, sidecar.Seconds, worked: true);
            foreach (string warning in sidecar.Warnings)
            {
                Messages.Warn(recording.Path, warning);
            }

            if (!shared && recording.ObjectKey is null)
            {
                await queue.RemoveAudioAsync(result.Name, cancellationToken).ConfigureAwait(false);
            }

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
