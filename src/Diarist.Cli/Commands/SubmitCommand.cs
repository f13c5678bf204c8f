using System.CommandLine;
using Diarist.Audio;
using Diarist.Cli.Batch;
using Diarist.Cli.Queue;
using Diarist.Jobs;
using Diarist.Packs;

namespace Diarist.Cli.Commands;

/// <summary><c>diarist submit</c>: a batch whose work is done by the workers of a queue.</summary>
internal static class SubmitCommand
{
    private static readonly Option<bool> Shared = new("--shared") { Description = "Workers read the recordings by their full paths; otherwise these are stored with the queue." };
    private static readonly Option<string?> Prefix = new("--url-prefix")
    {
        Description = "Workers fetch the recordings by HTTP: each at this address with its path below the source behind it, such as https://store.example/calls/.",
        HelpName = "URL",
    };

    private static readonly Option<int?> Window = OptionFactory.Count("--window", "How many jobs may be under way; default 1000.", 1, 1_000_000);

    private static readonly Option<double?> Split = OptionFactory.Number("--split", "Have recordings that are longer heard in parts of so many minutes, by several workers. The result is the same.", 0.1, 1440, "minutes");

    public static Command Create()
    {
        var command = new Command("submit", "Hand recordings to workers over NATS JetStream, and put their results into a folder.");
        BatchArguments.AddTo(command);
        command.Options.Add(Shared);
        command.Options.Add(Prefix);
        command.Options.Add(Window);
        command.Options.Add(Split);
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
        if (parsed.GetValue(Split) is not null && (options.Recipe != Recipe.Segments || settings.Recordings.Separates))
        {
            throw new UsageException($"--split is for the recipe {Recipe.Segments} on recordings that are one signal.");
        }

        AudioAddresses? addresses = parsed.GetValue(Prefix) is { } prefix ? AudioAddresses.Parse(prefix) : null;
        if (addresses is not null && parsed.GetValue(Shared))
        {
            throw new UsageException("--shared and --url-prefix exclude each other.");
        }

        addresses?.Check(recordings);
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
        var submitting = new SubmissionOptions(arguments, parsed.GetValue(Shared), addresses, BatchArguments.Checks(parsed).Failures, parsed.GetValue(Window) ?? 1000, parsed.GetValue(Split) * 60);
        using var submission = new Submission(queue, folder, settings, packs, submitting, log, progress);
        try
        {
            await submission.RunAsync(Measured(plan.Pending, submitting.SplitSeconds, settings), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            folder.WriteFailures();
            log.Write(new BatchEvent { Event = "end" });
        }

        BatchArguments.Conclude(submission.Failed + plan.Quarantined.Count, plan, folder);
    }

    // What is split must have a length that its header tells; others are done whole.
    private static IReadOnlyList<PlannedRecording> Measured(IReadOnlyList<PlannedRecording> pending, double? split, BatchSettings settings) => split is null
        ? pending
        : [.. pending.Select(planned => planned.Seconds is null && planned.Recording.ObjectKey is null ? planned with { Seconds = SecondsOf(planned.Recording, settings) } : planned)];

    private static double? SecondsOf(BatchRecording recording, BatchSettings settings)
    {
        try
        {
            using AudioStream audio = settings.Recordings.Open(recording.Path);
            return audio.Info.Duration;
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            // The work itself reports it.
            return null;
        }
    }
}
