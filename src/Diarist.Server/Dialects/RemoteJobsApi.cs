using System.Security.Cryptography;
using System.Text;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Dialects;

/// <summary>pyannoteAI's interface: a job is asked for and looked at later; recordings are brought to <c>media://</c> names, or fetched from hosts that are allowed.</summary>
internal sealed class RemoteJobsApi(Jobs jobs, DataFolder data, OutgoingRequests outgoing, RemoteViews views, ServerOptions options)
{
    private const string Media = "media://";
    private const int LongestName = 500;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/diarize", DiarizeAsync).WithSummary("Asks for a diarization (pyannoteAI).");
        routes.MapGet("/v1/jobs/{id}", JobAsync).WithSummary("A job with its output (pyannoteAI).");
        routes.MapPost("/v1/media/input", AnnounceAsync).WithSummary("Gives an address that a recording can be brought to (pyannoteAI).");
        routes.MapPut("/v1/media/upload/{id}", UploadAsync).WithSummary("Brings the recording (pyannoteAI).");
    }

    private async Task DiarizeAsync(HttpContext context)
    {
        RemoteRequest request = await JsonResponses.ReadAsync(context, RemoteJson.Default.RemoteRequest).ConfigureAwait(false);
        string url = request.Url ?? throw ApiException.Invalid("url", "url is missing.");
        if (request.Confidence)
        {
            throw ApiException.Invalid("confidence", "A confidence for every frame is not given here; turnLevelConfidence gives one for each turn.");
        }

        JobOptions wanted = UploadsApi.Check(
            new JobOptions
            {
                Speakers = request.NumSpeakers,
                MinSpeakers = request.MinSpeakers,
                MaxSpeakers = request.MaxSpeakers,
                Transcribe = request.Transcription,
                Exclusive = request.Exclusive,
                Confidence = request.TurnLevelConfidence,
            },
            options,
            "numSpeakers");
        JobWebhook? webhook = request.Webhook is { } address ? new JobWebhook(outgoing.Require(address, "webhook").AbsoluteUri, request.WebhookStatusOnly) : null;
        bool media = url.StartsWith(Media, StringComparison.Ordinal);
        Job? source = media ? Brought(url) ?? throw ApiException.Invalid("url", $"Nothing was brought to {url}.") : null;
        string? fetched = media ? null : outgoing.Require(url, "url").AbsoluteUri;
        Job job = jobs.Create(JobKind.Remote, media ? url : new Uri(url).AbsolutePath, source?.Size ?? 0, wanted, webhook);
        try
        {
            if (source is not null)
            {
                await Task.Run(() => File.Copy(data.AudioOf(source.Id), data.AudioOf(job.Id)), context.RequestAborted).ConfigureAwait(false);
            }

            job = jobs.Enqueue(job with { Offset = job.Size, Source = fetched }, key: "");
        }
        catch
        {
            await jobs.DeleteAsync(job.Id).ConfigureAwait(false);
            throw;
        }

        await JsonResponses.WriteAsync(context, new RemoteJobView { JobId = job.Id, Status = "created" }, RemoteJson.Default.RemoteJobView).ConfigureAwait(false);
    }

    private async Task JobAsync(HttpContext context)
    {
        Job job = jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Remote);
        await JsonResponses.WriteAsync(context, await views.OfAsync(job).ConfigureAwait(false), RemoteJson.Default.RemoteJobView).ConfigureAwait(false);
    }

    private async Task AnnounceAsync(HttpContext context)
    {
        RemoteMedia media = await JsonResponses.ReadAsync(context, RemoteJson.Default.RemoteMedia).ConfigureAwait(false);
        if (media.Url is not { } url || !url.StartsWith(Media, StringComparison.Ordinal) || url.Length is <= 8 or > LongestName)
        {
            throw ApiException.Invalid("url", $"url begins with {Media} and has at most {LongestName} characters.");
        }

        Job job = jobs.Create(JobKind.Media, url, 0, new JobOptions());
        jobs.Received(job with { Key = KeyOf(url) }, 0);
        await JsonResponses.WriteAsync(context, new RemoteMedia($"{context.Request.Scheme}://{context.Request.Host}/v1/media/upload/{job.Id}"), RemoteJson.Default.RemoteMedia, 201).ConfigureAwait(false);
    }

    // The address holds a secret that only the one who announced it knows, as pre-signed addresses do.
    private async Task UploadAsync(HttpContext context)
    {
        Job job = jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Media);
        if (job.State != JobState.Uploading)
        {
            throw new ApiException(409, "state", "The recording is here already.");
        }

        RequestLimits.Allow(context, options.MaximumUploadBytes);
        long size = await UploadWriter.AppendAsync(context.Request.Body, data.AudioOf(job.Id), 0, options.MaximumUploadBytes, hash: null, context.RequestAborted).ConfigureAwait(false);
        if (size == 0)
        {
            throw ApiException.Invalid("body", "The recording has no bytes.");
        }

        jobs.Keep(job with { Size = size, Offset = size });
    }

    private Job? Brought(string url)
    {
        string key = KeyOf(url);
        return jobs.List(JobKind.Media).FirstOrDefault(job => job.Key == key && job.State == JobState.Done);
    }

    private static string KeyOf(string url) => $"media {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))}";
}
