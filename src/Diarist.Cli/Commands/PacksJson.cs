using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>Packs as JSON.</summary>
internal static class PacksJson
{
    /// <summary>Indented, with letters of every script as they are.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The class as the catalog writes it.</summary>
    public static string ClassName(PackDescription pack) => pack.Class switch { PackClass.OptIn => "opt-in", PackClass.OnRequest => "on-request", _ => "default" };

    /// <summary>Where a pack was found, for people.</summary>
    public static string Place(LocatedPack pack) => pack.IsInside ? PackLevel.Inside : $"{PackPlaces.NameOf(pack.Level)}: {pack.Folder}";

    /// <summary>Where a pack was found; what is inside the library has no folder.</summary>
    public static JsonObject Found(LocatedPack pack) => new() { ["source"] = PackPlaces.NameOf(pack.Level), ["folder"] = pack.IsInside ? null : pack.Folder };

    /// <summary>What the catalog says of a pack, in short.</summary>
    public static JsonObject Describe(PackDescription pack) => new()
    {
        ["id"] = pack.Id,
        ["title"] = pack.Title,
        ["network"] = pack.Network,
        ["class"] = ClassName(pack),
        ["license"] = pack.License,
        ["attribution"] = pack.Attribution,
        ["terms"] = pack.Terms,
        ["cannotRunYet"] = pack.CannotRunYet,
        ["bytes"] = pack.Files.Count == 0 ? null : pack.Bytes,
        ["pullable"] = pack.CanBePulled,
    };
}
