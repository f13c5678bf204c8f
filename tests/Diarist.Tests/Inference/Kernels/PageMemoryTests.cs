using Diarist.Inference.Kernels;

namespace Diarist.Tests.Inference.Kernels;

public unsafe class PageMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(2 * (int)LargePages.Bytes)]
    [InlineData((5 * (int)LargePages.Bytes) + 8)]
    public void All_of_the_memory_can_be_written_and_read(int bytes)
    {
        using var memory = new PageMemory((nuint)bytes);
        var span = new Span<byte>(memory.Pointer, bytes);
        span.Fill(7);
        Assert.Equal(-1, span.IndexOfAnyExcept((byte)7));
        memory.Dispose();
        Assert.True(memory.Pointer is null);
    }

    [Fact]
    public void Large_arrays_of_zeros_are_zeros_wherever_they_lie()
    {
        for (int round = 0; round < 20; round++)
        {
            // What earlier rounds left in the heap is not zero.
            int[] array = LargePages.Zeros<int>(700_000 + (round * 1000));
            Assert.Equal(-1, array.AsSpan().IndexOfAnyExcept(0));
            array.AsSpan().Fill(round + 1);
        }
    }
}
