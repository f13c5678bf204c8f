using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs import PATH</c>: brings a mirror into the user's store.</summary>
internal static class PacksImportCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        var path = new Argument<string>("PATH") { Description = "A mirror." };
        var into = new Option<string?>("--into") { Description = "The folder of packs to write to, instead of the user's store.", HelpName = "DIR" };
        var command = new Command("import", "Bring packs from a mirror into the user's store.") { path, into };
        places.AddPlacesTo(command);
        command.SetBody(async (result, cancellationToken) =>
        {
            string source = result.GetRequiredValue(path);
            if (!Directory.Exists(source))
            {
                throw new InputException(source, "there is no such folder.");
            }

            IReadOnlyList<LocatedPack> packs = await new PackTransfer(places.Open(result)).ImportMirrorAsync(source, result.GetValue(into), cancellationToken).ConfigureAwait(false);
            foreach (LocatedPack pack in packs)
            {
                Console.Out.WriteLine($"{pack.Pack.Id}: {pack.Folder}");
            }
        });
        return command;
    }
}
