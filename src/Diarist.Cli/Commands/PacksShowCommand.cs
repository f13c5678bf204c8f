using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs show ID</c>: everything that is known of one pack.</summary>
internal static class PacksShowCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        Option<string> format = PacksCommand.FormatOption();
        var id = new Argument<string>("ID") { Description = "The pack." };
        var command = new Command("show", "Show one pack: its files, accepted builds, sources and where it is.") { id, format };
        places.AddPlacesTo(command);
        command.SetBody((result, _) =>
        {
            PackStore store = places.Open(result);
            string name = result.GetRequiredValue(id);
            IReadOnlyList<LocatedPack> found = [.. store.FindAll(name)];
            PackDescription pack = store.Catalog.Find(name) ?? (found.Count > 0 ? found[0].Pack : store.Known(name));
            if (result.GetValue(format) == "json")
            {
                Console.Out.WriteLine(Json(pack, found).ToJsonString(PacksJson.Indented));
            }
            else
            {
                Write(pack, found, Console.Out);
            }

            return Task.CompletedTask;
        });
        return command;
    }

    private static void Write(PackDescription pack, IReadOnlyList<LocatedPack> found, TextWriter writer)
    {
        writer.WriteLine($"{pack.Id}: {pack.Title}");
        writer.WriteLine($"  for          {pack.Purpose}");
        writer.WriteLine($"  network      {pack.Network}{(pack.CannotRunYet is { } reason ? $" (cannot be run yet: {reason})" : "")}");
        writer.WriteLine($"  class        {PacksJson.ClassName(pack)}");
        writer.WriteLine($"  licence      {pack.License}{(pack.Terms is { } terms ? $", {terms}" : "")}");
        writer.WriteLine($"  attribution  {pack.Attribution}");
        if (pack.Provenance is { } provenance)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {provenance.Means,-12} {provenance.Obtained:u} from {provenance.Origin}"));
        }

        foreach (PackFile file in pack.Files)
        {
            writer.WriteLine($"  {file.Name}{(file.Optional ? " (optional)" : "")}");
            foreach (PackFileVariant variant in file.Variants)
            {
                writer.WriteLine($"    sha256 {variant.Sha256}");
                writer.WriteLine($"      {(variant.Bytes is null ? "about " : "")}{variant.ExpectedBytes} bytes; {variant.Source} @ {variant.Revision}");
                foreach (string address in variant.Addresses)
                {
                    writer.WriteLine($"      {address}");
                }
            }
        }

        foreach (LocatedPack inside in found.Where(place => place.IsInside))
        {
            writer.WriteLine($"  inside, {inside.Pack.Attribution}");
            foreach (PackFileVariant variant in inside.Pack.Files.Select(file => file.Variants[0]))
            {
                writer.WriteLine($"    sha256 {variant.Sha256}");
                writer.WriteLine($"      {variant.ExpectedBytes} bytes; {variant.Source}");
            }
        }

        writer.WriteLine(found.Count == 0 ? "  not here" : $"  found in {PacksJson.Place(found[0])}");
        foreach (LocatedPack shadowed in found.Skip(1))
        {
            writer.WriteLine($"  also in {PacksJson.Place(shadowed)} (shadowed)");
        }
    }

    private static JsonObject Json(PackDescription pack, IReadOnlyList<LocatedPack> found)
    {
        JsonObject json = PacksJson.Describe(pack);
        json["purpose"] = pack.Purpose;
        json["files"] = new JsonArray(
        [
            .. pack.Files.Select(file => new JsonObject
            {
                ["name"] = file.Name,
                ["optional"] = file.Optional,
                ["variants"] = new JsonArray(
                [
                    .. file.Variants.Select(variant => new JsonObject
                    {
                        ["sha256"] = variant.Sha256,
                        ["bytes"] = variant.Bytes,
                        ["aboutBytes"] = variant.AboutBytes,
                        ["source"] = variant.Source,
                        ["revision"] = variant.Revision,
                        ["addresses"] = new JsonArray([.. variant.Addresses.Select(address => JsonValue.Create(address))]),
                    }),
                ]),
            }),
        ]);
        json["found"] = new JsonArray([.. found.Select(place => PacksJson.Found(place))]);
        return json;
    }
}
