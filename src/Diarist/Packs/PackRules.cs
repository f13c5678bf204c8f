namespace Diarist.Packs;

/// <summary>What an entry of a catalog must keep to, so that it can neither write outside a store nor fetch in the clear.</summary>
internal static class PackRules
{
    /// <summary>The file in a pack's folder that describes it.</summary>
    public const string DescriptionFile = "pack.json";

    /// <summary>What is wrong with an entry, or null.</summary>
    public static string? Violation(PackDescription? pack)
    {
        // The JSON reader checks that properties are there, not that the elements of lists are.
        if (pack is null || pack.Files.Any(file => file is null || file.Variants.Any(variant => variant is null || variant.Addresses.Any(address => address is null))))
        {
            return "a list holds null.";
        }

        if (!IsSafeName(pack.Id) || pack.Id.Any(char.IsAsciiLetterUpper))
        {
            return "an id is made of lower-case letters, digits, dots, dashes and underscores, begins with a letter or digit, and holds no two dots in a row.";
        }

        if (pack.Files.Count == 0 && pack.CannotRunYet is null)
        {
            return "it has no files.";
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { DescriptionFile };
        foreach (PackFile file in pack.Files)
        {
            if (!IsSafeName(file.Name))
            {
                return $"\"{file.Name}\" is not a file name: letters, digits, dots, dashes and underscores only, no folders, no two dots in a row.";
            }

            if (!names.Add(file.Name))
            {
                return $"the file name {file.Name} is taken.";
            }

            if (file.Variants.Count == 0)
            {
                return $"{file.Name} has no variant.";
            }

            if (file.Variants.Select(Violation).FirstOrDefault(problem => problem is not null) is { } violation)
            {
                return $"{file.Name}: {violation}";
            }
        }

        return null;
    }

    /// <summary>Whether an address may be fetched from: https, or http on this machine; no user names in it.</summary>
    public static bool IsAllowed(Uri address) =>
        address.IsAbsoluteUri
        && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    /// <summary>Whether a redirect may be followed: to an address that is allowed by itself, and never from https to anything less.</summary>
    public static bool MayFollow(Uri from, Uri to) => IsAllowed(to) && (from.Scheme != Uri.UriSchemeHttps || to.Scheme == Uri.UriSchemeHttps);

    /// <summary>Whether a name is one plain component of a path on every system.</summary>
    public static bool IsSafeName(string name) =>
        name.Length is > 0 and <= 128
        && char.IsAsciiLetterOrDigit(name[0])
        && name[^1] != '.'
        && !name.Contains("..", StringComparison.Ordinal)
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_');

    private static string? Violation(PackFileVariant variant)
    {
        if (variant.Sha256.Length != 64 || !variant.Sha256.All(char.IsAsciiHexDigitLower))
        {
            return "a sha256 is 64 lower-case hexadecimal digits.";
        }

        if (variant.Bytes is null == variant.AboutBytes is null || variant.ExpectedBytes <= 0)
        {
            return "one of bytes and aboutBytes is needed, above 0.";
        }

        foreach (string address in variant.Addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? parsed) || !IsAllowed(parsed))
            {
                return $"the address {address} is refused: it must be https (http is for this machine's own addresses), without a user name.";
            }
        }

        return null;
    }
}
