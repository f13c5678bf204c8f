namespace Diarist.Processes;

/// <summary>
/// A folder for temporary files that only this user may enter (mode 0700 on Unix); deleted when disposed. Folders that
/// a killed process left behind are deleted when the next one makes its first.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "diarist-tmp-";
    private const string LockFile = ".lock";
    private static readonly TimeSpan NewestLeftover = TimeSpan.FromMinutes(1);
    private static readonly Lazy<int> Swept = new(Sweep);

    // Held while the process lives: a folder whose lock can be taken belongs to nobody any more.
    private readonly FileStream _lock;

    /// <summary>Makes the folder.</summary>
    /// <exception cref="InputException">The system's folder for temporary files cannot be written.</exception>
    public TemporaryFolder()
    {
        _ = Swept.Value;
        FullName = Make();
        HostShutdown.AddFiles(this, Delete);
        _lock = new FileStream(PathOf(LockFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>The path of the folder.</summary>
    public string FullName { get; }

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string file) => Path.Combine(FullName, file);

    /// <summary>Deletes the folder with all its files.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Delete();
        HostShutdown.Remove(this);
    }

    private static string Make()
    {
        try
        {
            return Directory.CreateTempSubdirectory(Prefix).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
            throw new InputException(Path.GetTempPath(), $"no folder for temporary files can be made there: {OutputFile.Reason(error)}; {variable} can name another place", error);
        }
    }

    /// <summary>Deletes the folders of processes that have ended.</summary>
    /// <returns>How many were deleted.</returns>
    internal static int Sweep()
    {
        int deleted = 0;
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
            {
                deleted += IsAbandoned(folder) && TryDelete(folder) ? 1 : 0;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Sweeping is a courtesy; what is not deleted now is deleted next time.
        }

        return deleted;
    }

    private static bool IsAbandoned(string folder)
    {
        // What another user made, or a link, is never touched: its content could change while it is deleted.
        if (!FileIdentity.IsOwnFolder(folder))
        {
            return false;
        }

        try
        {
            string path = Path.Combine(folder, LockFile);
            if (!File.Exists(path))
            {
                return DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > NewestLeftover;
            }

            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Delete()
    {
        if (Directory.Exists(FullName))
        {
            Directory.Delete(FullName, recursive: true);
        }
    }
}
