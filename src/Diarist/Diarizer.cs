using Diarist.Audio;
using Diarist.Community1;
using Diarist.Embedding;
using Diarist.Networks.WeSpeaker;
using Diarist.Packs;
using Diarist.Pipeline;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Segments;

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
public sealed class Diarizer
{
    private readonly DiarizerNetworks _networks;
    private readonly DiarizerOptions _options;

    private Diarizer(DiarizerNetworks networks, DiarizerOptions options) => (_networks, _options) = (networks, options);

    /// <summary>The options in force: recipe, embedder and threads resolved.</summary>
    public DiarizerOptions Options => _options;

    /// <summary>The names of the packs that options need, given what the store holds.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static IReadOnlyList<string> PacksFor(PackStore store, DiarizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new DiarizerOptions();
        options.Validate();
        return DiarizerNetworks.PackIds(DiarizerNetworks.Resolve(store, options));
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
        options ??= new DiarizerOptions();
        options.Validate();
        DiarizerOptions resolved = DiarizerNetworks.Resolve(store, options);
        return new Diarizer(DiarizerNetworks.Load(store, resolved), resolved);
    }

    /// <summary>Loads the networks as <see cref="Create"/> does, away from the calling thread.</summary>
    public static Task<Diarizer> CreateAsync(PackStore store, DiarizerOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Create(store, options), cancellationToken);

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

    /// <summary>Diarizes samples in memory.</summary>
    /// <param name="samples">Mono at 16 kHz, in [−1, 1].</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public Diarization Diarize(ReadOnlyMemory<float> samples, IProgress<DiarizationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
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
    /// <param name="options">Recipe, bounds and step; the recipe is <see cref="Recipes.Ahc"/> unless named.</param>
    /// <param name="plda">The folder or pack with the PLDA that <see cref="Recipes.Community1"/> needs.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The arrays do not belong together, or the recipe needs what was not given.</exception>
    public static Diarization Cluster(Activity activity, Embeddings embeddings, DiarizerOptions? options = null, LocatedPack? plda = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(embeddings);
        options ??= new DiarizerOptions();
        options.Validate();
        options = options with { Recipe = options.Recipe ?? Recipes.Ahc, Threads = DiarizerNetworks.ThreadCount(options.Threads) };
        var stages = new ClusteringStages(options, plda is null ? null : DiarizerNetworks.LoadPlda(plda), new StageClock(options.Clock));
        return stages.Run(activity, embeddings, duration: null, cancellationToken);
    }

    private Diarization Diarize(SampleReader read, double? seconds, IProgress<DiarizationProgress>? progress, CancellationToken cancellationToken)
    {
        var clock = new StageClock(_options.Clock);
        void Report(DiarizationStage stage, double done) => progress?.Report(new DiarizationProgress(stage, done, seconds));
        if (_networks.Vad is not null)
        {
            return new VadAhcRecipe(_networks, _options, clock).Run(read, Report, cancellationToken) with { Packs = _networks.Packs };
        }

        if (_options.Recipe == Recipes.Segments)
        {
            var recipe = new SegmentsRecipe(_options, clock);
            return recipe.Run(_networks.Segmentation!, (WeSpeakerResNet34)_networks.Embedder, read, Report, cancellationToken) with { Packs = _networks.Packs };
        }

        var pipeline = new WindowPipeline(_networks.Segmentation!, _networks.Embedder, _options.Window, _options.Threads, clock);
        WindowPipeline.Heard heard = pipeline.Run(read, done => Report(DiarizationStage.Listening, done), cancellationToken);
        double duration = heard.Samples / (double)SlidingWindow.SampleRate;
        Report(DiarizationStage.Clustering, duration);
        var stages = new ClusteringStages(_options, _networks.Plda, clock);
        Diarization result = stages.Run(heard.Activity, heard.Embeddings, duration, cancellationToken);
        Report(DiarizationStage.Reconstruction, duration);
        return result with { Packs = _networks.Packs, Timing = clock.Seconds() };
    }
}
