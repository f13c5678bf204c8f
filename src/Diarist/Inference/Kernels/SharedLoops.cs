using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Loops whose parts do not depend on each other, which threads without work of their own may join: at the end of a recording one
/// thread has the last block of the trunk and the others have nothing. Who computes a part does not change it.
/// </summary>
/// <remarks>
/// Whoever waits looks for news without sleeping for a moment: to be woken takes a thread as long as a hundred products take, and most waits are shorter.
/// </remarks>
internal sealed class SharedLoops
{
    /// <summary>How long a thread looks for news before it sleeps.</summary>
    private static readonly long Patience = Stopwatch.Frequency / 2000;

    private readonly object _lock = new();
    private Loop[] _offered = [];
    private int _waiting, _news;

    /// <summary>A number that changes with each <see cref="Announce"/>.</summary>
    public int News => Volatile.Read(ref _news);

    /// <summary>Threads that sleep until there is a loop to join.</summary>
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

    /// <summary>Runs a loop on this thread and on those that are in <see cref="Help"/>, to its end.</summary>
    /// <param name="parts">The number of parts.</param>
    /// <param name="work">Takes parts until <see cref="Loop.TryTake"/> has none left; called once by each thread.</param>
    public void Run(int parts, Action<Loop> work)
    {
        var loop = new Loop(parts, work);
        if (parts < 2)
        {
            work(loop);
            return;
        }

        lock (_lock)
        {
            Volatile.Write(ref _offered, [.. _offered, loop]);
            Wake();
        }

        try
        {
            work(loop);
        }
        finally
        {
            // Memory that the parts use is the caller's: nobody may be at work when this returns, or throws.
            loop.Close();
            for (long start = Stopwatch.GetTimestamp(); loop.Helpers > 0 && Look(start);)
            {
            }

            lock (_lock)
            {
                Volatile.Write(ref _offered, Array.FindAll(_offered, other => other != loop));
                while (loop.Helpers > 0)
                {
                    _waiting++;
                    Monitor.Wait(_lock);
                    _waiting--;
                }
            }
        }

        loop.Failure?.Throw();
    }

    /// <summary>Joins a loop when there is one, and returns when no part of it is left; else waits for one.</summary>
    /// <param name="news">What <see cref="News"/> was when this thread had nothing to do; returns at once when it is another by now.</param>
    /// <param name="milliseconds">How long to sleep at most, if there is nothing at first.</param>
    public void Help(int news, int milliseconds)
    {
        for (long start = Stopwatch.GetTimestamp(); news == News && Open is null && Look(start);)
        {
        }

        Loop? loop;
        lock (_lock)
        {
            if (Open is null && news == _news)
            {
                _waiting++;
                Monitor.Wait(_lock, milliseconds);
                _waiting--;
            }

            loop = Open;
            if (loop is null)
            {
                return;
            }

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
            loop.Helpers--;
            Wake();
        }
    }

    /// <summary>Tells those who wait in <see cref="Help"/> that there may be work of their own.</summary>
    public void Announce()
    {
        lock (_lock)
        {
            _news++;
            Wake();
        }
    }

    /// <summary>A loop with parts to take, or null.</summary>
    private Loop? Open => Array.Find(Volatile.Read(ref _offered), loop => loop.HasParts);

    /// <summary>Wakes those who sleep; the lock is held.</summary>
    private void Wake()
    {
        if (_waiting > 0)
        {
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Lets a little time pass; false when it is time to sleep. Another thread gets the processor if it needs it.</summary>
    private static bool Look(long start)
    {
        Thread.SpinWait(20);
        Thread.Yield();
        return Stopwatch.GetTimestamp() - start < Patience;
    }

    /// <summary>A loop at work.</summary>
    /// <param name="parts">The number of its parts.</param>
    /// <param name="work">What takes them.</param>
    internal sealed class Loop(int parts, Action<Loop> work)
    {
        private int _taken = -1;
        private int _helpers;

        /// <summary>What takes parts.</summary>
        public Action<Loop> Work { get; } = work;

        /// <summary>Threads at work besides the loop's own; written under the lock.</summary>
        public int Helpers
        {
            get => Volatile.Read(ref _helpers);
            set => Volatile.Write(ref _helpers, value);
        }

        /// <summary>Whether a part is left.</summary>
        public bool HasParts => Volatile.Read(ref _taken) + 1 < parts;

        /// <summary>Why a helper stopped.</summary>
        public ExceptionDispatchInfo? Failure { get; set; }

        /// <summary>Takes the next part.</summary>
        public bool TryTake(out int part) => (part = Interlocked.Increment(ref _taken)) < parts;

        /// <summary>Leaves no part to take.</summary>
        public void Close() => Interlocked.Exchange(ref _taken, parts);
    }
}
