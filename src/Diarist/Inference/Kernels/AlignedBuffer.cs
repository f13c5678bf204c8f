using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Float32 memory that starts on a 64-byte boundary (one cache line, one 512-bit vector) and never moves, so that
/// kernels may hold plain pointers into it. <see cref="Rent"/> takes it from the thread's <see cref="ScratchMemory"/> and
/// <see cref="Dispose"/> gives it back; <see cref="Allocate"/> makes memory that lives as long as the object.
/// Misaligned scratch costs a third of the speed of the GEMM tiles.
/// </summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>Values between the boundaries that buffers start on.</summary>
    public const int Alignment = 64 / sizeof(float);

    /// <summary>Values of the memory that weights are cut from, 32 MiB: in pieces of their own most would be too small for a large page. What is not used is never touched.</summary>
    private const int SlabLength = 1 << 23;

    // Weak: the memory goes when the last of its buffers does.
    [ThreadStatic]
    private static WeakReference<ScratchMemory.Slab>? t_slab;

    private readonly float[]? _memory;
    private readonly ScratchMemory.Slab? _slab;
    private ScratchRange? _rented;

    private AlignedBuffer(float[] memory, int length)
    {
        _memory = memory;
        nint address = (nint)Unsafe.AsPointer(ref _memory[0]);
        Pointer = (float*)((address + 63) & ~(nint)63);
        Length = length;
    }

    private AlignedBuffer(ScratchMemory.Slab slab, int start, int length)
    {
        _slab = slab;
        Pointer = slab.Pointer + start;
        Length = length;
    }

    private AlignedBuffer(ScratchRange range, int length)
    {
        _rented = range;
        Pointer = range.Pointer;
        Length = length;
    }

    /// <summary>The first value. The pointer does not keep the memory: who uses it keeps the buffer (<see cref="GC.KeepAlive"/>) or disposes of it afterwards.</summary>
    public float* Pointer { get; }

    /// <summary>The number of values.</summary>
    public int Length { get; }

    /// <summary>All values. Like <see cref="Pointer"/>, the span does not keep the memory.</summary>
    public Span<float> Span => new(Pointer, Length);

    /// <summary>Memory of its own, filled with zeros.</summary>
    public static AlignedBuffer Allocate(int length) => new(GC.AllocateArray<float>(checked(length + Alignment), pinned: true), length);

    /// <summary>Memory for weights that holds anything, for who fills all of it; outside the managed heap, which would clear it first.</summary>
    public static AlignedBuffer AllocateUnset(int length)
    {
        int size = checked((length + Alignment - 1) / Alignment * Alignment), start = 0;
        if (t_slab?.TryGetTarget(out ScratchMemory.Slab? slab) != true || !slab!.TryTake(size, out start))
        {
            slab = new ScratchMemory.Slab(Math.Max(size, SlabLength));
            slab.TryTake(size, out start);
            t_slab = new WeakReference<ScratchMemory.Slab>(slab);
        }

        return new AlignedBuffer(slab, start, length);
    }

    /// <summary>Takes <paramref name="length"/> values that hold whatever was there before.</summary>
    public static AlignedBuffer Rent(int length) => new(ScratchMemory.Rent(length), length);

    /// <summary>Gives rented memory back; its pointers must not be used any more.</summary>
    public void Dispose()
    {
        if (_rented is { } range)
        {
            _rented = null;
            range.Memory.Return(range);
        }
    }
}
