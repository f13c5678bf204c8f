using Diarist.Audio;
using Diarist.Server.Http;
using Diarist.Server.Recordings;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Server.Work;
using Microsoft.AspNetCore.Http;

namespace Diarist.Server.Dialects;

/// <summary>A request whose client waits for the result: its form, and the job that it waits for.</summary>
internal sealed record RequestJob(MultipartForm Form, Job Job, IAsyncDisposable Attendance) : IAsyncDisposable
{
    /// <summary>Leaves the job.</summary>
    public ValueTask DisposeAsync() => Attendance.DisposeAsync();
}

/// <summary>Requests that carry a recording and wait for what is found: equal ones share one job, and it ends with the last client.</summary>
internal sealed class RequestJobs(Jobs jobs, DataFolder data, RequestVoices voices, ServerOptions options)
{
    /// <summary>Takes a form with its recording, and starts its job or joins an equal one.</summary>
    /// <param name="context">The request.</param>
    /// <param name="read">What the form asks for; refuses what it may not.</param>
    /// <exception cref="ApiException">The form is malformed, no recording, or too many wait.</exception>
    public async Task<RequestJob> SubmitAsync(HttpContext context, Func<MultipartForm, JobOptions> read)
    {
        Job job = jobs.Create(JobKind.Request, "", 0, new JobOptions());
        MultipartForm? form = null;
        bool kept = false;
        try
        {
            form = await MultipartForm.ReadAsync(context, data.AudioOf(job.Id), options.MaximumUploadBytes, name => AnonymousMode.CheckField(options, name)).ConfigureAwait(false);
            JobOptions wanted = UploadsApi.Check(read(form), options, "num_speakers", "min_speakers", "max_speakers");
            KnownReferences? known = KnownSpeakers.Read(form);
            if (known is not null)
            {
                voices.Keep(job.Id, known);
            }

            job = job with { Name = ClientNames.Clean(form.FileName), Size = form.FileBytes, Options = wanted };
            await Task.Run(() => Probe(job), context.RequestAborted).ConfigureAwait(false);
            job = jobs.Received(job, form.FileBytes);
            (Job shared, IAsyncDisposable attendance) = jobs.JoinOrEnqueue(job, UploadWriter.KeyOf(job.Kind, wanted, form.FileHash) + KnownSpeakers.KeyOf(known));
            kept = shared.Id == job.Id;
            return new RequestJob(form, shared, attendance);
        }
        finally
        {
            if (!kept)
            {
                voices.Forget(job.Id);
                form?.Erase();
                await jobs.DeleteAsync(job.Id).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The session that a job has left; an error where it did not.</summary>
    /// <exception cref="ApiException">It failed, or was stopped.</exception>
    public async Task<T> ResultAsync<T>(Job? job, Func<Sessions.DiarizationSession, T> use) => job switch
    {
        { State: JobState.Done } => await Task.Run(() => use(Sessions.DiarizationSession.Open(data.SessionOf(job.Id)))).ConfigureAwait(false),
        { State: JobState.Failed, Error: { } error } => throw Failure(error),
        _ => throw new ApiException(503, "cancelled", "The work was stopped.") { IsFinal = true },
    };

    private static ApiException Failure(JobError error) => error.Code switch
    {
        "known_speaker" => new ApiException(400, error.Code, error.Message) { Parameter = "known_speaker_references", IsFinal = true },
        "audio" or "recording" => new ApiException(400, error.Code, error.Message) { Parameter = "file", IsFinal = true },
        _ => new ApiException(500, error.Code, error.Message) { IsFinal = true },
    };

    /// <summary>Refuses at once what is no recording, while the status can still say so.</summary>
    private void Probe(Job job)
    {
        try
        {
            AudioReader.Open(data.AudioOf(job.Id), new AudioReadOptions { Name = job.Name }).Dispose();
        }
        catch (InputException error)
        {
            throw new ApiException(400, "audio", error.Message) { Parameter = "file" };
        }
    }
}
