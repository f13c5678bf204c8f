using Diarist.Segmentation;

namespace Diarist;

/// <summary>
/// How contested each frame of a recording is, whoever is said to speak in it; what word confidence rests on beside turns. Labels do not occur, so that it
/// stays true when speakers are renamed.
/// </summary>
internal sealed class SpeakerEvidence
{
    // Enough for a word, and a bound for a segment that lasts an hour.
    private const int MostFrames = 64;

    private readonly byte[] _rivals;
    private readonly sbyte[] _margins;

    /// <summary>Evidence of so many frames, all silent.</summary>
    public SpeakerEvidence(int frames) : this(new byte[frames], new sbyte[frames])
    {
    }

    private SpeakerEvidence(byte[] rivals, sbyte[] margins) => (_rivals, _margins) = (rivals, margins);

    /// <summary>The number of output frames.</summary>
    public int Frames => _rivals.Length;

    /// <summary>Says how contested a frame is.</summary>
    /// <param name="frame">The output frame.</param>
    /// <param name="rival">The share of the windows, 0 to 1, that hear the second speaker there.</param>
    /// <param name="margin">How much more alike the piece is to its speaker than to the next one, −1 to 1.</param>
    public void Set(int frame, double rival, double margin)
    {
        _rivals[frame] = (byte)Math.Round(Math.Clamp(rival, 0, 1) * byte.MaxValue);
        _margins[frame] = (sbyte)Math.Round(Math.Clamp(margin, -1, 1) * sbyte.MaxValue);
    }

    /// <summary>The same where somebody said who speaks in some ranges: nothing is contested there.</summary>
    /// <param name="ranges">The ranges, in seconds.</param>
    public SpeakerEvidence Settle(IEnumerable<TimeRange> ranges)
    {
        var settled = new SpeakerEvidence([.. _rivals], [.. _margins]);
        foreach (TimeRange range in ranges)
        {
            (int first, int behind) = FramesOf(range);
            settled._rivals.AsSpan(first, behind - first).Clear();
            settled._margins.AsSpan(first, behind - first).Fill(sbyte.MaxValue);
        }

        return settled;
    }

    /// <summary>The mean over the frames of a range; long ranges are looked at in places.</summary>
    /// <param name="range">The range, in seconds.</param>
    public (double Rival, double Margin) Mean(TimeRange range)
    {
        (int first, int behind) = FramesOf(range);
        int count = Math.Min(behind - first, MostFrames);
        if (count == 0)
        {
            return (0, 0);
        }

        int rival = 0, margin = 0;
        for (int i = 0; i < count; i++)
        {
            int frame = first + (int)((long)i * (behind - first) / count);
            rival += _rivals[frame];
            margin += _margins[frame];
        }

        return (rival / (double)(count * byte.MaxValue), margin / (double)(count * sbyte.MaxValue));
    }

    /// <summary>The frames that a range touches, at least one where it lies in the recording.</summary>
    private (int First, int Behind) FramesOf(TimeRange range)
    {
        int first = (int)Math.Clamp(Math.Floor(range.Start / SlidingWindow.FrameStep), 0, Frames);
        int behind = (int)Math.Clamp(Math.Ceiling(range.End / SlidingWindow.FrameStep), 0, Frames);
        return (first, Math.Max(behind, Math.Min(first + 1, Frames)));
    }
}
