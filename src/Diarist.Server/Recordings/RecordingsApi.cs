using Diarist.Server.Http;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Recordings;

/// <summary>The list of recordings, what happens to them, and their end.</summary>
internal sealed class RecordingsApi(Jobs jobs, OpenSessions sessions, ServerOptions options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/recordings", ListAsync).WithSummary("All recordings, newest first.");
        routes.MapGet("/api/recordings/{id}", GetAsync).WithSummary("A recording.");
        routes.MapDelete("/api/recordings/{id}", DeleteAsync).WithSummary("Deletes a recording with everything that is kept of it.");
        routes.MapPost("/api/recordings/{id}/cancel", CancelAsync).WithSummary("Stops the work on a recording.");
        routes.MapGet("/api/recordings/{id}/events", EventsOfOneAsync).WithSummary("What happens to a recording, as server-sent events.");
        routes.MapGet("/api/events", EventsAsync).WithSummary("What happens to recordings, as server-sent events.");
    }

    /// <summary>A recording as clients see it.</summary>
    public static RecordingView View(Job job, JobProgress? progress) => new()
    {
        Id = job.Id,
        Name = job.Name,
        Size = job.Size,
        Offset = job.Offset,
        Seconds = job.Seconds,
        State = job.State switch
        {
            JobState.Uploading => "uploading",
            JobState.Queued => "queued",
            JobState.Running => "running",
            JobState.Done => "done",
            JobState.Failed => "failed",
            _ => "cancelled",
        },
        Stage = progress?.Stage,
        Progress = progress?.Fraction,
        Speed = progress?.Speed,
        SecondsLeft = progress?.SecondsLeft,
        Error = job.Error is { } error ? new ErrorView(error.Code, error.Message) : null,
        Created = job.Created,
        Speakers = job.Speakers,
        Warnings = job.Warnings,
        HasWords = job.HasWords,
    };

    private RecordingView View(Job job) => View(job, jobs.ProgressOf(job.Id));

    private Task ListAsync(HttpContext context) =>
        JsonResponses.WriteAsync(context, new RecordingListView([.. jobs.List(JobKind.Recording).Select(View)]), ApiJson.Default.RecordingListView);

    private Task GetAsync(HttpContext context) => JsonResponses.WriteAsync(context, View(Of(context)), ApiJson.Default.RecordingView);

    private Task CancelAsync(HttpContext context)
    {
        Job job = Of(context);
        jobs.Cancel(job.Id);
        return JsonResponses.WriteAsync(context, View(Of(context)), ApiJson.Default.RecordingView);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        Job job = Of(context);
        await sessions.CloseAsync(job.Id, () => jobs.DeleteAsync(job.Id)).ConfigureAwait(false);
        context.Response.StatusCode = 204;
    }

    private async Task EventsAsync(HttpContext context)
    {
        using JobEvents.Subscription listening = jobs.Events.Subscribe();
        await StreamAsync(context, listening, _ => true, endsWithJob: false).ConfigureAwait(false);
    }

    private async Task EventsOfOneAsync(HttpContext context)
    {
        using JobEvents.Subscription listening = jobs.Events.Subscribe();
        Job job = Of(context);
        var stream = new EventStream(context);
        await stream.StartAsync().ConfigureAwait(false);
        await stream.SendAsync("recording", View(job), ApiJson.Default.RecordingView).ConfigureAwait(false);
        if (!job.IsOver)
        {
            await FollowAsync(stream, listening, other => other.Id == job.Id, endsWithJob: true).ConfigureAwait(false);
        }
    }

    private async Task StreamAsync(HttpContext context, JobEvents.Subscription listening, Func<Job, bool> wanted, bool endsWithJob)
    {
        var stream = new EventStream(context);
        await stream.StartAsync().ConfigureAwait(false);
        await FollowAsync(stream, listening, wanted, endsWithJob).ConfigureAwait(false);
    }

    private async Task FollowAsync(EventStream stream, JobEvents.Subscription listening, Func<Job, bool> wanted, bool endsWithJob)
    {
        while (await stream.WaitAsync(listening.Reader, options.KeepAlive).ConfigureAwait(false))
        {
            while (listening.Reader.TryRead(out JobEvent? happened))
            {
                if (happened.Job.Kind != JobKind.Recording || !wanted(happened.Job))
                {
                    continue;
                }

                if (happened.Deleted)
                {
                    await stream.SendAsync("deleted", new DeletedView(happened.Job.Id), ApiJson.Default.DeletedView).ConfigureAwait(false);
                }
                else
                {
                    await stream.SendAsync("recording", View(happened.Job, happened.Progress), ApiJson.Default.RecordingView).ConfigureAwait(false);
                }

                if (endsWithJob && (happened.Deleted || happened.Job.IsOver))
                {
                    return;
                }
            }
        }
    }

    private Job Of(HttpContext context) => jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Recording);
}
