using System.Text.Json;
using Diarist.Cli.Batch;
using Diarist.Cli.Commands;
using Diarist.Jobs;
using Diarist.Packs;
using Diarist.Server;

namespace Diarist.Cli.Queue;

/// <summary>Has the recordings of a server listened to by the workers of a queue. The queue keeps what is under way: a server that starts again finds it there.</summary>
internal sealed class QueueListener : IRecordingListener
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(10);

    private readonly JobQueue _queue;
    private readonly BatchSettings _settings;
    private readonly IReadOnlyList<LocatedPack> _packs;
    private readonly string[] _arguments;

    /// <param name="queue">The queue.</param>
    /// <param name="store">Where the networks are found, whose hashes say what workers must have.</param>
    public QueueListener(JobQueue queue, PackStore store)
    {
        _queue = queue;

        // The settings of a worker's process that gets these arguments.
        _arguments = ["--precision", Diarizer.PrecisionFor(new DiarizerOptions()) == Precision.EightBit ? "int8" : "float32"];
        _settings = BatchArguments.Settings(BatchCommand.Create().Parse(_arguments));
        _packs = store.RequireAll(Diarizer.PacksFor(_settings.Options));
    }

    public async Task ListenAsync(RecordingToHear recording, string session, IProgress<DiarizationProgress> progress, CancellationToken givenUp, CancellationToken cancellationToken)
    {
        Job job = JobOf(recording, cancellationToken);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task reports = _queue.FollowAsync(job.Name, seconds => progress.Report(new DiarizationProgress(DiarizationStage.Listening, seconds, recording.Seconds)), following.Token);
        try
        {
            byte[] bytes = await ResultAsync(job, recording, cancellationToken).ConfigureAwait(false);
            using (var file = new OutputFile(session))
            {
                await file.Stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                file.Commit();
            }

            await ForgetAsync(job).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (givenUp.IsCancellationRequested)
        {
            await _queue.CancelAsync(job.Name, CancellationToken.None).ConfigureAwait(false);
            await ForgetAsync(job).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await following.CancelAsync().ConfigureAwait(false);
            await reports.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Job JobOf(RecordingToHear heard, CancellationToken cancellationToken)
    {
        // Workers see a neutral name for the file; what the client calls it is only said in messages and in the session.
        var recording = new BatchRecording(heard.Id, Path.GetFileName(heard.Path)) { Named = true, Speakers = heard.Speakers, MinimumSpeakers = heard.MinimumSpeakers, MaximumSpeakers = heard.MaximumSpeakers };
        string key = BatchSettings.Key(ContentHash.Compute(heard.Path, cancellationToken), _settings.Describe(recording, _packs));
        string name = JobNames.Of(heard.Id, key);
        return new Job
        {
            Name = name,
            Id = heard.Id,
            Key = key,
            Arguments = _arguments,
            Recording = JsonSerializer.Serialize(recording, BatchJson.Default.BatchRecording),
            FileName = recording.Path,
            Audio = name,
            Seconds = heard.Seconds,
            Step = WorkStep.Session,
            Title = heard.Name,
        };
    }

    private async Task<byte[]> ResultAsync(Job job, RecordingToHear recording, CancellationToken cancellationToken)
    {
        TimeSpan pause = ShortestPause;
        long check = Environment.TickCount64;
        for (bool again = false; ; again = true)
        {
            if (await _queue.FindEndAsync(job.Name, cancellationToken).ConfigureAwait(false) is { } ended)
            {
                if (ended.Sidecar is null)
                {
                    await ForgetAsync(job).ConfigureAwait(false);
                    throw new InputException(recording.Name, ended.Message ?? "no worker could listen to it");
                }

                if (await _queue.FetchFileAsync(ended.Files[0], cancellationToken).ConfigureAwait(false) is { } bytes)
                {
                    return bytes;
                }

                await _queue.ForgetResultAsync(job.Name, cancellationToken).ConfigureAwait(false);
                check = Environment.TickCount64;
            }

            // Handed in at first, and again where the queue has lost it.
            if (Environment.TickCount64 >= check)
            {
                check = Environment.TickCount64 + (long)Check.TotalMilliseconds;
                await _queue.StoreAudioAsync(job.Name, recording.Path, cancellationToken).ConfigureAwait(false);
                if (!await _queue.HoldsAsync(job.Name, cancellationToken).ConfigureAwait(false) && await _queue.FindEndAsync(job.Name, cancellationToken).ConfigureAwait(false) is null)
                {
                    await _queue.SubmitAsync(job, again, cancellationToken).ConfigureAwait(false);
                }
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    // A session holds voiceprints; nothing of it stays in the queue.
    private async Task ForgetAsync(Job job)
    {
        if (await _queue.FindEndAsync(job.Name, CancellationToken.None).ConfigureAwait(false) is { } ended)
        {
            foreach (string file in ended.Files)
            {
                await _queue.RemoveFileAsync(file, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await _queue.ForgetResultAsync(job.Name, CancellationToken.None).ConfigureAwait(false);
        await _queue.ForgetFailuresAsync(job.Name, CancellationToken.None).ConfigureAwait(false);
        await _queue.RemoveAudioAsync(job.Name, CancellationToken.None).ConfigureAwait(false);
    }
}
