namespace Diarist.Packs;

/// <summary>Copies packs into a folder that serves as a mirror for machines without a connection.</summary>
/// <param name="store">Finds the packs.</param>
public sealed class PackExporter(PackStore store)
{
    /// <summary>Copies packs into a folder that serves as a mirror. Everything is checked while it is copied.</summary>
    /// <param name="folder">The mirror; made when it is not there.</param>
    /// <param name="ids">The packs; none means every default and imported pack that is here.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The packs that were copied.</returns>
    /// <exception cref="PackException">A pack is missing or damaged.</exception>
    /// <exception cref="PackDownloadException">The folder cannot be written.</exception>
    public Task<IReadOnlyList<LocatedPack>> ExportAsync(string folder, IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        IReadOnlyList<LocatedPack> packs = ids.Count > 0
            ? store.RequireAll(ids)
            : [.. store.All().Where(entry => entry.Pack.Class == PackClass.Default).Select(entry => entry.Found).OfType<LocatedPack>().Where(pack => !pack.IsInside)];
        if (packs.FirstOrDefault(pack => pack.IsInside) is { } inside)
        {
            throw new PackException($"{inside.Pack.Id} is here only inside the library, which needs no mirror; obtain the pack first.") { Remedy = Remedy.ObtainPacks, RemedySubject = inside.Pack.Id };
        }

        return packs.Count == 0
            ? throw new PackException("no pack is here that could be exported.") { Remedy = Remedy.ObtainPacks }
            : PackCopy.CopyAsync(store, packs, Path.GetFullPath(folder), null, cancellationToken);
    }
}
