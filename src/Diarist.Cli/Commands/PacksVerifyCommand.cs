using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs verify</c>: reads every file through and compares its hash with the catalogue's.</summary>
internal static class PacksVerifyCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        Argument<string[]> ids = PacksCommand.IdsArgument("The packs; none means all that are here.");
        var command = new Command("verify", "Check the files of packs against the catalogue.") { ids };
        places.AddPlacesTo(command);
        command.SetBody((result, cancellationToken) =>
        {
            PackStore store = places.Open(result);
            IReadOnlyList<LocatedPack> packs = Chosen(store, result.GetValue(ids) ?? []);
            List<PackException> damaged = CheckHashes(packs, cancellationToken);
            return damaged.Count == 0 ? Task.CompletedTask : throw new PackException(string.Join(" ", damaged.Select(error => error.Message)));
        });
        return command;
    }

    private static IReadOnlyList<LocatedPack> Chosen(PackStore store, string[] ids)
    {
        IReadOnlyList<LocatedPack> packs = ids.Length > 0 ? store.RequireAll(ids) : [.. store.All().Select(entry => entry.Found).OfType<LocatedPack>()];
        return packs.Count > 0 ? packs : throw new MissingPacksException([.. store.Catalog.Packs.Where(pack => pack.Class == PackClass.Default)], []);
    }

    private static List<PackException> CheckHashes(IReadOnlyList<LocatedPack> packs, CancellationToken cancellationToken)
    {
        var damaged = new List<PackException>();
        foreach (LocatedPack pack in packs)
        {
            foreach (PackFile file in pack.PresentFiles)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string path = Path.Combine(pack.Folder, file.Name);
                try
                {
                    Console.Out.WriteLine($"ok       {path}  {pack.Variant(file.Name).Sha256}");
                }
                catch (PackException error)
                {
                    Console.Out.WriteLine($"DAMAGED  {path}");
                    damaged.Add(error);
                }
            }
        }

        return damaged;
    }
}
