using System.Security.Cryptography;

namespace Diarist.Packs;

/// <summary>Copies packs between folders; every file is checked while it is copied.</summary>
internal static class PackCopy
{
    /// <summary>Copies packs into a folder of packs.</summary>
    /// <param name="store">Knows the catalog.</param>
    /// <param name="packs">What to copy.</param>
    /// <param name="root">The folder of packs.</param>
    /// <param name="provenance">What a copy says of its origin; <see langword="null"/> when it says nothing.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    public static async Task<IReadOnlyList<LocatedPack>> CopyAsync(PackStore store, IReadOnlyList<LocatedPack> packs, string root, Func<LocatedPack, PackProvenance>? provenance, CancellationToken cancellationToken)
    {
        using StoreWriter writer = await StoreWriter.OpenAsync(root, new DownloadLimits().Lock, null, cancellationToken).ConfigureAwait(false);
        var target = new PackLevel("copied", root);
        try
        {
            foreach (LocatedPack pack in packs)
            {
                foreach (PackFile file in pack.PresentFiles)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    string source = pack.PathOf(file.Name);
                    string part = writer.PartPath(pack.Variant(file.Name).Sha256);
                    CopyChecked(source, part, pack.Variant(file.Name).Sha256);
                    writer.Install(part, pack.Pack.Id, file.Name);
                }

                // What the catalog describes needs no description in a mirror, and a mirror need not tell where it was made.
                if (provenance is not null || store.Catalog.Find(pack.Pack.Id) is null)
                {
                    writer.Describe(pack.Pack with { Provenance = pack.Pack.Provenance ?? provenance?.Invoke(pack) });
                }
            }

            writer.Notices();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreWriter.Trouble(root, error);
        }

        return [.. packs.Select(pack => new LocatedPack(pack.Pack, target))];
    }

    /// <summary>Copies a file whose hash is known. What arrives is hashed again, because it is that which will be used.</summary>
    public static void CopyChecked(string source, string part, string sha256)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (FileStream from = File.OpenRead(source))
        using (FileStream to = File.Create(part))
        {
            byte[] buffer = new byte[1 << 17];
            for (int read; (read = from.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                to.Write(buffer, 0, read);
            }

            to.Flush(flushToDisk: true);
        }

        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (found != sha256)
        {
            File.Delete(part);
            throw new PackException($"{source}: it changed while it was copied: expected SHA-256 {sha256}, found {found}.");
        }
    }
}
