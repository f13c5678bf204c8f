using System.Collections.Concurrent;
using Diarist.Embedding;
using Diarist.Inference.Kernels;
using Diarist.Networks.Pyannote;
using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>
/// Listens to a recording: reads it in batches of windows, finds the local speakers of each window and embeds them.
/// The one place where threads are: each takes the next batch, and inside a batch all is single-threaded.
/// </summary>
internal sealed class WindowPipeline(PyanNet segmentation, ISpeakerEmbedder embedder, SlidingWindow window, int threads)
{
    // Long enough to share work between overlapping windows, short enough to keep two cores busy on a minute of audio
    // and to stop quickly. Never a function of the number of threads: results must not depend on that.
    private const int BatchWindows = 24;

    // After so many windows (20 minutes at the usual step) clustering needs the networks' scratch memory more than the next recording
    // does, for which taking it anew is nothing beside the rest.
    private const int LongRecordingWindows = 1200;

    /// <summary>The activity and the embeddings of a recording.</summary>
    /// <param name="Activity">Shape (windows, 589, 3).</param>
    /// <param name="Embeddings">Shape (windows, 3, dimension).</param>
    /// <param name="Samples">The length of the recording in samples at 16 kHz.</param>
    internal sealed record Result(Activity Activity, Embeddings Embeddings, long Samples);

    private readonly PyanNetHearing _hearing = new(segmentation);

    private sealed record BatchResult(int FirstWindow, byte[] Activity, float[] Embeddings);

    /// <summary>Reads to the end.</summary>
    /// <param name="read">Mono 16 kHz samples; called by one thread at a time.</param>
    /// <param name="clock">Measures the stages.</param>
    /// <param name="listenedTo">Told the seconds of audio that are done, rising.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    public Result Run(SampleReader read, StageClock clock, Action<double>? listenedTo, CancellationToken cancellationToken)
    {
        var reader = new WindowReader(
            samples =>
            {
                long start = clock.Start();
                int count = read(samples);
                clock.Stop(StageClock.Stage.Decoding, start);
                return count;
            },
            window,
            BatchWindows);
        var results = new ConcurrentBag<BatchResult>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int windowsDone = 0;

        void Work()
        {
            float[] buffer = new float[reader.BatchSamples];
            while (!stop.IsCancellationRequested && reader.TryNext(buffer, out WindowBatch batch))
            {
                results.Add(Listen(batch, clock, stop.Token));
                int done = Interlocked.Add(ref windowsDone, batch.Audio.Windows);
                listenedTo?.Invoke(Math.Min(reader.SamplesRead, (long)done * window.StepSamples) / (double)SlidingWindow.SampleRate);
            }
        }

        Workers.Run(threads, Work, stop);
        cancellationToken.ThrowIfCancellationRequested();
        if (windowsDone > LongRecordingWindows)
        {
            ScratchMemory.ReleaseIdle();
        }

        return Assemble(results, reader.SamplesRead);
    }

    private BatchResult Listen(WindowBatch batch, StageClock clock, CancellationToken cancellationToken)
    {
        int windows = batch.Audio.Windows;
        long start = clock.Start();
        byte[] activity = _hearing.Masks(batch, cancellationToken);
        clock.Stop(StageClock.Stage.Segmentation, start);

        start = clock.Start();
        byte[] masks = new byte[activity.Length];
        for (int i = 0; i < windows; i++)
        {
            Range frames = (i * SlidingWindow.FramesPerWindow)..((i + 1) * SlidingWindow.FramesPerWindow);
            EmbeddingMasks.Select(activity.AsSpan(frames), SlidingWindow.LocalSpeakers, embedder.MinimumSamples, masks.AsSpan(frames));
        }

        float[] embeddings = new float[windows * SlidingWindow.LocalSpeakers * embedder.Dimension];
        embedder.Embed(batch.Audio, masks, embeddings, cancellationToken);
        clock.Stop(StageClock.Stage.Embedding, start);
        return new BatchResult(batch.FirstWindow, activity, embeddings);
    }

    private Result Assemble(ConcurrentBag<BatchResult> results, long samples)
    {
        int windows = window.WindowCount(samples);
        var activity = new Activity(windows);
        var embeddings = new Embeddings(windows, embedder.Dimension);

        // Taking the results out lets their memory go while the whole grows: a day of embeddings is not held twice.
        while (results.TryTake(out BatchResult? result))
        {
            result.Activity.CopyTo(activity.Range(result.FirstWindow, result.Activity.Length / SlidingWindow.FramesPerWindow));
            result.Embeddings.CopyTo(embeddings.Range(result.FirstWindow, result.Activity.Length / SlidingWindow.FramesPerWindow));
        }

        return new Result(activity, embeddings, samples);
    }
}
