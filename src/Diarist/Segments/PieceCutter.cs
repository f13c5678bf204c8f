using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Cuts speech into pieces as its frames become final: runs of speech, cut in the middle of every stretch of change, then into equal
/// parts of at most some seconds. A run without a change is cut after a minute, so that what has to wait for its end is bounded.
/// </summary>
/// <param name="longestSeconds">The longest piece in seconds.</param>
internal sealed class PieceCutter(double longestSeconds)
{
    private const int LongestRun = (int)(60 / SlidingWindow.FrameStep);
    private const int LongestChange = (int)(10 / SlidingWindow.FrameStep);

    private readonly int _longest = (int)(longestSeconds / SlidingWindow.FrameStep);
    private readonly List<Piece> _pieces = [];
    private readonly Queue<int> _cuts = new();
    private int _nextChange;
    private int _changeStart = -1;
    private int _nextFrame;
    private int _start = -1;

    /// <summary>The pieces so far, in order.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Every piece that starts before this frame is known.</summary>
    public int Known => _start >= 0 ? _start : _nextFrame;

    /// <summary>The pieces of a whole recording.</summary>
    public static Piece[] Cut(SpeechFrames frames, int count, double longestSeconds)
    {
        var cutter = new PieceCutter(longestSeconds);
        cutter.Advance(frames, count, ended: true);
        return [.. cutter._pieces];
    }

    /// <summary>Takes the frames up to <paramref name="final"/>.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="final">The number of frames that are final.</param>
    /// <param name="ended">Whether these are all.</param>
    public void Advance(SpeechFrames frames, int final, bool ended)
    {
        for (; _nextChange < final; _nextChange++)
        {
            TakeChange(frames.IsChange(_nextChange), _nextChange);
        }

        if (ended)
        {
            TakeChange(false, final);
        }

        // The middle of a stretch of change that is still open lies at or behind its start.
        int known = _changeStart >= 0 ? _changeStart : final;
        for (; _nextFrame < known; _nextFrame++)
        {
            TakeFrame(frames.Count(_nextFrame) > 0, _nextFrame);
        }

        if (ended)
        {
            TakeFrame(false, final);
        }
    }

    private void TakeChange(bool change, int frame)
    {
        if (_changeStart >= 0 && (!change || frame - _changeStart == LongestChange))
        {
            _cuts.Enqueue((_changeStart + frame) / 2);
            _changeStart = -1;
        }

        if (change && _changeStart < 0)
        {
            _changeStart = frame;
        }
    }

    private void TakeFrame(bool speech, int frame)
    {
        bool cut = false;
        while (_cuts.TryPeek(out int at) && at <= frame)
        {
            cut |= _cuts.Dequeue() == frame;
        }

        if (_start >= 0 && (!speech || cut || frame - _start == LongestRun))
        {
            AddParts(_start, frame);
            _start = -1;
        }

        if (speech && _start < 0)
        {
            _start = frame;
        }
    }

    private void AddParts(int start, int end)
    {
        int parts = Math.Max(1, (end - start + _longest - 1) / _longest);
        double step = (end - start) / (double)parts;
        int from = start;
        for (int part = 1; part <= parts; part++)
        {
            int to = part == parts ? end : (int)((part * step) + start);
            _pieces.Add(new Piece(from, to));
            from = to;
        }
    }
}
