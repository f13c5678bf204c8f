using Diarist.Inference.Kernels;

namespace Diarist.Segmentation;

/// <summary>
/// Which local speakers are active: shape (windows, frames, speakers), held as one bit mask per frame so that
/// a day of audio stays in 51 MB. Also used for the frames an embedder may look at.
/// </summary>
public sealed class Activity
{
    private readonly byte[] _masks;

    /// <summary>Creates an all-silent array.</summary>
    /// <param name="windows">Windows, 0 or more.</param>
    /// <param name="frames">Frames per window.</param>
    /// <param name="speakers">Local speakers, 1 to 8.</param>
    public Activity(int windows, int frames = SlidingWindow.FramesPerWindow, int speakers = SlidingWindow.LocalSpeakers)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(windows);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(speakers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(speakers, 8);
        Windows = windows;
        Frames = frames;
        Speakers = speakers;
        _masks = LargePages.Zeros<byte>(checked(windows * frames));
    }

    /// <summary>The number of windows.</summary>
    public int Windows { get; }

    /// <summary>Frames per window.</summary>
    public int Frames { get; }

    /// <summary>Local speakers per window.</summary>
    public int Speakers { get; }

    /// <summary>The frames of one window; bit <c>k</c> of each says whether local speaker <c>k</c> is active.</summary>
    public Span<byte> Window(int window) => _masks.AsSpan(window * Frames, Frames);

    /// <summary>The frames of consecutive windows, shape (<paramref name="count"/>, frames).</summary>
    public Span<byte> Range(int window, int count) => _masks.AsSpan(window * Frames, count * Frames);

    /// <summary>Whether a local speaker is active in a frame.</summary>
    public bool this[int window, int frame, int speaker] => (_masks[(window * Frames) + frame] >> speaker & 1) != 0;

    /// <summary>The number of frames of a window in which a local speaker is active.</summary>
    public int ActiveFrames(int window, int speaker)
    {
        int count = 0;
        foreach (byte mask in Window(window))
        {
            count += mask >> speaker & 1;
        }

        return count;
    }

    /// <summary>The number of frames of a window in which a local speaker is the only active one.</summary>
    public int SoloFrames(int window, int speaker)
    {
        int count = 0;
        foreach (byte mask in Window(window))
        {
            count += mask == 1 << speaker ? 1 : 0;
        }

        return count;
    }
}
