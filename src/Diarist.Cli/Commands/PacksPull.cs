using System.Globalization;
using System.Net.Http;
using System.Net.NetworkInformation;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary>Fetching packs as users meet it: the plan, the question, the progress; for <c>packs pull</c> and for every command that lacks packs.</summary>
internal static class PacksPull
{
    /// <summary>The packs of these names. When some are missing and the user agrees to the plan shown, they are fetched first.</summary>
    /// <exception cref="PackException">Some are missing, cannot be fetched, or the user did not agree: one message that names all of them.</exception>
    /// <exception cref="PackDownloadException">The download failed.</exception>
    public static async Task<IReadOnlyList<LocatedPack>> RequireAsync(PackStore store, PacksConsent consent, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        try
        {
            return store.RequireAll(ids);
        }
        catch (MissingPacksException missing) when (!consent.Offline && consent.IsPossible && missing.Packs.All(pack => pack.CanBePulled))
        {
            using var downloader = new PackDownloader(store);
            PackPlan plan = downloader.Plan([.. missing.Packs.Select(pack => pack.Id)]);
            if (!IsReachable(plan))
            {
                throw new PackException($"{ErrorHints.Describe(missing)} They cannot be fetched now: there is no network.", missing);
            }

            WritePlan(plan, Console.Error);
            if (!await consent.AskAsync("Fetch them?", cancellationToken).ConfigureAwait(false))
            {
                throw;
            }

            try
            {
                await PullAsync(downloader, plan, cancellationToken).ConfigureAwait(false);
            }
            catch (PackDownloadException error) when (error.InnerException is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError })
            {
                throw new PackException($"{ErrorHints.Describe(missing)} They cannot be fetched now: {error.Message}", error);
            }

            return store.RequireAll(ids);
        }
    }

    /// <summary>Does what the plan says, and shows how far it is.</summary>
    public static async Task PullAsync(PackDownloader downloader, PackPlan plan, CancellationToken cancellationToken)
    {
        using var progress = new PacksProgressLine();
        await downloader.PullAsync(plan, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows what would be fetched, from where, how large it is, and under which licences.</summary>
    public static void WritePlan(PackPlan plan, TextWriter writer)
    {
        writer.WriteLine($"To be fetched into {plan.Target.Folder}:");
        writer.WriteLine();
        var table = new PacksTable("pack", "file", "size", "licence", "from");
        foreach (PackPlanFile file in plan.Files)
        {
            table.Add(
                file.Pack.Id, file.File.Name, PackText.Size(file.Variant.ExpectedBytes), file.Variant.License ?? file.Pack.License, new Uri(file.Variant.Addresses[0]).Host);
        }

        table.Write(writer);
        writer.WriteLine();
        foreach (PackDescription pack in plan.Packs)
        {
            writer.WriteLine($"{pack.Id}: {pack.Attribution}.");
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PackText.Size(plan.Bytes)} in {plan.Files.Count} file{(plan.Files.Count == 1 ? "" : "s")}. Every file is checked against its SHA-256."));
    }

    private static bool IsReachable(PackPlan plan) =>
        NetworkInterface.GetIsNetworkAvailable() || plan.Files.Any(file => file.Variant.Addresses.Any(address => new Uri(address).IsLoopback));
}
