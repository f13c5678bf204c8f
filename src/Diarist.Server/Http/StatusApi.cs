using System.Reflection;
using Diarist.Server.Recordings;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Http;

/// <summary>Whether the server lives and can work, what it offers, and the page's login.</summary>
internal sealed class StatusApi(Jobs jobs, IJobStore store, RecordingWork work, ApiKeys keys, ServerOptions options)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", LiveAsync).WithSummary("Answers as long as the server lives.");
        routes.MapGet("/health/ready", ReadyAsync).WithSummary("Answers 200 when jobs can be taken: the networks are loaded, the database answers, the queue has room.");
        routes.MapGet("/api/server", ServerAsync).WithSummary("What this server offers.");
        routes.MapPost("/api/login", LoginAsync).WithSummary("Trades a key for a cookie, for browsers.");
    }

    private static Task LiveAsync(HttpContext context) => JsonResponses.WriteAsync(context, new HealthView("live", 0, 0), ApiJson.Default.HealthView);

    private async Task ReadyAsync(HttpContext context)
    {
        await Task.Run(work.Load, context.RequestAborted).ConfigureAwait(false);
        int waiting = jobs.Waiting, running = store.Count(JobState.Running);
        bool room = waiting < options.MaximumQueue;
        await JsonResponses.WriteAsync(context, new HealthView(room ? "ready" : "full", waiting, running), ApiJson.Default.HealthView, room ? 200 : 503).ConfigureAwait(false);
    }

    private Task ServerAsync(HttpContext context)
    {
        string version = typeof(StatusApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return JsonResponses.WriteAsync(
            context,
            new ServerView(version.Split('+')[0], options.Engine is not null, options.EngineName, options.MaximumUploadBytes, keys.Demanded),
            ApiJson.Default.ServerView);
    }

    private async Task LoginAsync(HttpContext context)
    {
        LoginRequest login = await JsonResponses.ReadAsync(context, ApiJson.Default.LoginRequest).ConfigureAwait(false);
        keys.Admit(context, login.Key);
        context.Response.StatusCode = 204;
    }
}
