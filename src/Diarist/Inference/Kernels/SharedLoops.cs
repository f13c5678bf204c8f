using System.Runtime.ExceptionServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Loops whose parts do not depend on each other, which threads without work of their own may join: at the end of a recording one
/// thread has the last block of the trunk and the others have nothing. Who computes a part does not change it.
/// </summary>
internal sealed class SharedLoops
{
    private readonly object _lock = new();
    private Loop? _offered;
    private int _waiting, _news;

    /// <summary>A number that changes with each <see cref="Announce"/>.</summary>
    public int News => Volatile.Read(ref _news);

    /// <summary>Threads that wait for a loop to join.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Runs a loop, on this thread alone where nothing is shared.</summary>
    /// <param name="sharing">Where others may join it, or null.</param>
    /// <param name="parts">As for <see cref="Run(int, Action{Loop})"/>.</param>
    /// <param name="work">As for <see cref="Run(int, Action{Loop})"/>.</param>
    public static void Run(SharedLoops? sharing, int parts, Action<Loop> work)
    {
        if (sharing is null)
        {
            work(new Loop(parts, work));
        }
        else
        {
            sharing.Run(parts, work);
        }
    }

    /// <summary>Runs a loop on this thread and on those that wait in <see cref="Help"/>, to its end.</summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="work">Takes parts until <see cref="Loop.TryTake"/> has none left; called once by each thread.</param>
    public void Run(int parts, Action<Loop> work)
    {
        var loop = new Loop(parts, work);
        if (parts < 2 || Waiting == 0)
        {
            work(loop);
            return;
        }

        lock (_lock)
        {
            _offered = loop;
            Monitor.PulseAll(_lock);
        }

        try
        {
            work(loop);
        }
        finally
        {
            // Memory that the parts use is the caller's: nobody may be at work when this returns, or throws.
            loop.Close();
            lock (_lock)
            {
                _offered = _offered == loop ? null : _offered;
                while (loop.Helpers > 0)
                {
                    Monitor.Wait(_lock);
                }
            }
        }

        loop.Failure?.Throw();
    }

    /// <summary>Joins a loop when there is one, and returns when no part of it is left; else waits for one.</summary>
    /// <param name="news">What <see cref="News"/> was when this thread had nothing to do; returns at once when it is another by now.</param>
    /// <param name="milliseconds">How long to wait.</param>
    public void Help(int news, int milliseconds)
    {
        Loop loop;
        lock (_lock)
        {
            if (_offered is null && news == _news)
            {
                _waiting++;
                Monitor.Wait(_lock, milliseconds);
                _waiting--;
            }

            if (_offered is null)
            {
                return;
            }

            loop = _offered;
            loop.Helpers++;
        }

        try
        {
            loop.Work(loop);
        }
#pragma warning disable CA1031 // Not swallowed: the thread whose loop it is rethrows it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            loop.Failure = ExceptionDispatchInfo.Capture(error);
            loop.Close();
        }

        lock (_lock)
        {
            _offered = _offered == loop ? null : _offered;
            loop.Helpers--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Tells those who wait in <see cref="Help"/> that there may be work of their own.</summary>
    public void Announce()
    {
        lock (_lock)
        {
            _news++;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A loop at work.</summary>
    /// <param name="parts">The number of its parts.</param>
    /// <param name="work">What takes them.</param>
    internal sealed class Loop(int parts, Action<Loop> work)
    {
        private int _taken = -1;

        /// <summary>What takes parts.</summary>
        public Action<Loop> Work { get; } = work;

        /// <summary>Threads at work besides the loop's own; read and written under the lock.</summary>
        public int Helpers { get; set; }

        /// <summary>Why a helper stopped.</summary>
        public ExceptionDispatchInfo? Failure { get; set; }

        /// <summary>Takes the next part.</summary>
        public bool TryTake(out int part) => (part = Interlocked.Increment(ref _taken)) < parts;

        /// <summary>Leaves no part to take.</summary>
        public void Close() => Interlocked.Exchange(ref _taken, parts);
    }
}
