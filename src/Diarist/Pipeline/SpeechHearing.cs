using Diarist.Segmentation;

namespace Diarist.Pipeline;

/// <summary>Speech that a voice activity detector found: one local speaker, who is active where the middle of a frame lies in speech.</summary>
internal sealed class SpeechHearing : IWindowHearing
{
    private readonly SlidingWindow _grid;
    private readonly bool[] _speech;

    /// <summary>Marks the frames of speech.</summary>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="spans">Speech, in order.</param>
    public SpeechHearing(SlidingWindow grid, IReadOnlyList<TimeRange> spans)
    {
        (_grid, _speech) = (grid, new bool[spans.Count == 0 ? 0 : FirstFrame(spans[^1].End)]);
        foreach (TimeRange span in spans)
        {
            int first = FirstFrame(span.Start);
            _speech.AsSpan(first, FirstFrame(span.End) - first).Fill(true);
        }
    }

    public bool TellsSpeakersApart => false;

    public byte[] Masks(WindowBatch batch, CancellationToken cancellationToken)
    {
        byte[] masks = new byte[batch.Audio.Windows * SlidingWindow.FramesPerWindow];
        for (int window = 0; window < batch.Audio.Windows; window++)
        {
            int first = _grid.FirstFrame(batch.FirstWindow + window);
            Span<byte> own = masks.AsSpan(window * SlidingWindow.FramesPerWindow, SlidingWindow.FramesPerWindow);
            for (int frame = 0; frame < own.Length && first + frame < _speech.Length; frame++)
            {
                own[frame] = (byte)(_speech[first + frame] ? 1 : 0);
            }
        }

        return masks;
    }

    /// <summary>The first frame whose middle lies at or behind a time.</summary>
    private static int FirstFrame(double seconds) =>
        Math.Max(0, (int)Math.Ceiling((seconds - (SlidingWindow.FrameDuration / 2)) / SlidingWindow.FrameStep));
}
