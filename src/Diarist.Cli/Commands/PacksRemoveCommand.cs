using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs remove ID...</c>: deletes packs from the user's store, and only from there.</summary>
internal static class PacksRemoveCommand
{
    public static Command Create()
    {
        var options = new PacksOptions();
        var ids = new Argument<string[]>("ID") { Description = "The packs.", Arity = ArgumentArity.OneOrMore };
        var from = new Option<string?>("--from") { Description = "The folder of packs to delete from, instead of the user's store.", HelpName = "DIR" };
        var command = new Command("remove", "Delete packs from the user's store.") { ids, from };
        options.AddTo(command);
        command.SetBody(async (result, cancellationToken) =>
        {
            PackStore store = options.Open(result);
            string[] names = result.GetRequiredValue(ids);
            string folder = store.FolderToWrite(result.GetValue(from));
            if (!await options.Consent(result).AskAsync($"Delete {string.Join(", ", names)} from {folder}?", cancellationToken).ConfigureAwait(false))
            {
                Console.Out.WriteLine("Nothing was deleted.");
                return;
            }

            foreach (string file in names.SelectMany(id => new PackRemover(store).Remove(id, folder)))
            {
                Console.Out.WriteLine($"deleted {file}");
            }
        });
        return command;
    }
}
