using System.Numerics;

namespace Diarist.Segmentation;

/// <summary>
/// How many people speak in every output frame, and where the speaker changes: sums over the windows, which may be added in
/// any order. Frames are final once every window that covers them was added.
/// </summary>
/// <param name="grid">Where the windows lie.</param>
internal sealed class SpeechFrames(SlidingWindow grid)
{
    /// <summary>A window sees a change where its single local speaker differs so many frames before and after.</summary>
    private const int Reach = 3;

    /// <summary>A change is where at least one in so many of the windows that judge it sees it.</summary>
    private const int ChangeInverse = 5;

    private Sums[] _frames = [];

    private struct Sums
    {
        public ushort Active, Covering, Changed, Judged;
    }

    /// <summary>The number of output frames of a recording: frames whose middle lies in it, at least 1, and no more than windows reach.</summary>
    public static int FrameCount(double duration, SlidingWindow grid, int windows) =>
        Math.Min(
            windows == 0 ? 0 : grid.FirstFrame(windows - 1) + SlidingWindow.FramesPerWindow + 2,
            (int)((duration - (SlidingWindow.FrameDuration / 2)) / SlidingWindow.FrameStep) + 1);

    /// <summary>Sums up a whole recording.</summary>
    public static SpeechFrames Of(Activity activity, SlidingWindow grid)
    {
        var frames = new SpeechFrames(grid);
        for (int window = 0; window < activity.Windows; window++)
        {
            frames.Add(window, activity.Window(window));
        }

        return frames;
    }

    /// <summary>Adds one window.</summary>
    /// <param name="window">Its number.</param>
    /// <param name="masks">Its 589 frames, one bit for each local speaker.</param>
    public void Add(int window, ReadOnlySpan<byte> masks)
    {
        int first = grid.FirstFrame(window);
        Require(first + masks.Length + 2);
        Span<Sums> frames = _frames.AsSpan(first);
        for (int frame = 0; frame < masks.Length; frame++)
        {
            frames[frame].Active += (ushort)BitOperations.PopCount(masks[frame]);
            frames[frame].Covering++;
        }

        for (int frame = Reach; frame < masks.Length - Reach; frame++)
        {
            byte before = masks[frame - Reach], after = masks[frame + Reach];
            if (BitOperations.IsPow2(before) && BitOperations.IsPow2(after))
            {
                frames[frame].Judged++;
                frames[frame].Changed += (ushort)(before == after ? 0 : 1);
            }
        }
    }

    /// <summary>The number of speakers of a frame: the mean over its windows, rounded half to even (pyannote.audio 4).</summary>
    public int Count(int frame)
    {
        Sums sums = frame < _frames.Length ? _frames[frame] : default;
        return sums.Covering == 0 ? 0 : DivideHalfToEven(sums.Active, sums.Covering);
    }

    /// <summary>Whether enough windows see a change of speaker around a frame.</summary>
    public bool IsChange(int frame) =>
        frame < _frames.Length && _frames[frame].Changed > 0 && ChangeInverse * _frames[frame].Changed >= _frames[frame].Judged;

    /// <summary>The share of windows that see a change around a frame, 0 to 1.</summary>
    public double ChangeShare(int frame) => frame < _frames.Length ? _frames[frame].Changed / (double)Math.Max(1, (int)_frames[frame].Judged) : 0;

    /// <summary>The number of speakers of the first <paramref name="frames"/> frames, no more than <paramref name="most"/> in each.</summary>
    public byte[] Counts(int frames, int most = byte.MaxValue)
    {
        var counts = new byte[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            counts[frame] = (byte)Math.Min(most, Count(frame));
        }

        return counts;
    }

    private static int DivideHalfToEven(int numerator, int denominator)
    {
        (int quotient, int remainder) = Math.DivRem(numerator, denominator);
        int twice = 2 * remainder;
        bool up = twice > denominator || (twice == denominator && (quotient & 1) == 1);
        return up ? quotient + 1 : quotient;
    }

    private void Require(int length)
    {
        if (length > _frames.Length)
        {
            Array.Resize(ref _frames, Math.Max(length, checked(_frames.Length + (_frames.Length / 2))));
        }
    }
}
