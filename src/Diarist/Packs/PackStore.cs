using System.Text.Json;

namespace Diarist.Packs;

/// <summary>Where to look for packs, besides the usual places.</summary>
public sealed record PackStoreOptions
{
    /// <summary>A folder to look in first.</summary>
    public string? Folder { get; init; }

    /// <summary>Catalog files of the user, added to the built-in catalog after those of the variable <c>DIARIST_CATALOG</c>.</summary>
    public IReadOnlyList<string> CatalogFiles { get; init; } = [];

    internal PackEnvironment Environment { get; init; } = PackEnvironment.Current;
}

/// <summary>
/// Finds packs on this machine. Looks, in this order, in the folder given, in those of <c>DIARIST_PACKS</c>, in the <c>packSources</c> of the
/// nearest <c>diarist.json</c> upwards from the working directory, and in the user's own store; the first place that has a pack whole wins.
/// The networks that come with the library are found last. Never touches the network.
/// </summary>
public sealed class PackStore
{
    private const string CatalogVariable = "DIARIST_CATALOG";

    private PackStore(PackCatalog catalog, IReadOnlyList<PackLevel> levels, PackEnvironment environment)
    {
        Catalog = catalog;
        Levels = levels;
        Environment = environment;
    }

    /// <summary>The packs that are known.</summary>
    public PackCatalog Catalog { get; }

    /// <summary>The folders, each shadowing the next; what is inside the library comes after them.</summary>
    public IReadOnlyList<PackLevel> Levels { get; }

    /// <summary>The user's own store, into which packs are pulled and imported; null when the machine names no home.</summary>
    public string? UserStore => Environment.UserStore;

    internal PackEnvironment Environment { get; }

    /// <summary>Reads the environment, the nearest <c>diarist.json</c> and the catalogs.</summary>
    /// <exception cref="PackException">The folder given does not exist.</exception>
    /// <exception cref="InputException">A <c>diarist.json</c> or a catalog cannot be used.</exception>
    public static PackStore Open(PackStoreOptions? options = null)
    {
        options ??= new PackStoreOptions();
        PackEnvironment environment = options.Environment;
        IEnumerable<string> named = (environment.Value(CatalogVariable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(options.CatalogFiles);
        PackCatalog catalog = named.Aggregate(
            PackCatalog.BuiltIn,
            (known, file) => known.With(Path.GetFullPath(file, environment.WorkingDirectory())));
        return new PackStore(catalog, PackLevel.Find(options.Folder, environment), environment);
    }

    /// <summary>The pack of that name from the first place that has it whole, or null. Contents are checked when its files are asked for.</summary>
    /// <exception cref="PackException">A folder's own description of an imported pack is damaged.</exception>
    public LocatedPack? Find(string id) => FindAll(id).FirstOrDefault();

    /// <summary>The pack of that name inside the library, whatever folders have; null when it does not come with the library.</summary>
    public LocatedPack? FindInside(string id) => Environment.HasInside ? InsidePacks.Find(id, Catalog) : null;

    /// <summary>The pack of that name.</summary>
    /// <exception cref="MissingPacksException">It is in none of the places.</exception>
    /// <exception cref="PackException">No pack of that name is known.</exception>
    public LocatedPack Require(string id) => RequireAll(id)[0];

    /// <summary>Several packs; when some are missing, one error names them all.</summary>
    /// <returns>The packs in the order of the names.</returns>
    /// <exception cref="MissingPacksException">Some are in none of the places.</exception>
    /// <exception cref="PackException">One of the names is not known.</exception>
    public IReadOnlyList<LocatedPack> RequireAll(params IReadOnlyList<string> ids)
    {
        var found = new List<LocatedPack>();
        var missing = new List<PackDescription>();
        foreach (string id in ids)
        {
            if (Find(id) is { } pack)
            {
                found.Add(pack);
            }
            else
            {
                missing.Add(Known(id));
            }
        }

        return missing.Count == 0 ? found : throw new MissingPacksException(missing, [.. missing.SelectMany(pack => Incomplete(pack))]);
    }

    /// <summary>Every pack of the catalog and every imported one that some place holds: the entry, and where it was found or null.</summary>
    public IReadOnlyList<(PackDescription Pack, LocatedPack? Found)> All()
    {
        var all = Catalog.Packs.Select(pack => (Pack: pack, Found: Find(pack.Id))).ToList();
        IEnumerable<string> imported = Levels
            .Where(level => Directory.Exists(level.Folder))
            .SelectMany(level => Directory.EnumerateFiles(level.Folder, PackRules.DescriptionFile, OneFolderDown))
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
            .Where(id => Catalog.Find(id) is null)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        all.AddRange(imported.Select(Find).OfType<LocatedPack>().Select(found => (found.Pack, (LocatedPack?)found)));
        return all;
    }

    /// <summary>The folder of packs that is written to: the one given, or the user's own store.</summary>
    /// <param name="into">A folder; <see langword="null"/> for the user's own store.</param>
    /// <exception cref="PackException">None is given and the machine names no home.</exception>
    public string FolderToWrite(string? into) =>
        into is not null
            ? Path.GetFullPath(into)
            : UserStore ?? throw new PackException("this machine names no home folder to keep packs in; name a folder.") { Remedy = Remedy.ChooseStore };

    /// <summary>The entry of a pack that must be known.</summary>
    /// <exception cref="PackException">It is not known.</exception>
    public PackDescription Known(string id) =>
        Catalog.Find(id)
        ?? throw new PackException($"no pack is called \"{id}\"; known are {string.Join(", ", Catalog.Packs.Select(pack => pack.Id))}.");

    /// <summary>The pack wherever it is whole, in the order of the places.</summary>
    public IEnumerable<LocatedPack> FindAll(string id)
    {
        if (!PackRules.IsSafeName(id))
        {
            yield break;
        }

        foreach (PackLevel level in Levels)
        {
            if (Look(level, id) is { IsWhole: true } pack)
            {
                yield return pack;
            }
        }

        if (FindInside(id) is { } inside)
        {
            yield return inside;
        }
    }

    /// <summary>The pack in one folder of packs, whole or not, or null when that folder has nothing of it.</summary>
    internal LocatedPack? Look(PackLevel level, string id)
    {
        string folder = Path.Combine(level.Folder, id);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        PackDescription? description = Catalog.Find(id) ?? OwnDescription(folder, id);
        if (description is null || description.Files.Count == 0)
        {
            return null;
        }

        var pack = new LocatedPack(description, level);
        return pack.PresentFiles.Any() ? pack : null;
    }

    private static readonly EnumerationOptions OneFolderDown = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = 0, IgnoreInaccessible = true };

    private IEnumerable<string> Incomplete(PackDescription pack) =>
        from level in Levels
        let partial = Look(level, pack.Id)
        where partial is not null
        let absent = pack.RequiredFiles.Except(partial.PresentFiles)
        select $"{partial.Folder} lacks {string.Join(", ", absent.Select(file => file.Name))}";

    private static PackDescription? OwnDescription(string folder, string id)
    {
        string path = Path.Combine(folder, PackRules.DescriptionFile);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            PackDescription? description = JsonSerializer.Deserialize(File.ReadAllBytes(path), PackJson.Default.PackDescription);
            string? violation = description is null ? "it is empty." : description.Id != id ? $"it describes {description.Id}." : PackRules.Violation(description);
            return violation is null ? description : throw new PackException($"{path}: {violation} Import the pack again.");
        }
        catch (JsonException error)
        {
            throw new PackException($"{path}: {PackJson.Describe(error)} Import the pack again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PackException($"{path}: it cannot be read: {error.Message}", error);
        }
    }
}
