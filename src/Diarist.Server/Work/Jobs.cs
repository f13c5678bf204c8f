using System.Collections.Concurrent;
using Diarist.Server.Http;
using Diarist.Server.Storage;

namespace Diarist.Server.Work;

/// <summary>
/// What can be done with jobs, whoever asks: they come in, wait, are worked on, are stopped, and go. The store says what is; this class adds
/// what only lives as long as the process: progress, cancellation, listeners, clients that wait.
/// </summary>
internal sealed class Jobs(IJobStore store, DataFolder data, JobEvents events, RequestVoices voices, ServerOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, RunningJob> _running = new();
    private readonly Dictionary<string, int> _attending = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly Lock _admission = new();
    private double _secondsPerJob = 10;

    /// <summary>What happens.</summary>
    public JobEvents Events => events;

    /// <summary>Makes a job that waits for its recording.</summary>
    public Job Create(JobKind kind, string name, long size, JobOptions wanted, JobWebhook? webhook = null)
    {
        RequireRoom();
        var job = new Job
        {
            Id = DataFolder.NewId(),
            Kind = kind,
            State = JobState.Uploading,
            Name = ClientNames.Clean(name),
            Size = size,
            Options = wanted,
            Webhook = webhook,
            Created = options.Clock.GetUtcNow(),
        };
        data.MakeFor(job.Id);
        store.Add(job);
        Tell(job);
        return job;
    }

    /// <summary>The job of an identifier.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public Job Require(string? id, JobKind kind) => id is not null && DataFolder.IsId(id) && store.Find(id) is { } job && job.Kind == kind ? job : throw ApiException.NotFound("There is no such recording.");

    /// <summary>The job as it is now; <see langword="null"/> when it is gone.</summary>
    public Job? Find(string id) => store.Find(id);

    /// <summary>The jobs of a kind, newest first.</summary>
    public IReadOnlyList<Job> List(JobKind kind) => store.List(kind);

    /// <summary>How far a job is; <see langword="null"/> when it is not worked on.</summary>
    public JobProgress? ProgressOf(string id) => _running.TryGetValue(id, out RunningJob? running) ? running.Progress : null;

    /// <summary>The number of jobs that wait.</summary>
    public int Waiting => store.Count(JobState.Queued);

    /// <summary>Notes that more of a recording is here.</summary>
    public Job Received(Job job, long offset)
    {
        Job now = job with { Offset = offset };
        if (!store.Replace(now, JobState.Uploading))
        {
            throw new ApiException(409, "state", "The recording no longer waits for its content.");
        }

        Tell(now);
        return now;
    }

    /// <summary>Lets a job wait whose recording is here.</summary>
    /// <param name="job">The job.</param>
    /// <param name="key">What equal jobs share.</param>
    /// <exception cref="ApiException">Too many wait.</exception>
    public Job Enqueue(Job job, string key)
    {
        Job now = job with { State = JobState.Queued, Key = key };
        lock (_admission)
        {
            RequireRoom();
            if (!store.Replace(now, JobState.Uploading))
            {
                throw new ApiException(409, "state", "The recording no longer waits for its content.");
            }
        }

        _arrived.Release();
        Tell(now);
        return now;
    }

    /// <summary>Joins a job that waits or is worked on and is equal to this one, or lets this one wait; the job ends with the last client that attends it.</summary>
    /// <returns>The job, and the client's attendance.</returns>
    /// <exception cref="ApiException">Too many wait.</exception>
    public (Job Job, IAsyncDisposable Attendance) JoinOrEnqueue(Job job, string key)
    {
        lock (_attending)
        {
            Job shared = store.FindActive(key) ?? Enqueue(job, key);
            _attending[shared.Id] = _attending.GetValueOrDefault(shared.Id) + 1;
            return (shared, new Attendance(this, shared.Id));
        }
    }

    /// <summary>Stops a job that is not over yet.</summary>
    public void Cancel(string id)
    {
        for (Job? job = store.Find(id); job is not null && !job.IsOver; job = store.Find(id))
        {
            if (job.State == JobState.Running && _running.TryGetValue(id, out RunningJob? running))
            {
                running.Stop();
            }

            Job now = job with { State = JobState.Cancelled, Ended = options.Clock.GetUtcNow() };
            if (store.Replace(now, job.State))
            {
                Tell(now);
                return;
            }
        }
    }

    /// <summary>Deletes a job with all that is kept of it.</summary>
    public async Task DeleteAsync(string id)
    {
        Cancel(id);
        if (_running.TryGetValue(id, out RunningJob? running))
        {
            await running.Ended.ConfigureAwait(false);
        }

        voices.Forget(id);
        if (store.Find(id) is { } job)
        {
            // The row goes first: what is left of a folder without one is deleted at the next start.
            store.Remove(id);
            data.Delete(id);
            events.Publish(new JobEvent(job, Progress: null, Deleted: true));
        }
    }

    /// <summary>Waits until a job is over.</summary>
    /// <returns>The job; <see langword="null"/> when it was deleted.</returns>
    public async Task<Job?> WaitAsync(string id, CancellationToken cancellationToken)
    {
        using JobEvents.Subscription listening = events.Subscribe();
        while (store.Find(id) is { } job)
        {
            if (job.IsOver)
            {
                return job;
            }

            // Events only wake: a lost one would be followed by another, and the store knows.
            while ((await listening.Reader.ReadAsync(cancellationToken).ConfigureAwait(false)).Job.Id != id)
            {
            }
        }

        return null;
    }

    /// <summary>The next job to work on.</summary>
    public async Task<RunningJob> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (store.TakeNext() is { } job)
            {
                var running = new RunningJob(job, cancellationToken);
                _running[job.Id] = running;

                // Who cancels between the two lines finds no running job to stop.
                if (store.Find(job.Id) is not { State: JobState.Running })
                {
                    running.Stop();
                }

                Tell(job);
                return running;
            }

            await _arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Notes how far a job is.</summary>
    public void Progressed(RunningJob running, JobProgress progress)
    {
        if (!running.Token.IsCancellationRequested)
        {
            running.Progress = progress;
            events.Publish(new JobEvent(running.Job, progress));
        }
    }

    /// <summary>Notes how many speakers a session has after a correction.</summary>
    public void Corrected(string id, int speakers) => Change(id, job => job with { Speakers = speakers });

    /// <summary>Notes that a session has words now.</summary>
    public void Transcribed(string id) => Change(id, job => job with { HasWords = true });

    /// <summary>Ends the work on a job.</summary>
    /// <param name="running">The job.</param>
    /// <param name="outcome">The job as it is now; <see langword="null"/> leaves it to the next process.</param>
    public void Finish(RunningJob running, Job? outcome)
    {
        // Before anybody learns that the work is over, and replies.
        voices.Forget(running.Job.Id);
        if (outcome is not null)
        {
            double seconds = options.Clock.GetElapsedTime(running.Started, options.Clock.GetTimestamp()).TotalSeconds;
            _secondsPerJob = (0.7 * _secondsPerJob) + (0.3 * seconds);
            store.Replace(outcome, JobState.Running);
        }

        _running.TryRemove(running.Job.Id, out _);
        running.Finish();
        if (store.Find(running.Job.Id) is { } now)
        {
            events.Publish(new JobEvent(now, Progress: null));
        }
    }

    public void Dispose() => _arrived.Dispose();

    /// <summary>Refuses when no more jobs may wait.</summary>
    /// <exception cref="ApiException">Too many wait.</exception>
    public void RequireRoom()
    {
        int waiting = Waiting;
        if (waiting >= options.MaximumQueue)
        {
            double seconds = Math.Clamp(_secondsPerJob * waiting / options.Workers / 4, 1, 600);
            throw new ApiException(429, "queue_full", $"{waiting} recordings wait already; try again later.") { RetryAfterSeconds = (int)Math.Ceiling(seconds) };
        }
    }

    /// <summary>Notes what is known of telling a job's end.</summary>
    public void Told(string id, JobWebhook webhook)
    {
        if (store.Find(id) is { IsOver: true } job)
        {
            store.Replace(job with { Webhook = webhook }, job.State);
        }
    }

    /// <summary>Keeps a recording that is no job.</summary>
    public void Keep(Job media)
    {
        if (!store.Replace(media with { State = JobState.Done, Ended = options.Clock.GetUtcNow() }, JobState.Uploading))
        {
            throw new ApiException(409, "state", "The recording is here already.");
        }
    }

    private void Change(string id, Func<Job, Job> change)
    {
        if (store.Find(id) is { State: JobState.Done } job)
        {
            Job now = change(job);
            store.Replace(now, JobState.Done);
            Tell(now);
        }
    }

    private void Tell(Job job) => events.Publish(new JobEvent(job, ProgressOf(job.Id)));

    private async ValueTask LeaveAsync(string id)
    {
        lock (_attending)
        {
            if (--_attending[id] > 0)
            {
                return;
            }

            _attending.Remove(id);
            Cancel(id); // Nobody can join it from here on.
        }

        await DeleteAsync(id).ConfigureAwait(false);
    }

    private sealed class Attendance(Jobs jobs, string id) : IAsyncDisposable
    {
        private int _left;

        public ValueTask DisposeAsync() => Interlocked.Exchange(ref _left, 1) == 0 ? jobs.LeaveAsync(id) : ValueTask.CompletedTask;
    }
}
