using System.Globalization;
using Diarist.Server.Http;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Diarist.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Recordings;

/// <summary>What was heard of a recording, and corrections.</summary>
internal sealed class SessionsApi(Jobs jobs, DataFolder data, OpenSessions sessions, ServerOptions options)
{
    private const int MostPeaks = 20_000;
    private const double PeaksPerSecond = 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/recordings/{id}/session", SessionAsync).WithSummary("Speakers, turns and words.");
        routes.MapPost("/api/recordings/{id}/edits", EditAsync).WithSummary("Corrects who speaks when.");
        routes.MapGet("/api/recordings/{id}/review", ReviewAsync).WithSummary("The turns to look at first.");
        routes.MapGet("/api/recordings/{id}/peaks", PeaksAsync).WithSummary("Least and greatest samples, for drawing.");
    }

    private async Task SessionAsync(HttpContext context)
    {
        SessionView view = await sessions.UseAsync(Done(context).Id, SessionViews.Of, context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.WriteAsync(context, view, ApiJson.Default.SessionView).ConfigureAwait(false);
    }

    private async Task ReviewAsync(HttpContext context)
    {
        ReviewView view = await sessions.UseAsync(Done(context).Id, SessionViews.Review, context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.WriteAsync(context, view, ApiJson.Default.ReviewView).ConfigureAwait(false);
    }

    private async Task EditAsync(HttpContext context)
    {
        Job job = Done(context);
        EditRequest edit = await JsonResponses.ReadAsync(context, ApiJson.Default.EditRequest).ConfigureAwait(false);
        AnonymousMode.Check(options, edit);
        SessionView view = await sessions.UseAsync(
            job.Id,
            session =>
            {
                if (edit.Revision != session.Revision)
                {
                    throw new ApiException(409, "revision", $"The session has been changed meanwhile; it is at revision {session.Revision}.");
                }

                SessionEdits.Apply(session, edit);
                session.Save(data.SessionOf(job.Id));
                return SessionViews.Of(session);
            },
            context.RequestAborted).ConfigureAwait(false);
        jobs.Corrected(job.Id, view.Speakers.Count);
        await JsonResponses.WriteAsync(context, view, ApiJson.Default.SessionView).ConfigureAwait(false);
    }

    private async Task PeaksAsync(HttpContext context)
    {
        Job job = Done(context);
        double from = Number(context, "from", 0), to = Number(context, "to", job.Seconds ?? 0);
        int width = (int)Number(context, "width", 1000);
        if (from < 0 || to <= from || width is < 1 or > MostPeaks)
        {
            throw ApiException.Invalid("from", $"from lies before to, and width between 1 and {MostPeaks}.");
        }

        PeaksView view = await sessions.UseAsync(job.Id, session => Peaks(session, from, to, width), context.RequestAborted).ConfigureAwait(false);
        await JsonResponses.WriteAsync(context, view, ApiJson.Default.PeaksView).ConfigureAwait(false);
    }

    private static PeaksView Peaks(DiarizationSession session, double from, double to, int width)
    {
        ReadOnlySpan<sbyte> peaks = session.Peaks;
        int pairs = peaks.Length / 2;
        int[] least = new int[width], greatest = new int[width];
        for (int column = 0; column < width; column++)
        {
            double start = (from + ((to - from) * column / width)) * PeaksPerSecond, end = (from + ((to - from) * (column + 1) / width)) * PeaksPerSecond;
            int first = (int)Math.Min(start, pairs), last = (int)Math.Min(Math.Max(first + 1, Math.Ceiling(end)), pairs);
            for (int pair = first; pair < last; pair++)
            {
                least[column] = Math.Min(least[column], peaks[2 * pair]);
                greatest[column] = Math.Max(greatest[column], peaks[(2 * pair) + 1]);
            }
        }

        return new PeaksView(from, to, least, greatest);
    }

    private static double Number(HttpContext context, string name, double otherwise) => context.Request.Query[name].ToString() is not { Length: > 0 } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && Math.Abs(value) < 1e9 ? value
        : throw ApiException.Invalid(name, $"{name} is a number.");

    private Job Done(HttpContext context) => jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Recording) is { State: JobState.Done } job
        ? job
        : throw new ApiException(409, "state", "The recording is not done yet.");
}
