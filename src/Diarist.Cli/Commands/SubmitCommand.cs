using System.CommandLine;
using Diarist.Cli.Batch;
using Diarist.Cli.Queue;
using Diarist.Jobs;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist submit</c>: a batch whose work is done by the workers of a queue.</summary>
internal static class SubmitCommand
{
    private static readonly Option<bool> Shared = new("--shared") { Description = "Workers read the recordings by their full paths; otherwise these are stored with the queue." };
    private static readonly Option<int?> Window = OptionFactory.Count("--window", "How many jobs may be under way; default 1000.", 1, 1_000_000);

    public static Command Create()
    {
        var command = new Command("submit", "Hand recordings to workers over NATS JetStream, and put their results into a folder.");
        BatchArguments.AddTo(command);
        command.Options.Add(Shared);
        command.Options.Add(Window);
        QueueArguments.AddTo(command);
        TurnArguments.AddTo(command);
        AudioArguments.AddTo(command);
        DiarizerArguments.AddTo(command);
        command.SetBody(RunAsync);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        BatchSettings settings = BatchArguments.Settings(parsed);
        BatchFolder folder = BatchArguments.Folder(parsed);
        IReadOnlyList<BatchRecording> recordings = BatchArguments.Recordings(parsed, settings, folder, stored: true);
        DiarizerOptions options = settings.Recordings.ForEach(settings.Options);
        IReadOnlyList<LocatedPack> packs = await DiarizerArguments.RequireAsync(parsed, options, cancellationToken).ConfigureAwait(false);

        // What auto means is decided here, for all workers.
        Precision precision = Diarizer.PrecisionFor(options);
        IReadOnlyList<string> arguments = JobArguments.Of(parsed, precision);
        settings = options.Recipe == Recipe.VoiceActivity ? settings : settings with { Options = settings.Options with { Precision = precision } };
        JobQueueOptions queueOptions = QueueArguments.Read(parsed) with { ClientName = "diarist submit" };
        await using JobQueue queue = await JobQueue.ConnectAsync(queueOptions, create: true, cancellationToken).ConfigureAwait(false);
        var plan = BatchPlan.Make(recordings, settings, packs, folder, BatchLimits.DefaultTries, BatchArguments.Checks(parsed), cancellationToken);
        BatchPlanText.Say(plan, settings, folder, BatchArguments.Part(parsed), "by workers", speed: null);
        folder.Create();
        using var log = BatchLog.Begin(folder, BatchArguments.Part(parsed), jobs: 1);
        using var progress = new BatchProgress(plan, null);
        using var submission = new Submission(
            queue, folder, settings, packs, arguments, parsed.GetValue(Shared), BatchArguments.Checks(parsed).Failures, parsed.GetValue(Window) ?? 1000, log, progress);
        try
        {
            await submission.RunAsync(plan.Pending, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.WriteFailures();
            log.Write(new BatchEvent { Event = "end" });
        }

        BatchArguments.Conclude(submission.Failed + plan.Quarantined.Count, plan, folder);
    }
}
