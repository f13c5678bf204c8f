using Diarist.Networks.WeSpeaker;
using Diarist.Numerics;
using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>
/// Follows the windows of a recording as they are heard, in any order, and says for which half minutes all is known that the
/// trunk needs: which frames are speech, where pieces begin and end, who is never heard alone. Not thread-safe; its owner locks.
/// </summary>
internal sealed class PieceSchedule(SlidingWindow grid, SegmentsParameters parameters)
{
    private readonly SpeechFrames _frames = new(grid);
    private readonly PieceCutter _pieces = new(parameters.LongestPiece);
    private readonly PieceCutter _fine = new(parameters.LongestFinePiece);
    private readonly List<byte[]?> _windows = [];
    private readonly List<(int Window, int Speaker)> _lone = [];
    private int _windowsDone;
    private int _nextLoneWindow;
    private int _nextBlock;
    private int _frameCount = -1;
    private int _firstPiece, _firstFine, _firstLone;

    /// <summary>The pieces so far.</summary>
    public IReadOnlyList<Piece> Pieces => _pieces.Pieces;

    /// <summary>The fine pieces so far.</summary>
    public IReadOnlyList<Piece> FinePieces => _fine.Pieces;

    /// <summary>Local speakers who are never heard alone, so far.</summary>
    public IReadOnlyList<(int Window, int Speaker)> Lone => _lone;

    /// <summary>The number of speakers of every frame; once <see cref="End"/> was called.</summary>
    public byte[] Counts => _frames.Counts(_frameCount);

    /// <summary>Takes a window.</summary>
    /// <param name="window">Its number.</param>
    /// <param name="masks">Its frames; kept.</param>
    public void Add(int window, byte[] masks)
    {
        while (_windows.Count <= window)
        {
            _windows.Add(null);
        }

        _windows[window] = masks;
        _frames.Add(window, masks);
        while (_windowsDone < _windows.Count && _windows[_windowsDone] is not null)
        {
            _windowsDone++;
        }
    }

    /// <summary>Takes the frames that are final by now.</summary>
    public void Advance() => Advance(grid.FirstFrame(Math.Max(0, _windowsDone - 1)), ended: false); // the recording may end before the next window would start

    /// <summary>All windows were added.</summary>
    /// <param name="duration">The length of the recording in seconds.</param>
    public void End(double duration)
    {
        _frameCount = Math.Max(0, SpeechFrames.FrameCount(duration, grid, _windows.Count));
        Advance(_frameCount, ended: true);
    }

    /// <summary>The activity of all windows.</summary>
    public Activity Activity()
    {
        var activity = new Activity(_windows.Count);
        for (int window = 0; window < _windows.Count; window++)
        {
            _windows[window].CopyTo(activity.Window(window));
        }

        return activity;
    }

    /// <summary>The next block of the trunk, when all is known that it needs.</summary>
    /// <param name="totalRows">The rows of the recording, once it has ended; negative before.</param>
    /// <param name="hasFeatures">Whether the features of a block are there.</param>
    /// <param name="block">The block.</param>
    public bool TryNextBlock(int totalRows, Func<int, bool> hasFeatures, out TrunkBlock? block)
    {
        block = null;
        int first = _nextBlock * TrunkGrid.BlockRows;
        bool ended = _frameCount >= 0;
        int rows = ended ? Math.Min(TrunkGrid.BlockRows, totalRows - first) : TrunkGrid.BlockRows;
        if (rows <= 0 || !hasFeatures(_nextBlock) || (!ended && !IsKnown(TrunkGrid.FrameOf(first + rows))))
        {
            return false;
        }

        block = new TrunkBlock(_nextBlock++, rows, Voices(first, rows, ended ? totalRows : int.MaxValue));
        return true;
    }

    private void Advance(int final, bool ended)
    {
        _pieces.Advance(_frames, final, ended);
        _fine.Advance(_frames, final, ended);
        Span<byte> counts = stackalloc byte[SlidingWindow.FramesPerWindow];
        for (; _nextLoneWindow < _windowsDone; _nextLoneWindow++)
        {
            int first = grid.FirstFrame(_nextLoneWindow);
            if (!ended && first + SlidingWindow.FramesPerWindow > final)
            {
                break;
            }

            int length = Math.Clamp(final - first, 0, SlidingWindow.FramesPerWindow);
            for (int frame = 0; frame < length; frame++)
            {
                counts[frame] = (byte)_frames.Count(first + frame);
            }

            int lone = LoneVoices.Find(_windows[_nextLoneWindow].AsSpan(0, length), counts[..length]);
            for (int speaker = 0; lone >> speaker != 0; speaker++)
            {
                if ((lone >> speaker & 1) != 0)
                {
                    _lone.Add((_nextLoneWindow, speaker));
                }
            }
        }
    }

    /// <summary>Whether all pieces and all windows that start up to a frame are known.</summary>
    private bool IsKnown(int frame) =>
        _pieces.Known > frame && _fine.Known > frame && grid.FirstFrame(_nextLoneWindow) > frame;

    /// <summary>Who needs which rows of a block.</summary>
    private List<VoiceRows> Voices(int first, int rows, int totalRows)
    {
        int last = _frameCount >= 0 ? _frameCount - 1 : int.MaxValue;
        int FrameOf(int row) => Math.Min(TrunkGrid.FrameOf(row), last);
        int[] frames = Arrays.Make(rows, row => FrameOf(first + row));
        int before = first > 0 ? FrameOf(first - 1) : -1;
        int behind = first + rows < totalRows ? FrameOf(first + rows) : int.MaxValue;
        var voices = new List<VoiceRows>();
        AddPieces(VoiceKind.Piece, _pieces.Pieces, ref _firstPiece);
        AddPieces(VoiceKind.FinePiece, _fine.Pieces, ref _firstFine);
        AddLone();
        return voices;

        void AddPieces(VoiceKind kind, IReadOnlyList<Piece> pieces, ref int from)
        {
            for (; from < pieces.Count && pieces[from].End <= frames[0]; from++)
            {
            }

            int row = 0;
            for (int number = from; number < pieces.Count && pieces[number].Start <= frames[^1]; number++)
            {
                Piece piece = pieces[number];
                var own = new List<int>();
                for (; row < rows && frames[row] < piece.End; row++)
                {
                    if (frames[row] >= piece.Start && _frames.Count(frames[row]) == 1)
                    {
                        own.Add(row);
                    }
                }

                voices.Add(new VoiceRows(new VoiceKey(kind, number), own, piece.Start <= before || piece.End > behind));
            }
        }

        void AddLone()
        {
            for (; _firstLone < _lone.Count && grid.FirstFrame(_lone[_firstLone].Window) + SlidingWindow.FramesPerWindow <= frames[0]; _firstLone++)
            {
            }

            for (int number = _firstLone; number < _lone.Count && grid.FirstFrame(_lone[number].Window) <= frames[^1]; number++)
            {
                (int window, int speaker) = _lone[number];
                int start = grid.FirstFrame(window);
                byte[] masks = _windows[window]!;
                var own = new List<int>();
                for (int row = 0; row < rows; row++)
                {
                    int at = frames[row] - start;
                    if (at >= 0 && at < masks.Length && (masks[at] >> speaker & 1) != 0)
                    {
                        own.Add(row);
                    }
                }

                voices.Add(new VoiceRows(new VoiceKey(VoiceKind.Lone, (window * 8) + speaker), own, start <= before || start + masks.Length > behind));
            }
        }
    }
}
