using Diarist.Asr;
using Diarist.Audio;
using Diarist.Identity;
using Diarist.Packs;
using Diarist.Server.Recordings;
using Diarist.Server.Security;
using Diarist.Server.Storage;
using Diarist.Sessions;

namespace Diarist.Server.Work;

/// <summary>What is done with a recording: its speakers are found and, beside that, its words recognized; both are kept in a session.</summary>
internal sealed class RecordingWork(DataFolder data, OutgoingRequests outgoing, RequestVoices voices, ServerOptions options)
{
    private readonly Lazy<Diarizer> _diarizer = new(() => Diarizer.Create(
        options.Packs ?? PackStore.Open(),
        options.Diarizer with { Threads = options.Diarizer.Threads > 0 ? options.Diarizer.Threads : Math.Max(1, Environment.ProcessorCount / options.Workers) }));

    /// <summary>Loads the networks, which the first job would otherwise wait for.</summary>
    public void Load() => _ = _diarizer.Value;

    /// <summary>Works on a recording.</summary>
    /// <param name="job">The job.</param>
    /// <param name="report">Told how far it is.</param>
    /// <param name="cancelled">Cancelled when somebody stops the job, and not when the server ends.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The job with what was found.</returns>
    /// <exception cref="DiaristException">The recording cannot be decoded, or the recognizer fails.</exception>
    public async Task<Job> RunAsync(Job job, Action<JobProgress> report, CancellationToken cancelled, CancellationToken cancellationToken)
    {
        string path = data.AudioOf(job.Id);
        if (job.Source is { } source)
        {
            report(new JobProgress("fetching", Fraction: null, Speed: null, SecondsLeft: null));
            long size = await outgoing.FetchAsync(source, path, cancellationToken).ConfigureAwait(false);
            job = job with { Size = size, Offset = size };
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<RecognizerOutput?> words = RecognizeAsync(job, path, both.Token);
        Task<DiarizationSession> speakers = options.Listener is { } listener && voices.Of(job.Id) is null
            ? ListenElsewhereAsync(listener, job, path, report, cancelled, both.Token)
            : Task.Run(() => Listen(job, path, report, both.Token), both.Token);
        Task first = await Task.WhenAny(words, speakers).ConfigureAwait(false);
        if (first.IsFaulted)
        {
            await both.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(words, speakers).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }

        DiarizationSession session = await speakers.ConfigureAwait(false);
        if (!words.IsCompleted)
        {
            report(new JobProgress("recognizing", Fraction: null, Speed: null, SecondsLeft: null));
        }

        List<string> warnings = [.. session.Diarization.Warnings];
        if (await words.ConfigureAwait(false) is { } output)
        {
            warnings.AddRange(output.Read().Warnings);
            session.Transcript = new SessionTranscript(output.Source, output.Bytes);
            warnings.AddRange(SessionViews.Attribute(session, named: false, out _)?.Warnings ?? []);
        }

        if (voices.Of(job.Id) is not null)
        {
            // The session would hold the sums of the request's voices; its reply needs their names and turns only.
            session.ForgetVoices();
        }

        session.Save(data.SessionOf(job.Id));
        return job with
        {
            Seconds = session.Recording.Duration,
            Speakers = session.Diarization.Speakers.Count,
            HasWords = session.Transcript is not null,
            Warnings = warnings,
        };
    }

    private async Task<RecognizerOutput?> RecognizeAsync(Job job, string path, CancellationToken cancellationToken) =>
        options.Engine is { } engine && job.Options.Transcribe != false ? await engine.TranscribeAsync(path, cancellationToken).ConfigureAwait(false) : null;

    private async Task<DiarizationSession> ListenElsewhereAsync(IRecordingListener listener, Job job, string path, Action<JobProgress> report, CancellationToken cancelled, CancellationToken cancellationToken)
    {
        // Read here to its end, so that nothing is handed on that is damaged or longer than this server takes.
        double seconds = await Task.Run(() => LengthOf(job, path, cancellationToken), cancellationToken).ConfigureAwait(false);
        var recording = new RecordingToHear(job.Id, path, job.Name, seconds)
        {
            Speakers = job.Options.Speakers,
            MinimumSpeakers = job.Options.MinSpeakers,
            MaximumSpeakers = job.Options.MaxSpeakers,
        };
        string session = data.SessionOf(job.Id);
        await listener.ListenAsync(recording, session, new ProgressMeter(options.Clock, report), cancelled, cancellationToken).ConfigureAwait(false);
        return DiarizationSession.Open(session);
    }

    private double LengthOf(Job job, string path, CancellationToken cancellationToken)
    {
        using AudioStream audio = OpenLimited(job, path);
        var block = new float[16_384 * audio.Info.Channels];
        long frames = 0;
        for (int read; (read = audio.Read(block)) > 0; frames += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return frames / (double)audio.Info.SampleRate;
    }

    private LimitedAudio OpenLimited(Job job, string path) => new(AudioReader.Open(path, new AudioReadOptions { Name = job.Name }), options.MaximumHours);

    private DiarizationSession Listen(Job job, string path, Action<JobProgress> report, CancellationToken cancellationToken)
    {
        using AudioStream audio = OpenLimited(job, path);
        Diarizer diarizer = _diarizer.Value.WithSpeakers(job.Options.Speakers, job.Options.MinSpeakers, job.Options.MaxSpeakers);
        var meter = new ProgressMeter(options.Clock, report);
        if (voices.Of(job.Id) is not { } references)
        {
            return diarizer.Listen(audio, meter, cancellationToken);
        }

        KnownVoices known = references.Enroll(_diarizer.Value, cancellationToken);
        try
        {
            return diarizer.Listen(audio, known, meter, cancellationToken);
        }
        finally
        {
            foreach (VoiceProfile profile in known.Profiles)
            {
                profile.Erase();
            }
        }
    }
}
