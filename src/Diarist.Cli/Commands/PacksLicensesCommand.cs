using System.CommandLine;
using System.Text.Json.Nodes;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs licenses</c>: under which licence every network is, and whom to name.</summary>
internal static class PacksLicensesCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        Option<string> format = PacksCommand.FormatOption();
        var full = new Option<bool>("--full") { Description = "Print the notices and licence texts in full." };
        var command = new Command("licenses", "Show the licence and attribution of every network.") { format, full };
        places.AddPlacesTo(command);
        command.SetBody((result, _) =>
        {
            // The weights inside go with the tool even where another pack is used, so that their credits are always shown.
            PackStore store = places.Open(result);
            IEnumerable<PackDescription> packs = store.All().Select(entry => store.FindInside(entry.Pack.Id)?.Pack ?? entry.Pack);
            if (result.GetValue(format) == "json")
            {
                var json = new JsonObject
                {
                    ["schema"] = "diarist-packs-licenses/1",
                    ["packs"] = new JsonArray([.. packs.Select(PacksJson.Describe)]),
                };
                Console.Out.WriteLine(json.ToJsonString(PacksJson.Indented));
            }
            else if (result.GetValue(full))
            {
                Console.Out.Write(PackCatalog.Notices);
            }
            else
            {
                foreach (PackDescription pack in packs)
                {
                    string only = pack.Class switch { PackClass.OptIn => " (opt-in: only after --accept-license)", PackClass.OnRequest => " (only when it is named)", _ => "" };
                    Console.Out.WriteLine($"{pack.Id}: {pack.License}{only}");
                    Console.Out.WriteLine($"  {pack.Attribution}");
                    Console.Out.WriteLine($"  {pack.Terms}");
                }
            }

            return Task.CompletedTask;
        });
        return command;
    }
}
