using System.CommandLine;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist packs pull</c>: shows the plan, asks, fetches.</summary>
internal static class PacksPullCommand
{
    public static Command Create()
    {
        var options = new PacksOptions();
        Argument<string[]> ids = PacksCommand.IdsArgument("The packs; none means all default packs that are not here.");
        var into = new Option<string?>("--into") { Description = "The folder of packs to write to, instead of the user's store.", HelpName = "DIR" };
        var accepted = new Option<string[]>("--accept-license") { Description = "Accept the licence of an opt-in pack by the pack's name.", HelpName = "ID" };
        var command = new Command("pull", "Fetch packs, after showing what, from where, how large and under which licence.") { ids, into, accepted };
        options.AddTo(command);
        command.SetBody(async (result, cancellationToken) =>
        {
            PackStore store = options.Open(result);
            PacksConsent consent = options.Consent(result);
            using var downloader = new PackDownloader(store, result.GetValue(into));
            PackPlan plan = downloader.Plan(result.GetValue(ids) ?? [], result.GetValue(accepted));
            foreach (LocatedPack pack in plan.AlreadyHere)
            {
                Console.Out.WriteLine($"{pack.Pack.Id} is here already: {pack.Folder}");
            }

            foreach (PackDescription pack in plan.MirrorOnly)
            {
                Console.Out.WriteLine($"{pack.Id} comes with a mirror only; `diarist packs import MIRROR` brings it.");
            }

            if (plan.Files.Count == 0)
            {
                return;
            }

            if (consent.Offline)
            {
                throw new MissingPacksException([.. plan.Packs], []);
            }

            PacksPull.WritePlan(plan, Console.Out);
            if (await consent.AskAsync("Fetch them?", cancellationToken).ConfigureAwait(false))
            {
                await PacksPull.PullAsync(downloader, plan, cancellationToken).ConfigureAwait(false);
                Console.Out.WriteLine($"{string.Join(", ", plan.Packs.Select(pack => pack.Id))}: here and checked.");
            }
            else
            {
                Console.Out.WriteLine("Nothing was fetched.");
            }
        });
        return command;
    }
}
