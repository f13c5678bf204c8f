using System.CommandLine;
using Diarist.Networks;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs verify</c>: reads every file through and compares its hash with the catalog's; with known answers also what the networks compute.</summary>
internal static class PacksVerifyCommand
{
    public static Command Create()
    {
        var places = new PacksOptions();
        Argument<string[]> ids = PacksCommand.IdsArgument("The packs; none means all that are here.");
        var knownAnswers = new Option<bool>("--known-answers") { Description = "Also run the networks, and compare what they compute with known answers." };
        var audio = new Option<string?>("--audio") { Description = "The recording that the known answers of wespeaker-resnet34-lm are of (see docs/packs.md).", HelpName = "FILE" };
        var command = new Command("verify", "Check the files of packs against the catalog.") { ids, knownAnswers, audio };
        places.AddPlacesTo(command);
        command.SetBody((result, cancellationToken) =>
        {
            PackStore store = places.Open(result);
            IReadOnlyList<LocatedPack> packs = Chosen(store, result.GetValue(ids) ?? []);
            List<PackException> damaged = CheckHashes(packs, cancellationToken);
            if (damaged.Count > 0)
            {
                throw new PackException(string.Join(" ", damaged.Select(error => error.Message)));
            }

            if (result.GetValue(knownAnswers))
            {
                CheckAnswers(packs, result.GetValue(audio), cancellationToken);
            }

            return Task.CompletedTask;
        });
        return command;
    }

    private static IReadOnlyList<LocatedPack> Chosen(PackStore store, string[] ids)
    {
        IReadOnlyList<LocatedPack> packs = ids.Length > 0 ? store.RequireAll(ids) : [.. store.All().Select(entry => entry.Found).OfType<LocatedPack>()];
        return packs.Count > 0 ? packs : throw new MissingPacksException([.. store.Catalog.Packs.Where(pack => pack.Class == PackClass.Default)], []);
    }

    private static void CheckAnswers(IReadOnlyList<LocatedPack> packs, string? audio, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (KnownAnswerResult answer in packs.Select(pack => KnownAnswers.Check(pack, audio, cancellationToken)))
        {
            Console.Out.WriteLine($"{answer.Holds switch { true => "ok       ", false => "WRONG    ", null => "-        " }}{answer.Pack}: {answer.Summary}");
            if (answer.Holds == false)
            {
                wrong.Add($"{answer.Pack}: the network does not compute what it should ({answer.Summary}).");
            }
        }

        if (wrong.Count > 0)
        {
            throw new PackException(string.Join(" ", wrong));
        }
    }

    private static List<PackException> CheckHashes(IReadOnlyList<LocatedPack> packs, CancellationToken cancellationToken)
    {
        var damaged = new List<PackException>();
        foreach (LocatedPack pack in packs)
        {
            foreach (PackFile file in pack.PresentFiles)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string path = pack.IsInside ? $"{PackLevel.Inside}: {pack.Pack.Id}/{file.Name}" : Path.Combine(pack.Folder, file.Name);
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
