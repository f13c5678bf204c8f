using Diarist.Server.Recordings;
using Diarist.Server.Storage;
using Microsoft.Extensions.Hosting;

namespace Diarist.Server.Work;

/// <summary>Deletes what need not be kept: at the start what the last process left unfinished, later what is too old or too much.</summary>
internal sealed class Retention(Jobs jobs, DataFolder data, OpenSessions sessions, ServerOptions options) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await SweepAsync().ConfigureAwait(false);
                await Task.Delay(Interval, options.Clock, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    /// <summary>What the last process left: requests whose clients are gone, folders without a job. Before anything else runs.</summary>
    public static async Task CleanAsync(Jobs jobs, DataFolder data)
    {
        foreach (Job job in jobs.List(JobKind.Request))
        {
            await jobs.DeleteAsync(job.Id).ConfigureAwait(false);
        }

        foreach (string id in data.Ids().Where(id => jobs.Find(id) is null))
        {
            data.Delete(id);
        }
    }

    /// <summary>Deletes what is too old or too much now.</summary>
    public async Task SweepAsync()
    {
        DateTimeOffset now = options.Clock.GetUtcNow();
        Job[] old =
        [
            .. jobs.List(JobKind.Remote).Where(job => now - (job.Ended ?? now) > Day),
            .. jobs.List(JobKind.Media).Where(job => now - job.Created > Day),
            .. jobs.List(JobKind.Recording).Where(job => (options.Retention is { } kept && now - (job.Ended ?? now) > kept) || (job.State == JobState.Uploading && now - job.Created > Day)),
        ];
        foreach (Job job in old)
        {
            await DeleteAsync(job).ConfigureAwait(false);
        }

        if (options.MaximumDataBytes is { } most)
        {
            Job[] recordings = [.. jobs.List(JobKind.Recording)];
            long bytes = recordings.Sum(job => data.SizeOf(job.Id));
            foreach (Job job in recordings.Reverse().Where(job => job.IsOver))
            {
                if (bytes <= most)
                {
                    break;
                }

                bytes -= data.SizeOf(job.Id);
                await DeleteAsync(job).ConfigureAwait(false);
            }
        }
    }

    private Task DeleteAsync(Job job) => sessions.CloseAsync(job.Id, () => jobs.DeleteAsync(job.Id));
}
