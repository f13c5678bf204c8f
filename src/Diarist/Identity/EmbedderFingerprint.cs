using Diarist.Packs;

namespace Diarist.Identity;

/// <summary>Tells embedders apart: voices can only be compared with those of the same network.</summary>
internal static class EmbedderFingerprint
{
    /// <summary>The pack's name and a hash: of the first variant that the library knows of the same network, so that all its variants have one fingerprint; else of the file.</summary>
    /// <param name="pack">The pack of the embedder.</param>
    /// <param name="file">Its file.</param>
    public static string Of(LocatedPack pack, string file)
    {
        IReadOnlyList<PackFileVariant> known = PackCatalog.BuiltIn.Find(pack.Pack.Id)?.Files.FirstOrDefault(known => known.Name == file)?.Variants ?? [];

        // What is inside the library is the first variant in another form.
        string hash = pack.IsInside ? known[0].Sha256 : pack.Variant(file).Sha256;
        return $"{pack.Pack.Id}/{(known.Any(variant => variant.Sha256 == hash) ? known[0].Sha256 : hash)}";
    }
}
