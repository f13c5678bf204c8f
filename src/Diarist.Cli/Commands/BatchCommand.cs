using System.CommandLine;
using System.Globalization;
using Diarist.Cli.Batch;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist batch</c>: many recordings, resumed where they were left, each result once.</summary>
internal static class BatchCommand
{
    private static readonly Option<bool> PlanOnly = new("--plan") { Description = "Say what would be done, and do nothing." };
    private static readonly Option<bool> Child = new("--child") { Hidden = true };

    public static Command Create()
    {
        var command = new Command("batch", "Many recordings into a folder of results; what is done is not done again.");
        BatchArguments.AddTo(command);
        command.Options.Add(PlanOnly);
        command.Options.Add(Child);
        BatchLimits.AddTo(command);
        TurnArguments.AddTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        command.Subcommands.Add(BatchStatusCommand.Create());
        command.Subcommands.Add(BatchReportCommand.Create());
        command.SetBody((parsed, cancellationToken) => parsed.GetValue(Child) ? WorkAsync(parsed, cancellationToken) : RunAsync(parsed, cancellationToken));
        return command;
    }

    /// <summary>The arguments by which a process of this program does the work of this command line.</summary>
    private static IReadOnlyList<string> ChildArguments(string[] arguments)
    {
        // Only options without values, such as -q, can stand before the command.
        int command = Array.IndexOf(arguments, "batch");
        return ["batch", Child.Name, .. arguments[..command], .. arguments[(command + 1)..]];
    }

    private static async Task WorkAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Interruption.LeaveToParent();
        BatchSettings settings = SettingsOf(parsed, BatchLimits.Read(parsed).Jobs);
        DiarizerOptions options = settings.Recordings.ForEach(settings.Options);
        IReadOnlyList<LocatedPack> packs = await DiarizerArguments.RequireAsync(parsed, options, cancellationToken).ConfigureAwait(false);
        Diarizer diarizer = await DiarizerArguments.LoadAsync(parsed, options, cancellationToken).ConfigureAwait(false);
        using Stream answers = Console.OpenStandardOutput();
        new BatchWork(settings, BatchArguments.Folder(parsed), diarizer, packs, answers).Run(Console.In, cancellationToken);
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BatchLimits limits = BatchLimits.Read(parsed);
        BatchSettings settings = SettingsOf(parsed, limits.Jobs);
        BatchFolder folder = BatchArguments.Folder(parsed);
        Shard? shard = BatchArguments.Part(parsed);
        IReadOnlyList<BatchRecording> recordings = BatchArguments.Recordings(parsed, settings, folder, stored: false);
        IReadOnlyList<LocatedPack> packs = await DiarizerArguments.RequireAsync(parsed, settings.Recordings.ForEach(settings.Options), cancellationToken).ConfigureAwait(false);
        var plan = BatchPlan.Make(recordings, settings, packs, folder, limits.Tries, BatchArguments.Checks(parsed), cancellationToken);
        WorkProcess Start() => WorkProcess.Start(ChildArguments(Environment.GetCommandLineArgs()[1..]));
        await using var survey = new BatchSurvey(Start);
        plan = await survey.MeasureAsync(plan, cancellationToken).ConfigureAwait(false);
        double? speed = BatchLog.Speed(folder) ?? await survey.CalibrateAsync(plan, limits.Jobs, cancellationToken).ConfigureAwait(false);
        BatchPlanText.Say(plan, settings, folder, shard, string.Create(CultureInfo.InvariantCulture, $"{limits.Jobs} at a time"), speed);
        if (parsed.GetValue(PlanOnly))
        {
            return;
        }

        Interruption.Allow(TimeSpan.FromSeconds(limits.Grace));
        folder.Create();
        Dictionary<string, int> lost = BatchLog.Lost(folder, shard);
        using var log = BatchLog.Begin(folder, shard, limits.Jobs);
        using var progress = new BatchProgress(plan, speed);
        using var run = new BatchRun(plan, folder, limits, log, lost, survey.TakeProcess(), Start, progress);
        try
        {
            await run.RunAsync(Interruption.Draining, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.WriteFailures();
            log.Write(new BatchEvent { Event = "end" });
        }

        Interruption.Draining.ThrowIfCancellationRequested();
        BatchArguments.Conclude(run.Failed + plan.Quarantined.Count, plan, folder);
    }

    // With several recordings at a time each has one thread, unless a number was given.
    private static BatchSettings SettingsOf(ParseResult parsed, int jobs)
    {
        BatchSettings settings = BatchArguments.Settings(parsed);
        int threads = settings.Options.Threads > 0 ? settings.Options.Threads : Math.Max(1, Environment.ProcessorCount / jobs);
        return settings with { Options = settings.Options with { Threads = threads } };
    }
}
