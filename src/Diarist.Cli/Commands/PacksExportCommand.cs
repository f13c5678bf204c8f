using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs export DIR</c>: makes a mirror for machines without a connection.</summary>
internal static class PacksExportCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        var folder = new Argument<string>("DIR") { Description = "The mirror to make or to add to." };
        Argument<string[]> ids = PacksCommand.IdsArgument("The packs; none means all that are here, opt-in packs excepted.");
        var command = new Command("export", "Copy packs into a folder that serves machines without a connection as a mirror.") { folder, ids };
        places.AddPlacesTo(command);
        command.SetBody(async (result, cancellationToken) =>
        {
            string mirror = result.GetRequiredValue(folder);
            IReadOnlyList<LocatedPack> copied = await new PackExporter(places.Open(result)).ExportAsync(mirror, result.GetValue(ids) ?? [], cancellationToken).ConfigureAwait(false);
            foreach (LocatedPack pack in copied)
            {
                Console.Out.WriteLine($"{pack.Pack.Id}: {pack.Folder}");
            }

            Console.Out.WriteLine($"Use it with --packs {mirror}, with DIARIST_PACKS, or bring it in with `diarist packs import {mirror}`.");
        });
        return command;
    }
}
