using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;

namespace Diarist.Jobs;

// The streams and stores of a queue, made by whoever submits first.
public sealed partial class JobQueue
{
    private const int StreamNotFound = 10059;

    // Places of workers that may ask for a job at the same time; a server allows 512 unless told otherwise.
    private const int MostWorkers = 20_000;

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        StreamConfig Stream(string name, string subjects) => new(name, [$"{_options.Queue}.{subjects}.*"])
        {
            NumReplicas = _options.Replicas,
            Storage = StreamConfigStorage.File,
            MaxAge = _options.Keep,
            DuplicateWindow = TimeSpan.FromMinutes(10),
        };
        await EnsureStreamAsync(
            Stream(JobStream, "jobs") with { Retention = StreamConfigRetention.Workqueue, MaxAge = TimeSpan.Zero, MaxMsgs = _options.MostWaiting, Discard = StreamConfigDiscard.New },
            cancellationToken).ConfigureAwait(false);
        await EnsureStreamAsync(Stream(ResultStream, "results"), cancellationToken).ConfigureAwait(false);
        await EnsureStreamAsync(Stream(DeadStream, "dead"), cancellationToken).ConfigureAwait(false);
        await EnsureStreamAsync(Stream(FailureStream, "failures"), cancellationToken).ConfigureAwait(false);
        var workers = new ConsumerConfig("workers") { DurableName = "workers", AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = _options.AckWait, MaxDeliver = -1, MaxAckPending = 100_000, MaxWaiting = MostWorkers, NumReplicas = _options.Replicas };
        await RetryAsync(async () => await _streams.CreateOrUpdateConsumerAsync(JobStream, workers, cancellationToken).ConfigureAwait(false), forever: false, cancellationToken).ConfigureAwait(false);
        foreach (string bucket in (string[])[AudioBucket, FileBucket])
        {
            var config = new NatsObjConfig(bucket) { NumberOfReplicas = _options.Replicas, MaxAge = _options.Keep };
            await RetryAsync(
                async () =>
                {
                    try
                    {
                        return await _stores.GetObjectStoreAsync(bucket, cancellationToken).ConfigureAwait(false);
                    }
                    catch (NatsJSApiException error) when (error.Error.ErrCode == StreamNotFound)
                    {
                        return await _stores.CreateObjectStoreAsync(config, cancellationToken).ConfigureAwait(false);
                    }
                },
                forever: false,
                cancellationToken).ConfigureAwait(false);
        }
    }

    // A stream that is there keeps the limits that its keeper gave it.
    private Task<INatsJSStream> EnsureStreamAsync(StreamConfig config, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            try
            {
                return await _streams.GetStreamAsync(config.Name!, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (NatsJSApiException error) when (error.Error.ErrCode == StreamNotFound)
            {
                return await _streams.CreateStreamAsync(config, cancellationToken).ConfigureAwait(false);
            }
        },
        forever: false,
        cancellationToken);
}
