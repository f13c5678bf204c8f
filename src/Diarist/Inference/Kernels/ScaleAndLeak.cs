using System.Runtime.CompilerServices;

namespace Diarist.Inference.Kernels;

/// <summary>Instance normalization with finished statistics, then LeakyReLU: y = x · scale + shift, then max(y, slope · y), channel by channel.</summary>
/// <param name="source">(frames, channels), contiguous.</param>
/// <param name="destination">(frames, channels); may be the source.</param>
/// <param name="destinationStride">Values from one frame of the destination to the next.</param>
/// <param name="frames">Frames.</param>
/// <param name="statistics">Finished statistics.</param>
/// <param name="negativeSlope">The slope below 0.</param>
internal readonly unsafe struct ScaleAndLeak(
    float* source, float* destination, int destinationStride, int frames, ChannelStatistics statistics, float negativeSlope) : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : unmanaged, ILanes<V>
    {
        int channels = statistics.Channels;
        V slope = V.Broadcast(negativeSlope);
        for (int channel = 0; channel < channels; channel += V.Count)
        {
            V scale = V.Load(statistics.Scale + channel), shift = V.Load(statistics.Shift + channel);
            float* from = source + channel, to = destination + channel;
            for (int frame = 0; frame < frames; frame++, from += channels, to += destinationStride)
            {
                V value = V.MultiplyAdd(V.Load(from), scale, shift);
                V.Store(V.Max(value, value * slope), to);
            }
        }
    }
}
