namespace Diarist.Segmentation;

/// <summary>Fills a buffer with the next mono 16 kHz samples; returns how many there were, 0 at the end.</summary>
internal delegate int SampleReader(Span<float> samples);

/// <summary>A batch of consecutive windows of a recording.</summary>
/// <param name="Index">The number of the batch, from 0.</param>
/// <param name="FirstWindow">The number of its first window in the recording.</param>
/// <param name="Audio">The windows.</param>
internal readonly record struct WindowBatch(int Index, int FirstWindow, WindowedAudio Audio);

/// <summary>
/// Cuts a stream of samples into batches of overlapping windows, without ever holding more than one batch.
/// Batches have the same size whatever the number of threads, so that results cannot depend on it.
/// </summary>
/// <param name="read">Where samples come from.</param>
/// <param name="window">The grid of windows.</param>
/// <param name="batchWindows">Windows in a full batch.</param>
internal sealed class WindowReader(SampleReader read, SlidingWindow window, int batchWindows)
{
    private readonly float[] _overlap = GC.AllocateUninitializedArray<float>(SlidingWindow.WindowSamples);
    private readonly Lock _lock = new();
    private int _overlapLength;
    private int _nextBatch;
    private bool _ended;

    /// <summary>Samples that a full batch holds; the size of the buffer that <see cref="TryNext"/> needs.</summary>
    public int BatchSamples { get; } = ((batchWindows - 1) * window.StepSamples) + SlidingWindow.WindowSamples;

    /// <summary>Samples read so far; the length of the recording once <see cref="TryNext"/> has returned false.</summary>
    public long SamplesRead { get; private set; }

    /// <summary>Reads the next batch into <paramref name="buffer"/>; false at the end. May be called from several threads.</summary>
    public bool TryNext(float[] buffer, out WindowBatch batch)
    {
        lock (_lock)
        {
            batch = default;
            if (_ended)
            {
                return false;
            }

            _overlap.AsSpan(0, _overlapLength).CopyTo(buffer);
            int fresh = Fill(buffer.AsSpan(_overlapLength, BatchSamples - _overlapLength));
            int length = _overlapLength + fresh;
            SamplesRead += fresh;
            int firstWindow = _nextBatch * batchWindows;
            int windows = Math.Min(batchWindows, window.WindowCount(SamplesRead) - firstWindow);
            _ended = length < BatchSamples;
            if (windows <= 0)
            {
                return false;
            }

            int samples = ((windows - 1) * window.StepSamples) + SlidingWindow.WindowSamples;
            if (_ended)
            {
                // The last window reaches beyond the recording; what lies behind it is never looked at.
                buffer.AsSpan(length, Math.Max(0, samples - length)).Clear();
            }
            else
            {
                _overlapLength = Math.Max(0, BatchSamples - (batchWindows * window.StepSamples));
                buffer.AsSpan(BatchSamples - _overlapLength, _overlapLength).CopyTo(_overlap);
            }

            batch = new WindowBatch(_nextBatch++, firstWindow, new WindowedAudio(buffer.AsMemory(0, samples), windows, window.StepSamples));
            return true;
        }
    }

    private int Fill(Span<float> samples)
    {
        int filled = 0;
        while (filled < samples.Length)
        {
            int count = read(samples[filled..]);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return filled;
    }
}
