using Diarist.Segmentation;

namespace Diarist.Segments;

/// <summary>A piece of speech that is embedded as a whole: output frames from <paramref name="Start"/> up to <paramref name="End"/>, exclusive.</summary>
internal readonly record struct Piece(int Start, int End)
{
    /// <summary>The number of frames.</summary>
    public int Frames => End - Start;

    /// <summary>The frame in its middle, perhaps halfway between two.</summary>
    public double Middle => (Start + End) / 2.0;

    /// <summary>Its length in seconds.</summary>
    public double Seconds => Frames * SlidingWindow.FrameStep;

    /// <summary>Its time, in seconds.</summary>
    public TimeRange Range => new(Start * SlidingWindow.FrameStep, End * SlidingWindow.FrameStep);

    /// <summary>The piece of every frame, −1 where there is none.</summary>
    /// <param name="pieces">Pieces in order.</param>
    /// <param name="frames">The number of frames.</param>
    public static int[] Owners(IReadOnlyList<Piece> pieces, int frames)
    {
        var owners = new int[frames];
        owners.AsSpan().Fill(-1);
        for (int index = 0; index < pieces.Count; index++)
        {
            owners.AsSpan(pieces[index].Start, pieces[index].Frames).Fill(index);
        }

        return owners;
    }
}
