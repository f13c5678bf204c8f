using NATS.Client.JetStream;

namespace Diarist.Jobs;

/// <summary>A job that is this worker's as long as it gives signs of life. Whoever disposes it without an end gives the job back.</summary>
public sealed class JobLease : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReturnAfter = TimeSpan.FromSeconds(3);

    private readonly JobQueue _queue;
    private readonly INatsJSMsg<byte[]> _message;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancelled = new();
    private readonly IDisposable _attention;
    private readonly Task _heartbeat;
    private readonly int _mostLosses;
    private bool _ended;

    internal JobLease(JobQueue queue, INatsJSMsg<byte[]> message, Job job, int mostLosses)
    {
        (_queue, _message, Job, _mostLosses) = (queue, message, job, mostLosses);
        _attention = queue.OnCancelled(job.Name, () => _ = _cancelled.CancelAsync());
        _heartbeat = BeatAsync();
    }

    /// <summary>The job.</summary>
    public Job Job { get; }

    /// <summary>Cancelled when its submitter takes the job back.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>How often it was given to a worker, this time included.</summary>
    public int Deliveries => (int)(_message.Metadata?.NumDelivered ?? 1);

    /// <summary>Whether it was given out so often without an end that it must be what kills workers.</summary>
    public bool IsHopeless => Deliveries > _queue.Tries + _mostLosses;

    /// <summary>Ends the job with its result.</summary>
    public Task CompleteAsync(JobResult result, CancellationToken cancellationToken) => EndAsync(result, cancellationToken);

    /// <summary>The job has a result already; nothing is to be done.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await AckAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the job as a dead letter.</summary>
    public Task BuryAsync(int exitCode, string message, int tries, string worker, CancellationToken cancellationToken) =>
        EndAsync(new JobResult { Name = Job.Name, Id = Job.Id, ExitCode = exitCode, Message = message, Tries = tries, Worker = worker }, cancellationToken);

    /// <summary>Counts a try that failed: the job is tried again, here or elsewhere, or becomes a dead letter after the last.</summary>
    /// <returns>Whether it was the last.</returns>
    public async Task<bool> FailAsync(int exitCode, string message, string worker, CancellationToken cancellationToken)
    {
        int tries = await _queue.CountFailureAsync(Job.Name, _message.Metadata?.NumDelivered ?? 1, cancellationToken).ConfigureAwait(false);
        if (tries >= _queue.Tries)
        {
            await BuryAsync(exitCode, message, tries, worker, cancellationToken).ConfigureAwait(false);
            return true;
        }

        await NakAsync(RetryAfter, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Gives the job back because something is missing that is not its fault. It comes again after some seconds.</summary>
    public Task ReturnAsync(CancellationToken cancellationToken) => NakAsync(ReturnAfter, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _heartbeat.ConfigureAwait(false);
        _attention.Dispose();
        _stop.Dispose();
        if (!_ended)
        {
            try
            {
                await _message.NakAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is NATS.Client.Core.NatsException or TimeoutException or ObjectDisposedException)
            {
                // The server gives it to another when it hears nothing.
            }
        }
    }

    private async Task NakAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        _ended = true;
        try
        {
            await _message.NakAsync(new AckOpts { NakDelay = delay }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NATS.Client.Core.NatsException or TimeoutException)
        {
            // The server gives it to another when it hears nothing.
        }
    }

    private async Task EndAsync(JobResult result, CancellationToken cancellationToken)
    {
        await _queue.PublishEndAsync(result, cancellationToken).ConfigureAwait(false);
        await AckAsync(cancellationToken).ConfigureAwait(false);
    }

    // Only once the server has confirmed it, the job is out of the queue; one that comes again has its result.
    private async Task AckAsync(CancellationToken cancellationToken)
    {
        _ended = true;
        try
        {
            await _message.AckAsync(new AckOpts { DoubleAck = true }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is NATS.Client.Core.NatsException or TimeoutException)
        {
            // It comes again, and whoever gets it finds the result.
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(_queue.AckWait / 3, _stop.Token).ConfigureAwait(false);
                try
                {
                    await _message.AckProgressAsync(cancellationToken: _stop.Token).ConfigureAwait(false);
                }
                catch (Exception error) when (error is NATS.Client.Core.NatsException or TimeoutException)
                {
                    // The next one may come through.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
    }
}
