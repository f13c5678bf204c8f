using System.Runtime.InteropServices;

namespace Diarist.Cli;

/// <summary>Standard output of a command that goes on until its input ends.</summary>
internal static partial class StandardOutput
{
    private const int Descriptor = 1;
    private const short Broken = 8;

    /// <summary>Writes bytes at once.</summary>
    /// <exception cref="InputException">They cannot be written, or nobody reads them any more.</exception>
    public static void Write(Stream console, byte[] bytes)
    {
        // .NET takes writing to a pipe that nobody reads for a success, and the command would go on for nobody.
        if (IsBroken())
        {
            throw new InputException("standard output", "cannot be written: nobody reads it any more");
        }

        OutputTarget.Guard("standard output", () =>
        {
            console.Write(bytes);
            console.Flush();
        });
    }

    private static bool IsBroken()
    {
        var asked = new Polled { Descriptor = Descriptor };
        return !OperatingSystem.IsWindows() && Poll(ref asked, 1, 0) > 0 && (asked.Returned & Broken) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Polled asked, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Wanted;
        public short Returned;
    }
}
