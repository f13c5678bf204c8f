using System.Text.Json.Nodes;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>What a user of the command line calls the places where packs are looked for.</summary>
internal static class PackPlaces
{
    /// <summary>The place of a pack, with its folder where it has one.</summary>
    public static string Describe(LocatedPack pack) => pack.IsInside ? PackLevel.Inside : $"{NameOf(pack.Level)}: {pack.Folder}";

    /// <summary>The place of a pack as JSON; what is inside has no folder.</summary>
    public static JsonObject Json(LocatedPack pack) => new() { ["source"] = NameOf(pack.Level), ["folder"] = pack.IsInside ? null : pack.Folder };

    /// <summary>The option, the variable, the settings file, or <c>user store</c>.</summary>
    public static string NameOf(PackLevel level) => level.Name == PackLevel.Explicit ? "--packs" : level.Name;
}
