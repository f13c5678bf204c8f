using System.Runtime.CompilerServices;
using Diarist.Inference.Kernels;

namespace Diarist.Networks.WeSpeaker;

/// <summary>
/// Mean and standard deviation over the chosen frames of a trunk's map, for each frequency and channel: what
/// pyannote.audio's StatsPool computes under a mask of zeros and ones. There v1 = Σw + 1e-8, v2 = Σw²,
/// mean = Σw·x/v1 and std = √(Σw·(x − mean)²/(v1 − v2/v1 + 1e-8)); for n ones float32 leaves n, n and n − 1 of these, and
/// for one frame a numerator of zero: n − 1 in the denominator, and standard deviation 0 for a single frame.
/// </summary>
internal static unsafe class StatisticsPooling
{
    /// <summary>The frames of a window's trunk that a speaker's mask selects, by the nearest segmentation frame before: index ⌊i · 589 / frames⌋.</summary>
    /// <param name="mask">One window's 589 frames.</param>
    /// <param name="speaker">The bit to look at.</param>
    /// <param name="frames">Frames of the trunk in the window.</param>
    /// <param name="selected">Receives the indices; room for <paramref name="frames"/>.</param>
    /// <returns>The number of indices.</returns>
    public static int Select(ReadOnlySpan<byte> mask, int speaker, int frames, Span<int> selected) =>
        Select(mask, speaker, 0, frames, 1, 0, frames, selected);

    /// <summary>Whether the mask of any speaker selects a frame of a window's trunk.</summary>
    public static bool SelectsAny(ReadOnlySpan<byte> mask, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            if (mask[(int)((long)i * mask.Length / frames)] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The frames of a longer trunk that the mask of a window within selects, by the nearest segmentation frame before.</summary>
    /// <param name="mask">One window's 589 frames.</param>
    /// <param name="speaker">The bit to look at.</param>
    /// <param name="start">Where the window starts, in units of which a trunk frame has <paramref name="step"/>.</param>
    /// <param name="length">How long the window is, in those units.</param>
    /// <param name="step">Units from one trunk frame to the next.</param>
    /// <param name="first">The first trunk frame that lies in the window.</param>
    /// <param name="end">The end of the trunk.</param>
    /// <param name="selected">Receives the indices; room for all frames in the window.</param>
    /// <returns>The number of indices.</returns>
    public static int Select(ReadOnlySpan<byte> mask, int speaker, int start, int length, int step, int first, int end, Span<int> selected)
    {
        int count = 0;
        for (int i = first; i < end && (i * step) - start < length; i++)
        {
            long place = (long)((i * step) - start) * mask.Length / length;
            if ((mask[(int)place] >> speaker & 1) != 0)
            {
                selected[count++] = i;
            }
        }

        return count;
    }

    /// <summary>Pools the chosen frames.</summary>
    /// <param name="map">Shape (height, frames, channels).</param>
    /// <param name="selected">Indices of frames, at least one.</param>
    /// <param name="statistics">Receives means, then standard deviations, each of shape (height, channels).</param>
    public static void Pool(FeatureMap map, ReadOnlySpan<int> selected, float* statistics)
    {
        ArgumentOutOfRangeException.ThrowIfZero(selected.Length);
        fixed (int* frames = selected)
        {
            LaneWidth width = map.Channels % 16 == 0 ? LaneWidths.Widest : LaneWidth.Scalar;
            width.Run(new Operation(map, frames, selected.Length, statistics));
        }
    }

    private readonly struct Operation(FeatureMap map, int* frames, int count, float* statistics) : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : unmanaged, ILanes<V>
        {
            V perFrame = V.Broadcast(1f / count);
            V perDegree = V.Broadcast(count > 1 ? 1f / (count - 1) : 0);
            float* means = statistics;
            float* deviations = statistics + (map.Height * map.Channels);
            for (int y = 0; y < map.Height; y++)
            {
                float* row = map.At(y, 0);
                for (int channel = 0; channel < map.Channels; channel += V.Count)
                {
                    V sum = V.Zero;
                    for (int i = 0; i < count; i++)
                    {
                        sum += V.Load(row + (frames[i] * map.Channels) + channel);
                    }

                    V mean = sum * perFrame;
                    V squares = V.Zero;
                    for (int i = 0; i < count; i++)
                    {
                        V difference = V.Load(row + (frames[i] * map.Channels) + channel) - mean;
                        squares = V.MultiplyAdd(difference, difference, squares);
                    }

                    V.Store(mean, means + (y * map.Channels) + channel);
                    V.Store(V.Sqrt(squares * perDegree), deviations + (y * map.Channels) + channel);
                }
            }
        }
    }
}
