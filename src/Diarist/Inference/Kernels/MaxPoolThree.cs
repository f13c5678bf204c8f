using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>What happens to a value before pooling.</summary>
internal interface IPoolInput
{
    /// <summary>The value that is pooled.</summary>
    static abstract V Apply<V>(V value, V scale, V shift)
        where V : unmanaged, ILanes<V>;
}

/// <summary>The value itself.</summary>
internal readonly struct PlainInput : IPoolInput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V value, V scale, V shift)
        where V : unmanaged, ILanes<V> => value;
}

/// <summary>The magnitude of scale · value + shift.</summary>
internal readonly struct AffineMagnitude : IPoolInput
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V value, V scale, V shift)
        where V : unmanaged, ILanes<V> => V.Abs(V.MultiplyAdd(value, scale, shift));
}

/// <summary>
/// The greatest of three frames in each channel, kernel 3 and stride 3, with the statistics of the result for the
/// normalization that follows. Works on a block of frames that lies in a cache; channels outermost, so that
/// a channel's sums stay in registers through the block.
/// </summary>
/// <typeparam name="TInput">What happens before pooling.</typeparam>
/// <param name="source">(3 · frames, channels).</param>
/// <param name="scale">A factor for all channels (only <see cref="AffineMagnitude"/>).</param>
/// <param name="shift">What is added to each channel (only <see cref="AffineMagnitude"/>; otherwise null).</param>
/// <param name="destination">(frames, channels), contiguous like the source; channels are those of the statistics.</param>
/// <param name="frames">Pooled frames.</param>
/// <param name="statistics">Takes the pooled frames in.</param>
internal readonly unsafe struct MaxPoolThree<TInput>(float* source, float scale, float* shift, float* destination, int frames, ChannelStatistics statistics) : ILaneOperation
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
            V term = shift == null ? V.Zero : V.Load(shift + channel);
            float* from = source + channel;
            if (statistics.Frames == 0)
            {
                V.Store(Pool(from, channels, factor, term), statistics.Origin + channel);
            }

            V origin = V.Load(statistics.Origin + channel), sum = V.Zero, squares = V.Zero;
            float* to = destination + channel;
            for (int frame = 0; frame < frames; frame++, from += 3 * channels, to += channels)
            {
                V pooled = Pool(from, channels, factor, term);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Pool<V>(float* from, int channels, V scale, V shift)
        where V : unmanaged, ILanes<V> =>
        V.Max(
            TInput.Apply(V.Load(from), scale, shift),
            V.Max(TInput.Apply(V.Load(from + channels), scale, shift), TInput.Apply(V.Load(from + (2 * channels)), scale, shift)));
}
