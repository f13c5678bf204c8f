using System.Runtime.InteropServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// What one thread's rented buffers are cut from: a few large slabs with a list of free ranges, in which neighbours are
/// joined again when they come back. The layers of all networks thereby use the same memory one after the other, whatever
/// the sizes of their maps; a pool of buffers by size would keep the largest of every size for ever.
/// </summary>
/// <remarks>
/// A thread takes an idle memory with its first buffer and leaves it with its last, so a memory belongs to one network call at a time,
/// every call of the same shape finds the same layout, and what a process holds is bounded by the calls that ran at once.
/// Buffers may come back on another thread. Of several idle memories the one goes first of which most was in use before: the first touch of a page is slow.
/// </remarks>
internal sealed unsafe class ScratchMemory
{
    /// <summary>Values of a slab, 64 MiB; a system that gives out memory when it is touched gives only what is used.</summary>
    private const int SlabLength = 1 << 24;

    /// <summary>Ranges are whole cache lines.</summary>
    private const int Granule = AlignedBuffer.Alignment;

    private static readonly Lock IdleLock = new();
    private static readonly List<ScratchMemory> Idle = [];

    [ThreadStatic]
    private static ScratchMemory? t_current;

    private readonly Lock _lock = new();
    private readonly List<Slab> _slabs = [];
    private long _used;
    private long _mostUsed;
    private int _rented;
    private int _owner;

    /// <summary>Takes at least <paramref name="length"/> values; they hold whatever was there before.</summary>
    public static ScratchRange Rent(int length)
    {
        int size = checked((Math.Max(length, 1) + Granule - 1) / Granule * Granule);
        if (t_current is { } current && current.TryRent(size, out ScratchRange range))
        {
            return range;
        }

        ScratchMemory memory = TakeIdle() ?? new ScratchMemory();
        memory.Own();
        t_current = memory;
        return memory.TryRent(size, out range) ? range : throw new InvalidOperationException("Scratch memory was taken by two threads.");
    }

    /// <summary>
    /// Lets go of all memory that no call is using: after a long recording its clustering needs it more than the next recording does.
    /// </summary>
    public static void ReleaseIdle()
    {
        while (TakeIdle() is { } memory)
        {
            foreach (Slab slab in memory._slabs)
            {
                slab.Dispose();
            }
        }
    }

    /// <summary>Gives a range back.</summary>
    public void Return(in ScratchRange range)
    {
        lock (_lock)
        {
            range.Slab.Return(range.Start, range.Length);
            _used -= range.Length;
            if (--_rented > 0)
            {
                return;
            }

            _owner = 0;
        }

        lock (IdleLock)
        {
            Idle.Add(this);
        }
    }

    /// <summary>The idle memory of which most was in use before; null when none is idle.</summary>
    private static ScratchMemory? TakeIdle()
    {
        lock (IdleLock)
        {
            ScratchMemory? fullest = null;
            foreach (ScratchMemory memory in Idle)
            {
                fullest = fullest is null || memory._mostUsed > fullest._mostUsed ? memory : fullest;
            }

            _ = fullest is not null && Idle.Remove(fullest);
            return fullest;
        }
    }

    private void Own()
    {
        lock (_lock)
        {
            _owner = Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>Takes a range unless another thread has this memory by now.</summary>
    private bool TryRent(int size, out ScratchRange range)
    {
        lock (_lock)
        {
            range = default;
            if (_owner != Environment.CurrentManagedThreadId)
            {
                return false;
            }

            int start = -1;
            Slab? slab = _slabs.Find(slab => slab.TryTake(size, out start));
            if (slab is null)
            {
                slab = new Slab(Math.Max(size, SlabLength));
                _slabs.Add(slab);
                slab.TryTake(size, out start);
            }

            range = new ScratchRange(this, slab, start, size);
            _rented++;
            _used += size;
            _mostUsed = Math.Max(_mostUsed, _used);
            return true;
        }
    }

    /// <summary>
    /// Values that never move, and which of them are free. They lie outside the managed heap: that would touch all of them, and keep
    /// them until some collection finds out that nobody needs them.
    /// </summary>
    internal sealed class Slab : IDisposable
    {
        private readonly List<(int Start, int Length)> _free;

        /// <summary>Takes memory from the system, all of it free.</summary>
        public Slab(int length)
        {
            nuint bytes = (nuint)length * sizeof(float);
            bool large = LargePages.Suit(bytes);
            Pointer = (float*)NativeMemory.AlignedAlloc(bytes, large ? LargePages.Bytes : (nuint)Granule * sizeof(float));
            if (large)
            {
                LargePages.Ask(Pointer, bytes);
            }

            _free = [(0, length)];
        }

        ~Slab() => Free();

        /// <summary>The first value.</summary>
        public float* Pointer { get; private set; }

        /// <summary>Gives the memory back to the system.</summary>
        public void Dispose()
        {
            Free();
            GC.SuppressFinalize(this);
        }

        /// <summary>Takes the beginning of the first free range that is large enough: what lies far behind is never touched.</summary>
        public bool TryTake(int length, out int start)
        {
            int index = _free.FindIndex(range => range.Length >= length);
            start = index < 0 ? -1 : _free[index].Start;
            if (index < 0)
            {
                return false;
            }

            if (_free[index].Length == length)
            {
                _free.RemoveAt(index);
            }
            else
            {
                _free[index] = (start + length, _free[index].Length - length);
            }

            return true;
        }

        /// <summary>Puts a range back between its neighbours.</summary>
        public void Return(int start, int length)
        {
            int next = 0;
            while (next < _free.Count && _free[next].Start < start)
            {
                next++;
            }

            if (next < _free.Count && start + length == _free[next].Start)
            {
                length += _free[next].Length;
                _free.RemoveAt(next);
            }

            if (next > 0 && _free[next - 1].Start + _free[next - 1].Length == start)
            {
                _free[next - 1] = (_free[next - 1].Start, _free[next - 1].Length + length);
            }
            else
            {
                _free.Insert(next, (start, length));
            }
        }

        private void Free()
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = null;
        }
    }
}

/// <summary>A range of scratch memory.</summary>
/// <param name="Memory">Where it goes back to.</param>
/// <param name="Slab">What it lies in.</param>
/// <param name="Start">Its first value.</param>
/// <param name="Length">Its values.</param>
internal readonly unsafe record struct ScratchRange(ScratchMemory Memory, ScratchMemory.Slab Slab, int Start, int Length)
{
    /// <summary>The first value, on a 64-byte boundary.</summary>
    public float* Pointer => Slab.Pointer + Start;
}
