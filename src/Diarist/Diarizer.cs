using Diarist.Audio;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Identity;
using Diarist.Networks;
using Diarist.Packs;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.Sessions;

namespace Diarist;

/// <summary>
/// Tells the speakers of recordings apart. Holds the networks, so make one and use it for many recordings; it may be
/// used from several threads at once. Labels are anonymous, and nothing of a voice is kept beyond the result.
/// </summary>
/// <example>
/// <code>
/// Diarizer diarizer = Diarizer.Create(PackStore.Open());
/// foreach (Turn turn in diarizer.Diarize("meeting.flac").Turns) Console.WriteLine(turn);
/// </code>
/// </example>
public sealed partial class Diarizer
{
    private readonly IRecipePipeline _pipeline;
    private readonly LoadedNetworks _networks;

    private Diarizer(LoadedNetworks networks, DiarizerOptions options) =>
        (_pipeline, _networks, Options) = (options.Recipe.CreatePipeline(networks, options), networks, options);

    /// <summary>The options in force, with the number of threads resolved.</summary>
    public DiarizerOptions Options { get; }

    /// <summary>The names of the packs that options need.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static IReadOnlyList<string> PacksFor(DiarizerOptions? options = null)
    {
        options ??= new DiarizerOptions();
        options.Validate();
        return [.. options.Recipe.Networks.Select(network => network.Pack)];
    }

    /// <summary>Loads the networks that the options need.</summary>
    /// <param name="store">Where packs are found; nothing is fetched.</param>
    /// <param name="options">How to diarize; the defaults when <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="MissingPacksException">Packs are needed that are in none of the places.</exception>
    /// <exception cref="PackException">A pack is damaged or of another network.</exception>
    public static Diarizer Create(PackStore store, DiarizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        IReadOnlyList<LocatedPack> packs = store.RequireAll(PacksFor(options));
        DiarizerOptions resolved = (options ?? new DiarizerOptions()).Resolved;
        return new Diarizer(new LoadedNetworks(packs, resolved.Precision, resolved.Threads), resolved);
    }

    /// <summary>Loads the networks without keeping the calling thread, and obtains packs that are missing.</summary>
    /// <param name="store">Where packs are found.</param>
    /// <param name="options">How to diarize; the defaults when <see langword="null"/>.</param>
    /// <param name="downloader">Fetches the packs that <paramref name="store"/> lacks; nothing is fetched when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Stops a download at once; networks that are being loaded are loaded to the end first.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="MissingPacksException">Packs are needed that are in none of the places, and no downloader is given.</exception>
    /// <exception cref="PackException">A pack is damaged or of another network, or its licence is not among <see cref="PackDownloader.AcceptedLicenses"/>.</exception>
    /// <exception cref="PackDownloadException">A file could not be fetched.</exception>
    public static async Task<Diarizer> CreateAsync(
        PackStore store, DiarizerOptions? options = null, PackDownloader? downloader = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        string[] missing = [.. PacksFor(options).Where(pack => store.Find(pack) is null)];
        if (downloader is not null && missing.Length > 0)
        {
            await downloader.PullAsync(downloader.Plan(missing), progress: null, cancellationToken).ConfigureAwait(false);
        }

        // Hashing files and unpacking weights is work for a processor, not waiting, so another thread does it.
        return await Task.Run(() => Create(store, options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A diarizer with the same networks and options that expects another number of speakers; nothing is loaded again.</summary>
    /// <param name="exactly">The number when it is known, 1 or more.</param>
    /// <param name="minimum">The fewest, 1 or more.</param>
    /// <param name="maximum">The most, 1 or more.</param>
    /// <exception cref="ArgumentException">The numbers are out of range or contradict each other.</exception>
    public Diarizer WithSpeakers(int? exactly = null, int? minimum = null, int? maximum = null)
    {
        DiarizerOptions options = Options with { Speakers = exactly, MinimumSpeakers = minimum, MaximumSpeakers = maximum };
        options.Validate();
        return new Diarizer(_networks, options);
    }

    /// <summary>Diarizes a file.</summary>
    /// <param name="path">Audio of any kind that <see cref="AudioReader"/> opens.</param>
    /// <param name="progress">Told how far the work is, from the threads that do it.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(string path, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using AudioStream audio = AudioReader.Open(path);
        return Diarize(audio, progress, cancellationToken);
    }

    /// <summary>Diarizes the bytes of a file, wherever they come from.</summary>
    /// <param name="recording">Audio of any kind that <see cref="AudioReader"/> opens, read to its end; it need not be able to seek. The caller disposes it.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="progress">Told how far the work is, from the threads that do it.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms, unless the stream itself keeps a read waiting.</param>
    /// <exception cref="InputException">The stream cannot be read or decoded.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(Stream recording, string name, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using AudioStream audio = AudioReader.Open(recording, name, leaveOpen: true);
        return Diarize(audio, progress, cancellationToken);
    }

    /// <summary>Diarizes a recording as it is decoded; the whole of it is never in memory.</summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(AudioStream audio, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        using var mono = new MonoStream(audio);
        Diarization result = Diarize(mono.Read, mono.Length / (double)SlidingWindow.SampleRate, progress, cancellationToken);
        return result with { Warnings = [.. mono.Warnings, .. result.Warnings] };
    }

    /// <summary>
    /// Diarizes a recording and keeps what was heard, so that it can be corrected later without its audio. What is kept are voiceprints:
    /// tell the people concerned, and see <see cref="DiarizationSession.ForgetVoices"/>.
    /// </summary>
    /// <param name="audio">The recording, read to its end; the caller disposes it.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <returns>The session; its <see cref="DiarizationSession.Diarization"/> is what <see cref="Diarize(AudioStream, IProgress{DiarizationProgress}?, CancellationToken)"/> gives.</returns>
    /// <exception cref="InvalidOperationException">The recipe is not <see cref="Recipe.Segments"/>, the only one that can be continued.</exception>
    /// <exception cref="AudioFormatException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public DiarizationSession Listen(AudioStream audio, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Listen(audio, (pipeline, read, report) => (pipeline.Listen(read, report, new StageClock(clock: null), cancellationToken), []), progress);

    /// <summary>Diarizes samples in memory.</summary>
    /// <param name="samples">Mono at 16 kHz, in [−1, 1].</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="ArgumentException">A sample is not finite, or far beyond full scale as 16-bit integers are.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(ReadOnlyMemory<float> samples, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        SampleCheck.Require(samples.Span, nameof(samples));
        int position = 0;
        int Read(Span<float> buffer)
        {
            int count = Math.Min(buffer.Length, samples.Length - position);
            samples.Span.Slice(position, count).CopyTo(buffer);
            position += count;
            return count;
        }

        return Diarize(Read, samples.Length / (double)SlidingWindow.SampleRate, progress, cancellationToken);
    }

    /// <summary>
    /// Enters after the networks, with arrays from anywhere: clusters the local speakers and makes turns.
    /// </summary>
    /// <param name="activity">Which local speakers are active, shape (windows, 589, 3).</param>
    /// <param name="embeddings">A vector for each of them, shape (windows, 3, dimension); NaN where there is none.</param>
    /// <param name="options">Recipe, bounds and step; with <see cref="Recipe.Ahc"/> when <see langword="null"/>.</param>
    /// <param name="plda">The folder or pack with the PLDA that <see cref="Recipe.Community1"/> needs.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The arrays do not belong together, or the recipe needs what was not given.</exception>
    public static Diarization Cluster(Activity activity, Embeddings embeddings, DiarizerOptions? options = null, LocatedPack? plda = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(embeddings);
        options = (options ?? new DiarizerOptions { Recipe = Recipe.Ahc }).Resolved;
        options.Validate();
        var stages = new ClusteringStages(options, plda is null ? null : Network.Plda.Load(plda, Precision.FloatingPoint, 1), new StageClock(options.Clock));
        return stages.Run(activity, embeddings, duration: null, report: null, cancellationToken);
    }

    private DiarizationSession Listen(
        AudioStream audio,
        Func<SegmentsPipeline, SampleReader, Action<DiarizationStage, double>, (HeardSpeech Heard, IReadOnlyList<SpeakerIdentity> Identities)> listen,
        IProgress<DiarizationProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(audio);
        if (_pipeline is not SegmentsPipeline pipeline)
        {
            throw new InvalidOperationException($"A session keeps what the recipe {Recipe.Segments} hears; the recipe {Options.Recipe} keeps nothing that could be corrected.");
        }

        using var mono = new MonoStream(audio);
        using var meter = new SampleMeter(mono.Read);
        (HeardSpeech heard, IReadOnlyList<SpeakerIdentity> identities) = listen(pipeline, meter.Read, Reporting(progress, mono.Length));
        return new DiarizationSession(new SessionRecording(audio.Info, meter.Hash(), heard.Duration), heard, pipeline.OptionsInForce, _networks.Packs, mono.Warnings, meter.Peaks(), identities);
    }

    private Diarization Diarize(SampleReader read, double? seconds, IProgress<DiarizationProgress>? progress, CancellationToken cancellationToken)
    {
        void Report(DiarizationStage stage, double done) => progress?.Report(new DiarizationProgress(stage, done, seconds));
        Report(DiarizationStage.Listening, 0);
        return _pipeline.Run(read, Report, cancellationToken) with { Packs = _networks.Packs };
    }
}
