using System.Text.Json;
using Diarist.Server.Dialects;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diarist.Server.Work;

/// <summary>Tells those who asked for it that a job has ended: up to three tries, which a restart does not forget.</summary>
internal sealed partial class Webhooks(Jobs jobs, OutgoingRequests outgoing, RemoteViews views, ServerOptions options, ILogger<Webhooks> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using JobEvents.Subscription listening = jobs.Events.Subscribe();
        var told = new HashSet<string>();
        foreach (Job job in jobs.List(JobKind.Remote).Where(IsOwed))
        {
            Start(job);
        }

        await foreach (JobEvent happened in listening.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
        {
            if (!happened.Deleted && IsOwed(happened.Job))
            {
                Start(happened.Job);
            }
        }

        void Start(Job job)
        {
            if (told.Add(job.Id))
            {
                _ = TellAsync(job, stoppingToken);
            }
        }
    }

    private static bool IsOwed(Job job) => job is { Kind: JobKind.Remote, IsOver: true, Webhook.Settled: false };

    private async Task TellAsync(Job job, CancellationToken stoppingToken)
    {
        try
        {
            for (JobWebhook webhook = job.Webhook!; !webhook.Settled;)
            {
                byte[] body = JsonSerializer.SerializeToUtf8Bytes(await views.OfAsync(job, !webhook.StatusOnly).ConfigureAwait(false), RemoteJson.Default.RemoteJobView);
                string? problem = await outgoing.PostAsync(webhook.Address, body, webhook.Tries, stoppingToken).ConfigureAwait(false);
                webhook = webhook with { Tries = webhook.Tries + 1, Settled = problem is null || webhook.Tries + 1 > options.WebhookWaits.Count };
                jobs.Told(job.Id, webhook);
                if (problem is not null)
                {
                    Refused(log, job.Id, webhook.Tries, problem);
                }

                if (!webhook.Settled)
                {
                    await Task.Delay(options.WebhookWaits[webhook.Tries - 1], options.Clock, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The next process goes on.
        }
        catch (DiaristException error)
        {
            Refused(log, job.Id, 0, error.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of job {Id} could not be reported at try {Try}: {Problem}")]
    private static partial void Refused(ILogger log, string id, int @try, string problem);
}
