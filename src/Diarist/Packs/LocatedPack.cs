using System.Security.Cryptography;

namespace Diarist.Packs;

/// <summary>A pack that was found, with all the files that its network needs.</summary>
public sealed class LocatedPack
{
    private readonly Dictionary<string, PackFileVariant> _checked = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    internal LocatedPack(PackDescription pack, PackLevel level)
    {
        Pack = pack;
        Level = level;
        Folder = IsInside ? "" : Path.Combine(level.Folder, pack.Id);
    }

    /// <summary>A pack that a kept result names: for credits only, its files are not here.</summary>
    /// <param name="pack">What is known of it; each file has the one variant that was used.</param>
    internal static LocatedPack Remembered(PackDescription pack)
    {
        var located = new LocatedPack(pack, new PackLevel("session", ""));
        foreach (PackFile file in pack.Files)
        {
            located._checked.Add(file.Name, file.Variants[0]);
        }

        return located;
    }

    /// <summary>The pack's entry in the catalog, or its own description when it was imported.</summary>
    public PackDescription Pack { get; }

    /// <summary>The folder that holds the files; empty for a network inside the library.</summary>
    public string Folder { get; }

    /// <summary>The place where it was found.</summary>
    public PackLevel Level { get; }

    /// <summary>What names that place: <c>given folder</c>, <c>DIARIST_PACKS</c>, the path of a <c>diarist.json</c>, <c>user store</c>, or <c>inside</c>.</summary>
    public string Source => Level.Name;

    /// <summary>Whether this is a network inside the library, whose files have no path.</summary>
    public bool IsInside => Level.Name == PackLevel.Inside;

    /// <summary>The path of a file of the pack, once its content has been checked against the catalog.</summary>
    /// <param name="file">The name of the file as the catalog gives it.</param>
    /// <exception cref="PackException">The file is not there, leaves the place by a symbolic link, or is not what the catalog names; the message has the file and both hashes.</exception>
    /// <exception cref="ArgumentException">The pack has no such file.</exception>
    /// <exception cref="InvalidOperationException">The pack is inside the library.</exception>
    public string PathOf(string file)
    {
        Variant(file);
        return IsInside ? throw new InvalidOperationException($"{NameOf(file)} is inside the library and has no path.") : Path.Combine(Folder, file);
    }

    /// <summary>What errors call a file: its path, or <c>inside: id/file</c>.</summary>
    internal string NameOf(string file) => IsInside ? $"inside: {Pack.Id}/{file}" : Path.Combine(Folder, file);

    /// <summary>The bytes of a file inside the library, where they lie in memory, once they have been checked as <see cref="PathOf"/> does.</summary>
    internal ReadOnlyMemory<byte> Read(string file)
    {
        Variant(file);
        return InsidePacks.Read(Pack.Id, file);
    }

    /// <summary>Which accepted build of a file is here; checks its content as <see cref="PathOf"/> does.</summary>
    /// <param name="file">The name of the file as the catalog gives it.</param>
    /// <exception cref="PackException">As for <see cref="PathOf"/>.</exception>
    /// <exception cref="ArgumentException">The pack has no such file.</exception>
    public PackFileVariant Variant(string file)
    {
        lock (_lock)
        {
            if (!_checked.TryGetValue(file, out PackFileVariant? variant))
            {
                variant = Check(Entry(file));
                _checked.Add(file, variant);
            }

            return variant;
        }
    }

    /// <summary>Which of the pack's files are here, the optional ones among them.</summary>
    public IEnumerable<PackFile> PresentFiles => Pack.Files.Where(Has);

    /// <summary>Whether every file that the network needs is here.</summary>
    internal bool IsWhole => Pack.RequiredFiles.All(Has);

    private bool Has(PackFile file) => IsInside || File.Exists(Path.Combine(Folder, file.Name));

    private PackFile Entry(string file) =>
        Pack.Files.FirstOrDefault(entry => entry.Name == file)
        ?? throw new ArgumentException($"The pack {Pack.Id} has no file {file}.", nameof(file));

    private PackFileVariant Check(PackFile file)
    {
        if (IsInside)
        {
            return CheckInside(file);
        }

        string path = Path.Combine(Folder, file.Name);
        string found;
        try
        {
            if (!RealPath.IsInside(path, Level.Folder))
            {
                throw new PackException($"{path}: a symbolic link leads out of {Level.Folder}, to {RealPath.Of(path)}; put the file itself there.");
            }

            found = FileHash.Compute(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: the file cannot be read: {error.Message}", error);
        }

        return file.Variants.FirstOrDefault(variant => variant.Sha256 == found)
            ?? throw new PackException(
                $"{path}: this is not the file that the catalog names: expected SHA-256 {Expected(file, path)}, found {found}. "
                + "Replace it with a good copy, or remove it and obtain the pack again.")
            {
                Remedy = Remedy.ObtainPacks,
                RemedySubject = Pack.Id,
            };
    }

    private PackFileVariant CheckInside(PackFile file)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(InsidePacks.Read(Pack.Id, file.Name).Span));
        PackFileVariant variant = file.Variants[0];
        return found == variant.Sha256
            ? variant
            : throw new PackException(
                $"{NameOf(file.Name)}: the network {Pack.Title} inside the library is damaged: expected SHA-256 {variant.Sha256}, found {found}. Install Diarist.Models again.");
    }

    // The build of the same length is the one that was meant; without one, all are named.
    private static string Expected(PackFile file, string path)
    {
        long length = new FileInfo(path).Length;
        PackFileVariant? meant = file.Variants.FirstOrDefault(variant => variant.Bytes == length);
        return meant?.Sha256 ?? string.Join(" or ", file.Variants.Select(variant => variant.Sha256));
    }
}
