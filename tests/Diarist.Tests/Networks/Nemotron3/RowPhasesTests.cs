using Diarist.Inference.Kernels;
using Diarist.Networks.Nemotron3;

namespace Diarist.Tests.Networks.Nemotron3;

/// <summary>Phases over rows by several threads.</summary>
public sealed class RowPhasesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_row_of_a_phase_is_computed_once_and_after_all_rows_of_the_phase_before(int threads)
    {
        const int rows = 100, count = 40;
        int[,] computed = new int[count, rows];
        int[] sums = new int[count];
        var phases = new RowPhases(threads, blockRows: 17, CancellationToken.None);
        for (int phase = 0; phase < count; phase++)
        {
            int current = phase;
            phases.Add(rows, (first, number, sharing) =>
            {
                Assert.True(current == 0 || Volatile.Read(ref sums[current - 1]) == rows);
                SharedLoops.Run(sharing, number, loop =>
                {
                    while (loop.TryTake(out int row))
                    {
                        Interlocked.Increment(ref computed[current, first + row]);
                    }
                });
                Interlocked.Add(ref sums[current], number);
            });
        }

        phases.Run();
        Assert.All(computed.Cast<int>(), times => Assert.Equal(1, times));
    }

    [Fact]
    public void A_block_that_fails_ends_all_threads()
    {
        var phases = new RowPhases(2, blockRows: 10, CancellationToken.None);
        phases.Add(40, (first, _, _) => throw new InvalidOperationException($"block at {first}"));
        phases.Add(40, (_, _, _) => Assert.Fail("No phase begins after one that failed."));
        AggregateException error = Assert.Throws<AggregateException>(phases.Run);
        Assert.All(error.InnerExceptions, inner => Assert.IsType<InvalidOperationException>(inner));
    }

    [Fact]
    public void Cancellation_ends_it_at_the_end_of_a_block()
    {
        using var stop = new CancellationTokenSource();
        int blocks = 0;
        var phases = new RowPhases(2, blockRows: 10, stop.Token);
        phases.Add(400, (_, _, _) =>
        {
            Interlocked.Increment(ref blocks);
            stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(phases.Run);
        Assert.InRange(blocks, 1, 2);
    }
}
