using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Diarist.Processes;

/// <summary>
/// What .NET does not tell of a file on Linux: its kind, owner and identity. Source: statx(2), whose structure has the same layout on
/// every architecture. Elsewhere files count as regular ones of this user, which Windows and macOS make likely by their folders for each user.
/// </summary>
public static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;
    private const int KindMask = 0xf000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;

    /// <summary>Whether a path leads to something that is neither a regular file nor a folder: a device, a FIFO, a socket. Links are followed.</summary>
    public static bool IsSpecial(string path) =>
        TryStat(path, follow: true, out Status status)
            ? status.Kind is not (Regular or Folder)
            : !OperatingSystem.IsWindows() && !OperatingSystem.IsLinux() && path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Whether two paths lead to the same file, by whatever links.</summary>
    public static bool AreSame(string one, string other) =>
        TryStat(one, follow: true, out Status first) && TryStat(other, follow: true, out Status second)
            ? (first.Device, first.Node) == (second.Device, second.Node)
            : string.Equals(FinalPath(one), FinalPath(other), OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>Whether a path is a folder itself, not a link to one, and belongs to this user.</summary>
    public static bool IsOwnFolder(string path) =>
        OperatingSystem.IsLinux()
            ? TryStat(path, follow: false, out Status status) && status.Kind == Folder && status.Owner == EffectiveUser()
            : new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    /// <summary>Where a path leads after its last component's links are followed; the file need not exist.</summary>
    public static string FinalPath(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (FileNotFoundException)
        {
            return full;
        }
        catch (DirectoryNotFoundException)
        {
            return full;
        }
    }

    private static unsafe bool TryStat(string path, bool follow, out Status status)
    {
        status = default;
        if (!OperatingSystem.IsLinux() || path.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* bytes = buffer)
        {
            try
            {
                if (Statx(CurrentFolder, path, follow ? 0 : NoFollow, BasicStats, bytes) != 0)
                {
                    return false;
                }
            }
            catch (EntryPointNotFoundException)
            {
                // A C library older than 2018.
                return false;
            }
        }

        status = new Status(
            BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]) & KindMask,
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]),
            BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(buffer[136..]));
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    /// <param name="Kind">The kind, as in the mode's upper bits.</param>
    /// <param name="Owner">The user's number.</param>
    /// <param name="Node">The inode.</param>
    /// <param name="Device">The device, both numbers.</param>
    private readonly record struct Status(int Kind, uint Owner, ulong Node, ulong Device);
}
