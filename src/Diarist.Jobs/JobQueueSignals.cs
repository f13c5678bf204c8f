using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NATS.Client.Core;

namespace Diarist.Jobs;

// What is said about jobs while they are at work. Nothing of it is kept: who does not listen misses it.
public sealed partial class JobQueue
{
    private readonly ConcurrentDictionary<string, Action> _atWork = new(StringComparer.Ordinal);
    private Task? _listening;
    private CancellationTokenSource? _stopListening;

    /// <summary>Says how far a job is.</summary>
    /// <param name="name">The job.</param>
    /// <param name="seconds">Seconds of audio that are done.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task ReportAsync(string name, double seconds, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.PublishAsync($"{_options.Queue}.progress.{name}", Encoding.ASCII.GetBytes(seconds.ToString("R", CultureInfo.InvariantCulture)), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsPassing(error) && !cancellationToken.IsCancellationRequested)
        {
            // The next report may come through.
        }
    }

    /// <summary>Listens how far a job is, until cancelled.</summary>
    /// <param name="name">The job.</param>
    /// <param name="report">Told the seconds of audio that are done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(string name, Action<double> report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        await foreach (NatsMsg<byte[]> message in _connection.SubscribeAsync<byte[]>($"{_options.Queue}.progress.{name}", cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (double.TryParse(Encoding.ASCII.GetString(message.Data ?? []), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && double.IsFinite(seconds))
            {
                report(seconds);
            }
        }
    }

    /// <summary>Takes a job back: it waits no more, and who is at work on it is told to stop.</summary>
    public async Task CancelAsync(string name, CancellationToken cancellationToken)
    {
        await PurgeAsync(JobStream, $"{_options.Queue}.jobs.{name}", cancellationToken).ConfigureAwait(false);
        await _connection.PublishAsync($"{_options.Queue}.cancel.{name}", Array.Empty<byte>(), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Calls an action when a job is taken back, until disposed.</summary>
    internal IDisposable OnCancelled(string name, Action action)
    {
        lock (_atWork)
        {
            if (_listening is null)
            {
                _stopListening = new CancellationTokenSource();
                _listening = ListenAsync(_stopListening.Token);
            }
        }

        _atWork[name] = action;
        return new Attention(() => _atWork.TryRemove(name, out _));
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        string prefix = $"{_options.Queue}.cancel.";
        try
        {
            await foreach (NatsMsg<byte[]> message in _connection.SubscribeAsync<byte[]>(prefix + "*", cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (_atWork.TryGetValue(message.Subject[prefix.Length..], out Action? action))
                {
                    action();
                }
            }
        }
        catch (Exception error) when (IsPassing(error))
        {
            // The queue is disposed.
        }
    }

    private sealed class Attention(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
