using System.Globalization;

namespace Diarist.Cli.Batch;

/// <summary>A plan for people.</summary>
internal static class BatchPlanText
{
    /// <summary>Says what is to be done, on standard error; refuses when the disk cannot hold it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="settings">What decides the results.</param>
    /// <param name="folder">Where they go.</param>
    /// <param name="shard">The part; null for all.</param>
    /// <param name="how">How many are done at a time, or by whom.</param>
    /// <param name="speed">Seconds of audio a second; null when unknown.</param>
    /// <exception cref="InputException">The results are larger than the space that is left.</exception>
    public static void Say(BatchPlan plan, BatchSettings settings, BatchFolder folder, Shard? shard, string how, double? speed)
    {
        double needed = plan.ResultBytes(settings.Formats.Count);
        long? free = FreeBytes(folder.Path);
        if (needed > free)
        {
            throw new InputException(folder.Path, $"the results take about {Size(needed)}, and {Size(free.Value)} are free");
        }

        if (Messages.Quiet)
        {
            return;
        }

        string part = shard is null ? "" : $" in part {shard}";
        string done = plan.Done > 0 ? $"; with a result: {plan.Done}" : "";
        string quarantined = plan.Quarantined.Count > 0 ? $"; left alone because they failed before: {plan.Quarantined.Count}" : "";
        Console.Error.WriteLine($"diarist: {Count(plan.Recordings)}{part}{done}{quarantined}.");
        if (plan.Pending.Count == 0)
        {
            return;
        }

        string about = plan.IsExact ? "" : "about ";
        string time = speed is double fast
            ? string.Create(CultureInfo.InvariantCulture, $", about {BatchProgress.Span(plan.PendingSeconds / fast)} at {fast:0}× real time")
            : "";
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"diarist: to do: {Count(plan.Pending.Count)}, {about}{Hours(plan.PendingSeconds)}, {how}{time}; results of about {Size(needed)}{(free is long space ? $", {Size(space)} are free" : "")}."));
    }

    /// <summary>A length in hours, in minutes when it is short.</summary>
    internal static string Hours(double seconds) => seconds < 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h");

    private static string Count(int recordings) => recordings == 1 ? "1 recording" : string.Create(CultureInfo.InvariantCulture, $"{recordings} recordings");

    private static string Size(double bytes) => bytes switch
    {
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(bytes / 1e3):0} kB"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };

    // Null where the system does not say.
    private static long? FreeBytes(string folder)
    {
        try
        {
            string? existing = Path.GetFullPath(folder);
            while (existing is not null && !Directory.Exists(existing))
            {
                existing = Path.GetDirectoryName(existing);
            }

            return existing is null ? null : new DriveInfo(existing).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
