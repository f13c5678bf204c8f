using System.Numerics;

namespace Diarist.Segmentation;

/// <summary>How many speakers talk at the same time, frame by frame of the whole recording.</summary>
internal static class SpeakerCounting
{
    /// <summary>The mean over all windows that cover a frame of their active local speakers, rounded half to even (pyannote.audio 4).</summary>
    /// <param name="activity">Who is active in every window.</param>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="maximum">No frame counts more speakers than this (the most that the recording may have).</param>
    /// <returns>One count per output frame, shape (<see cref="SlidingWindow.OutputFrames"/>).</returns>
    public static byte[] Count(Activity activity, SlidingWindow grid, int maximum = byte.MaxValue)
    {
        int frames = grid.OutputFrames(activity.Windows);
        var active = new ushort[frames];
        var covering = new ushort[frames];
        for (int window = 0; window < activity.Windows; window++)
        {
            int first = grid.FirstFrame(window);
            ReadOnlySpan<byte> masks = activity.Window(window);
            for (int frame = 0; frame < masks.Length && first + frame < frames; frame++)
            {
                active[first + frame] += (ushort)BitOperations.PopCount(masks[frame]);
                covering[first + frame]++;
            }
        }

        var counts = new byte[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            if (covering[frame] > 0)
            {
                counts[frame] = (byte)Math.Min(maximum, DivideHalfToEven(active[frame], covering[frame]));
            }
        }

        return counts;
    }

    internal static int DivideHalfToEven(int numerator, int denominator)
    {
        (int quotient, int remainder) = Math.DivRem(numerator, denominator);
        int twice = 2 * remainder;
        bool up = twice > denominator || (twice == denominator && (quotient & 1) == 1);
        return up ? quotient + 1 : quotient;
    }
}
