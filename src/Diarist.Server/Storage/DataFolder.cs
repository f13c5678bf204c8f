using System.Security.Cryptography;
using Diarist.Processes;

namespace Diarist.Server.Storage;

/// <summary>
/// The files of the server: the database, and a folder for each job. Names are made here and never come from clients; folders are this user's
/// own and no links.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const int IdBytes = 16;
    private const string Recordings = "recordings";

    private readonly string _root;
    private readonly FileStream _lock;

    /// <summary>Makes the folder, and holds it for this process alone.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It cannot be made, belongs to somebody else, is a link, or another server uses it.</exception>
    public DataFolder(string path)
    {
        _root = Path.GetFullPath(path);
        try
        {
            Make(_root);
            Make(Path.Combine(_root, Recordings));
            _lock = new FileStream(Own("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, File.Exists(path) ? "is a file; the server keeps its data in a folder, which --data names" : $"the server's data cannot be kept here: {error.Message.TrimEnd('.')}; another server may use the folder", error);
        }
    }

    /// <summary>The database.</summary>
    public string Database => Own("jobs.db");

    /// <summary>A new identifier, which nobody can guess.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Whether a text could be an identifier.</summary>
    public static bool IsId(string text) => text.Length == 2 * IdBytes && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The recording of a job.</summary>
    public string AudioOf(string id) => In(id, "audio");

    /// <summary>The session of a job.</summary>
    public string SessionOf(string id) => In(id, "session.diarist");

    /// <summary>A copy of the recording that browsers play.</summary>
    public string PlaybackOf(string id) => In(id, "playback.wav");

    /// <summary>Makes the folder of a job.</summary>
    public void MakeFor(string id) => Make(Path.Combine(_root, Recordings, id));

    /// <summary>Deletes everything of a job.</summary>
    public void Delete(string id)
    {
        string folder = Path.Combine(_root, Recordings, id);
        if (IsId(id) && Directory.Exists(folder) && FileIdentity.IsOwnFolder(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The identifiers of all folders.</summary>
    public IEnumerable<string> Ids() => Directory.EnumerateDirectories(Path.Combine(_root, Recordings)).Select(path => Path.GetFileName(path)).Where(IsId);

    /// <summary>The bytes on the disk for a job.</summary>
    public long SizeOf(string id)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, Recordings, id));
        return folder.Exists ? folder.EnumerateFiles().Sum(file => file.Length) : 0;
    }

    /// <summary>Frees the folder for another process.</summary>
    public void Dispose() => _lock.Dispose();

    private string In(string id, string file)
    {
        string folder = Path.Combine(_root, Recordings, id);
        return IsId(id) && FileIdentity.IsOwnFolder(folder) ? NoLink(Path.Combine(folder, file)) : throw new InputException(id, "its folder is not there, or not this server's own");
    }

    private string Own(string file) => NoLink(Path.Combine(_root, file));

    // A link would let whoever can write here once make the server read or overwrite a file elsewhere.
    private static string NoLink(string path) =>
        new FileInfo(path).LinkTarget is null ? path : throw new InputException(path, "is a symbolic link; the server's data holds none");

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (!FileIdentity.IsOwnFolder(folder))
        {
            throw new InputException(folder, "is not a folder of this user, or a symbolic link; the server keeps its data in neither");
        }
    }
}
