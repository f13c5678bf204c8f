using Diarist.Server.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diarist.Server.Work;

/// <summary>Works on jobs, one after another for each worker, from the start of the server to its end.</summary>
internal sealed partial class JobWorkers(Jobs jobs, RecordingWork work, ServerOptions options, ILogger<JobWorkers> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Workers).Select(_ => Task.Run(() => WorkAsync(stoppingToken), stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            using RunningJob running = await jobs.TakeAsync(stoppingToken).ConfigureAwait(false);
            jobs.Finish(running, await RunAsync(running, stoppingToken).ConfigureAwait(false));
        }
    }

    /// <summary>The job as it is after the work; <see langword="null"/> when the server ends, and the next one starts it again.</summary>
    private async Task<Job?> RunAsync(RunningJob running, CancellationToken stoppingToken)
    {
        Job job = running.Job;
        using var activity = ServerMetrics.Activities.StartActivity("job");
        try
        {
            Job done = await work.RunAsync(job, progress => jobs.Progressed(running, progress), running.Stopped, running.Token).ConfigureAwait(false);
            return Ended(done with { State = JobState.Done });
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return Ended(job with { State = JobState.Cancelled });
        }
        catch (DiaristException error)
        {
            return Ended(job with { State = JobState.Failed, Error = new JobError(CodeOf(error), error.Message) });
        }
#pragma warning disable CA1031 // One recording must not end the worker, whatever goes wrong with it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Failed(log, error, job.Id);
            return Ended(job with { State = JobState.Failed, Error = new JobError("internal", "Something went wrong here; the server's log says what.") });
        }
    }

    private Job Ended(Job job)
    {
        ServerMetrics.Jobs.Add(1, new KeyValuePair<string, object?>("outcome", job.State.ToString()));
        ServerMetrics.Seconds.Add(job.Seconds ?? 0);
        return job with { Ended = options.Clock.GetUtcNow() };
    }

    private static string CodeOf(DiaristException error) => error switch
    {
        Asr.TranscriberException => "engine",
        ReferenceException => "known_speaker",
        AudioFormatException => "audio",
        PackException => "networks",
        _ => "recording",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "The job {Id} failed.")]
    private static partial void Failed(ILogger log, Exception error, string id);
}
