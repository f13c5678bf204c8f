using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Diarist.Server.Http;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Recordings;

/// <summary>How recordings come in: announced and then sent in as many parts as the connection needs, or all in one request.</summary>
internal sealed class UploadsApi(Jobs jobs, DataFolder data, ServerOptions options)
{
    private const string OffsetHeader = "Upload-Offset";
    private const int MostSpeakers = 1000;

    private readonly ConcurrentDictionary<string, byte> _busy = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/recordings", CreateAsync).WithSummary("Announces a recording (JSON), or brings it whole (any other content).");
        routes.MapPut("/api/recordings/{id}/content", ContinueAsync).WithSummary("Brings the bytes of a recording from Upload-Offset on.");
        routes.MapMethods("/api/recordings/{id}/content", ["HEAD"], OffsetAsync).WithSummary("Says how many bytes are here, as Upload-Offset.");
    }

    /// <summary>Checks what is asked of a job.</summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="options">What the server can do.</param>
    /// <param name="exact">What the interface calls the number of speakers.</param>
    /// <param name="least">What it calls the least number.</param>
    /// <param name="most">What it calls the largest.</param>
    public static JobOptions Check(JobOptions wanted, ServerOptions options, string exact = "speakers", string least = "minSpeakers", string most = "maxSpeakers")
    {
        foreach ((string name, int? value) in (ReadOnlySpan<(string, int?)>)[(exact, wanted.Speakers), (least, wanted.MinSpeakers), (most, wanted.MaxSpeakers)])
        {
            if (value is < 1 or > MostSpeakers)
            {
                throw ApiException.Invalid(name, $"{name} lies between 1 and {MostSpeakers}.");
            }
        }

        if (wanted.MinSpeakers > wanted.MaxSpeakers || wanted.Speakers < wanted.MinSpeakers || wanted.Speakers > wanted.MaxSpeakers)
        {
            throw ApiException.Invalid(exact, $"The numbers of speakers ({exact}, {least}, {most}) contradict each other.");
        }

        return wanted.Transcribe == true && options.Engine is null ? throw NoEngine() : wanted;
    }

    /// <summary>Words are asked for where there is nobody to recognize them.</summary>
    public static ApiException NoEngine() =>
        new(422, "no_engine", "This server has no speech recognizer. Start it with one, such as `diarist serve --engine whisper-cli --model FILE`, or ask for speakers only.");

    private async Task CreateAsync(HttpContext context)
    {
        string type = context.Request.ContentType ?? "";
        if (!type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await ReceiveWholeAsync(context).ConfigureAwait(false);
            return;
        }

        NewRecording wanted = await JsonResponses.ReadAsync(context, ApiJson.Default.NewRecording).ConfigureAwait(false);
        RequireSize(wanted.Size);
        Job job = jobs.Create(JobKind.Recording, wanted.Name ?? "", wanted.Size, Check(wanted.Options ?? new JobOptions(), options));
        await AnswerAsync(context, job, 201).ConfigureAwait(false);
    }

    private async Task ReceiveWholeAsync(HttpContext context)
    {
        // Forms and plain text are what a page of another site can send without being asked; recordings are neither.
        if (context.Request.ContentType is not { } type || !(type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("video/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ApiException(415, "content_type", "A recording comes as audio/*, video/* or application/octet-stream; application/json announces one.");
        }

        RequestLimits.Allow(context, options.MaximumUploadBytes);
        JobOptions wanted = Check(OptionsOf(context.Request.Query), options);
        Job job = jobs.Create(JobKind.Recording, context.Request.Query["name"].ToString(), context.Request.ContentLength ?? 0, wanted);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = await UploadWriter.AppendAsync(context.Request.Body, data.AudioOf(job.Id), 0, options.MaximumUploadBytes, hash, context.RequestAborted).ConfigureAwait(false);
            RequireSize(size);
            job = jobs.Received(job with { Size = size }, size);
            job = jobs.Enqueue(job, UploadWriter.KeyOf(job.Kind, job.Options, hash.GetHashAndReset()));
        }
        catch
        {
            // It was not acknowledged, and nobody knows its identifier.
            await jobs.DeleteAsync(job.Id).ConfigureAwait(false);
            throw;
        }

        await AnswerAsync(context, job, 201).ConfigureAwait(false);
    }

    private async Task ContinueAsync(HttpContext context)
    {
        Job job = Of(context);
        if (job.State != JobState.Uploading)
        {
            throw new ApiException(409, "state", "The recording is here already.");
        }

        if (!_busy.TryAdd(job.Id, 0))
        {
            throw new ApiException(423, "busy", "Another request is bringing this recording.") { RetryAfterSeconds = 1 };
        }

        try
        {
            string path = data.AudioOf(job.Id);
            long here = LengthOf(path);
            if (!long.TryParse(context.Request.Headers[OffsetHeader], NumberStyles.None, CultureInfo.InvariantCulture, out long offset) || offset != here)
            {
                context.Response.Headers[OffsetHeader] = here.ToString(CultureInfo.InvariantCulture);
                throw new ApiException(409, "offset", $"{here} bytes are here; the next part begins there, and {OffsetHeader} says so.");
            }

            RequestLimits.Allow(context, job.Size - offset);
            try
            {
                await UploadWriter.AppendAsync(context.Request.Body, path, offset, job.Size, hash: null, context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                job = jobs.Received(job, LengthOf(path));
            }

            if (job.Offset == job.Size)
            {
                job = jobs.Enqueue(job, UploadWriter.KeyOf(job.Kind, job.Options, await HashAsync(path, context.RequestAborted).ConfigureAwait(false)));
            }
        }
        finally
        {
            _busy.TryRemove(job.Id, out _);
        }

        await AnswerAsync(context, job, 200).ConfigureAwait(false);
    }

    private Task OffsetAsync(HttpContext context)
    {
        Job job = Of(context);
        long here = job.State == JobState.Uploading ? LengthOf(data.AudioOf(job.Id)) : job.Offset;
        context.Response.Headers[OffsetHeader] = here.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Upload-Length"] = job.Size.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    private Task AnswerAsync(HttpContext context, Job job, int status)
    {
        context.Response.Headers.Location = $"/api/recordings/{job.Id}";
        return JsonResponses.WriteAsync(context, RecordingsApi.View(job, jobs.ProgressOf(job.Id)), ApiJson.Default.RecordingView, status);
    }

    private void RequireSize(long size)
    {
        if (size < 1 || size > options.MaximumUploadBytes)
        {
            throw size < 1 ? ApiException.Invalid("size", "A recording has at least one byte.") : new ApiException(413, "too_large", $"This server takes recordings of up to {options.MaximumUploadBytes} bytes.");
        }
    }

    private static JobOptions OptionsOf(IQueryCollection query)
    {
        int? Number(string name) => query[name].ToString() is not { Length: > 0 } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw ApiException.Invalid(name, $"{name} is a whole number.");
        return new JobOptions
        {
            Speakers = Number("speakers"),
            MinSpeakers = Number("minSpeakers"),
            MaxSpeakers = Number("maxSpeakers"),
            Language = query["language"].ToString() is { Length: > 0 } language ? language : null,
            Transcribe = query["transcribe"].ToString() switch { "" => null, "true" => true, "false" => false, _ => throw ApiException.Invalid("transcribe", "transcribe is true or false.") },
        };
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static async Task<byte[]> HashAsync(string path, CancellationToken cancellationToken)
    {
        using FileStream file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
    }

    private Job Of(HttpContext context) => jobs.Require((string?)context.Request.RouteValues["id"], JobKind.Recording);
}
