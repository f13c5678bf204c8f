using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Diarist.Cli;

/// <summary>
/// Opens files whose names are not UTF-8. .NET decodes arguments and shows U+FFFD for what it cannot decode, so that the
/// name leads nowhere; on Linux the bytes are in /proc/self/cmdline.
/// </summary>
internal static partial class UndecodedPath
{
    private const char Undecoded = '\uFFFD';
    private const int ReadOnlyAndCloseOnExec = 0x80000;

    /// <summary>The file of an argument with undecoded bytes.</summary>
    /// <returns>The file; <see langword="null"/> for every other argument and where there is no such file.</returns>
    public static FileStream? TryOpen(string argument)
    {
        if (!argument.Contains(Undecoded, StringComparison.Ordinal) || !OperatingSystem.IsLinux() || File.Exists(argument))
        {
            return null;
        }

        foreach (byte[] bytes in Arguments().Where(bytes => Encoding.UTF8.GetString(bytes) == argument))
        {
            int descriptor = Open([.. bytes, 0], ReadOnlyAndCloseOnExec);
            if (descriptor >= 0)
            {
                return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
            }
        }

        return null;
    }

    /// <summary>What to say of a file that is not there: where its name was found in a folder and holds undecoded bytes, it cannot be opened by its name.</summary>
    public static string Missing(string path) => path.Contains(Undecoded, StringComparison.Ordinal)
        ? "the name of the file, or of a folder above it, is not UTF-8, so that it cannot be opened here (\uFFFD stands for what is not); rename it, for instance with `convmv -f latin1 -t utf8 --notest -r FOLDER`"
        : "there is no such file";

    private static IEnumerable<byte[]> Arguments()
    {
        byte[] all = File.ReadAllBytes("/proc/self/cmdline");
        for (int start = 0; start < all.Length;)
        {
            int length = all.AsSpan(start).IndexOf((byte)0) is >= 0 and int found ? found : all.Length - start;
            yield return all[start..(start + length)];
            start += length + 1;
        }
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte[] path, int flags);
}
