using System.Text;

namespace Diarist.Identity;

/// <summary>
/// Voices in a folder, one encrypted file each under a random name, readable by their owner only. The folder alone tells nothing but how many there
/// are. A flipped bit, a file under another's name, another key or version is noticed. Not for several processes that write at once.
/// </summary>
public sealed class VoiceStore : IDisposable
{
    private const string HeaderFile = "voices.header";
    private const string Extension = ".voice";
    private const int MostVoices = 10_000;

    private static readonly byte[] ExportPlace = Encoding.UTF8.GetBytes("export");

    private readonly VoiceSeal _seal;
    private readonly Dictionary<Guid, (string Path, int Revision)> _files = [];

    private VoiceStore(string folder, VoiceSeal seal) => (Folder, _seal) = (folder, seal);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Whether a folder holds a store.</summary>
    public static bool Exists(string folder) => File.Exists(Path.Combine(folder, HeaderFile));

    /// <summary>Whether a passphrase, not a key file, opens a store or an exported file; <see langword="null"/> when there is none, or it is damaged.</summary>
    public static bool? NeedsPassphrase(string folder)
    {
        string path = Path.Combine(folder, HeaderFile);
        return File.Exists(path) && PrivateFile.Read(path, VoiceSeal.HeaderBytes) is { Length: VoiceSeal.HeaderBytes } header ? header[10] == 1 : null;
    }

    /// <summary>Makes a store.</summary>
    /// <param name="folder">Made when it is not there.</param>
    /// <param name="key">What will open it; the caller disposes it.</param>
    /// <exception cref="VoiceStoreException">There is one already.</exception>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static VoiceStore Create(string folder, VoiceKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(key);
        if (Exists(folder))
        {
            throw new VoiceStoreException(folder, "it is a store of voices already.");
        }

        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"cannot be made: {OutputFile.Reason(error)}", error);
        }

        VoiceSeal seal = VoiceSeal.Create(key);
        PrivateFile.Write(Path.Combine(folder, HeaderFile), seal.Header);
        return new VoiceStore(folder, seal);
    }

    /// <summary>Opens a store.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="key">What opens it; the caller disposes it.</param>
    /// <exception cref="VoiceStoreException">There is none, it is damaged, of another version, or the key does not open it.</exception>
    public static VoiceStore Open(string folder, VoiceKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(key);
        if (!Exists(folder))
        {
            throw new VoiceStoreException(folder, "no voices are kept there.");
        }

        string path = Path.Combine(folder, HeaderFile);
        return new VoiceStore(folder, VoiceSeal.Open(PrivateFile.Read(path, VoiceSeal.HeaderBytes), key, path));
    }

    /// <summary>All voices, by name.</summary>
    /// <exception cref="VoiceStoreException">A file is damaged or was tampered with.</exception>
    public IReadOnlyList<VoiceProfile> ReadAll()
    {
        _files.Clear();
        var profiles = new Dictionary<Guid, VoiceProfile>();
        string[] paths = [.. Directory.EnumerateFiles(Folder, "*" + Extension).Take(MostVoices + 1)];
        if (paths.Length > MostVoices)
        {
            throw new VoiceStoreException(Folder, $"it holds more than {MostVoices} voices.");
        }

        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            byte[] content = _seal.Open(PrivateFile.Read(path, VoiceProfileBytes.Most), PlaceOf(path), path);
            (VoiceProfile profile, int revision) = VoiceProfileBytes.Read(content, path);

            // Where writing was cut off between the new file and the erasure of the old one, the newer counts.
            if (!_files.TryGetValue(profile.Id, out (string Path, int Revision) known) || known.Revision < revision)
            {
                _files[profile.Id] = (path, revision);
                profiles[profile.Id] = profile;
            }
        }

        return [.. profiles.Values.OrderBy(profile => profile.Name, StringComparer.Ordinal)];
    }

    /// <summary>Keeps a voice. What was kept of it before is overwritten and deleted.</summary>
    /// <exception cref="VoiceStoreException">Another voice has its name; or a file is damaged.</exception>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Save(VoiceProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        IReadOnlyList<VoiceProfile> all = ReadAll();
        if (all.Any(other => other.Name == profile.Name && other.Id != profile.Id))
        {
            throw new VoiceStoreException(Folder, $"another voice is called {profile.Name}.");
        }

        bool replaces = _files.TryGetValue(profile.Id, out (string Path, int Revision) old);
        int revision = replaces ? old.Revision + 1 : 1;
        string path = Path.Combine(Folder, $"{Guid.NewGuid():N}{Extension}");
        PrivateFile.Write(path, _seal.Seal(VoiceProfileBytes.Write(profile, revision), PlaceOf(path)));
        if (replaces)
        {
            PrivateFile.Erase(old.Path);
        }

        _files[profile.Id] = (path, revision);
    }

    /// <summary>Overwrites and deletes a voice.</summary>
    /// <param name="id">Its identifier.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="InputException">Its file cannot be erased.</exception>
    public bool Remove(Guid id)
    {
        ReadAll();
        if (!_files.Remove(id, out (string Path, int Revision) file))
        {
            return false;
        }

        PrivateFile.Erase(file.Path);
        return true;
    }

    /// <summary>Writes a voice to a file of its own, for another machine.</summary>
    /// <param name="profile">The voice.</param>
    /// <param name="path">The file.</param>
    /// <param name="passphrase">What will open it.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Export(VoiceProfile profile, string path, VoiceKey passphrase)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(passphrase);
        using VoiceSeal seal = VoiceSeal.Create(passphrase);
        PrivateFile.Write(path, [.. seal.Header, .. seal.Seal(VoiceProfileBytes.Write(profile, 1), ExportPlace)]);
    }

    /// <summary>Reads a voice that <see cref="Export"/> wrote.</summary>
    /// <exception cref="VoiceStoreException">The file is damaged, of another version, or the passphrase does not open it.</exception>
    public static VoiceProfile Import(string path, VoiceKey passphrase)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(passphrase);
        byte[] bytes = PrivateFile.Read(path, VoiceProfileBytes.Most);
        using VoiceSeal seal = VoiceSeal.Open(bytes.AsSpan(0, Math.Min(bytes.Length, VoiceSeal.HeaderBytes)), passphrase, path);
        return VoiceProfileBytes.Read(seal.Open(bytes.AsSpan(VoiceSeal.HeaderBytes), ExportPlace, path), path).Profile;
    }

    /// <summary>Overwrites the key in memory.</summary>
    public void Dispose() => _seal.Dispose();

    private static byte[] PlaceOf(string path) => Encoding.UTF8.GetBytes(Path.GetFileNameWithoutExtension(path));
}
