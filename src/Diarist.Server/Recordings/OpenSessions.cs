using System.Collections.Concurrent;
using Diarist.Server.Storage;
using Diarist.Sessions;

namespace Diarist.Server.Recordings;

/// <summary>Sessions that were used lately, each by one request at a time.</summary>
internal sealed class OpenSessions(DataFolder data)
{
    private const int MostOpen = 4;

    private readonly ConcurrentDictionary<string, (DiarizationSession Session, long Used)> _open = new();
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];
    private long _clock;

    /// <summary>Does something with a session; what fails leaves the session as its file has it.</summary>
    /// <param name="id">The recording.</param>
    /// <param name="use">What is done, away from the thread of the request.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task<T> UseAsync<T>(string id, Func<DiarizationSession, T> use, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = GateOf(id);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => use(Open(id)), CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            _open.TryRemove(id, out _);
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Does something while nobody uses a session, which is forgotten.</summary>
    public async Task CloseAsync(string id, Func<Task> alone)
    {
        SemaphoreSlim gate = GateOf(id);
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _open.TryRemove(id, out _);
            await alone().ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private DiarizationSession Open(string id)
    {
        // The command may have changed the file.
        string path = data.SessionOf(id);
        DiarizationSession session = _open.TryGetValue(id, out var known) && known.Session.IsCurrent(path) ? known.Session : DiarizationSession.Open(path);
        _open[id] = (session, Interlocked.Increment(ref _clock));
        foreach ((string other, _) in _open.OrderByDescending(pair => pair.Value.Used).Skip(MostOpen))
        {
            // Whoever uses it has it in hand, and saves it itself.
            SemaphoreSlim gate = GateOf(other);
            if (gate.Wait(0))
            {
                _open.TryRemove(other, out _);
                gate.Release();
            }
        }

        return session;
    }

    private SemaphoreSlim GateOf(string id) => _gates[Convert.ToInt32(id[..2], 16) % _gates.Length];
}
