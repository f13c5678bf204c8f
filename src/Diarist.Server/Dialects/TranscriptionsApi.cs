using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diarist.Server.Dialects;

/// <summary>OpenAI's interface: <c>POST /v1/audio/transcriptions</c> and <c>GET /v1/models</c>.</summary>
internal sealed class TranscriptionsApi(Jobs jobs, RequestJobs requests, ServerOptions options)
{
    private const long Since = 1_764_547_200; // 2025-12-01, for clients that sort models by age

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/audio/transcriptions", TranscribeAsync).WithSummary("Transcribes a recording, with speakers (OpenAI).");
        routes.MapGet("/v1/models", ModelsAsync).WithSummary("The names that requests may use (OpenAI).");
        routes.MapGet("/v1/models/{model}", ModelAsync).WithSummary("One of these names (OpenAI).");
    }

    private OpenAiModel[] Models => [.. ((string[])["gpt-4o-transcribe-diarize", "whisper-1", "diarist", options.EngineName]).Where(name => name.Length > 0).Distinct().Select(name => new OpenAiModel(name, "model", Since, "diarist"))];

    private Task ModelsAsync(HttpContext context) => JsonResponses.WriteAsync(context, new OpenAiModelList("list", Models), OpenAiJson.Default.OpenAiModelList);

    private Task ModelAsync(HttpContext context)
    {
        string? name = (string?)context.Request.RouteValues["model"];
        OpenAiModel model = Models.FirstOrDefault(model => model.Id == name) ?? throw ApiException.NotFound($"There is no model '{name}'; GET /v1/models lists them.");
        return JsonResponses.WriteAsync(context, model, OpenAiJson.Default.OpenAiModel);
    }

    private async Task TranscribeAsync(HttpContext context)
    {
        if (options.Engine is null)
        {
            throw UploadsApi.NoEngine();
        }

        TranscriptionForm? form = null;
        RequestJob request = await requests.SubmitAsync(
            context,
            fields =>
            {
                form = TranscriptionForm.Read(fields);
                return TranscriptionForm.JobOptions;
            }).ConfigureAwait(false);
        await using (request.ConfigureAwait(false))
        {
            if (form!.Ignored.Count > 0)
            {
                context.Response.Headers["x-diarist-ignored"] = string.Join(", ", form.Ignored);
            }

            Task<Job?> over = jobs.WaitAsync(request.Job.Id, context.RequestAborted);
            if (form.Stream)
            {
                await StreamAsync(context, over).ConfigureAwait(false);
                return;
            }

            // WebVTT begins with its own first line, so that only the headers can go ahead.
            string filler = form.Format switch { "vtt" => "", "text" or "srt" => "\n", _ => " " };
            await PatientAnswer.WriteAsync(
                context,
                TranscriptionResult.TypeOf(form.Format),
                filler,
                options,
                over,
                job => requests.ResultAsync(job, session => new TranscriptionResult(session, job!.Warnings).Write(form))).ConfigureAwait(false);
        }
    }

    /// <summary>The answer as events. What the recognizer says comes when the whole recording is done; until then comments are the signs of life.</summary>
    private async Task StreamAsync(HttpContext context, Task<Job?> over)
    {
        var stream = new EventStream(context);
        await stream.StartAsync().ConfigureAwait(false);
        while (await Task.WhenAny(over, Task.Delay(options.KeepAlive, context.RequestAborted)).ConfigureAwait(false) != over)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            await stream.SendCommentAsync().ConfigureAwait(false);
        }

        TranscriptionResult result;
        try
        {
            Job? job = await over.ConfigureAwait(false);
            result = await requests.ResultAsync(job, session => new TranscriptionResult(session, job!.Warnings)).ConfigureAwait(false);
        }
        catch (ApiException error)
        {
            await stream.SendAsync("error", OpenAiErrorView.Of(error), ApiJson.Default.OpenAiErrorView).ConfigureAwait(false);
            return;
        }

        bool first = true;
        foreach (OpenAiSpeakerSegment line in result.Lines)
        {
            await stream.SendAsync(null, new OpenAiDelta("transcript.text.delta", first ? line.Text : $" {line.Text}", line.Id), OpenAiJson.Default.OpenAiDelta).ConfigureAwait(false);
            await stream.SendAsync(null, line, OpenAiJson.Default.OpenAiSpeakerSegment).ConfigureAwait(false);
            first = false;
        }

        await stream.SendAsync(null, new OpenAiDone("transcript.text.done", result.Text, result.Usage, result.Warnings), OpenAiJson.Default.OpenAiDone).ConfigureAwait(false);
    }
}
