using System.Globalization;
using System.Text.Json;
using Diarist.Server.Recordings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Diarist.Server.Http;

/// <summary>Turns every error into an answer in the form of the interface that was asked, without a stack and without paths of this machine.</summary>
internal sealed partial class ErrorResponses(ILogger<ErrorResponses> log)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: 404 or 405, HasStarted: false, ContentLength: null, ContentType: null })
            {
                bool unknown = context.Response.StatusCode == 404;
                await WriteAsync(context, new ApiException(context.Response.StatusCode, unknown ? "not_found" : "method", unknown ? "There is nothing at this address." : "The address takes other methods.")).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is ConnectionResetException || (error is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // Nobody is there to be told, and an upload that breaks off is no fault of the server.
        }
        catch (Exception error) when (context.Response.HasStarted)
        {
            // The status has been sent; an answer without its end is what tells the client.
            Note(error, context);
            context.Abort();
        }
#pragma warning disable CA1031 // Every error has an answer.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Note(error, context);
            await WriteAsync(context, Translate(error)).ConfigureAwait(false);
        }
    }

    /// <summary>The answer to an error.</summary>
    public static ApiException Translate(Exception error) => error switch
    {
        ApiException known => known,
        BadHttpRequestException { StatusCode: 413 } => new ApiException(413, "too_large", "The request is larger than this server takes."),
        BadHttpRequestException bad => new ApiException(bad.StatusCode, "request", "The request is malformed or incomplete."),
        JsonException json => new ApiException(400, "json", MemberOf(json) is { } member ? $"{member} has a value of the wrong kind, such as a text where a number is expected." : "The body is not the JSON that is expected here."),
        Sessions.SessionChangedException => new ApiException(409, "revision", "The session has been changed meanwhile by another program."),
        Sessions.SessionEditException edit => new ApiException(409, "contradiction", edit.Message),
        AudioFormatException audio => new ApiException(422, "audio", audio.Message),
        DiaristException diarist => new ApiException(422, "recording", diarist.Message),
        _ => new ApiException(500, "internal", "Something went wrong here; the server's log says what."),
    };

    // $.numSpeakers; a $ alone is the whole body.
    private static string? MemberOf(JsonException error) => error.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;

    /// <summary>Writes an error in the form of the interface that was asked.</summary>
    public static async Task WriteAsync(HttpContext context, ApiException error)
    {
        // Other headers stay: they say who may read the answer, and where an upload goes on.
        context.Response.ContentLength = null;
        context.Response.Headers.Remove("Content-Disposition");
        context.Response.StatusCode = error.Status;
        if (error.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (error.IsFinal)
        {
            context.Response.Headers["x-should-retry"] = "false";
        }

        if (error.Status == 401)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            await JsonResponses.WriteAsync(context, OpenAiErrorView.Of(error), ApiJson.Default.OpenAiErrorView).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/problem+json";
        var problem = new ProblemView("about:blank", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(error.Status), error.Status, error.Message, error.Code);
        await JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJson.Default.ProblemView, context.RequestAborted).ConfigureAwait(false);
    }

    private void Note(Exception error, HttpContext context)
    {
        if (error is not ApiException && Translate(error).Status >= 500)
        {
            Failed(log, error, context.Request.Method, context.TraceIdentifier);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method}, request {Id}, failed.")]
    private static partial void Failed(ILogger log, Exception error, string method, string id);
}
