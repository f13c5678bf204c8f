using System.Globalization;
using Diarist.Pipeline;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Parts;

/// <summary>
/// Listens to a range of a recording as <see cref="SegmentsListener"/> listens to the whole: in the same batches of windows, and then in the same
/// blocks of the trunk with the same means, so that every number is the same. Audio is decoded from its beginning, which costs little beside listening.
/// </summary>
/// <param name="pipeline">The networks.</param>
/// <param name="networks">What they are called in parts.</param>
/// <param name="options">How to listen.</param>
internal sealed class PartListener(SegmentsPipeline pipeline, string networks, DiarizerOptions options)
{
    /// <summary>The windows of the batches that begin in a range.</summary>
    /// <param name="read">Mono 16 kHz samples from the beginning of the recording.</param>
    /// <param name="range">The range.</param>
    /// <param name="warnings">What is known to be wrong once the recording was read.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    public HeardWindows Windows(SampleReader read, ListeningRange range, Func<IReadOnlyList<string>> warnings, CancellationToken cancellationToken)
    {
        (SlidingWindow grid, SampleReader whole) = SegmentsListener.ChooseGrid(options.ChosenStep, read);
        var hearing = new PyanNetHearing(pipeline.Segmentation);
        var reader = new WindowReader(whole, grid, ListeningWork.BatchWindows);
        var batches = new SortedDictionary<int, byte[]>();
        bool past = false, ended = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Workers.Run(
            options.Threads,
            () =>
            {
                var buffer = new float[reader.BatchSamples];
                while (!stop.IsCancellationRequested && !Volatile.Read(ref past))
                {
                    if (!reader.TryNext(buffer, out WindowBatch batch))
                    {
                        Volatile.Write(ref ended, true);
                        return;
                    }

                    double begin = batch.FirstWindow * grid.Step;
                    if (begin >= range.To)
                    {
                        Volatile.Write(ref past, true);
                    }
                    else if (range.Holds(begin))
                    {
                        byte[] masks = hearing.Masks(batch, stop.Token);
                        lock (batches)
                        {
                            batches.Add(batch.FirstWindow, masks);
                        }
                    }
                }
            },
            stop);
        cancellationToken.ThrowIfCancellationRequested();

        // A batch behind the range says that the recording goes on, whatever another thread found after it.
        bool isWhole = ended && !past;
        int first = batches.Count > 0 ? batches.Keys.First() : 0;
        return new HeardWindows(networks, grid.StepSamples, first, [.. batches.Values.SelectMany(masks => masks)], isWhole ? reader.SamplesRead : null, isWhole ? warnings() : []);
    }

    /// <summary>The voices that begin in the blocks of a range.</summary>
    /// <param name="read">Mono 16 kHz samples from the beginning of the recording.</param>
    /// <param name="windows">All windows of the recording.</param>
    /// <param name="range">The range.</param>
    /// <param name="cancellationToken">Stops the work within 200 ms.</param>
    /// <exception cref="InvalidDataException">The recording is shorter than its windows say.</exception>
    public HeardVoices Voices(SampleReader read, JoinedWindows windows, ListeningRange range, CancellationToken cancellationToken)
    {
        (List<TrunkBlock> blocks, HashSet<VoiceKey> own, int first, int end) = Blocks(windows, range);
        var collector = new VoiceCollector(pipeline.Embedder);
        if (blocks.Count > 0)
        {
            FeatureStore features = Features(read, windows.Samples, blocks[0].Number, blocks[^1].Number, cancellationToken);
            int next = -1;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Workers.Run(
                options.Threads,
                () =>
                {
                    while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var block && block < blocks.Count)
                    {
                        blocks[block].Run(features, pipeline.Embedder, collector, sharing: null, stop.Token);
                    }
                },
                stop);
            cancellationToken.ThrowIfCancellationRequested();
            if (blocks[^1].Number == end - 1) // else the last one is behind the range
            {
                // The recording ends with this range: what goes on has no other part.
                collector.Finish();
            }
        }

        var voices = new List<(VoiceKey, int, Half[])>();
        foreach (VoiceKey key in own.OrderBy(key => key.Kind).ThenBy(key => key.Number))
        {
            if (collector.Take(key) is { } voice)
            {
                voices.Add((key, voice.Rows, Array.ConvertAll(voice.Vector, value => (Half)value)));
            }
        }

        return new HeardVoices(networks, first, end, pipeline.Embedder.Dimension, voices);
    }

    // The blocks of a range and the one behind it, where voices that begin in the range may end; and the voices that begin in the range.
    private static (List<TrunkBlock> Blocks, HashSet<VoiceKey> Own, int First, int End) Blocks(JoinedWindows windows, ListeningRange range)
    {
        var blocks = new List<TrunkBlock>();
        var own = new HashSet<VoiceKey>();
        TrunkBlock? before = null;
        int first = -1, end = -1, number = 0;
        foreach (TrunkBlock block in windows.Blocks())
        {
            double begin = block.Number * JoinedWindows.BlockSeconds;
            number = block.Number + 1;
            if (begin < range.From)
            {
                before = block;
            }
            else if (range.Holds(begin))
            {
                first = first < 0 ? block.Number : first;
                blocks.Add(block);
                own.UnionWith(block.Voices.Select(voice => voice.Key));
            }
            else if (first >= 0 && end < 0)
            {
                end = block.Number;
                blocks.Add(block);
            }
        }

        own.ExceptWith(before?.Voices.Select(voice => voice.Key) ?? []);
        first = first < 0 ? number : first;
        return (blocks, own, first, end < 0 ? number : end);
    }

    private FeatureStore Features(SampleReader read, long samples, int first, int last, CancellationToken cancellationToken)
    {
        (int from, int to) = FeatureStore.BlocksFor(first, last, samples);
        var features = new FeatureStore(from, to);
        var reading = new Lock();
        long count = 0;
        bool ended = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Workers.Run(
            options.Threads,
            () =>
            {
                var block = new float[SlidingWindow.SampleRate];
                while (!stop.IsCancellationRequested)
                {
                    if (features.TryCompute())
                    {
                        continue;
                    }

                    lock (reading)
                    {
                        if (ended)
                        {
                            return;
                        }

                        int length = features.IsFull ? 0 : read(block);
                        features.Append(block.AsSpan(0, length));
                        count += length;
                        if (length == 0)
                        {
                            ended = true;
                            features.End(samples);
                        }
                    }
                }
            },
            stop);
        cancellationToken.ThrowIfCancellationRequested();
        while (features.TryCompute())
        {
            // What another thread's end left.
        }

        return features.IsFull || count == samples
            ? features
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the recording has {count} samples and not {samples}, as its windows say"));
    }
}
