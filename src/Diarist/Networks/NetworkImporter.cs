using Diarist.Packs;

namespace Diarist.Networks;

/// <summary>What the user says of a file that no catalog knows.</summary>
/// <param name="Id">The name that the pack gets.</param>
/// <param name="License">The SPDX identifier of its licence.</param>
/// <param name="Attribution">Whom to name.</param>
public sealed record PackClaim(string Id, string License, string Attribution);

/// <summary>Makes packs of single weight files.</summary>
/// <param name="store">Knows the packs and the user's store.</param>
public sealed class NetworkImporter(PackStore store)
{
    /// <summary>
    /// Makes a pack of one ONNX or safetensors file. A file that the catalog knows becomes part of its pack; any other must be of a network
    /// that Diarist runs, with the right shapes and finite numbers, and gets the name and the licence that the user gives.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="claim">What it is; not needed for a file that the catalog knows.</param>
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
        string root = store.FolderToWrite(into);
        using StoreWriter writer = await StoreWriter.OpenAsync(root, new DownloadLimits().Lock, null, cancellationToken).ConfigureAwait(false);
        try
        {
            string part = writer.PartPath(sha256);
            PackCopy.CopyChecked(path, part, sha256);
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
            throw new PackException($"{path}: the catalog does not know this file (it is a {network.Kind}); say what it is: its id, licence and attribution.") { Remedy = Remedy.DescribeFile };
        }

        if (store.Catalog.Find(claim.Id) is not null)
        {
            throw new PackException($"{claim.Id} is the name of another pack; choose another id.");
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
}
