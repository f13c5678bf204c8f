using System.Text;
using System.Text.Json;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Diarist.Server.Dialects;

/// <summary>
/// An answer that may take hours. Clients give up when no byte comes (Node's after 300 s, .NET's after 100 s, and send the recording again), so
/// the headers go out as soon as it is clear that the answer takes longer than a moment, and after them something that means nothing in the
/// answer's form, again and again.
/// </summary>
internal static class PatientAnswer
{
    // The connection is then broken off, which throws away what is not sent and read yet.
    private static readonly TimeSpan TimeToRead = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a job and writes what is made of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">The media type of the answer.</param>
    /// <param name="filler">What means nothing: white space before JSON, text and SubRip, nothing before WebVTT.</param>
    /// <param name="options">How long the status waits, and how often the filler is sent.</param>
    /// <param name="job">The job.</param>
    /// <param name="make">Makes the answer.</param>
    public static async Task WriteAsync(HttpContext context, string type, string filler, ServerOptions options, Task<Job?> job, Func<Job?, Task<byte[]>> make)
    {
        if (await Task.WhenAny(job, Task.Delay(options.StatusWait, context.RequestAborted)).ConfigureAwait(false) == job)
        {
            Job? done = await job.ConfigureAwait(false);
            byte[] whole = await make(done).ConfigureAwait(false);
            context.Response.ContentType = type;
            if (done is { Warnings.Count: > 0 })
            {
                context.Response.Headers["x-diarist-warning"] = AsHeader(string.Join("; ", done.Warnings));
            }

            context.Response.ContentLength = whole.Length;
            await context.Response.Body.WriteAsync(whole, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        context.RequestAborted.ThrowIfCancellationRequested();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = type;
        context.Response.Headers["X-Accel-Buffering"] = "no";
        byte[] sign = Encoding.UTF8.GetBytes(filler);
        int sent = 0;
        do
        {
            await context.Response.Body.WriteAsync(sign, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            sent++;
        }
        while (await Task.WhenAny(job, Task.Delay(options.KeepAlive, context.RequestAborted)).ConfigureAwait(false) != job && !context.RequestAborted.IsCancellationRequested);
        byte[] rest;
        try
        {
            rest = await make(await job.WaitAsync(context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (ApiException error)
        {
            // The status has gone. The error is there for people; the missing end of the body tells programs.
            await JsonSerializer.SerializeAsync(context.Response.Body, OpenAiErrorView.Of(error), ApiJson.Default.OpenAiErrorView, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await Task.Delay(TimeToRead, context.RequestAborted).ConfigureAwait(false);
            throw;
        }

        await context.Response.Body.WriteAsync(rest, context.RequestAborted).ConfigureAwait(false);
    }

    // Headers are ASCII; warnings hold the names that clients give to recordings.
    private static string AsHeader(string text) => string.Concat(text.Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
}
