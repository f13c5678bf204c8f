using Diarist.Audio;
using Diarist.Server.Http;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Diarist.Sessions;
using Diarist.Transcripts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Diarist.Server.Recordings;

/// <summary>Files of a recording: its sound, what it is exported as, and a transcript that is brought.</summary>
internal sealed class FilesApi(Jobs jobs, DataFolder data, OpenSessions sessions) : IDisposable
{
    private const long LargestTranscript = 64 << 20;

    // What browsers play as it is; everything else is converted once.
    private static readonly (string Format, string Type)[] Playable =
    [
        ("FLAC", "audio/flac"),
        ("Ogg", "audio/ogg"),
        ("MP3", "audio/mpeg"),
    ];

    private readonly SemaphoreSlim _converting = new(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/recordings/{id}/audio", AudioAsync).WithSummary("The sound, playable in a browser, in ranges.");
        routes.MapMethods("/api/recordings/{id}/audio", ["HEAD"], AudioAsync).WithSummary("The size of the sound.");
        routes.MapGet("/api/recordings/{id}/export", ExportAsync).WithSummary("The recording's turns or words as a file.");
        routes.MapPut("/api/recordings/{id}/transcript", TranscriptAsync).WithSummary("Brings a transcript, whose words get speakers.");
    }

    public void Dispose() => _converting.Dispose();

    private async Task AudioAsync(HttpContext context)
    {
        Job job = Done(context);
        string path = data.AudioOf(job.Id);
        string format = await sessions.UseAsync(job.Id, session => session.Recording.Info.Format, context.RequestAborted).ConfigureAwait(false);
        (string? known, string type) = Playable.FirstOrDefault(pair => format.StartsWith(pair.Format, StringComparison.Ordinal));
        if (known is null)
        {
            path = await ConvertAsync(job, path, context.RequestAborted).ConfigureAwait(false);
            type = "audio/wav";
        }

        await Results.File(path, type, enableRangeProcessing: true).ExecuteAsync(context).ConfigureAwait(false);
    }

    private async Task<string> ConvertAsync(Job job, string path, CancellationToken cancellationToken)
    {
        string playback = data.PlaybackOf(job.Id);
        await _converting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!File.Exists(playback))
            {
                await Task.Run(() => Convert(path, playback, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _converting.Release();
        }

        return playback;
    }

    private static void Convert(string path, string playback, CancellationToken cancellationToken)
    {
        using var mono = new MonoStream(AudioReader.Open(path));
        using AudioWriter wav = AudioWriter.Create(playback, MonoStream.SampleRate);
        float[] block = new float[MonoStream.SampleRate];
        for (int read; (read = mono.Read(block)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            wav.Write(block.AsSpan(0, read));
        }

        wav.Complete();
    }

    private async Task ExportAsync(HttpContext context)
    {
        Job job = Done(context);
        string format = context.Request.Query["format"].ToString();
        var (bytes, extension, type) = await sessions.UseAsync(job.Id, session => Exports.Write(session, format), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
        context.Response.ContentLength = bytes.Length;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(Path.GetFileNameWithoutExtension(job.Name) + extension);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task TranscriptAsync(HttpContext context)
    {
        Job job = Done(context);
        RequestLimits.Allow(context, LargestTranscript);
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        string name = ClientNames.Clean(context.Request.Query["name"].ToString() is { Length: > 0 } given ? given : "transcript");
        SessionView view = await sessions.UseAsync(
            job.Id,
            session =>
            {
                byte[] content = bytes.ToArray();
                TranscriptDocument.Read(content, name);
                session.Transcript = new SessionTranscript(name, content);
                session.Save(data.SessionOf(job.Id));
                return SessionViews.Of(session);
            },
            context.RequestAborted).ConfigureAwait(false);
        jobs.Transcribed(job.Id);
        await JsonResponses.WriteAsync(context, view, ApiJson.Default.SessionView).ConfigureAwait(false);
    }

    private Job Done(HttpContext context) => jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Recording) is { State: JobState.Done } job
        ? job
        : throw new ApiException(409, "state", "The recording is not done yet.");
}
