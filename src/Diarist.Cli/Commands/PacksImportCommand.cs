using System.CommandLine;
using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs import PATH</c>: brings a mirror, or one file of a network that Diarist runs, into the user's store.</summary>
internal static class PacksImportCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        var path = new Argument<string>("PATH") { Description = "A mirror, or an ONNX or safetensors file." };
        var into = new Option<string?>("--into") { Description = "The folder of packs to write to, instead of the user's store.", HelpName = "DIR" };
        var id = new Option<string?>("--id") { Description = "The name for a file that the catalog does not know.", HelpName = "ID" };
        var license = new Option<string?>("--license") { Description = "The SPDX identifier of that file's licence.", HelpName = "SPDX" };
        var attribution = new Option<string?>("--attribution") { Description = "Whom to name for that file.", HelpName = "TEXT" };
        var command = new Command("import", "Bring packs from a mirror, or one file of a known network, into the user's store.") { path, into, id, license, attribution };
        places.AddPlacesTo(command);
        command.SetBody(async (result, cancellationToken) =>
        {
            string source = result.GetRequiredValue(path);
            PackStore store = places.Open(result);
            string? folder = result.GetValue(into);
            IReadOnlyList<LocatedPack> packs = Directory.Exists(source)
                ? await new PackImporter(store).ImportMirrorAsync(source, folder, cancellationToken).ConfigureAwait(false)
                : [await new NetworkImporter(store).ImportFileAsync(source, Claim(result.GetValue(id), result.GetValue(license), result.GetValue(attribution)), folder, cancellationToken).ConfigureAwait(false)];
            foreach (LocatedPack pack in packs)
            {
                Console.Out.WriteLine($"{pack.Pack.Id}: {pack.Folder}");
            }
        });
        return command;
    }

    private static PackClaim? Claim(string? id, string? license, string? attribution) => (id, license, attribution) switch
    {
        (null, null, null) => null,
        ({ } name, { } spdx, { } credit) => new PackClaim(name, spdx, credit),
        _ => throw new UsageException("--id, --license and --attribution go together."),
    };
}
