using System.Globalization;

namespace Diarist.Packs;

/// <summary>Packs are needed that are in none of the places; the command line offers to fetch them, and else exits with 4.</summary>
public sealed class MissingPacksException : PackException
{
    internal MissingPacksException(IReadOnlyList<PackDescription> packs, IReadOnlyList<string> incomplete)
        : base(Compose(packs, incomplete)) => Packs = packs;

    /// <summary>The packs that are missing.</summary>
    public IReadOnlyList<PackDescription> Packs { get; }

    private static string Compose(IReadOnlyList<PackDescription> packs, IReadOnlyList<string> incomplete)
    {
        string listed = string.Join(", ", packs.Select(pack => $"{pack.Id} ({pack.License}, {(pack.Files.Count == 0 ? "no files" : PackText.Size(pack.Bytes))})"));
        string damage = incomplete.Count == 0 ? "" : $" Incomplete: {string.Join("; ", incomplete)}.";
        var parts = new List<string>();
        if (packs.Any(pack => pack.CanBePulled))
        {
            parts.Add(packs.All(pack => pack.CanBePulled)
                ? "Get them with `diarist packs pull`, or name a mirror with --packs DIR."
                : $"Get {string.Join(" and ", packs.Where(pack => pack.CanBePulled).Select(pack => pack.Id))} with `diarist packs pull`, or name a mirror with --packs DIR.");
        }

        parts.AddRange(packs
            .Where(pack => !pack.CanBePulled && pack.CannotRunYet is null)
            .Select(pack => $"{pack.Id} comes with a mirror only: name one with --packs DIR, or bring it with `diarist packs import`."));
        parts.AddRange(packs.Where(pack => pack.CannotRunYet is not null).Select(pack => $"{pack.Id} cannot be used: {pack.CannotRunYet}."));
        string count = packs.Count == 1
            ? "1 pack is needed and not here"
            : string.Create(CultureInfo.InvariantCulture, $"{packs.Count} packs are needed and not here");
        string message = $"{count}: {listed}.{damage} {string.Join(" ", parts)}";
        return packs.Count == 1 ? message.Replace("Get them with", "Get it with", StringComparison.Ordinal) : message;
    }
}

/// <summary>How packs are spoken of.</summary>
internal static class PackText
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
