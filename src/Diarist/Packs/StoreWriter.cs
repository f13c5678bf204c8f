using System.Text.Json;

namespace Diarist.Packs;

/// <summary>
/// The right to write into a folder of packs, held by one process at a time. Files come into being beside their place and are renamed into it,
/// so that a reader, or the next process after a crash, sees a whole file or none.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const string LockFile = ".lock";
    private const string PartFolder = ".partial";
    private const string NoticeFile = "NOTICE";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly string _root;
    private readonly FileStream _lock;

    private StoreWriter(string root, FileStream @lock) => (_root, _lock) = (root, @lock);

    /// <summary>Takes the lock of a folder of packs, which is made when it is not there. The system gives it back when the process dies.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="patience">How long to wait for another process.</param>
    /// <param name="waiting">Called once when there is a wait.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="PackDownloadException">The folder cannot be written, or another process kept it.</exception>
    public static async Task<StoreWriter> OpenAsync(string root, TimeSpan patience, Action? waiting, CancellationToken cancellationToken)
    {
        string path = Path.Combine(root, LockFile);
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Poll)
        {
            try
            {
                Directory.CreateDirectory(root);
                return Take(root, new FileStream(RefuseLink(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (IsHeldElsewhere(error))
            {
                if (waited >= patience)
                {
                    throw new PackDownloadException($"{root}: another process has been writing packs there for {patience.TotalSeconds:0} s; try again when it has ended.", error);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Trouble(root, error);
            }

            if (waited == TimeSpan.Zero)
            {
                waiting?.Invoke();
            }

            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Where a file with that hash comes into being; what an earlier process left is still there.</summary>
    public string PartPath(string sha256) => RefuseLink(Path.Combine(_root, PartFolder, sha256));

    /// <summary>Puts a whole part in its place.</summary>
    public void Install(string partPath, string id, string file) => File.Move(partPath, Path.Combine(FolderOf(id), file), overwrite: true);

    /// <summary>Writes a pack's own description beside its files.</summary>
    public void Describe(PackDescription pack)
    {
        string path = Path.Combine(FolderOf(pack.Id), PackRules.DescriptionFile);
        string beside = RefuseLink(Path.Combine(_root, PartFolder, $"{pack.Id}.json"));
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(pack, PackJson.Default.PackDescription));
        File.Move(beside, path, overwrite: true);
    }

    /// <summary>Writes the attributions of all networks beside the packs, as their licences ask of whoever hands them on.</summary>
    public void Notices()
    {
        string beside = RefuseLink(Path.Combine(_root, PartFolder, NoticeFile));
        File.WriteAllText(beside, PackCatalog.Notices);
        File.Move(beside, Path.Combine(_root, NoticeFile), overwrite: true);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        string parts = Path.Combine(_root, PartFolder);
        if (Directory.Exists(parts) && !Directory.EnumerateFileSystemEntries(parts).Any())
        {
            Directory.Delete(parts);
        }

        _lock.Dispose();
    }

    /// <summary>What an error while writing means to the user.</summary>
    public static PackDownloadException Trouble(string place, Exception error)
    {
        // ENOSPC, EDQUOT (Linux, macOS) and ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
        bool full = error.HResult is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
        return new PackDownloadException(
            full
                ? $"{place}: the disk is full. Make room and pull again (it goes on where it stopped), or name another folder."
                : $"{place}: the folder of packs cannot be written: {error.Message} Name another folder.",
            error)
        {
            Remedy = Remedy.ChooseStore,
        };
    }

    private static StoreWriter Take(string root, FileStream held)
    {
        try
        {
            Directory.CreateDirectory(RefuseLink(Path.Combine(root, PartFolder)));
            return new StoreWriter(root, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // EAGAIN on Linux, EAGAIN on macOS, ERROR_SHARING_VIOLATION.
    private static bool IsHeldElsewhere(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private string FolderOf(string id)
    {
        string folder = RefuseLink(Path.Combine(_root, id));
        Directory.CreateDirectory(folder);
        return folder;
    }

    // A link in a store could lead a write out of it.
    private static string RefuseLink(string path) =>
        new FileInfo(path).LinkTarget is null && new DirectoryInfo(path).LinkTarget is null
            ? path
            : throw new PackDownloadException($"{path}: it is a symbolic link; packs are not written through links. Remove it and try again.");
}
