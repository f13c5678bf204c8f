using Diarist.Inference.Kernels;
using Diarist.Networks.WeSpeaker;
using Diarist.Segmentation;
using Diarist.Segments;

namespace Diarist.Pipeline;

/// <summary>The work on one recording, shared by its threads.</summary>
internal sealed class ListeningWork
{
    // Long enough to share work between overlapping windows, short enough to keep two cores busy on a minute of audio; and whole tiles of the LSTM's products.
    // Never a function of the number of threads: results must not depend on that.
    internal const int BatchWindows = 12;

    // What windows are of the work, for telling how far it is; the trunk is the rest.
    private const double WindowsShare = 0.4;

    private readonly IWindowHearing _hearing;
    private readonly WeSpeakerResNet34 _embedder;
    private readonly StageClock _clock;
    private readonly SlidingWindow _grid;
    private readonly Action<double>? _listenedTo;
    private readonly CancellationToken _stop;
    private readonly WindowReader _reader;
    private readonly FeatureStore _features = new();
    private readonly PieceSchedule _schedule;
    private readonly VoiceCollector _collector;
    private readonly Lock _lock = new();
    private readonly SharedLoops _sharing = new();
    private readonly SortedSet<int> _blocksAtWork = [];
    private int _windowJobs, _windowsDone, _blocksStarted, _blocksDone, _released;
    private bool _readerEnded, _windowsEnded;

    public ListeningWork(
        IWindowHearing hearing, WeSpeakerResNet34 embedder, SegmentsParameters parameters, SlidingWindow grid, SampleReader read, Action<double>? listenedTo, StageClock clock, CancellationToken stop)
    {
        (_hearing, _embedder, _grid, _listenedTo, _clock, _stop) = (hearing, embedder, grid, listenedTo, clock, stop);
        _reader = new WindowReader(
            samples =>
            {
                int count = read(samples);
                _features.Append(samples[..count]);
                return count;
            },
            grid,
            BatchWindows);
        _schedule = new PieceSchedule(grid, parameters);
        _collector = new VoiceCollector(embedder);
    }

    public long Samples => _reader.SamplesRead;

    private double Duration => Samples / (double)SlidingWindow.SampleRate;

    private int TotalRows => ResNet34Trunk.OutputFrames(_features.TotalFrames);

    public void Run()
    {
        // Not cleared first, as with all large arrays here: a short recording touches a part of it only.
        float[]? buffer = null;
        while (!_stop.IsCancellationRequested && Next(out TrunkBlock? block, out bool read))
        {
            if (block is not null)
            {
                Listen(block);
            }
            else if (read)
            {
                Listen(buffer ??= GC.AllocateUninitializedArray<float>(_reader.BatchSamples));
            }
        }
    }

    public HeardSpeech Heard()
    {
        _collector.Finish();
        return HeardSpeech.Of(_schedule, _collector.Take, _embedder.Dimension, _grid, Duration, _hearing.TellsSpeakersApart);
    }

    /// <summary>
    /// What to do next: the trunk first, so that features can go; else features; else windows. A thread for which nothing is to be done yet helps with
    /// the trunk of another one.
    /// </summary>
    private bool Next(out TrunkBlock? block, out bool read)
    {
        while (!_stop.IsCancellationRequested)
        {
            int news = _sharing.News;
            switch (Look(out block, out read))
            {
                case Work.Own:
                    return true;
                case Work.Features:
                    long start = _clock.Start();
                    _features.TryCompute();
                    _clock.Stop(StageClock.Stage.Embedding, start);
                    _sharing.Announce();
                    return true;
                case Work.Nothing:
                    return false;
                default:
                    _sharing.Help(news, 50);
                    break;
            }
        }

        (block, read) = (null, false);
        return false;
    }

    private Work Look(out TrunkBlock? block, out bool read)
    {
        (block, read) = (null, false);
        lock (_lock)
        {
            if (_schedule.TryNextBlock(_windowsEnded ? TotalRows : -1, _features.IsReady, out block))
            {
                _blocksAtWork.Add(block!.Number);
                _blocksStarted++;
                return Work.Own;
            }

            if (_features.HasWork)
            {
                return Work.Features;
            }

            if (!_readerEnded)
            {
                _windowJobs++;
                read = true;
                return Work.Own;
            }

            return _windowsEnded && _blocksDone == _blocksStarted && _blocksStarted * TrunkGrid.BlockRows >= TotalRows ? Work.Nothing : Work.OfOthers;
        }
    }

    private void Listen(float[] buffer)
    {
        bool any = _reader.TryNext(buffer, out WindowBatch batch);
        byte[] masks = any ? Segment(batch) : [];
        lock (_lock)
        {
            for (int window = 0; window < masks.Length / SlidingWindow.FramesPerWindow; window++)
            {
                int at = window * SlidingWindow.FramesPerWindow;
                _schedule.Add(batch.FirstWindow + window, masks[at..(at + SlidingWindow.FramesPerWindow)]);
                _windowsDone++;
            }

            if (!any && !_readerEnded)
            {
                _readerEnded = true;
                _features.End();
            }

            _windowJobs--;
            if (_readerEnded && _windowJobs == 0)
            {
                _schedule.End(Duration);
                _windowsEnded = true;
            }
            else
            {
                _schedule.Advance();
            }

            Report();
        }

        _sharing.Announce();
    }

    private byte[] Segment(WindowBatch batch)
    {
        long start = _clock.Start();
        byte[] masks = _hearing.Masks(batch, _stop);
        _clock.Stop(StageClock.Stage.Segmentation, start);
        return masks;
    }

    private void Listen(TrunkBlock block)
    {
        long start = _clock.Start();
        block.Run(_features, _embedder, _collector, _sharing, _stop);
        _clock.Stop(StageClock.Stage.Embedding, start);
        lock (_lock)
        {
            _blocksAtWork.Remove(block.Number);
            _blocksDone++;
            int oldest = _blocksAtWork.Count > 0 ? _blocksAtWork.Min : _blocksStarted;
            for (; _released < oldest - 1; _released++)
            {
                _features.Release(_released);
            }

            Report();
        }

        _sharing.Announce();
    }

    /// <summary>What a thread finds to do.</summary>
    private enum Work
    {
        /// <summary>A block or windows.</summary>
        Own,

        /// <summary>Features.</summary>
        Features,

        /// <summary>Nothing yet but what others are at.</summary>
        OfOthers,

        /// <summary>Nothing any more.</summary>
        Nothing,
    }

    private void Report()
    {
        double windows = Math.Min(Duration, _windowsDone * _grid.Step);
        double blocks = Math.Min(Duration, _blocksDone * TrunkGrid.BlockFeatures / 100.0);
        _listenedTo?.Invoke((WindowsShare * windows) + ((1 - WindowsShare) * blocks));
    }
}
