using System.Collections.Concurrent;
using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.NKeys;

namespace Diarist.Jobs;

/// <summary>
/// A queue of jobs on NATS JetStream. Jobs wait in a work-queue stream, where each is one worker's until it is acknowledged or its worker is
/// silent for too long. A result is one message on a subject of its own, which the server takes only while there is none, so that it is there
/// once, however often the work was done. Audio and the files of results lie in object stores.
/// </summary>
public sealed partial class JobQueue : IAsyncDisposable
{
    // A cluster that has lost a node elects another leader meanwhile, and one that was started again takes up what it has missed.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // What does not answer at first is more likely no JetStream at all.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Deliveries that ended without a word: the worker was killed, or the network was.
    private const int MostLosses = 10;
    private const int MessageNotFound = 10037;

    private readonly NatsConnection _connection;
    private readonly NatsJSContext _streams;
    private readonly NatsObjContext _stores;
    private readonly JobQueueOptions _options;
    private readonly ConcurrentDictionary<string, INatsJSStream> _found = new(StringComparer.Ordinal);
    private INatsJSConsumer? _jobs;
    private TimeSpan _patience = FirstPatience;

    private JobQueue(NatsConnection connection, JobQueueOptions options)
    {
        (_connection, _options) = (connection, options);
        _streams = new NatsJSContext(connection, new NatsJSOpts(connection.Opts, requestTimeout: TimeSpan.FromSeconds(5)));
        _stores = new NatsObjContext(_streams);
    }

    private string JobStream => $"{_options.Queue}-jobs";

    private string ResultStream => $"{_options.Queue}-results";

    private string DeadStream => $"{_options.Queue}-dead";

    private string FailureStream => $"{_options.Queue}-failures";

    private string AudioBucket => $"{_options.Queue}-audio";

    private string FileBucket => $"{_options.Queue}-files";

    /// <summary>Connects.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="create">Whether streams and stores that are not there are made. Only those who submit do: a worker that asks a cluster that has just lost a node must not.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="JobQueueException">No server answers, or it does not let this client in or has no JetStream.</exception>
    public static async Task<JobQueue> ConnectAsync(JobQueueOptions options, bool create, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = new NatsConnection(new NatsOpts
        {
            Url = options.Url,
            Name = options.ClientName,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            CommandTimeout = TimeSpan.FromSeconds(10),
            RequestTimeout = TimeSpan.FromSeconds(10),
            MaxReconnectRetry = -1,
            ReconnectWaitMax = TimeSpan.FromSeconds(2),
            AuthOpts = Authentication(options),
            TlsOpts = new NatsTlsOpts { CaFile = options.CertificateAuthorityFile, CertFile = options.CertificateFile, KeyFile = options.KeyFile },
        });
        var queue = new JobQueue(connection, options);
        try
        {
            await connection.ConnectAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
            await (create ? queue.CreateAsync(cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
            queue._patience = Patience;
            return queue;
        }
        catch (Exception error) when (error is NatsException or IOException or UnauthorizedAccessException or ArgumentException or FormatException)
        {
            await queue.DisposeAsync().ConfigureAwait(false);
            throw new JobQueueException($"{options.ShownUrl}: the queue cannot be used: {error.Message}", error);
        }
        catch
        {
            await queue.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds a job. One of the same name that was added within the last ten minutes is not added again; while the queue is full, this waits.</summary>
    /// <param name="job">The job.</param>
    /// <param name="again">Whether the job is added although it was added before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="JobQueueException">The server does not take it.</exception>
    public Task SubmitAsync(Job job, bool again, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            PubAckResponse ack = await _streams.PublishAsync(
                $"{_options.Queue}.jobs.{job.Name}", JsonSerializer.SerializeToUtf8Bytes(job, JobJson.Default.Job), opts: new NatsJSPubOpts { MsgId = again ? $"{job.Name}-{Guid.NewGuid():N}" : job.Name }, cancellationToken: cancellationToken).ConfigureAwait(false);
            ack.EnsureSuccess();
            return true;
        },
        forever: true,
        cancellationToken);

    /// <summary>The next job, for this worker alone; <see langword="null"/> when none came within the time.</summary>
    public async Task<JobLease?> TakeAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            _jobs ??= await _streams.GetConsumerAsync(JobStream, "workers", cancellationToken).ConfigureAwait(false);
            INatsJSMsg<byte[]>? message = await _jobs.NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = wait }, cancellationToken: cancellationToken).ConfigureAwait(false);
            return message is null ? null : new JobLease(this, message, JsonSerializer.Deserialize(message.Data, JobJson.Default.Job)!, MostLosses);
        }
        catch (Exception error) when (IsPassing(error))
        {
            // The server is away; the connection comes back by itself. Who is told to stop gives up, however the client says it.
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Whether a job waits or is at work.</summary>
    public Task<bool> HoldsAsync(string name, CancellationToken cancellationToken) => RetryAsync(
        async () => await FindAsync(JobStream, $"{_options.Queue}.jobs.{name}", cancellationToken).ConfigureAwait(false) is not null,
        forever: false,
        cancellationToken);

    /// <summary>How many jobs wait or are at work.</summary>
    public async Task<long> DepthAsync(CancellationToken cancellationToken) => await RetryAsync(
        async () => (await _streams.GetStreamAsync(JobStream, cancellationToken: cancellationToken).ConfigureAwait(false)).Info.State.Messages,
        forever: false,
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stopListening is not null)
        {
            await _stopListening.CancelAsync().ConfigureAwait(false);
            await _listening!.ConfigureAwait(false);
            _stopListening.Dispose();
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>How often a job may fail.</summary>
    internal int Tries => _options.Tries;

    /// <summary>How long a worker may be silent.</summary>
    internal TimeSpan AckWait => _options.AckWait;

    /// <summary>Does something until the server has done it: what it is asked twice it does once.</summary>
    internal async Task<T> RetryAsync<T>(Func<Task<T>> action, bool forever, CancellationToken cancellationToken)
    {
        long end = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return await action().ConfigureAwait(false);
            }
            catch (Exception error) when (IsPassing(error))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Environment.TickCount64 > end && !forever)
                {
                    throw new JobQueueException($"{_options.ShownUrl}: the queue does not do what it is asked: {error.Message}", error);
                }
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The last message of a subject, as the stream's leader has it; <see langword="null"/> when there is none.</summary>
    private async Task<ReadOnlyMemory<byte>?> FindAsync(string stream, string subject, CancellationToken cancellationToken) =>
        (await GetAsync(stream, new StreamMsgGetRequest { LastBySubj = subject }, cancellationToken).ConfigureAwait(false))?.Data;

    private async Task<StoredMessage?> GetAsync(string stream, StreamMsgGetRequest request, CancellationToken cancellationToken)
    {
        if (!_found.TryGetValue(stream, out INatsJSStream? found))
        {
            _found[stream] = found = await _streams.GetStreamAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return (await found.GetAsync(request, cancellationToken).ConfigureAwait(false)).Message;
        }
        catch (NatsJSApiException error) when (error.Error.ErrCode == MessageNotFound)
        {
            return null;
        }
    }

    // The client's own reading of an NKey file asks for the public key beside the seed, which such files need not hold.
    private static NatsAuthOpts Authentication(JobQueueOptions options)
    {
        if (options.NKeyFile is not { } file)
        {
            return new NatsAuthOpts { CredsFile = options.CredentialsFile };
        }

        try
        {
            string seed = File.ReadLines(file).Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("SU", StringComparison.Ordinal)) ?? throw new FormatException("no line begins with SU");
            using KeyPair pair = KeyPair.FromSeed(seed);
            return new NatsAuthOpts { NKey = pair.GetPublicKey(), Seed = seed };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or ArgumentException or NKeysException)
        {
            throw new JobQueueException($"{file}: it is not a file with the NKey seed of a user: {error.Message}", error);
        }
    }

    // The client reports a request without an answer in several ways, one of them a cancellation that nobody asked for.
    private static bool IsPassing(Exception error) => error is NatsException or TimeoutException or IOException or OperationCanceledException;
}
