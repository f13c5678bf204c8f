using System.Collections.Concurrent;
using System.Threading.Channels;
using Diarist.Server.Storage;

namespace Diarist.Server.Work;

/// <summary>Something that happened to a job.</summary>
/// <param name="Job">The job as it is now.</param>
/// <param name="Progress">How far it is, while it is worked on.</param>
/// <param name="Deleted">Whether it is gone.</param>
internal sealed record JobEvent(Job Job, JobProgress? Progress, bool Deleted = false);

/// <summary>Tells listeners what happens to jobs. A listener that is slow loses the oldest events; the newest one always arrives.</summary>
internal sealed class JobEvents
{
    private const int Backlog = 256;

    private readonly ConcurrentDictionary<Channel<JobEvent>, byte> _listeners = new();

    /// <summary>Listens until disposed.</summary>
    public Subscription Subscribe()
    {
        var channel = Channel.CreateBounded<JobEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners.TryAdd(channel, 0);
        return new Subscription(channel.Reader, () => _listeners.TryRemove(channel, out _));
    }

    /// <summary>Tells all listeners.</summary>
    public void Publish(JobEvent happened)
    {
        foreach (Channel<JobEvent> listener in _listeners.Keys)
        {
            listener.Writer.TryWrite(happened);
        }
    }

    /// <summary>What a listener hears.</summary>
    internal sealed class Subscription(ChannelReader<JobEvent> reader, Action end) : IDisposable
    {
        /// <summary>The events.</summary>
        public ChannelReader<JobEvent> Reader { get; } = reader;

        public void Dispose() => end();
    }
}
