using Diarist.Inference.Kernels;

namespace Diarist.Networks.Nemotron3;

/// <summary>Computes some rows of a phase.</summary>
/// <param name="first">The first row.</param>
/// <param name="rows">Rows.</param>
/// <param name="sharing">Where threads that wait for the phase's end may join loops, or null.</param>
internal delegate void RowWork(int first, int rows, SharedLoops? sharing);

/// <summary>
/// Phases that follow each other, each over some rows in blocks, which threads take. The same threads go through all phases: they wait for each other at the end of
/// each, and meanwhile help those who are still at work. Every row is computed alike whatever block it is in and whoever computes it.
/// </summary>
/// <param name="threads">Threads at most.</param>
/// <param name="blockRows">Rows of a block at most.</param>
/// <param name="cancellationToken">Stops at the end of a block.</param>
internal sealed class RowPhases(int threads, int blockRows, CancellationToken cancellationToken)
{
    /// <summary>Rows that are worth a thread of their own.</summary>
    private const int WorthAThread = 12;

    private readonly List<Phase> _phases = [];
    private readonly SharedLoops _sharing = new();
    private volatile bool _stopped;

    /// <summary>Adds a phase.</summary>
    public void Add(int rows, RowWork work)
    {
        int blocks = Math.Max((rows + blockRows - 1) / blockRows, Math.Min(threads, (rows + WorthAThread - 1) / WorthAThread));
        _phases.Add(new Phase(rows, blocks > 1 ? (blocks + threads - 1) / threads * threads : blocks, work));
    }

    /// <summary>Runs all phases.</summary>
    public void Run()
    {
        if (threads > 1)
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread => GoThrough(thread, _sharing));
        }
        else
        {
            GoThrough(0, null);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private void GoThrough(int thread, SharedLoops? sharing)
    {
        try
        {
            foreach (Phase phase in _phases)
            {
                // Each thread begins with other blocks, the same ones in every phase: their rows are in its cache.
                for (int i = 0; i < phase.Blocks && !Stopped; i++)
                {
                    if (phase.TryRun(((thread * phase.Blocks / threads) + i) % phase.Blocks, sharing))
                    {
                        _sharing.Announce();
                    }
                }

                for (int news = _sharing.News; !phase.IsDone && !Stopped; news = _sharing.News)
                {
                    // Asked again after the number of the news was read, so that no end of a phase is missed.
                    if (!phase.IsDone)
                    {
                        _sharing.Help(news, 50);
                    }
                }
            }
        }
        catch
        {
            _stopped = true;
            throw;
        }
        finally
        {
            _sharing.Announce();
        }
    }

    private bool Stopped => _stopped || cancellationToken.IsCancellationRequested;

    private sealed class Phase(int rows, int blocks, RowWork work)
    {
        private readonly int[] _taken = new int[blocks];
        private int _done;

        public int Blocks => _taken.Length;

        public bool IsDone => Volatile.Read(ref _done) == Blocks;

        /// <summary>Computes a block unless another thread has; true when it was the last one of the phase.</summary>
        public bool TryRun(int block, SharedLoops? sharing)
        {
            if (Interlocked.Exchange(ref _taken[block], 1) != 0)
            {
                return false;
            }

            int first = (int)((long)block * rows / Blocks), end = (int)((long)(block + 1) * rows / Blocks);
            if (end > first)
            {
                work(first, end - first, sharing);
            }

            return Interlocked.Increment(ref _done) == Blocks;
        }
    }
}
