using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Diarist.Jobs;

// How jobs end: results, dead letters, and the count of failures.
public sealed partial class JobQueue
{
    private const int WrongLastSequence = 10071;

    /// <summary>How a job ended; <see langword="null"/> when it has not, or nobody remembers.</summary>
    public async Task<JobResult?> FindEndAsync(string name, CancellationToken cancellationToken) =>
        await LastAsync(ResultStream, $"{_options.Queue}.results.{name}", cancellationToken).ConfigureAwait(false)
        ?? await LastAsync(DeadStream, $"{_options.Queue}.dead.{name}", cancellationToken).ConfigureAwait(false);

    /// <summary>Forgets that a job failed, so that it can be done again.</summary>
    public async Task ForgetFailuresAsync(string name, CancellationToken cancellationToken)
    {
        await PurgeAsync(DeadStream, $"{_options.Queue}.dead.{name}", cancellationToken).ConfigureAwait(false);
        await PurgeAsync(FailureStream, $"{_options.Queue}.failures.{name}", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the result of a job, so that it can be done again.</summary>
    public Task ForgetResultAsync(string name, CancellationToken cancellationToken) => PurgeAsync(ResultStream, $"{_options.Queue}.results.{name}", cancellationToken);

    /// <summary>The results and dead letters of all jobs, those that are there and those to come.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JobResult> ResultsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var merged = System.Threading.Channels.Channel.CreateBounded<JobResult>(256);
        Task[] readers = [.. new[] { ResultStream, DeadStream }.Select(stream => FollowAsync(stream, merged.Writer, cancellationToken))];
        await foreach (JobResult result in merged.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return result;
        }

        await Task.WhenAll(readers).ConfigureAwait(false);
    }

    /// <summary>Publishes how a job ended, unless another worker was first.</summary>
    internal Task PublishEndAsync(JobResult result, CancellationToken cancellationToken)
    {
        string kind = result.Sidecar is null ? "dead" : "results";
        string subject = $"{_options.Queue}.{kind}.{result.Name}";
        string id = $"{kind}-{result.Name}";
        return RetryAsync(
            async () =>
            {
                PubAckResponse ack = await _streams.PublishAsync(
                    subject,
                    JsonSerializer.SerializeToUtf8Bytes(result, JobJson.Default.JobResult),
                    opts: new NatsJSPubOpts { MsgId = id, ExpectedLastSubjectSequence = 0 },
                    cancellationToken: cancellationToken).ConfigureAwait(false);
                if (ack.Duplicate && await FindAsync(result.Sidecar is null ? DeadStream : ResultStream, subject, cancellationToken).ConfigureAwait(false) is null)
                {
                    // It was there, and was forgotten or lost. The server remembers the name of a message longer than the message.
                    id = $"{kind}-{result.Name}-{Guid.NewGuid():N}";
                    throw new NatsJSException("a message of that name was taken, but is not there");
                }

                if (ack.Error?.ErrCode != WrongLastSequence)
                {
                    ack.EnsureSuccess();
                }

                return true;
            },
            forever: false,
            cancellationToken);
    }

    /// <summary>Counts a try that failed.</summary>
    /// <returns>How often the job has failed.</returns>
    internal async Task<int> CountFailureAsync(string name, ulong delivery, CancellationToken cancellationToken)
    {
        string subject = $"{_options.Queue}.failures.{name}";
        await RetryAsync(
            async () =>
            {
                (await _streams.PublishAsync(subject, Array.Empty<byte>(), opts: new NatsJSPubOpts { MsgId = $"failure-{name}-{delivery}" }, cancellationToken: cancellationToken).ConfigureAwait(false)).EnsureSuccess();
                return true;
            },
            forever: false,
            cancellationToken).ConfigureAwait(false);
        return (int)await CountAsync(FailureStream, subject, cancellationToken).ConfigureAwait(false);
    }

    private Task<JobResult?> LastAsync(string stream, string subject, CancellationToken cancellationToken) => RetryAsync(
        async () => await FindAsync(stream, subject, cancellationToken).ConfigureAwait(false) is { } message ? JsonSerializer.Deserialize(message.Span, JobJson.Default.JobResult) : null,
        forever: false,
        cancellationToken);

    private Task<long> CountAsync(string stream, string subject, CancellationToken cancellationToken) => RetryAsync(() => CountMessagesAsync(stream, subject, cancellationToken), forever: false, cancellationToken);

    private async Task<long> CountMessagesAsync(string stream, string subject, CancellationToken cancellationToken)
    {
        INatsJSStream found = await _streams.GetStreamAsync(stream, new StreamInfoRequest { SubjectsFilter = subject }, cancellationToken).ConfigureAwait(false);
        return found.Info.State.Subjects is { } subjects && subjects.TryGetValue(subject, out long count) ? count : 0;
    }

    private async Task FollowAsync(string stream, System.Threading.Channels.ChannelWriter<JobResult> writer, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // From the beginning each time: whoever reads knows what it has seen.
                INatsJSConsumer consumer = await _streams.CreateOrderedConsumerAsync(stream, cancellationToken: cancellationToken).ConfigureAwait(false);
                await foreach (INatsJSMsg<byte[]> message in consumer.ConsumeAsync<byte[]>(cancellationToken: cancellationToken).ConfigureAwait(false))
                {
                    await writer.WriteAsync(JsonSerializer.Deserialize(message.Data, JobJson.Default.JobResult)!, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (IsPassing(error) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task<bool> PurgeAsync(string stream, string subject, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            await _streams.PurgeStreamAsync(stream, new StreamPurgeRequest { Filter = subject }, cancellationToken).ConfigureAwait(false);
            return true;
        },
        forever: false,
        cancellationToken);
}
