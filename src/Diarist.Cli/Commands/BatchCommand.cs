using System.CommandLine;
using Diarist.Cli.Batch;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist batch</c>: many recordings, resumed where they were left, each result once.</summary>
internal static class BatchCommand
{
    private static readonly Argument<string[]> Sources = new("source") { Arity = ArgumentArity.ZeroOrMore, Description = "Recordings, folders (with all below them), patterns such as 'calls/**/*.wav', and manifests (.jsonl)." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "The folder of the results, which also keeps what is done.", HelpName = "DIR" };
    private static readonly Option<string?> Format = new("--format")
    {
        Description = $"What to write: {OutputFormats.List(OutputFormats.Timeline)}, several with commas between, or all. Default: json.",
        HelpName = "FORMATS",
    };

    private static readonly Option<bool> Exclusive = new("--exclusive") { Description = "One speaker at a time: overlap goes to the stronger voice (text and rttm; json always holds both)." };
    private static readonly Option<string?> ShardOption = new("--shard") { Description = "Do only the i-th of n parts; the parts may run anywhere, at any time.", HelpName = "i/n" };
    private static readonly Option<bool> PlanOnly = new("--plan") { Description = "Say what would be done, and do nothing." };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Read recordings and results again and compare their hashes, and not only lengths and times." };
    private static readonly Option<bool> Again = new("--retry") { Description = "Try recordings again that have failed too often." };
    private static readonly Option<bool> Child = new("--child") { Hidden = true };

    public static Command Create()
    {
        var command = new Command("batch", "Many recordings into a folder of results; what is done is not done again.")
        {
            Sources, Output, Format, Exclusive, ShardOption, PlanOnly, Verify, Again, Child,
        };
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
        new BatchWork(settings, new BatchFolder(FolderOf(parsed)), diarizer, packs, answers).Run(Console.In, cancellationToken);
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BatchLimits limits = BatchLimits.Read(parsed);
        BatchSettings settings = SettingsOf(parsed, limits.Jobs);
        var folder = new BatchFolder(FolderOf(parsed));
        Shard? shard = parsed.GetValue(ShardOption) is { } text ? Shard.Parse(text) : null;
        string[] sources = parsed.GetValue(Sources) ?? [];
        IReadOnlyList<BatchRecording> recordings = Recordings(sources, settings, folder);
        recordings = shard is null ? recordings : [.. recordings.Where(recording => shard.Holds(recording.Id))];
        IReadOnlyList<LocatedPack> packs = await DiarizerArguments.RequireAsync(parsed, settings.Recordings.ForEach(settings.Options), cancellationToken).ConfigureAwait(false);
        var plan = BatchPlan.Make(recordings, settings, packs, folder, limits.Tries, new BatchChecks(parsed.GetValue(Verify), parsed.GetValue(Again)), cancellationToken);
        WorkProcess Start() => WorkProcess.Start(ChildArguments(Environment.GetCommandLineArgs()[1..]));
        await using var survey = new BatchSurvey(Start);
        plan = await survey.MeasureAsync(plan, cancellationToken).ConfigureAwait(false);
        double? speed = BatchLog.Speed(folder) ?? await survey.CalibrateAsync(plan, limits.Jobs, cancellationToken).ConfigureAwait(false);
        BatchPlanText.Say(plan, settings, folder, shard, limits, speed);
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
        int failed = run.Failed + plan.Quarantined.Count;
        if (failed > 0)
        {
            throw new BatchFailuresException($"{failed} of {plan.Recordings} recordings have no result; {folder.Failures} says why. `diarist batch … --retry` tries them again.");
        }
    }

    private static IReadOnlyList<BatchRecording> Recordings(string[] sources, BatchSettings settings, BatchFolder folder)
    {
        if (sources.Length == 0)
        {
            throw new UsageException("batch needs a source: recordings, folders, patterns or a manifest.");
        }

        IReadOnlyList<BatchRecording> recordings = BatchSources.Read(sources);
        if (recordings.FirstOrDefault(recording => recording.ObjectKey is not null) is { } stored)
        {
            throw new UsageException($"{stored.Id} lies in an object store; `diarist submit` hands such recordings to workers.");
        }

        foreach (BatchRecording recording in recordings)
        {
            try
            {
                settings.OptionsOf(recording).Validate();
            }
            catch (ArgumentException error)
            {
                throw new UsageException($"{recording.Id}: {UsageException.From(error).Message}");
            }
        }

        BatchOutputs.Check(recordings, settings.Formats, folder, sources);
        return recordings;
    }

    private static string FolderOf(ParseResult parsed) => parsed.GetValue(Output) switch
    {
        null or "" => throw new UsageException("batch needs --output DIR, a folder for the results."),
        var output when File.Exists(output) => throw new UsageException($"{output} is a file; the results of a batch need a folder."),
        var output => output,
    };

    // With several recordings at a time each has one thread, unless a number was given.
    private static BatchSettings SettingsOf(ParseResult parsed, int jobs)
    {
        var settings = BatchSettings.Read(parsed, Format, Exclusive);
        int threads = settings.Options.Threads > 0 ? settings.Options.Threads : Math.Max(1, Environment.ProcessorCount / jobs);
        return settings with { Options = settings.Options with { Threads = threads } };
    }
}
