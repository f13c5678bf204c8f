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

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);
}
