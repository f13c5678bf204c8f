using Diarist.Networks;
using Diarist.Networks.Silero;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Segments;
using Diarist.VoiceActivity;

namespace Diarist.Pipeline;

/// <summary>
/// The pieces and groups of <see cref="Recipe.Segments"/> over the speech that a voice activity detector finds, for comparison: no overlap,
/// no cuts where the speaker changes, no links between pieces.
/// </summary>
internal sealed class VadAhcPipeline(LoadedNetworks networks, DiarizerOptions options) : IRecipePipeline
{
    // Windows only carry speech that was found before; half of their length covers every frame.
    private static readonly SlidingWindow Grid = new(SlidingWindow.WindowSamples / 2);

    private readonly SileroVad _voiceActivity = networks.Load(Network.VoiceActivity);
    private readonly WeSpeakerResNet34 _embedder = networks.Load(Network.Embedder);

    public Diarization Run(SampleReader read, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        var clock = new StageClock(options.Clock);
        HeardSpeech heard = Listen(read, clock, report, cancellationToken);
        report(DiarizationStage.Clustering, heard.Duration);
        Diarization result = SegmentsPipeline.Cluster(heard, options with { Precision = _embedder.Precision }, constraints: null, clock, cancellationToken).Diarization;
        report(DiarizationStage.Reconstruction, heard.Duration);

        // Nothing votes for a turn, and certainty was measured with the segmentation network only.
        return result with
        {
            Turns = [.. result.Turns.Select(turn => turn with { Confidence = null })],
            ExclusiveTurns = [.. result.ExclusiveTurns.Select(turn => turn with { Confidence = null })],
            Count = result.Count with { Certainty = 0, Uncertain = true, RunnerUp = null },
            Options = result.Options with { Step = options.Step },
            Timing = clock.Timing(),
        };
    }

    /// <summary>Finds speech and the vectors of its pieces; the detector goes first, so the whole recording is read before.</summary>
    private HeardSpeech Listen(SampleReader read, StageClock clock, Action<DiarizationStage, double> report, CancellationToken cancellationToken)
    {
        float[] samples = ReadAll(read, cancellationToken);
        long start = clock.Start();
        float[] probabilities = _voiceActivity.Probabilities(samples, cancellationToken);
        var hearing = new SpeechHearing(Grid, SpeechSpans.Find(probabilities, samples.Length));
        clock.Stop(StageClock.Stage.Segmentation, start);

        int given = 0;
        return SegmentsListener.Listen(hearing, _embedder, SegmentsPipeline.ParametersOf(options), Grid, Again, options.Threads, done => report(DiarizationStage.Listening, done), clock, cancellationToken);

        int Again(Span<float> buffer)
        {
            int count = Math.Min(buffer.Length, samples.Length - given);
            samples.AsSpan(given, count).CopyTo(buffer);
            given += count;
            return count;
        }
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
