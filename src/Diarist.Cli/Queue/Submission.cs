using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Jobs;
using Diarist.Packs;
using Diarist.Parts;

namespace Diarist.Cli.Queue;

/// <summary>How recordings are handed to workers.</summary>
/// <param name="Arguments">The options of every job.</param>
/// <param name="IsShared">Whether workers read recordings by their paths; otherwise they are stored with the queue.</param>
/// <param name="Addresses">Where workers fetch recordings from; null where they do not.</param>
/// <param name="TriesAgain">Whether jobs that failed before are done again.</param>
/// <param name="Window">How many recordings may be under way.</param>
/// <param name="SplitSeconds">Longer recordings are heard in ranges of this length; null splits none.</param>
internal sealed record SubmissionOptions(IReadOnlyList<string> Arguments, bool IsShared, AudioAddresses? Addresses, bool TriesAgain, int Window, double? SplitSeconds);

/// <summary>
/// The recordings of a batch as jobs of a queue, and their results back in the batch's folder, where they are what `batch` would have made of them.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="folder">Where results go.</param>
/// <param name="settings">What decides results.</param>
/// <param name="packs">The networks.</param>
/// <param name="options">How recordings are handed over.</param>
/// <param name="log">The log of this run.</param>
/// <param name="progress">Told of every end.</param>
internal sealed partial class Submission(
    JobQueue queue, BatchFolder folder, BatchSettings settings, IReadOnlyList<LocatedPack> packs, SubmissionOptions options, BatchLog log, BatchProgress progress) : IDisposable
{
    private readonly ConcurrentDictionary<string, Sent> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Sent> _steps = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(options.Window);
    private readonly SemaphoreSlim _ending = new(1);

    /// <summary>A recording that was handed in.</summary>
    private sealed record Sent(PlannedRecording Planned, Job Whole, long Bytes, long Modified, SplitRecording? Split)
    {
        /// <summary>The recording's file, where the queue holds a copy of it.</summary>
        public string? Stored => Whole.Audio is not null && Planned.Recording.ObjectKey is null ? Planned.Recording.Path : null;
    }

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
    public void Dispose()
    {
        _places.Dispose();
        _ending.Dispose();
    }

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
        string name = JobNames.Of(recording.Id, key);
        var whole = new Job
        {
            Name = name,
            Id = recording.Id,
            Key = key,
            Arguments = options.Arguments,
            Recording = JsonSerializer.Serialize(recording, BatchJson.Default.BatchRecording),
            FileName = Path.GetFileName(recording.Path),
            Audio = recording.ObjectKey ?? (options.IsShared || options.Addresses is not null ? null : name),
            Path = options.IsShared && recording.ObjectKey is null ? recording.Path : null,
            Url = recording.ObjectKey is null ? options.Addresses?.Of(recording) : null,
            Bytes = bytes,
            Seconds = planned.Seconds,
        };
        SplitRecording? split = options.SplitSeconds is { } each && planned.Seconds is { } seconds && seconds > each ? new SplitRecording(whole, ListeningRange.Split(seconds, each)) : null;
        var sent = new Sent(planned, whole, bytes, modified, split);
        _underWay[name] = sent;
        if (options.TriesAgain)
        {
            await queue.ForgetFailuresAsync(name, cancellationToken).ConfigureAwait(false);
        }

        // It may have been done for an earlier run, or end while this one is looking.
        if (await queue.FindEndAsync(name, cancellationToken).ConfigureAwait(false) is { } ended)
        {
            await EndAsync(ended, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (sent.Stored is { } path)
        {
            await queue.StoreAudioAsync(name, path, cancellationToken).ConfigureAwait(false);
        }

        log.Write(new BatchEvent { Event = "submitted", Id = recording.Id });
        if (split is null)
        {
            await queue.SubmitAsync(whole, options.TriesAgain, cancellationToken).ConfigureAwait(false);
            return;
        }

        await GuardedAsync(() => SubmitStepsAsync(sent, split.Begin(), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task SubmitStepsAsync(Sent sent, IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        foreach (Job job in jobs)
        {
            if (job.Name != sent.Whole.Name)
            {
                _steps[job.Name] = sent;
                if (options.TriesAgain)
                {
                    await queue.ForgetFailuresAsync(job.Name, cancellationToken).ConfigureAwait(false);
                }
            }

            if (await queue.FindEndAsync(job.Name, cancellationToken).ConfigureAwait(false) is { } ended)
            {
                await TakeAsync(ended, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await queue.SubmitAsync(job, options.TriesAgain, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // Ends are taken one after another, wherever they come from.
    private async Task GuardedAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _ending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await action().ConfigureAwait(false);
        }
        finally
        {
            _ending.Release();
        }
    }
}
