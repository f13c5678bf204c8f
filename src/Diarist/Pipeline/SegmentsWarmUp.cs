using System.Runtime.CompilerServices;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Numerics;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Pipeline;

/// <summary>
/// Runs code once before it is needed, because the runtime compiles code when it is first called. While the networks are loaded, a thread of its own runs
/// the kernels of the segmentation network on a few zeros. While the first windows of the first recording are looked at, another one runs all that
/// follows that network over a second of noise, with two speakers made up. It takes some 15 ms of a processor besides; results are dropped.
/// </summary>
internal static class SegmentsWarmUp
{
    private static int _kernelsBegun, _begun;

    /// <summary>Begins with the kernels, which need no network, the first time in the process.</summary>
    /// <param name="options">Those of the recipe.</param>
    public static void BeginKernels(DiarizerOptions options) => Begin(ref _kernelsBegun, options, PyanNet.RunKernels);

    /// <summary>Begins with what follows the segmentation network, the first time in the process.</summary>
    /// <param name="embedder">The network that makes vectors.</param>
    /// <param name="options">Those of the recipe.</param>
    public static void Begin(WeSpeakerResNet34 embedder, DiarizerOptions options) => Begin(ref _begun, options, () => Run(embedder, options));

    private static void Begin(ref int begun, DiarizerOptions options, Action run)
    {
        // With one processor there is nobody beside whom to work; and code that was compiled ahead needs no warm-up.
        if (Environment.ProcessorCount > 1 && options.Threads > 1 && RuntimeFeature.IsDynamicCodeCompiled && Interlocked.Exchange(ref begun, 1) == 0)
        {
            new Thread(() => TryRun(run)) { IsBackground = true, Name = "Diarist warm-up" }.Start();
        }
    }

    private static void TryRun(Action run)
    {
        try
        {
            run();
        }
#pragma warning disable CA1031 // Nobody waits for this thread, and what fails here fails again, with its caller, in the recording; uncaught it would end the process.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Listens to the noise and finds its speakers.</summary>
    internal static Diarization Run(WeSpeakerResNet34 embedder, DiarizerOptions options)
    {
        var noise = new Random(1);
        int left = SlidingWindow.SampleRate;
        int Read(Span<float> samples)
        {
            int count = Math.Min(left, samples.Length);
            left -= count;
            foreach (ref float sample in samples[..count])
            {
                sample = (noise.NextSingle() - 0.5f) / 8;
            }

            return count;
        }

        // A second has too few groups for the products of several pairs at once.
        double[] vectors = new double[4 * embedder.Dimension];
        VectorMath.Dots(vectors.AsSpan(0, 2 * embedder.Dimension), vectors, new double[8]);

        var clock = new StageClock(clock: null);
        DiarizerOptions free = options with { Speakers = null, MinimumSpeakers = null, MaximumSpeakers = null };
        HeardSpeech heard = SegmentsListener.Listen(
            new TwoSpeakers(), embedder, SegmentsPipeline.ParametersOf(free), new SlidingWindow(SlidingWindow.SampleRate), Read, threads: 1, listenedTo: null, clock, CancellationToken.None);
        return SegmentsPipeline.Cluster(heard, free with { Threads = 1 }, constraints: null, clock, CancellationToken.None).Diarization;
    }

    /// <summary>Hears one speaker in the first half of the second and another one in the other half, and in between for some frames both and a third.</summary>
    private sealed class TwoSpeakers : IWindowHearing
    {
        private const int First = 28, Both = 31, Last = 57;

        public bool TellsSpeakersApart => true;

        public byte[] Masks(WindowBatch batch, CancellationToken cancellationToken)
        {
            byte[] masks = new byte[batch.Audio.Windows * SlidingWindow.FramesPerWindow];
            masks.AsSpan(0, Both).Fill(1);
            for (int frame = First; frame < Last; frame++)
            {
                masks[frame] |= frame < Both ? (byte)6 : (byte)2;
            }

            return masks;
        }
    }
}
