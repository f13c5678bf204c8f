using Diarist.Clustering;
using Diarist.Hierarchical;
using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Networks.WeSpeaker;
using Diarist.Numerics;
using Diarist.Reconstruction;
using Diarist.Segmentation;
using Diarist.VoiceActivity;

namespace Diarist.Pipeline;

/// <summary>
/// The simplest recipe, for comparison: every span of speech that the voice activity detector finds is one speaker's; spans are
/// embedded whole and joined by average linkage of the cosine distance, cut at a threshold. No overlap, no change of
/// speaker within a span.
/// </summary>
internal sealed class VadAhcPipeline(LoadedNetworks networks, DiarizerOptions options) : IRecipePipeline
{
    /// <summary>Where the linkage is cut unless told otherwise: the threshold of the system that this recipe stands for.</summary>
    public const double DefaultThreshold = 0.35;

    private const int WindowSamples = SlidingWindow.WindowSamples;

    private readonly SileroVad _voiceActivity = networks.Load(Network.VoiceActivity);
    private readonly WeSpeakerResNet34 _embedder = networks.Load(Network.Embedder);

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        (IReadOnlyList<TimeRange> spans, PointSet points, double duration) = Listen(read, clock, report, cancellationToken);
        report(DiarizationStage.Clustering, duration);
        long start = clock.Start();
        double threshold = options.Threshold ?? DefaultThreshold;
        int[] labels = ClusterLabels.ByFirstAppearance(Cluster(points, threshold, cancellationToken));
        Turn[] turns = [.. spans.Select((span, index) => new Turn(span, TurnReconstruction.Label(labels[index])))];
        clock.Stop(StageClock.Stage.Clustering, start);

        int found = labels.Length == 0 ? 0 : ClusterLabels.Count(labels);
        SpeakerBounds bounds = options.Bounds;
        string? problem = bounds.Clamp(found) == found ? null : $"{bounds} speakers were asked for, but there are only {spans.Count} spans of speech.";
        return new Diarization
        {
            Turns = turns,
            ExclusiveTurns = turns,
            Speakers = [.. Enumerable.Range(0, found).Select(index => SpeakerSummary.Of(TurnReconstruction.Label(index), turns, ghost: false))],
            Count = new SpeakerCountReport(found, found, bounds, certainty: 0, uncertain: true, problem),
            Duration = duration,
            Recipe = options.Recipe,
            Options = options with { Threshold = threshold, Precision = _embedder.Precision },
            Warnings = problem is null ? [] : [problem],
            Timing = clock.Timing(),
        };
    }

    /// <summary>Finds the spans and embeds each; spans end before the recording does, so the whole of it is read first.</summary>
    private (IReadOnlyList<TimeRange> Spans, PointSet Points, double Duration) Listen(SampleReader read, StageClock clock, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        float[] samples = ReadAll(read, cancellationToken);
        double duration = samples.Length / (double)SlidingWindow.SampleRate;
        long start = clock.Start();
        float[] probabilities = _voiceActivity.Probabilities(samples, cancellationToken);
        IReadOnlyList<TimeRange> spans = SpeechSpans.Find(probabilities, samples.Length);
        clock.Stop(StageClock.Stage.Segmentation, start);

        start = clock.Start();
        var points = new PointSet(spans.Count, _embedder.Dimension);
        Parallel.For(0, spans.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, index =>
        {
            Embed(samples, spans[index], points[index], cancellationToken);
            report(DiarizationStage.Listening, spans[index].End);
        });
        clock.Stop(StageClock.Stage.Embedding, start);
        return (spans, points, duration);
    }

    /// <summary>The mean of the embeddings of a span's 10 s pieces, weighted by their length.</summary>
    private void Embed(float[] samples, TimeRange span, Span<double> point, CancellationToken cancellationToken)
    {
        int first = (int)Math.Round(span.Start * SlidingWindow.SampleRate);
        int end = Math.Min(samples.Length, (int)Math.Round(span.End * SlidingWindow.SampleRate));
        float[] window = new float[WindowSamples];
        byte[] mask = new byte[SlidingWindow.FramesPerWindow];
        float[] embeddings = new float[SlidingWindow.LocalSpeakers * _embedder.Dimension];
        for (int at = first; at < end; at += WindowSamples)
        {
            int length = Math.Min(WindowSamples, end - at);
            window.AsSpan().Clear();
            samples.AsSpan(at, length).CopyTo(window);
            int frames = Math.Clamp(length / SlidingWindow.FrameStepSamples, 1, mask.Length);
            mask.AsSpan().Clear();
            mask.AsSpan(0, frames).Fill(1);
            _embedder.Embed(new WindowedAudio(window, 1, WindowSamples), mask, embeddings, cancellationToken);
            for (int axis = 0; axis < point.Length && float.IsFinite(embeddings[0]); axis++)
            {
                point[axis] += length * (double)embeddings[axis];
            }
        }
    }

    private int[] Cluster(PointSet points, double threshold, CancellationToken cancellationToken)
    {
        if (points.Count == 0)
        {
            return [];
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken };
        Dendrogram tree = Linkage.AverageCosine(points.Normalized(), parallel);
        int[] labels = tree.CutAt(threshold);
        int wanted = Math.Min(options.Bounds.Clamp(ClusterLabels.Count(labels)), points.Count);
        return wanted == ClusterLabels.Count(labels) ? labels : tree.CutInto(wanted);
    }

    private static float[] ReadAll(SampleReader read, CancellationToken cancellationToken)
    {
        float[] samples = new float[1 << 20];
        int count = 0;
        for (int fresh; (fresh = read(samples.AsSpan(count))) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += fresh;
            if (count == samples.Length)
            {
                Array.Resize(ref samples, checked(2 * count));
            }
        }

        return samples[..count];
    }
}
