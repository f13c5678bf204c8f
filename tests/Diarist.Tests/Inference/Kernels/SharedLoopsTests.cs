using Diarist.Inference.Kernels;

namespace Diarist.Tests.Inference.Kernels;

/// <summary>Loops that idle threads join.</summary>
public sealed class SharedLoopsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_loop_with_nobody_waiting_runs_each_part_once()
    {
        var loops = new SharedLoops();
        var taken = new List<int>();
        loops.Run(5, loop =>
        {
            while (loop.TryTake(out int part))
            {
                taken.Add(part);
            }
        });
        Assert.Equal([0, 1, 2, 3, 4], taken);
    }

    [Fact]
    public async Task A_waiting_thread_takes_its_share()
    {
        var loops = new SharedLoops();
        Task helper = StartHelper(loops);

        // Each part waits for the other, so that one thread alone would not end.
        using var both = new Barrier(2);
        int met = 0;
        loops.Run(2, loop =>
        {
            while (loop.TryTake(out _))
            {
                if (both.SignalAndWait(Patience))
                {
                    Interlocked.Increment(ref met);
                }
            }
        });
        Assert.Equal(2, met);
        await helper;
    }

    [Fact]
    public async Task What_a_helper_throws_reaches_the_thread_whose_loop_it_is()
    {
        var loops = new SharedLoops();
        Task helper = StartHelper(loops);
        int owner = Environment.CurrentManagedThreadId;
        using var helping = new ManualResetEventSlim();
        Assert.Throws<OperationCanceledException>(() => loops.Run(2, loop =>
        {
            if (Environment.CurrentManagedThreadId != owner)
            {
                helping.Set();
                throw new OperationCanceledException();
            }

            Assert.True(helping.Wait(Patience));
        }));
        await helper;
    }

    [Fact]
    public void News_ends_the_waiting()
    {
        var loops = new SharedLoops();
        int news = loops.News;
        loops.Announce();
        Assert.NotEqual(news, loops.News);
        loops.Help(news, Timeout.Infinite);
    }

    private static Task StartHelper(SharedLoops loops)
    {
        var helper = Task.Factory.StartNew(() => loops.Help(loops.News, (int)Patience.TotalMilliseconds), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => loops.Waiting == 1, Patience));
        return helper;
    }
}
