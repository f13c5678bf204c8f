using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>Where the three values that are pooled come from.</summary>
internal unsafe interface IPoolInput
{
    /// <summary>The greatest of the three.</summary>
    /// <param name="from">The first of the values that they are made of.</param>
    /// <param name="step">Values from one of these to the next.</param>
    /// <param name="scale">A factor.</param>
    /// <param name="shift">What is added.</param>
    static abstract V Greatest<V>(float* from, nint step, V scale, V shift)
        where V : unmanaged, ILanes<V>;
}

/// <summary>The magnitudes of scale · value + shift.</summary>
internal readonly unsafe struct AffineMagnitude : IPoolInput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Greatest<V>(float* from, nint step, V scale, V shift)
        where V : unmanaged, ILanes<V> =>
        V.Max(
            V.Abs(V.MultiplyAdd(V.Load(from), scale, shift)),
            V.Max(V.Abs(V.MultiplyAdd(V.Load(from + step), scale, shift)), V.Abs(V.MultiplyAdd(V.Load(from + (2 * step)), scale, shift))));
}

/// <summary>
/// The greatest of three values in each channel, with the statistics of the result for the
/// normalization that follows. Works on a block of frames that lies in a cache; channels outermost, so that
/// a channel's sums stay in registers through the block.
/// </summary>
/// <typeparam name="TInput">What is pooled.</typeparam>
/// <param name="source">What the first pooled frame is made of.</param>
/// <param name="frameStride">Values from there to what the next one is made of.</param>
/// <param name="step">As for <see cref="IPoolInput.Greatest"/>.</param>
/// <param name="scale">A factor for all channels.</param>
/// <param name="shift">What is added to each channel.</param>
/// <param name="destination">(frames, channels), contiguous; channels are those of the statistics.</param>
/// <param name="frames">Pooled frames.</param>
/// <param name="statistics">Takes the pooled frames in.</param>
internal readonly unsafe struct MaxPoolThree<TInput>(
    float* source, nint frameStride, nint step, float scale, float* shift, float* destination, int frames, ChannelStatistics statistics) : ILaneOperation
    where TInput : struct, IPoolInput
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : unmanaged, ILanes<V>
    {
        int channels = statistics.Channels;
        V factor = V.Broadcast(scale);
        for (int channel = 0; channel < channels; channel += V.Count)
        {
            V term = V.Load(shift + channel);
            float* from = source + channel;
            if (statistics.Frames == 0)
            {
                V.Store(TInput.Greatest(from, step, factor, term), statistics.Origin + channel);
            }

            V origin = V.Load(statistics.Origin + channel), sum = V.Zero, squares = V.Zero;
            float* to = destination + channel;
            for (int frame = 0; frame < frames; frame++, from += frameStride, to += channels)
            {
                V pooled = TInput.Greatest(from, step, factor, term);
                V.Store(pooled, to);
                V difference = pooled - origin;
                sum += difference;
                squares = V.MultiplyAdd(difference, difference, squares);
            }

            V.Store(V.Load(statistics.Sums + channel) + sum, statistics.Sums + channel);
            V.Store(V.Load(statistics.Squares + channel) + squares, statistics.Squares + channel);
        }

        statistics.Frames += frames;
    }
}
