using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>What a user of the command line calls the places where packs are looked for.</summary>
internal static class PackPlaces
{
    /// <summary>The option, the variable, the settings file, or <c>user store</c>.</summary>
    public static string NameOf(PackLevel level) => level.Name == PackLevel.Explicit ? "--packs" : level.Name;
}
