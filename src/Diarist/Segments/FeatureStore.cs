using Diarist.Features;
using Diarist.Inference.Kernels;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// The filter bank features of the part of a recording that is being worked on, in blocks of half a minute: samples come in, features
/// less their mean over the ten minutes around go out. Blocks that are no longer needed are let go; only their sums stay.
/// </summary>
/// <param name="first">The first block that is wanted; those before are neither computed nor kept.</param>
/// <param name="last">The last one.</param>
internal sealed class FeatureStore(int first = 0, int last = int.MaxValue)
{
    /// <summary>Blocks that a mean is taken over: ten minutes, centred, moved inwards at the ends of the recording, all where there are fewer.</summary>
    private const int MeanBlocks = 20;

    private const int BlockSamples = TrunkGrid.BlockFeatures * KaldiFilterBank.Hop;

    // The last frame of a block sees so many samples of the next.
    private const int SharedSamples = KaldiFilterBank.FrameLength - KaldiFilterBank.Hop;

    private readonly KaldiFilterBank _filterBank = new();
    private readonly Lock _lock = new();
    private readonly Queue<(int Block, float[] Samples, int Length)> _pending = new();
    private readonly List<float[]?> _features = [];
    private readonly List<double[]?> _sums = [];

    // Arrays of whole blocks that nobody needs any more: large ones would wait long for a collection.
    private readonly Stack<float[]> _spareSamples = new(), _spareFeatures = new();
    private float[] _filling = NewSamples();
    private int _filled;
    private int _blocks;
    private long _samples;
    private bool _ended;

    /// <summary>The number of feature frames of the recording; known once <see cref="End"/> was called.</summary>
    public int TotalFrames => FramesOf(_samples);

    /// <summary>Whether all blocks that are wanted have their samples.</summary>
    public bool IsFull => _blocks > last;

    /// <summary>The number of feature frames of a recording.</summary>
    public static int FramesOf(long samples) => samples < KaldiFilterBank.FrameLength ? 0 : checked((int)(1 + ((samples - KaldiFilterBank.FrameLength) / KaldiFilterBank.Hop)));

    /// <summary>The blocks that the trunk needs for a range of its own: their means and their neighbours.</summary>
    /// <param name="first">The first block of the range.</param>
    /// <param name="last">The last one.</param>
    /// <param name="samples">The length of the recording.</param>
    public static (int First, int Last) BlocksFor(int first, int last, long samples)
    {
        int blocks = BlocksOf(samples);
        return (Math.Max(0, Math.Min(first - 1, FirstOfMean(first, blocks))), Math.Max(last + 1, FirstOfMean(last, blocks) + MeanBlocks - 1));
    }

    /// <summary>Takes samples as they are read.</summary>
    public void Append(ReadOnlySpan<float> samples)
    {
        lock (_lock)
        {
            _samples += samples.Length;
            while (!samples.IsEmpty)
            {
                int count = Math.Min(samples.Length, _filling.Length - _filled);
                samples[..count].CopyTo(_filling.AsSpan(_filled));
                samples = samples[count..];
                _filled += count;
                if (_filled == _filling.Length)
                {
                    float[] full = _filling;
                    Enqueue(full, full.Length);
                    _filling = _spareSamples.TryPop(out float[]? spare) ? spare : NewSamples();
                    full.AsSpan(BlockSamples, SharedSamples).CopyTo(_filling);
                    _filled = SharedSamples;
                }
            }
        }
    }

    /// <summary>No more samples come.</summary>
    /// <param name="samples">The length of the recording, where reading ended before it.</param>
    public void End(long? samples = null)
    {
        lock (_lock)
        {
            if (KaldiFilterBank.FrameCount(_filled) > 0)
            {
                Enqueue(_filling, _filled);
            }

            _samples = samples ?? _samples;
            while (_blocks < BlocksOf(_samples))
            {
                Enqueue([], 0);
            }

            (_filling, _ended) = ([], true);
        }
    }

    /// <summary>Computes the features of a block that waits; false when none does.</summary>
    public bool TryCompute()
    {
        const int whole = TrunkGrid.BlockFeatures * KaldiFilterBank.Filters;
        (int Block, float[] Samples, int Length) next;
        float[]? features = null;
        int length;
        lock (_lock)
        {
            if (!_pending.TryDequeue(out next))
            {
                return false;
            }

            length = KaldiFilterBank.FrameCount(next.Length) * KaldiFilterBank.Filters;
            _ = length == whole && _spareFeatures.TryPop(out features);
        }

        features ??= new float[length];
        _filterBank.Compute(next.Samples.AsSpan(0, next.Length), features);
        double[] sums = new double[KaldiFilterBank.Filters];
        for (int i = 0; i < features.Length; i++)
        {
            sums[i % KaldiFilterBank.Filters] += features[i];
        }

        lock (_lock)
        {
            _features[next.Block] = features;
            _sums[next.Block] = sums;
            if (next.Samples.Length == BlockSamples + SharedSamples)
            {
                _spareSamples.Push(next.Samples);
            }
        }

        return true;
    }

    /// <summary>Whether a block waits to be computed.</summary>
    public bool HasWork
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0;
            }
        }
    }

    /// <summary>Whether all is there that <see cref="Normalized"/> needs for a block: its mean and its neighbours.</summary>
    public bool IsReady(int block)
    {
        lock (_lock)
        {
            int last = _ended ? Math.Min(LastOfMean(block), _blocks - 1) : LastOfMean(block);
            if (last >= _sums.Count)
            {
                return false;
            }

            for (int i = FirstOfMean(block); i <= last; i++)
            {
                if (_sums[i] is null)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Features of a stretch in and around a block, less the block's mean.</summary>
    /// <param name="block">The block.</param>
    /// <param name="from">The first frame, in the block or the one before.</param>
    /// <param name="to">The end, in the block or the one behind; the end of the recording where that comes first.</param>
    /// <returns>Shape (to − from, 80), to be disposed of by the caller.</returns>
    public AlignedBuffer Normalized(int block, int from, int to)
    {
        const int filters = KaldiFilterBank.Filters;
        Span<float> mean = stackalloc float[filters];
        lock (_lock)
        {
            to = _ended ? Math.Min(to, TotalFrames) : to;
            AlignedBuffer result = AlignedBuffer.Rent((to - from) * filters);
            Mean(block, mean);
            for (int frame = from; frame < to; frame++)
            {
                (int at, int within) = Math.DivRem(frame, TrunkGrid.BlockFeatures);
                ReadOnlySpan<float> row = _features[at].AsSpan(within * filters, filters);
                Span<float> target = result.Span.Slice((frame - from) * filters, filters);
                for (int filter = 0; filter < filters; filter++)
                {
                    target[filter] = row[filter] - mean[filter];
                }
            }

            return result;
        }
    }

    /// <summary>Lets the features of a block go.</summary>
    public void Release(int block)
    {
        lock (_lock)
        {
            if (_features[block] is { Length: TrunkGrid.BlockFeatures * KaldiFilterBank.Filters } whole)
            {
                _spareFeatures.Push(whole);
            }

            _features[block] = null;
        }
    }

    // Not cleared: of a short recording only the beginning is ever touched.
    private static float[] NewSamples() => GC.AllocateUninitializedArray<float>(BlockSamples + SharedSamples);

    private static int BlocksOf(long samples) => (FramesOf(samples) + TrunkGrid.BlockFeatures - 1) / TrunkGrid.BlockFeatures;

    private static int FirstOfMean(int block, int blocks) => Math.Clamp(block - (MeanBlocks / 2), 0, Math.Max(0, blocks - MeanBlocks));

    private int FirstOfMean(int block) => _ended ? FirstOfMean(block, _blocks) : Math.Max(0, block - (MeanBlocks / 2));

    private int LastOfMean(int block) => (_ended ? FirstOfMean(block) : Math.Max(0, block - (MeanBlocks / 2))) + MeanBlocks - 1;

    private void Mean(int block, Span<float> mean)
    {
        Span<double> total = stackalloc double[mean.Length];
        long frames = 0;
        int last = Math.Min(LastOfMean(block), _blocks - 1);
        for (int i = FirstOfMean(block); i <= last; i++)
        {
            for (int filter = 0; filter < total.Length; filter++)
            {
                total[filter] += _sums[i]![filter];
            }

            frames += i == _blocks - 1 && _ended ? TotalFrames - ((long)i * TrunkGrid.BlockFeatures) : TrunkGrid.BlockFeatures;
        }

        for (int filter = 0; filter < total.Length; filter++)
        {
            mean[filter] = (float)(total[filter] / frames);
        }
    }

    private void Enqueue(float[] samples, int length)
    {
        if (_blocks >= first && _blocks <= last)
        {
            _pending.Enqueue((_blocks, samples, length));
        }

        _blocks++;
        _features.Add(null);
        _sums.Add(null);
    }
}
