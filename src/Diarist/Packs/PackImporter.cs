namespace Diarist.Packs;

/// <summary>Copies the packs of a mirror into the user's store.</summary>
/// <param name="store">Knows the packs and the user's store.</param>
public sealed class PackImporter(PackStore store)
{
    /// <summary>Copies every pack that a mirror has whole into the user's store, or into the folder given.</summary>
    /// <param name="mirror">The mirror.</param>
    /// <param name="into">The folder of packs to write to; the user's own store when none is given.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The packs that were copied.</returns>
    /// <exception cref="PackException">The mirror has no pack, or a damaged one.</exception>
    /// <exception cref="PackDownloadException">The store cannot be written.</exception>
    public Task<IReadOnlyList<LocatedPack>> ImportMirrorAsync(string mirror, string? into = null, CancellationToken cancellationToken = default)
    {
        var level = new PackLevel("mirror", Path.GetFullPath(mirror));
        List<LocatedPack> packs =
        [
            .. Directory.EnumerateDirectories(level.Folder)
                .Select(folder => store.Look(level, Path.GetFileName(folder)))
                .OfType<LocatedPack>()
                .Where(pack => pack.IsWhole)
                .OrderBy(pack => pack.Pack.Id, StringComparer.Ordinal),
        ];
        return packs.Count == 0
            ? throw new PackException($"{mirror}: contains no complete pack; a mirror holds one folder for each pack, with the pack's name.")
            : PackCopy.CopyAsync(store, packs, store.FolderToWrite(into), pack => new PackProvenance(pack.Folder, store.Environment.Time.GetUtcNow(), "imported"), cancellationToken);
    }
}
