using Diarist.Networks;
using System.Security.Cryptography;

namespace Diarist.Packs;

/// <summary>What the user says of a file that no catalogue knows.</summary>
/// <param name="Id">The name that the pack gets.</param>
/// <param name="License">The SPDX identifier of its licence.</param>
/// <param name="Attribution">Whom to name.</param>
public sealed record PackClaim(string Id, string License, string Attribution);

/// <summary>Moves packs between folders on this machine: into mirrors for machines without a connection, into the user's store, and out of it.</summary>
/// <param name="store">Knows the packs and finds those that are here.</param>
public sealed class PackTransfer(PackStore store)
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
            throw new PackException($"{inside.Pack.Id} is here only inside the library, which needs no mirror; fetch the pack first.");
        }

        return packs.Count == 0
            ? throw new PackException("no pack is here that could be exported; get some with `diarist packs pull`.")
            : CopyAsync(packs, Path.GetFullPath(folder), null, cancellationToken);
    }

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
            ? throw new PackException($"{mirror}: no whole pack is in it; a mirror holds folders that are named as packs are.")
            : CopyAsync(packs, Target(into), pack => new PackProvenance(pack.Folder, store.Environment.Time.GetUtcNow(), "imported"), cancellationToken);
    }

    /// <summary>
    /// Makes a pack of one ONNX or safetensors file. A file that the catalogue knows becomes part of its pack; any other must be of a network
    /// that Diarist runs, with the right shapes and finite numbers, and gets the name and the licence that the user gives.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="claim">What it is; not needed for a file that the catalogue knows.</param>
    /// <param name="into">The folder of packs to write to; the user's own store when none is given.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    /// <returns>The pack.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    /// <exception cref="PackException">The file is of no known network, is damaged, or its name is taken.</exception>
    /// <exception cref="PackDownloadException">The store cannot be written.</exception>
    public async Task<LocatedPack> ImportFileAsync(string path, PackClaim? claim = null, string? into = null, CancellationToken cancellationToken = default)
    {
        string sha256;
        try
        {
            sha256 = FileHash.Compute(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"it cannot be read: {error.Message}", error);
        }

        (PackDescription pack, string file) = KnownBy(sha256) ?? Describe(path, sha256, claim);
        string root = Target(into);
        using StoreWriter writer = await StoreWriter.OpenAsync(root, new DownloadLimits().Lock, null, cancellationToken).ConfigureAwait(false);
        try
        {
            string part = writer.PartPath(sha256);
            CopyChecked(path, part, sha256);
            if (store.Catalog.Find(pack.Id) is null)
            {
                RequireWhole(part, path);
            }

            writer.Install(part, pack.Id, file);
            writer.Describe(pack with { Provenance = new PackProvenance(Path.GetFullPath(path), store.Environment.Time.GetUtcNow(), "imported") });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StoreWriter.Trouble(root, error);
        }

        return new LocatedPack(pack, new PackLevel(PackLevel.UserStore, root));
    }

    /// <summary>Deletes a pack from the user's store, or from the folder given: the files that the pack names and its description, nothing else.</summary>
    /// <param name="id">The pack.</param>
    /// <param name="from">The folder of packs; the user's own store when none is given.</param>
    /// <returns>The files that were deleted.</returns>
    /// <exception cref="PackException">The pack is not there.</exception>
    public IReadOnlyList<string> Remove(string id, string? from = null)
    {
        var level = new PackLevel(PackLevel.UserStore, Target(from));
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

    /// <summary>The folder to write to.</summary>
    /// <exception cref="PackException">None is given and the machine names no home.</exception>
    internal string Target(string? into) =>
        into is not null
            ? Path.GetFullPath(into)
            : store.UserStore ?? throw new PackException("this machine names no home folder to keep packs in; name one with --into DIR.");

    private (PackDescription Pack, string File)? KnownBy(string sha256)
    {
        foreach (PackDescription pack in store.Catalog.Packs)
        {
            if (pack.Files.FirstOrDefault(file => file.Variants.Any(variant => variant.Sha256 == sha256)) is { } file)
            {
                return (pack, file.Name);
            }
        }

        return null;
    }

    private (PackDescription Pack, string File) Describe(string path, string sha256, PackClaim? claim)
    {
        Network network = Network.Recognize(path);
        if (claim is null)
        {
            throw new PackException($"{path}: the catalogue does not know this file (it is a {network.Kind}); say what it is with --id, --license and --attribution.");
        }

        if (store.Catalog.Find(claim.Id) is not null)
        {
            throw new PackException($"{claim.Id} is the name of another pack; choose another --id.");
        }

        var pack = new PackDescription
        {
            Id = claim.Id,
            Title = claim.Id,
            Network = network.Kind,
            Purpose = $"an imported {network.Kind}",
            License = claim.License,
            Attribution = claim.Attribution,
            Files =
            [
                new PackFile
                {
                    Name = network.Files[0],
                    Variants = [new PackFileVariant { Sha256 = sha256, Bytes = new FileInfo(path).Length, Source = Path.GetFileName(path), Revision = "as imported" }],
                },
            ],
        };
        return PackRules.Violation(pack) is { } violation ? throw new PackException($"{claim.Id}: {violation}") : (pack, network.Files[0]);
    }

    // A graph may keep its numbers in a second file, which would not come along.
    private static void RequireWhole(string part, string path)
    {
        try
        {
            Network.Recognize(part);
        }
        catch (PackException error)
        {
            File.Delete(part);
            throw new PackException($"{path}: the network cannot be read from this file alone; save it with its weights inside.", error);
        }
    }

    private async Task<IReadOnlyList<LocatedPack>> CopyAsync(IReadOnlyList<LocatedPack> packs, string root, Func<LocatedPack, PackProvenance>? provenance, CancellationToken cancellationToken)
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

                // What the catalogue describes needs no description in a mirror, and a mirror need not tell where it was made.
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

    // The source was checked a moment ago; what arrives is checked once more, because it is that which will be used.
    private static void CopyChecked(string source, string part, string sha256)
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
