using System.Runtime.InteropServices;

namespace Diarist.Inference.Kernels;

/// <summary>
/// Memory in pages of 2 MiB where Linux gives them when asked. The first touch of a small page costs a call into the kernel, up to 10 µs on a virtual machine,
/// and a large page replaces 512 of them.
/// </summary>
internal static unsafe partial class LargePages
{
    /// <summary>Bytes of a large page on x64 and, mostly, on Arm.</summary>
    public const uint Bytes = 1 << 21;

    // MADV_HUGEPAGE of Linux.
    private const int Advice = 14;

    /// <summary>Whether memory of so many bytes is worth large pages here.</summary>
    public static bool Suit(nuint bytes) => OperatingSystem.IsLinux() && bytes >= 2 * Bytes;

    /// <summary>Asks for large pages. Where the system has none to give, the memory has small ones as before, so the answer does not matter.</summary>
    /// <param name="start">A multiple of <see cref="Bytes"/>.</param>
    /// <param name="bytes">The length.</param>
    public static void Ask(void* start, nuint bytes) => _ = Advise(start, bytes, Advice);

    /// <summary>A managed array that holds anything, in large pages where it is large and its memory is new.</summary>
    public static TElement[] Unset<TElement>(int length)
        where TElement : unmanaged
    {
        TElement[] array = GC.AllocateUninitializedArray<TElement>(length);
        nuint bytes = (nuint)length * (nuint)sizeof(TElement);
        if (OperatingSystem.IsLinux() && bytes >= Bytes)
        {
            // What lies before and behind it belongs to the managed heap too. Where the array moves to does not matter: it is touched by then.
            fixed (TElement* start = array)
            {
                nuint first = (nuint)start / Bytes * Bytes, end = ((nuint)start + bytes + Bytes - 1) / Bytes * Bytes;
                Ask((void*)first, end - first);
            }
        }

        return array;
    }

    /// <summary>A managed array of zeros, as <see cref="Unset"/>.</summary>
    public static TElement[] Zeros<TElement>(int length)
        where TElement : unmanaged
    {
        TElement[] array = Unset<TElement>(length);
        Array.Clear(array);
        return array;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
