using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Pipeline;

/// <summary>
/// The first half of the recipe: listens to a recording as it is read. Windows, features and trunk are jobs that threads take as soon
/// as what they need is there; a job's result does not depend on the others, nor on the thread. Audio and features of
/// some minutes are in memory at a time, and trunk frames of the blocks at work.
/// </summary>
internal sealed class SegmentsListener(PyanNet segmentation, WeSpeakerResNet34 embedder, SegmentsParameters parameters, double? step, int threads, StageClock clock)
{
    /// <summary>Recordings up to this length deserve a window every second, longer ones every two.</summary>
    private const int ShortRecordingSeconds = 240;

    // What is read ahead is held in parts of so many seconds, each of which goes when it was given on.
    private const int SecondsOfPart = 15;

    // After so many samples (20 minutes) grouping needs the networks' scratch memory more than the next recording does.
    private const long LongRecordingSamples = 20L * 60 * SlidingWindow.SampleRate;

    /// <summary>Listens to the end.</summary>
    /// <param name="read">Mono 16 kHz samples; called by one thread at a time.</param>
    /// <param name="listenedTo">Told the seconds of audio that are done, rising.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    public HeardSpeech Run(SampleReader read, Action<double>? listenedTo, CancellationToken cancellationToken)
    {
        SampleReader timed = samples =>
        {
            long start = clock.Start();
            int count = read(samples);
            clock.Stop(StageClock.Stage.Decoding, start);
            return count;
        };
        (SlidingWindow grid, SampleReader whole) = ChooseGrid(step, timed);
        return Listen(new PyanNetHearing(segmentation), embedder, parameters, grid, whole, threads, listenedTo, clock, cancellationToken);
    }

    /// <summary>Listens with windows on a grid, whatever hears them.</summary>
    public static HeardSpeech Listen(
        IWindowHearing hearing, WeSpeakerResNet34 embedder, SegmentsParameters parameters, SlidingWindow grid, SampleReader read, int threads, Action<double>? listenedTo, StageClock clock, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = new ListeningWork(hearing, embedder, parameters, grid, read, listenedTo, clock, stop.Token);
        Workers.Run(threads, work.Run, stop);
        cancellationToken.ThrowIfCancellationRequested();
        if (work.Samples > LongRecordingSamples)
        {
            ScratchMemory.ReleaseIdle();
        }

        return work.Heard();
    }

    /// <summary>The step asked for, or the one that the recording's length deserves, for which its beginning is read ahead.</summary>
    /// <param name="step">The step in seconds; <see langword="null"/> leaves the choice.</param>
    /// <param name="read">Mono 16 kHz samples.</param>
    public static (SlidingWindow Grid, SampleReader Read) ChooseGrid(double? step, SampleReader read)
    {
        if (step is double seconds)
        {
            return (new SlidingWindow((int)Math.Round(seconds * SlidingWindow.SampleRate)), read);
        }

        const int most = (ShortRecordingSeconds * SlidingWindow.SampleRate) + 1;
        var ahead = new Queue<(float[] Samples, int Length)>();
        int length = 0, given = 0;
        for (int filled = -1; filled != 0 && length < most; length += filled)
        {
            float[] part = GC.AllocateUninitializedArray<float>(Math.Min(SecondsOfPart * SlidingWindow.SampleRate, most - length));
            filled = 0;
            for (int count; filled < part.Length && (count = read(part.AsSpan(filled))) > 0;)
            {
                filled += count;
            }

            if (filled > 0)
            {
                ahead.Enqueue((part, filled));
            }
        }

        return (new SlidingWindow(length == most ? 2 * SlidingWindow.SampleRate : SlidingWindow.SampleRate), Again);

        int Again(Span<float> samples)
        {
            if (!ahead.TryPeek(out (float[] Samples, int Length) part))
            {
                return read(samples);
            }

            int count = Math.Min(samples.Length, part.Length - given);
            part.Samples.AsSpan(given, count).CopyTo(samples);
            given += count;
            if (given == part.Length)
            {
                (_, given) = (ahead.Dequeue(), 0);
            }

            return count;
        }
    }
}
