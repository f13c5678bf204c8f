using System.Globalization;

namespace Diarist.Packs;

/// <summary>Packs are needed that are in none of the places; the command line offers to fetch them, and else exits with 4.</summary>
public sealed class MissingPacksException : PackException
{
    /// <summary>Creates the error.</summary>
    /// <param name="packs">The packs that are missing.</param>
    /// <param name="incomplete">Folders that lack some of their files, in words.</param>
    public MissingPacksException(IReadOnlyList<PackDescription> packs, IReadOnlyList<string> incomplete)
        : base(Compose(packs, incomplete))
    {
        Packs = packs;
        Remedy = Remedy.ObtainPacks;
    }

    /// <summary>The packs that are missing.</summary>
    public IReadOnlyList<PackDescription> Packs { get; }

    private static string Compose(IReadOnlyList<PackDescription> packs, IReadOnlyList<string> incomplete)
    {
        string listed = string.Join(", ", packs.Select(pack => $"{pack.Id} ({pack.License}, {(pack.Files.Count == 0 ? "no files" : PackText.Size(pack.Bytes))})"));
        string damage = incomplete.Count == 0 ? "" : $" Incomplete: {string.Join("; ", incomplete)}.";
        string count = packs.Count == 1
            ? "1 pack is needed and not here"
            : string.Create(CultureInfo.InvariantCulture, $"{packs.Count} packs are needed and not here");
        string unusable = string.Concat(packs.Where(pack => pack.CannotRunYet is not null).Select(pack => $" {pack.Id} cannot be used: {pack.CannotRunYet}."));
        return $"{count}: {listed}.{damage}{unusable}";
    }
}

/// <summary>How packs are spoken of.</summary>
public static class PackText
{
    /// <summary>A length as people read it, in decimal units: <c>5.9 MB</c>.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 100_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}
