using System.Globalization;
using Diarist.Identity;
using Diarist.Networks;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Pipeline;

/// <summary>What the second half of the recipe gives.</summary>
/// <param name="Diarization">The turns.</param>
/// <param name="Found">Groups, labels and centres behind them.</param>
/// <param name="Clusters">The place in <see cref="SegmentsResult.Kept"/> of SPEAKER_00, SPEAKER_01, …; a greater number was made up.</param>
internal sealed record ClusteredSpeech(Diarization Diarization, SegmentsResult Found, IReadOnlyList<int> Clusters);

/// <summary>The recipe <see cref="Recipe.Segments"/> from samples to turns.</summary>
internal sealed class SegmentsPipeline(LoadedNetworks networks, DiarizerOptions options) : IRecipePipeline
{
    private readonly (PyanNet Segmentation, WeSpeakerResNet34 Embedder) _networks = Load(networks, options);
    private readonly Lazy<string> _fingerprint = new(() => EmbedderFingerprint.Of(networks.Packs.First(pack => pack.Pack.Id == Network.Embedder.Pack), Network.Embedder.Files[0]));

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        HeardSpeech heard = Listen(read, report, clock, cancellationToken);
        report(DiarizationStage.Clustering, heard.Duration);
        Diarization result = Cluster(heard, OptionsInForce, constraints: null, clock, cancellationToken).Diarization;
        report(DiarizationStage.Reconstruction, heard.Duration);
        return result with { Timing = clock.Timing() };
    }

    /// <summary>Diarizes one recording and looks for known voices.</summary>
    /// <param name="read">As for <see cref="IRecipePipeline.Run"/>.</param>
    /// <param name="known">The voices.</param>
    /// <param name="report">As for <see cref="IRecipePipeline.Run"/>.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    public (RecognizedSpeech Speech, DiarizationTiming? Timing) Recognize(SampleReader read, KnownVoices known, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        HeardSpeech heard = ListenWithBands(read, report, clock, cancellationToken);
        report(DiarizationStage.Clustering, heard.Duration);
        RecognizedSpeech speech = KnownVoicesClustering.Run(heard, OptionsInForce, known, Fingerprint, clock, cancellationToken);
        report(DiarizationStage.Reconstruction, heard.Duration);
        return (speech, clock.Timing());
    }

    /// <summary>The first half, with the energy in and above the telephone band.</summary>
    public HeardSpeech ListenWithBands(SampleReader read, Action<DiarizationStage, double> report, StageClock clock, CancellationToken cancellationToken)
    {
        var meter = new BandMeter(read);
        return Listen(meter.Read, report, clock, cancellationToken) with { Bands = meter.Energies() };
    }

    /// <summary>The voices in excerpts, each of one speaker alone.</summary>
    public SpeakerVoices VoicesOf(IReadOnlyList<SpeakerExcerpts> excerpts, CancellationToken cancellationToken)
    {
        var voices = new List<SpeakerVoice>();
        foreach (SpeakerExcerpts speaker in excerpts)
        {
            HeardSpeech heard = ListenWithBands(speaker.Reader(), (_, _) => { }, new StageClock(clock: null), cancellationToken);
            voices.Add(SpeakerVoice.Of(speaker.Label, heard, [.. Enumerable.Range(0, heard.Pieces.Count).Where(piece => heard.Pieces.Voiced[piece])]));
        }

        return new SpeakerVoices(voices, Fingerprint);
    }

    /// <summary>The network that hears windows.</summary>
    public PyanNet Segmentation => _networks.Segmentation;

    /// <summary>The network that makes vectors.</summary>
    public WeSpeakerResNet34 Embedder => _networks.Embedder;

    /// <summary>The fingerprint of the embedder.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>The options with the arithmetic that the embedder uses.</summary>
    public DiarizerOptions OptionsInForce => options with { Precision = _networks.Embedder.Precision };

    /// <summary>The first half: all that the networks hear.</summary>
    public HeardSpeech Listen(SampleReader read, Action<DiarizationStage, double> report, StageClock clock, CancellationToken cancellationToken)
    {
        var listener = new SegmentsListener(_networks.Segmentation, _networks.Embedder, ParametersOf(options), options.ChosenStep, options.Threads, clock);
        return listener.Run(read, done => report(DiarizationStage.Listening, done), cancellationToken);
    }

    /// <summary>The second half: finds the speakers of what was heard; needs no network.</summary>
    /// <param name="heard">What was heard.</param>
    /// <param name="options">Bounds, threshold and minimal durations; the precision is handed on.</param>
    /// <param name="constraints">What is known of the pieces.</param>
    /// <param name="clock">Measures the stages.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <param name="free">What is found without bounds, where that is known already.</param>
    public static ClusteredSpeech Cluster(
        HeardSpeech heard, DiarizerOptions options, GroupingConstraints? constraints, StageClock clock, CancellationToken cancellationToken, SegmentsResult? free = null)
    {
        SegmentsParameters parameters = ParametersOf(options);
        SpeakerBounds bounds = options.Bounds;
        int threads = options.Resolved.Threads;
        long start = clock.Start();
        SegmentsResult found = SegmentsClustering.Run(heard, parameters, bounds, constraints, threads, cancellationToken);
        free = bounds == SpeakerBounds.None ? found : free ?? SegmentsClustering.Run(heard, parameters, SpeakerBounds.None, constraints, threads, cancellationToken);
        clock.Stop(StageClock.Stage.Clustering, start);

        start = clock.Start();
        ReconstructedTurns turns = TurnReconstruction.FromFrames(found.Frames.All, found.Frames.Single, new ReconstructionOptions
        {
            MinimumDurationOn = options.MinimumDurationOn,
            MinimumDurationOff = options.MinimumDurationOff,
            Duration = heard.Duration,
            MinimumSpeakers = bounds.Minimum ?? 0,
        });
        clock.Stop(StageClock.Stage.Reconstruction, start);
        SpeakerCountReport count = Count(heard, turns, bounds, free);
        var result = new Diarization
        {
            Turns = turns.Turns,
            ExclusiveTurns = turns.ExclusiveTurns,
            Speakers = [.. turns.Clusters.Select((cluster, index) => SpeakerSummary.Of(TurnReconstruction.Label(index), turns.Turns, ghost: cluster >= found.Kept.Length || CountSigns.IsGhost(found, cluster)))],
            Count = count,
            Duration = heard.Duration,
            Recipe = options.Recipe,
            Options = options with { Threshold = parameters.MergeThreshold, Step = heard.Grid.Step },
            Warnings = count.Problem is { } problem ? [problem] : [],
            Evidence = heard.IsLinked ? ContestedFrames.Of(heard, found, parameters.Likeness, constraints?.Pinned) : null,
            SpeakerEmbeddings = options.KeepEmbeddings ? Embeddings(turns.Clusters, found.Centres) : null,
        };
        return new ClusteredSpeech(result, found, turns.Clusters);
    }

    /// <summary>The constants that options ask for.</summary>
    public static SegmentsParameters ParametersOf(DiarizerOptions options) => options.Threshold is double threshold
        ? SegmentsParameters.Default with { MergeThreshold = threshold }
        : SegmentsParameters.Default;

    private static (PyanNet Segmentation, WeSpeakerResNet34 Embedder) Load(LoadedNetworks networks, DiarizerOptions options)
    {
        SegmentsWarmUp.BeginKernels(options);
        (PyanNet Segmentation, WeSpeakerResNet34 Embedder) loaded = networks.Load(Network.Segmentation, Network.Embedder);
        SegmentsWarmUp.Begin(loaded.Embedder, options);
        return loaded;
    }

    private static SpeakerCountReport Count(HeardSpeech heard, ReconstructedTurns turns, SpeakerBounds bounds, SegmentsResult free)
    {
        int speakers = turns.Clusters.Count;
        string? problem = null;
        if (turns.Made > 0)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{bounds} speakers were asked for, but only {speakers - turns.Made} voices could be told apart; the briefest turns stand for the others.");
        }
        else if (bounds.Clamp(speakers) != speakers)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{bounds} speakers were asked for, but there is speech for {speakers} only.");
        }

        // Nothing was heard of a voice: the number is a guess.
        int automatic = free.Kept.Length;
        if (automatic == 0)
        {
            double guess = bounds.Exact is not null || speakers == 0 ? 1 : 0;
            return new SpeakerCountReport(speakers, speakers, bounds, guess, guess == 0, problem);
        }

        // A number that a bound forced is wrong wherever the recipe's own is right.
        CountSigns signs = CountSigns.Of(heard, free);
        bool forced = bounds.Clamp(automatic) != automatic;
        double certainty = bounds.Exact is not null ? 1 : forced ? (1 - signs.Probability) / 2 : signs.Probability;
        return new SpeakerCountReport(speakers, automatic, bounds, certainty, certainty < CountSigns.CertainFrom, problem)
        {
            RunnerUp = bounds.Exact is not null ? null : forced ? automatic : bounds.Clamp(signs.RunnerUp(automatic)) is var other && other == speakers ? null : other,
        };
    }

    private static Dictionary<string, float[]> Embeddings(IReadOnlyList<int> clusters, IReadOnlyList<double[]> centres)
    {
        var kept = new Dictionary<string, float[]>();
        for (int index = 0; index < clusters.Count; index++)
        {
            if (clusters[index] < centres.Count)
            {
                kept.Add(TurnReconstruction.Label(index), [.. centres[clusters[index]].Select(value => (float)value)]);
            }
        }

        return kept;
    }
}
