using System.Text.Json;

namespace Diarist.Packs;

/// <summary>
/// Reads the catalog that comes with the library, property by property. The serializer that reads catalogs of users takes the
/// runtime some 50 ms to compile, at each start; a test holds both to the same result.
/// </summary>
internal static class BuiltInPacks
{
    /// <summary>The packs of the catalog.</summary>
    /// <param name="catalog">Its JSON.</param>
    /// <exception cref="InvalidOperationException">It has a property that is not known here.</exception>
    public static PackDescription[] Read(Stream catalog)
    {
        using var document = JsonDocument.Parse(catalog);
        return Array(document.RootElement.GetProperty("packs"), Pack);
    }

    private static PackDescription Pack(JsonElement pack)
    {
        Require(pack, "id", "title", "network", "purpose", "class", "license", "attribution", "terms", "cannotRunYet", "files");
        return new PackDescription
        {
            Id = Text(pack, "id")!,
            Title = Text(pack, "title")!,
            Network = Text(pack, "network")!,
            Purpose = Text(pack, "purpose")!,
            Class = Text(pack, "class") switch
            {
                null or "default" => PackClass.Default,
                "on-request" => PackClass.OnRequest,
                "opt-in" => PackClass.OptIn,
                string other => throw Unknown(other),
            },
            License = Text(pack, "license")!,
            Attribution = Text(pack, "attribution")!,
            Terms = Text(pack, "terms"),
            CannotRunYet = Text(pack, "cannotRunYet"),
            Files = Array(pack.GetProperty("files"), File),
        };
    }

    private static PackFile File(JsonElement file)
    {
        Require(file, "name", "optional", "variants");
        return new PackFile
        {
            Name = Text(file, "name")!,
            Optional = file.TryGetProperty("optional", out JsonElement optional) && optional.GetBoolean(),
            Variants = Array(file.GetProperty("variants"), Variant),
        };
    }

    private static PackFileVariant Variant(JsonElement variant)
    {
        Require(variant, "sha256", "bytes", "aboutBytes", "source", "revision", "addresses", "license", "attribution");
        return new PackFileVariant
        {
            Sha256 = Text(variant, "sha256")!,
            Bytes = Number(variant, "bytes"),
            AboutBytes = Number(variant, "aboutBytes"),
            Source = Text(variant, "source")!,
            Revision = Text(variant, "revision")!,
            Addresses = variant.TryGetProperty("addresses", out JsonElement addresses) ? Array(addresses, address => address.GetString()!) : [],
            License = Text(variant, "license"),
            Attribution = Text(variant, "attribution"),
        };
    }

    private static T[] Array<T>(JsonElement array, Func<JsonElement, T> read)
        where T : class
    {
        var items = new T[array.GetArrayLength()];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read(array[i]);
        }

        return items;
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static long? Number(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : null;

    private static void Require(JsonElement element, params string[] names)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (System.Array.IndexOf(names, property.Name) < 0)
            {
                throw Unknown(property.Name);
            }
        }
    }

    private static InvalidOperationException Unknown(string what) => new($"The built-in catalog has '{what}', which its reader does not know.");
}
