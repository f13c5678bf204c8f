using System.Runtime.CompilerServices;
using Diarist.Inference.Kernels;

namespace Diarist.Tests.Inference.Kernels;

public sealed class ScratchMemoryTests
{
    [Fact]
    public unsafe void Buffers_that_live_together_never_overlap()
    {
        var random = new Random(5);
        var live = new List<(AlignedBuffer Buffer, float Mark)>();
        for (int i = 0; i < 3_000; i++)
        {
            if (live.Count > 0 && random.Next(2) == 0)
            {
                int index = random.Next(live.Count);
                Assert.Equal(-1, live[index].Buffer.Span.IndexOfAnyExcept(live[index].Mark));
                live[index].Buffer.Dispose();
                live.RemoveAt(index);
            }
            else
            {
                AlignedBuffer buffer = AlignedBuffer.Rent(random.Next(20) == 0 ? random.Next(1_000_000) : random.Next(3_000));
                Assert.Equal(0, (nint)buffer.Pointer % 64);
                buffer.Span.Fill(i);
                live.Add((buffer, i));
            }
        }

        Assert.All(live, item => Assert.Equal(-1, item.Buffer.Span.IndexOfAnyExcept(item.Mark)));
        live.ForEach(item => item.Buffer.Dispose());
    }

    [Fact]
    public unsafe void The_same_requests_find_the_same_memory_again_whatever_their_sizes()
    {
        using AlignedBuffer held = AlignedBuffer.Rent(1); // so that no other thread takes this memory in between
        float* first = Fill();
        for (int i = 0; i < 10; i++)
        {
            Assert.True(first == Fill());
        }

        static float* Fill()
        {
            using AlignedBuffer large = AlignedBuffer.Rent(4_000_000);
            using (AlignedBuffer larger = AlignedBuffer.Rent(6_000_000))
            {
                using AlignedBuffer small = AlignedBuffer.Rent(17);
            }

            using AlignedBuffer last = AlignedBuffer.Rent(5_000_000);
            return last.Pointer;
        }
    }

    [Fact]
    public async Task Buffers_may_come_back_on_another_thread_and_threads_never_share()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                AlignedBuffer first = AlignedBuffer.Rent(10_000);
                first.Span.Fill(worker);
                await Task.Yield();
                using AlignedBuffer second = AlignedBuffer.Rent(20_000);
                second.Span.Fill(-worker - 1);
                Assert.Equal(-1, first.Span.IndexOfAnyExcept((float)worker));
                first.Dispose();
                await Task.Yield();
                Assert.Equal(-1, second.Span.IndexOfAnyExcept(-worker - 1f));
            }
        })));
    }

    [Fact]
    public unsafe void Requests_larger_than_a_slab_are_met()
    {
        using AlignedBuffer large = AlignedBuffer.Rent(20_000_000);
        large.Pointer[0] = large.Pointer[19_999_999] = 1;
        Assert.Equal(20_000_000, large.Length);
    }

    [Fact]
    public void What_is_in_use_outlives_a_release_of_what_is_idle()
    {
        using AlignedBuffer used = AlignedBuffer.Rent(1000);
        used.Span.Fill(3);
        ScratchMemory.ReleaseIdle();
        using AlignedBuffer other = AlignedBuffer.Rent(1_000_000);
        other.Span.Fill(4);
        Assert.Equal(-1, used.Span.IndexOfAnyExcept(3f));
    }

    [Fact]
    public unsafe void Memory_for_weights_never_overlaps_and_starts_on_cache_lines()
    {
        var random = new Random(6);
        var buffers = new List<AlignedBuffer>();
        for (int i = 0; i < 300; i++)
        {
            // A few are larger than what buffers are cut from.
            AlignedBuffer buffer = AlignedBuffer.AllocateUnset(i % 100 == 50 ? 9_000_000 : 1 + random.Next(100_000));
            Assert.Equal(0, (nint)buffer.Pointer % 64);
            buffer.Span.Fill(i);
            buffers.Add(buffer);
        }

        for (int i = 0; i < buffers.Count; i++)
        {
            Assert.Equal(-1, buffers[i].Span.IndexOfAnyExcept(i));
        }
    }

    [Fact]
    public void Memory_for_weights_goes_with_the_last_of_its_buffers()
    {
        long before = Environment.WorkingSet, most = 0;
        for (int i = 0; i < 100; i++)
        {
            // 40 MB each time, 4 GB together.
            Fill();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            most = Math.Max(most, Environment.WorkingSet - before);
        }

        // Tests beside this one use memory too.
        Assert.InRange(most, 0, 2_000_000_000);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Fill()
        {
            for (int part = 0; part < 10; part++)
            {
                AlignedBuffer buffer = AlignedBuffer.AllocateUnset(1_000_000);
                buffer.Span.Fill(part);
                GC.KeepAlive(buffer);
            }
        }
    }
}
