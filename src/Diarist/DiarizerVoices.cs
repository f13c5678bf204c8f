using Diarist.Audio;
using Diarist.Identity;
using Diarist.Inference.Kernels;
using Diarist.Pipeline;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist;

public sealed partial class Diarizer
{
    /// <summary>
    /// Diarizes a recording and looks for known voices in it. They help the grouping too: somebody who says little is gathered. Where no voice is
    /// recognized, the turns are those of <see cref="Diarize(AudioStream, IProgress{DiarizationProgress}?, CancellationToken)"/>.
    /// </summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="known">The voices. Nothing of them is in the result but the names.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>Turns with anonymous labels, and <see cref="Diarization.Identities"/>; see <see cref="Diarization.WithRecognizedNames"/>.</returns>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentException">Another network made the voices.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(AudioStream audio, KnownVoices known, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        ArgumentNullException.ThrowIfNull(known);
        SegmentsPipeline pipeline = RequireSegments();
        using var mono = new MonoStream(audio);
        Action<DiarizationStage, double> report = Reporting(progress, mono.Length);
        (RecognizedSpeech speech, DiarizationTiming? timing) = pipeline.Recognize(mono.Read, known, report, cancellationToken);
        Diarization result = speech.Clustered.Diarization;
        return result with { Identities = speech.Identities, Timing = timing, Packs = _networks.Packs, Warnings = [.. mono.Warnings, .. result.Warnings] };
    }

    /// <summary>
    /// Diarizes a recording, looks for known voices in it, and keeps what was heard. Kept are voiceprints of everybody, the sums of the voices
    /// that were recognized among them; see <see cref="DiarizationSession.ForgetVoices"/>.
    /// </summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="known">The voices.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>The session; its speakers have the names of the voices that were recognized.</returns>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentException">Another network made the voices.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public DiarizationSession Listen(AudioStream audio, KnownVoices known, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Listen(
            audio,
            (pipeline, read, report) => pipeline.Recognize(read, known, report, cancellationToken) is var (speech, _) ? (speech.Heard, speech.Identities) : default,
            progress);
    }

    /// <summary>
    /// Looks for known voices among the speakers of a recording whose turns were found elsewhere, such as by a server. Of each speaker some seconds
    /// are listened to in which nobody else speaks; the turns stay as they are.
    /// </summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="diarization">Its turns, with anonymous labels.</param>
    /// <param name="known">The voices. Nothing of them is in the result but the names.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>The same with <see cref="Diarization.Identities"/>; see <see cref="Diarization.WithRecognizedNames"/>.</returns>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="ArgumentException">Another network made the voices.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Identify(AudioStream audio, Diarization diarization, KnownVoices known, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        ArgumentNullException.ThrowIfNull(diarization);
        ArgumentNullException.ThrowIfNull(known);
        SegmentsPipeline pipeline = RequireSegments();
        using var mono = new MonoStream(audio);
        string[] labels = [.. diarization.Speakers.Select(speaker => speaker.Label)];
        var excerpts = SpeakerExcerpts.Read(mono.Read, labels, diarization.Turns, Reporting(progress, mono.Length), cancellationToken);
        return diarization with { Identities = VoiceIdentifier.Identify(pipeline.VoicesOf(excerpts, cancellationToken), known) };
    }

    /// <summary>
    /// Enrols a voice from a recording of one person alone. The profile is biometric data: ask the person first. It is kept nowhere but in the result.
    /// </summary>
    /// <param name="name">The person's name; see <see cref="VoiceProfile.IsName"/>.</param>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>A profile with one exemplar; <see cref="VoiceProfile.With"/> joins several.</returns>
    /// <exception cref="EnrolmentException">The recording holds less than 5 s of speech, or another person speaks in it; the message says where.</exception>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public VoiceProfile Enroll(string name, AudioStream audio, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Enroll(name, audio, VoiceEnrolment.MinimumDuration, progress, cancellationToken);

    /// <summary>Enrols a voice as the other method does, also from less speech, which tells it worse.</summary>
    /// <param name="name">The person's name; see <see cref="VoiceProfile.IsName"/>.</param>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="minimumDuration">The least speech that is taken, 0.5 s or more.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>A profile with one exemplar.</returns>
    /// <exception cref="EnrolmentException">The recording holds less speech, or another person speaks in it; the message says where.</exception>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public VoiceProfile Enroll(string name, AudioStream audio, double minimumDuration, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumDuration, 0.5);
        ArgumentNullException.ThrowIfNull(audio);
        if (!VoiceProfile.IsName(name))
        {
            throw new ArgumentException($"A name is one line of 1 to {VoiceProfile.LongestName} characters, and not a label such as SPEAKER_00.", nameof(name));
        }

        SegmentsPipeline pipeline = RequireSegments();
        using var mono = new MonoStream(audio);
        try
        {
            HeardSpeech heard = pipeline.ListenWithBands(mono.Read, Reporting(progress, mono.Length), new StageClock(clock: null), cancellationToken);
            return new VoiceProfile(Guid.NewGuid(), name, pipeline.Fingerprint, [VoiceEnrolment.Exemplar(heard, audio.Info.Name, minimumDuration, cancellationToken)]);
        }
        finally
        {
            // It holds what the networks made of the voice.
            ScratchMemory.ReleaseIdle();
        }
    }

    /// <summary>The fingerprint of the network that hears voices: only profiles with the same one can be compared.</summary>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>.</exception>
    public string EmbedderFingerprint => RequireSegments().Fingerprint;

    private SegmentsPipeline RequireSegments() =>
        _pipeline as SegmentsPipeline ?? throw new InvalidOperationException($"Voices are known by the recipe {Recipe.Segments} only; this is {Options.Recipe}.");

    private static Action<DiarizationStage, double> Reporting(IProgress<DiarizationProgress>? progress, long? samples)
    {
        double? seconds = samples / (double)SlidingWindow.SampleRate;
        void Report(DiarizationStage stage, double done) => progress?.Report(new DiarizationProgress(stage, done, seconds));
        Report(DiarizationStage.Listening, 0);
        return Report;
    }
}
