using System.Runtime.ExceptionServices;

namespace Diarist.Pipeline;

/// <summary>Threads that share one piece of work.</summary>
internal static class Workers
{
    /// <summary>Runs the work on the calling thread and on helpers until all have returned; the first failure ends the others and is rethrown.</summary>
    /// <param name="threads">Threads in all, 1 or more.</param>
    /// <param name="work">What each does.</param>
    /// <param name="stop">Cancelled when one fails.</param>
    public static void Run(int threads, Action work, CancellationTokenSource stop)
    {
        ExceptionDispatchInfo? failure = null;
        void Guarded()
        {
            try
            {
                work();
            }
#pragma warning disable CA1031 // Not swallowed: the first failure ends the other threads and is rethrown to the caller.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                stop.Cancel();
            }
        }

        var helpers = new Thread[threads - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(Guarded) { IsBackground = true, Name = $"Diarist {i + 1}" };
            helpers[i].Start();
        }

        Guarded();
        foreach (Thread helper in helpers)
        {
            helper.Join();
        }

        failure?.Throw();
    }
}
