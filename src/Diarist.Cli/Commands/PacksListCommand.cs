using System.CommandLine;
using System.Text.Json.Nodes;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs list</c>: every known pack, whether it is here, and in which place it was found.</summary>
internal static class PacksListCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        Option<string> format = PacksCommand.FormatOption();
        var command = new Command("list", "List the known packs and where each was found.") { format };
        places.AddPlacesTo(command);
        command.SetBody((result, _) =>
        {
            PackStore store = places.Open(result);
            if (result.GetValue(format) == "json")
            {
                Console.Out.WriteLine(Json(store).ToJsonString(PacksJson.Indented));
            }
            else
            {
                Write(store, Console.Out);
            }

            return Task.CompletedTask;
        });
        return command;
    }

    private static void Write(PackStore store, TextWriter writer)
    {
        var table = new PacksTable("pack", "class", "size", "licence", "found in");
        foreach ((PackDescription pack, LocatedPack? found) in store.All())
        {
            table.Add(pack.Id, PacksJson.ClassName(pack), pack.Files.Count == 0 ? "-" : PackText.Size(pack.Bytes), pack.License, Where(pack, found));
        }

        table.Write(writer);
        writer.WriteLine();
        writer.WriteLine("Places, each before the next:");
        foreach (PackLevel level in store.Levels)
        {
            writer.WriteLine($"  {PackPlaces.NameOf(level)}: {level.Folder}{(Directory.Exists(level.Folder) ? "" : " (not there)")}");
        }

        writer.WriteLine($"  {PackLevel.Inside}: the networks that come with diarist");
    }

    private static string Where(PackDescription pack, LocatedPack? found) => (found, pack) switch
    {
        ({ } here, _) => PacksJson.Place(here),
        (_, { CannotRunYet: { } reason }) => $"not here; cannot be run yet: {reason}",
        (_, { CanBePulled: false }) => "not here; comes with a mirror only",
        _ => "not here",
    };

    private static JsonObject Json(PackStore store) => new()
    {
        ["schema"] = "diarist-packs-list/1",
        ["packs"] = new JsonArray(
        [
            .. store.All().Select(entry =>
            {
                JsonObject pack = PacksJson.Describe(entry.Pack);
                pack["found"] = entry.Found is { } found ? PacksJson.Found(found) : null;
                return pack;
            }),
        ]),
        ["places"] = new JsonArray(
        [
            .. store.Levels.Select(level => new JsonObject { ["source"] = PackPlaces.NameOf(level), ["folder"] = level.Folder, ["exists"] = Directory.Exists(level.Folder) }),
            new JsonObject { ["source"] = PackLevel.Inside, ["folder"] = null, ["exists"] = true },
        ]),
    };
}
