using System.Runtime.InteropServices;

namespace Diarist.Cli;

/// <summary>Standard input: how the command line calls it, and its bytes.</summary>
internal static partial class StandardInput
{
    /// <summary>How the command line calls it.</summary>
    public const string Argument = "-";

    /// <summary>What messages call it.</summary>
    public const string Name = "standard input";

    private const int Descriptor = 0;
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>Its bytes, from the first that nobody has read.</summary>
    /// <exception cref="InputException">It was closed when this process started (<c>&lt;&amp;-</c> in a shell).</exception>
    public static Stream Open() => WasClosed() ? throw new InputException(Name, "it is closed") : Console.OpenStandardInput();

    // The runtime takes the lowest free descriptor for a pipe of its own, to which nobody writes: a read from it would never end.
    // What a process inherits is never marked to be closed by exec, what the runtime opens always is.
    private static bool WasClosed() => !OperatingSystem.IsWindows() && ReadDescriptor(Descriptor, GetFlags) is -1 or CloseOnExec;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ReadDescriptor(int descriptor, int command);
}
