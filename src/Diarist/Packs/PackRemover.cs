namespace Diarist.Packs;

/// <summary>Deletes packs from the user's store.</summary>
/// <param name="store">Knows the packs and the user's store.</param>
public sealed class PackRemover(PackStore store)
{
    /// <summary>Deletes a pack from the user's store, or from the folder given: the files that the pack names and its description, nothing else.</summary>
    /// <param name="id">The pack.</param>
    /// <param name="from">The folder of packs; the user's own store when none is given.</param>
    /// <returns>The files that were deleted.</returns>
    /// <exception cref="PackException">The pack is not there.</exception>
    public IReadOnlyList<string> Remove(string id, string? from = null)
    {
        var level = new PackLevel(PackLevel.UserStore, store.FolderToWrite(from));
        LocatedPack pack = (PackRules.IsSafeName(id) ? store.Look(level, id) : null) ?? throw new PackException($"{level.Folder} has no pack {id}.");
        if (new DirectoryInfo(pack.Folder).LinkTarget is not null)
        {
            throw new PackException($"{pack.Folder}: it is a symbolic link; remove the link itself.");
        }

        List<string> files = [.. pack.PresentFiles.Select(file => Path.Combine(pack.Folder, file.Name)), Path.Combine(pack.Folder, PackRules.DescriptionFile)];
        files.RemoveAll(file => !File.Exists(file));
        files.ForEach(File.Delete);
        if (!Directory.EnumerateFileSystemEntries(pack.Folder).Any())
        {
            Directory.Delete(pack.Folder);
        }

        return files;
    }
}
