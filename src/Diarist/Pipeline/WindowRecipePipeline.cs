using Diarist.Community1;
using Diarist.Networks;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>The recipes that embed and cluster the local speakers of 10 s windows.</summary>
internal sealed class WindowRecipePipeline : IRecipePipeline
{
    private readonly DiarizerOptions _options;
    private readonly WindowPipeline _windows;
    private readonly Plda? _plda;

    /// <summary>Loads the networks.</summary>
    public WindowRecipePipeline(LoadedNetworks networks, DiarizerOptions options)
    {
        WeSpeakerResNet34 embedder = networks.LoadAsPublished(Network.Embedder);
        _options = options with { Precision = embedder.Precision };
        _windows = new WindowPipeline(networks.Load(Network.Segmentation), embedder, options.Window, options.Threads);
        _plda = options.Recipe.Networks.Contains(Network.Plda) ? networks.Load(Network.Plda) : null;
    }

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(_options.Clock);
        WindowPipeline.Result heard = _windows.Run(read, clock, done => report(DiarizationStage.Listening, done), cancellationToken);
        double duration = heard.Samples / (double)SlidingWindow.SampleRate;
        report(DiarizationStage.Clustering, duration);
        Diarization result = new ClusteringStages(_options, _plda, clock).Run(heard.Activity, heard.Embeddings, duration, report, cancellationToken);
        return result with { Timing = clock.Timing() };
    }
}
