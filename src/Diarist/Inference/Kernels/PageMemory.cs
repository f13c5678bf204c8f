using System.Runtime.InteropServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// A large piece of memory for a short time, in large pages where the system has them: asked for from the system itself and given back to it at once.
/// On the managed heap it would stay until some collection, and a general allocator keeps what was freed.
/// </summary>
internal sealed unsafe partial class PageMemory : IDisposable
{
    // PROT_READ | PROT_WRITE, and MAP_PRIVATE | MAP_ANONYMOUS of Linux.
    private const int ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    private readonly nuint _mapped;
    private void* _start;

    /// <summary>Takes memory that holds anything.</summary>
    /// <param name="bytes">The length.</param>
    /// <exception cref="InsufficientMemoryException">The system gives none.</exception>
    public PageMemory(nuint bytes)
    {
        if (!LargePages.Suit(bytes))
        {
            Pointer = _start = NativeMemory.Alloc(bytes);
            return;
        }

        // A large page begins at a multiple of its size, so somewhat more is mapped; only what is touched takes memory.
        _mapped = bytes + LargePages.Bytes;
        _start = Map(null, _mapped, ReadAndWrite, PrivateAndAnonymous, file: -1, offset: 0);
        if ((nint)_start == -1)
        {
            _start = null;
            throw new InsufficientMemoryException();
        }

        Pointer = (void*)(((nuint)_start + LargePages.Bytes - 1) / LargePages.Bytes * LargePages.Bytes);
        LargePages.Ask(Pointer, bytes);
    }

    ~PageMemory() => Free();

    /// <summary>The first byte. The pointer does not keep the memory.</summary>
    public void* Pointer { get; private set; }

    /// <summary>Gives the memory back to the system.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_mapped > 0 && _start is not null)
        {
            _ = Unmap(_start, _mapped);
        }
        else
        {
            NativeMemory.Free(_start);
        }

        _start = Pointer = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* start, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* start, nuint length);
}
